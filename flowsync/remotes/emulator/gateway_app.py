"""The emulated platform behind the gateway API: a WSGI application in both dialects.

It answers as the reference backend does, with its peculiarities: errors in several shapes,
refused uploads that look like successes (G-01, G-02), files refused for their depth (G-03), a get
that fails for a flow without Flow JSON (G-06), numbers written anew (G-08), a constant answer to
update (G-10), values that cannot be cleared (G-11), trimmed texts (G-12), masked errors (G-13,
G-16), an endpoint injected by publish (G-15). Faults come on top, on demand.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from flowsync.model import JsonValue
from flowsync.remotes.emulator import magic
from flowsync.remotes.emulator.call import Call, LatestWrite
from flowsync.remotes.emulator.fault_effects import with_faults
from flowsync.remotes.emulator.faults import FaultPlan, FaultSource
from flowsync.remotes.emulator.framework import (
    ServerError,
    framework_error,
    json_answer,
    wants_json,
)
from flowsync.remotes.emulator.gateway_answers import (
    failure,
    meta_failure,
    success,
    success_with_details,
    success_with_listing,
)
from flowsync.remotes.emulator.gateway_faults import EFFECTS
from flowsync.remotes.emulator.gateway_form import GatewayForm
from flowsync.remotes.emulator.gateway_input import (
    flow_concerned,
    input_fields,
    list_field,
    missing_fields,
    text_field,
)
from flowsync.remotes.emulator.platform import Platform
from flowsync.remotes.emulator.refusals import NO_ENDPOINT_TITLE, PlatformError
from flowsync.remotes.gateway.dialects import DIALECTS
from flowsync.remotes.operations import Operation

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

DOCUMENTED_ACCOUNT = "100000000000001"
REFERENCE_ACCOUNT = "00000000-0000-4000-8000-000000000001"
_FORM = GatewayForm()
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def is_channel(account: str) -> bool:
    """Tell whether an id has the form that the reference backend gives its channels, a UUID."""
    return _UUID.fullmatch(account) is not None


def default_account(dialect: str) -> str:
    """Give the account that the emulator serves when none is named."""
    return REFERENCE_ACCOUNT if dialect == "reference" else DOCUMENTED_ACCOUNT


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayOptions:
    """How the emulated gateway behaves.

    `token` is what a credential must hold, None lets any request in. `latency` is in seconds.
    `max_depth` and `max_bytes` are the limits of G-03; `gateway_host` is the host that publish
    injects as endpoint (G-15), `injects_endpoint` switches that off.
    """

    dialect: str = "documented"
    accounts: tuple[str, ...] = (DOCUMENTED_ACCOUNT,)
    token: str | None = None
    latency: float = 0.0
    max_depth: int = 10
    max_bytes: int = 1_048_576
    gateway_host: str = "gateway.emulated.example"
    injects_endpoint: bool = True


@cache
def _urls_of(dialect: str) -> Map:
    """Give the addresses of a dialect; werkzeug compiles each to Python, which takes time."""
    return Map(
        [
            Rule(
                route.path.replace("{account}", "<account>").replace("{flow}", "<flow>"),
                endpoint=operation,
                methods=[route.method],
            )
            for operation, route in DIALECTS[dialect].items()
        ],
        strict_slashes=False,
    )


class GatewayApp:
    """The WSGI application; `on_request` is told each operation that reaches it.

    A fault of the connection is raised as a `ConnectionBroken`, also out of the answer's body.
    """

    def __init__(
        self,
        platform: Platform,
        options: GatewayOptions,
        faults: FaultSource | None = None,
        *,
        on_request: Callable[[Operation], None] | None = None,
        sleep: Callable[[float], object] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.platform = platform
        self.options = options
        self.faults = faults or FaultPlan()
        self.on_request = on_request
        self._sleep = sleep
        self._latest_write = LatestWrite(platform, clock)
        self._urls = _urls_of(options.dialect)
        self._handlers: dict[Operation, Callable[[Request, str, str], Response]] = {
            Operation.LIST: self._list,
            Operation.GET: self._get,
            Operation.CREATE: self._create,
            Operation.UPDATE: self._update,
            Operation.UPLOAD: self._upload,
            Operation.PUBLISH: self._publish,
            Operation.DEPRECATE: self._deprecate,
            Operation.DELETE: self._delete,
            Operation.SEND: self._send,
        }

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        with Request(environ) as request:
            response = self._answer(request)
        return response(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if request.path == "/up":
            return Response("OK", mimetype="text/plain")
        try:
            operation, values = self._urls.bind_to_environ(request.environ).match()
            account, flow_id = values["account"], values.get("flow", "")
            self._check_account(account)
        except MethodNotAllowed as exc:
            allowed = ", ".join(sorted(exc.valid_methods or ()))
            message = f"The {request.method} method is not supported. Supported: {allowed}."
            return framework_error(405, message, wants_json(request))
        except HTTPException:
            return framework_error(404, "Not Found", wants_json(request))
        if self.on_request is not None:
            self.on_request(operation)
        faults = self.faults.take(operation.value)
        self._sleep(self.options.latency + (faults.get("slow") or 0) / 1000)
        denied = self._check_credential(request)
        if denied is not None:
            return denied
        call = Call(
            operation=operation,
            request=request,
            account=account,
            flow_id=flow_concerned(operation, request, flow_id),
            name=text_field(input_fields(request), "name"),
            platform=self.platform,
            latest_write=self._latest_write,
            form=_FORM,
        )
        handler = self._handlers[operation]
        try:
            return with_faults(
                call, faults, EFFECTS, lambda: handler(request, account, call.flow_id)
            )
        except ServerError:
            return framework_error(500, "Server Error", wants_json(request))

    def _check_account(self, account: str) -> None:
        if self.options.dialect == "reference" and not is_channel(account):
            raise NotFound
        if account not in self.options.accounts:
            raise NotFound

    def _check_credential(self, request: Request) -> Response | None:
        if self.options.token is None:
            return None
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if not token:
            return json_answer(401, {"error": "Token not provided"})
        if scheme not in {"Bearer", "AccessKey"} or token != self.options.token:
            return json_answer(401, {"error": "Invalid authentication token."})
        return None

    # --- the nine operations ---

    def _list(self, request: Request, account: str, flow_id: str) -> Response:
        return success_with_listing(self.platform.list_flows(account, with_content=False))

    def _get(self, request: Request, account: str, flow_id: str) -> Response:
        try:
            flow = self.platform.get_flow(flow_id)
        except PlatformError as exc:
            return failure(exc, "Unable to fetch flow details", exc.as_json())
        return success_with_details(flow)

    def _create(self, request: Request, account: str, flow_id: str) -> Response:
        fields = input_fields(request)
        try:
            new_id = self.platform.create_flow(
                account,
                name=text_field(fields, "name"),
                categories=list_field(fields, "categories"),
                clone_flow_id=text_field(fields, "clone_flow_id"),
                endpoint_uri=text_field(fields, "endpoint_uri"),
            )
        except PlatformError as exc:
            return meta_failure(Operation.CREATE, exc)
        return success("Flow created successfully", {"id": new_id, "success": True})

    def _update(self, request: Request, account: str, flow_id: str) -> Response:
        fields = input_fields(request)
        try:
            self.platform.update_flow(
                flow_id,
                name=text_field(fields, "name"),
                categories=list_field(fields, "categories"),
                endpoint_uri=text_field(fields, "endpoint_uri"),
            )
        except PlatformError as exc:
            return meta_failure(Operation.UPDATE, exc)
        return success("Flow updated successfully", {"id": flow_id, "success": True})

    def _upload(self, request: Request, account: str, flow_id: str) -> Response:
        file = request.files.get("file")
        errors: dict[str, JsonValue] = {}
        if not flow_id:
            errors["flow_id"] = ["The flow id field is required."]
        content = b"" if file is None else file.read()
        if file is None:
            errors["file"] = ["The file field is required."]
        elif not magic.looks_like_json(content, self.options.max_depth, self.options.max_bytes):
            errors["file"] = ["The file field must be a file of type: json."]  # G-03
        if errors:
            return json_answer(
                400,
                {"success": False, "message": "Validation Error(s)", "data": {"errors": errors}},
            )
        if not magic.parses(content):
            return success("File content is not valid JSON.", None)  # G-02
        try:
            findings = self.platform.upload(flow_id, content)
        except PlatformError as exc:
            return meta_failure(Operation.UPLOAD, exc)
        return success("Uploaded Successfully", {"validations_errors": list(findings)})

    def _publish(self, request: Request, account: str, flow_id: str) -> Response:
        try:
            self._publish_with_endpoint(flow_id)
        except PlatformError as exc:
            return meta_failure(Operation.PUBLISH, exc)
        return success("The flow message has been successfully published", {"success": True})

    def _publish_with_endpoint(self, flow_id: str) -> None:
        try:
            self.platform.publish(flow_id)
        except PlatformError as exc:
            if exc.title != NO_ENDPOINT_TITLE or not self.options.injects_endpoint:
                raise
            host = self.options.gateway_host
            self.platform.update_flow(
                flow_id, endpoint_uri=f"https://{host}/v1.0/flows/{flow_id}/webhook"
            )
            self.platform.publish(flow_id)  # G-15

    def _deprecate(self, request: Request, account: str, flow_id: str) -> Response:
        try:
            self.platform.deprecate(flow_id)
        except PlatformError as exc:
            return meta_failure(Operation.DEPRECATE, exc)
        return success("Flow deprecated successfully", None)

    def _delete(self, request: Request, account: str, flow_id: str) -> Response:
        try:
            self.platform.delete(flow_id)
        except PlatformError as exc:
            return meta_failure(Operation.DELETE, exc)
        return success("Flow deleted successfully", None)

    def _send(self, request: Request, account: str, flow_id: str) -> Response:
        missing = missing_fields(request)
        if missing and not wants_json(request):
            return Response(status=302, headers={"Location": "/"})
        if missing:
            errors: dict[str, JsonValue] = {name: [f"{name} is required."] for name in missing}
            return json_answer(422, {"message": f"{missing[0]} is required.", "errors": errors})
        fields = input_fields(request)
        try:
            message_id = self.platform.send(
                flow_id,
                to=text_field(fields, "to") or "",
                screen=text_field(fields, "screen") or "",
            )
        except PlatformError as exc:
            return meta_failure(Operation.SEND, exc)
        return success("Flow message sent successfully", {"messages": [{"id": message_id}]})
