"""The emulated platform behind the gateway API: a WSGI application in both dialects.

It answers as the reference backend does, with its peculiarities: errors in several shapes,
refused uploads that look like successes (G-01, G-02), files refused for their depth (G-03), a get
that fails for a flow without Flow JSON (G-06), numbers written anew (G-08), a constant answer to
update (G-10), values that cannot be cleared (G-11), trimmed texts (G-12), masked errors (G-13,
G-16), an endpoint injected by publish (G-15). Faults come on top, on demand.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from flowsync.model import JsonValue
from flowsync.remotes.emulator import magic
from flowsync.remotes.emulator.faults import FaultPlan
from flowsync.remotes.emulator.platform import (
    NO_ENDPOINT_TITLE,
    Platform,
    PlatformError,
    StoredFlow,
)
from flowsync.remotes.gateway.dialects import DIALECTS, Operation

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

DOCUMENTED_ACCOUNT = "100000000000001"
REFERENCE_ACCOUNT = "00000000-0000-4000-8000-000000000001"
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_SEND_FIELDS = (
    "to",
    "flow_id",
    "header_text",
    "body_text",
    "footer_text",
    "flow_cta",
    "screen",
)


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


class ConnectionBroken(Exception):
    """Raised towards the server to break the connection instead of answering."""


class GatewayApp:
    """The WSGI application; `on_request` is told each operation that reaches it."""

    def __init__(
        self,
        platform: Platform,
        options: GatewayOptions,
        faults: FaultPlan | None = None,
        *,
        on_request: Callable[[Operation], None] | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.platform = platform
        self.options = options
        self.faults = faults or FaultPlan()
        self._on_request = on_request
        self._sleep = sleep
        self._urls = Map(
            [
                Rule(
                    route.path.replace("{account}", "<account>").replace("{flow}", "<flow>"),
                    endpoint=operation,
                    methods=[route.method],
                )
                for operation, route in DIALECTS[options.dialect].items()
            ],
            strict_slashes=False,
        )
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
            try:
                response = self._answer(request)
            except ConnectionBroken:
                start_response("200 OK", [("Content-Length", "1000")])
                return _broken_body()
        return response(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if request.path == "/up":
            return Response("OK", mimetype="text/plain")
        wants_json = request.accept_mimetypes.best == "application/json"
        try:
            operation, values = self._urls.bind_to_environ(request.environ).match()
            account, flow_id = values["account"], values.get("flow", "")
            self._check_account(account)
        except MethodNotAllowed as exc:
            allowed = ", ".join(sorted(exc.valid_methods or ()))
            message = f"The {request.method} method is not supported. Supported: {allowed}."
            return _framework_error(405, message, wants_json)
        except HTTPException:
            return _framework_error(404, "Not Found", wants_json)
        if self._on_request is not None:
            self._on_request(operation)
        faults = self.faults.take(operation.value)
        self._sleep(self.options.latency + (faults.get("slow") or 0) / 1000)
        denied = self._check_credential(request)
        if denied is not None:
            return denied
        try:
            return self._with_faults(operation, faults, request, account, flow_id, wants_json)
        except _ServerError:
            return _framework_error(500, "Server Error", wants_json)

    def _with_faults(
        self,
        operation: Operation,
        faults: Mapping[str, int | None],
        request: Request,
        account: str,
        flow_id: str,
        wants_json: bool,
    ) -> Response:
        if "drop" in faults:
            raise ConnectionBroken
        before = _answer_instead(operation, faults, flow_id, wants_json)
        if before is not None:
            return before
        handler = self._handlers[operation]
        meta_error = _META_FAULTS.keys() & faults.keys()
        if meta_error:
            return _meta_failure(operation, _META_FAULTS[min(meta_error)])
        if operation is Operation.SEND and not wants_json and _missing_fields(request):
            return Response(status=302, headers={"Location": "/"})
        response = handler(request, account, flow_id)
        if operation is Operation.GET and "asset-unavailable" in faults:
            body = json.loads(response.get_data())
            body["data"]["json_contents"] = None
            response = _json(200, body)
        if "stored-but-failed" in faults:
            stored = PlatformError(
                "Saved, but not processed; upload again.", code=139001, subcode=4016012, title="X"
            )
            return _meta_failure(operation, stored)
        if "drop-after" in faults:
            raise ConnectionBroken
        if faults.keys() & {"server-error-after", "no-validations"}:
            raise _ServerError
        return response

    def _check_account(self, account: str) -> None:
        if self.options.dialect == "reference" and not _UUID.fullmatch(account):
            raise NotFound
        if account not in self.options.accounts:
            raise NotFound

    def _check_credential(self, request: Request) -> Response | None:
        if self.options.token is None:
            return None
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if not token:
            return _json(401, {"error": "Token not provided"})
        if scheme not in {"Bearer", "AccessKey"} or token != self.options.token:
            return _json(401, {"error": "Invalid authentication token."})
        return None

    # --- the nine operations ---

    def _list(self, request: Request, account: str, flow_id: str) -> Response:
        flows: list[JsonValue] = [
            {
                "id": flow.id,
                "name": flow.name,
                "status": flow.status,
                "categories": list(flow.categories),
                "validation_errors": [_without_pointers(entry) for entry in flow.findings],
            }
            for flow in self.platform.list_flows(account)
        ]
        return _success("Flows retrieved successfully", flows)

    def _get(self, request: Request, account: str, flow_id: str) -> Response:
        try:
            flow = self.platform.get_flow(flow_id)
        except PlatformError as exc:
            return _failure(exc, "Unable to fetch flow details", exc.as_json())
        version = flow.content_text("version")
        if version is None:
            raise _ServerError  # G-06
        return _success("Successful flow details", _details(flow, version))

    def _create(self, request: Request, account: str, flow_id: str) -> Response:
        fields = _input(request)
        try:
            new_id = self.platform.create_flow(
                account,
                name=_text(fields, "name"),
                categories=_texts(fields, "categories"),
                clone_flow_id=_text(fields, "clone_flow_id"),
                endpoint_uri=_text(fields, "endpoint_uri"),
            )
        except PlatformError as exc:
            return _meta_failure(Operation.CREATE, exc)
        return _success("Flow created successfully", {"id": new_id, "success": True})

    def _update(self, request: Request, account: str, flow_id: str) -> Response:
        fields = _input(request)
        try:
            self.platform.update_flow(
                flow_id,
                name=_text(fields, "name"),
                categories=_texts(fields, "categories"),
                endpoint_uri=_text(fields, "endpoint_uri"),
            )
        except PlatformError as exc:
            return _meta_failure(Operation.UPDATE, exc)
        return _success("Flow updated successfully", {"id": flow_id, "success": True})

    def _upload(self, request: Request, account: str, flow_id: str) -> Response:
        target = request.form.get("flow_id", "").strip()
        file = request.files.get("file")
        errors: dict[str, JsonValue] = {}
        if not target:
            errors["flow_id"] = ["The flow id field is required."]
        content = b"" if file is None else file.read()
        if file is None:
            errors["file"] = ["The file field is required."]
        elif not magic.looks_like_json(content, self.options.max_depth, self.options.max_bytes):
            errors["file"] = ["The file field must be a file of type: json."]  # G-03
        if errors:
            return _json(
                400,
                {"success": False, "message": "Validation Error(s)", "data": {"errors": errors}},
            )
        if not magic.parses(content):
            return _success("File content is not valid JSON.", None)  # G-02
        try:
            findings = self.platform.upload(target, content)
        except PlatformError as exc:
            return _meta_failure(Operation.UPLOAD, exc)
        return _success("Uploaded Successfully", {"validations_errors": list(findings)})

    def _publish(self, request: Request, account: str, flow_id: str) -> Response:
        try:
            self._publish_with_endpoint(flow_id)
        except PlatformError as exc:
            return _meta_failure(Operation.PUBLISH, exc)
        return _success("The flow message has been successfully published", {"success": True})

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
            return _meta_failure(Operation.DEPRECATE, exc)
        return _success("Flow deprecated successfully", None)

    def _delete(self, request: Request, account: str, flow_id: str) -> Response:
        target = flow_id or request.args.get("flowId", "")
        try:
            self.platform.delete(target)
        except PlatformError as exc:
            return _meta_failure(Operation.DELETE, exc)
        return _success("Flow deleted successfully", None)

    def _send(self, request: Request, account: str, flow_id: str) -> Response:
        missing = _missing_fields(request)
        if missing:
            errors: dict[str, JsonValue] = {name: [f"{name} is required."] for name in missing}
            return _json(422, {"message": f"{missing[0]} is required.", "errors": errors})
        fields = _input(request)
        try:
            message_id = self.platform.send(
                _text(fields, "flow_id") or "",
                to=_text(fields, "to") or "",
                screen=_text(fields, "screen") or "",
            )
        except PlatformError as exc:
            return _meta_failure(Operation.SEND, exc)
        return _success("Flow message sent successfully", {"messages": [{"id": message_id}]})


class _ServerError(Exception):
    """What the framework turns into HTTP 500 «Server Error»."""


_META_FAULTS = {
    "account-limit": PlatformError(
        "There have been too many calls to this account.", code=80008, title="Too many calls"
    ),
    "app-limit": PlatformError("Application request limit reached", code=4, title="Limit"),
    "busy": PlatformError("Service temporarily unavailable", code=2, title="Busy", status=503),
    "untitled": PlatformError("An unknown error occurred", code=1, status=500),
    "bad-meta-token": PlatformError("Invalid OAuth access token.", code=190, status=401),
}


def _answer_instead(
    operation: Operation, faults: Mapping[str, int | None], flow_id: str, wants_json: bool
) -> Response | None:
    """Give the answer of a fault that replaces the operation, if one is in force."""
    retry_after = {"Retry-After": str(faults.get("unavailable") or faults.get("rate-limit") or 1)}
    if faults.keys() & {"server-error", "no-json-version"}:
        raise _ServerError
    if "unavailable" in faults:
        return _framework_error(503, "Service Unavailable", wants_json, retry_after)
    if "rate-limit" in faults:
        return _framework_error(429, "Too Many Attempts.", wants_json, retry_after)
    if "html" in faults:
        return Response("<html><title>Welcome</title></html>", mimetype="text/html")
    if "redirect" in faults:
        return Response(status=302, headers={"Location": "/login"})
    if "no-meta-token" in faults:
        message = "Failed to get a valid access token"
        if operation in {Operation.CREATE, Operation.GET, Operation.PUBLISH}:
            return _json(401, {"error": message})
        return _json(401, {"success": False, "message": message, "data": None})
    if "unauthenticated" in faults:
        return _json(401, {"error": "Invalid authentication token."})
    if "forbidden" in faults:
        return _json(403, {"error": "You do not have permission to access this resource."})
    if "no-data" in faults:
        return _success("Flows retrieved successfully", None)
    if "ignored" in faults:
        data: dict[Operation, JsonValue] = {
            Operation.CREATE: {"id": "999999999999999"},
            Operation.UPDATE: {"id": flow_id, "success": True},
            Operation.UPLOAD: {"validations_errors": []},
            Operation.PUBLISH: {"success": True},
        }
        return _success("OK", data.get(operation))
    return None


def _meta_failure(operation: Operation, error: PlatformError) -> Response:
    """Answer a refusal by Meta in the shape that the gateway gives it for this operation."""
    if operation is Operation.UPLOAD:  # G-01: the failure looks like a success
        return _success("Upload JSON File Failed", error.as_json())
    if operation is Operation.CREATE:
        if error.title is None:
            raise _ServerError  # G-13
        return _failure(error, error.title, error.as_json())
    if operation is Operation.PUBLISH and error.title is None:
        raise _ServerError  # G-15 (b)
    if operation in {Operation.DEPRECATE, Operation.DELETE}:
        return _failure(error, error.message, [])  # G-16
    if operation is Operation.LIST:
        return _failure(error, "Failed to retrieve flows", None)  # G-18
    messages = {
        Operation.GET: "Unable to fetch flow details",
        Operation.PUBLISH: "Failed to publish flow message",
        Operation.SEND: "Failed to send flow message",
    }
    return _failure(error, messages.get(operation, error.message), error.as_json())


def _details(flow: StoredFlow, version: str) -> JsonValue:
    assets: JsonValue = [
        {
            "asset_type": "FLOW_JSON",
            "name": "flow.json",
            "download_url": f"https://assets.emulated.example/{flow.id}?signature=emulated-secret",
        }
    ]
    return {
        "id": flow.id,
        "name": flow.name,
        "status": flow.status,
        "categories": list(flow.categories),
        "validation_errors": [_without_pointers(entry) for entry in flow.findings],
        "json_version": version,
        "data_api_version": flow.content_text("data_api_version"),
        "endpoint_uri": flow.endpoint_uri,
        "preview": {
            "preview_url": f"https://preview.emulated.example/{flow.id}?token=emulated-secret",
            "expires_at": "2099-01-01T00:00:00+0000",
        },
        "application": None,
        "health_status": _health(flow),
        "json_contents": magic.as_php_writes(flow.content),
        "assets": assets,
    }


def _health(flow: StoredFlow) -> JsonValue:
    can_send = {"THROTTLED": "LIMITED", "BLOCKED": "BLOCKED", "DEPRECATED": "BLOCKED"}
    value = can_send.get(flow.status, "BLOCKED" if flow.findings else "AVAILABLE")
    errors: list[JsonValue] = []
    if value != "AVAILABLE":
        text = f"The flow is {flow.status.lower()} or has validation errors."
        errors.append({"error": text, "error_type": "", "message": text, "line_start": None})
    entity: JsonValue = {
        "entity_type": "FLOW",
        "id": flow.id,
        "can_send_message": value,
        "errors": errors,
    }
    return {"can_send_message": value, "entities": [entity]}


def _without_pointers(entry: JsonValue) -> JsonValue:
    if not isinstance(entry, dict):
        return entry
    return {key: value for key, value in entry.items() if key != "pointers"}


def _input(request: Request) -> Mapping[str, JsonValue]:
    """Give the fields of a JSON, form or multipart body; texts trimmed, empty ones dropped."""
    found: dict[str, JsonValue] = {}
    if request.mimetype == "application/json":
        body = request.get_json(silent=True)
        found.update(body if isinstance(body, dict) else {})
    for key, values in request.form.lists():
        name = re.sub(r"\[\d*\]$", "", key)
        found[name] = list(values) if name != key or len(values) > 1 else values[0]
    trimmed = {key: _trimmed(value) for key, value in found.items()}
    return {key: value for key, value in trimmed.items() if value not in (None, "", [])}


def _trimmed(value: JsonValue) -> JsonValue:
    if isinstance(value, list):
        return [_trimmed(item) for item in value]
    return value.strip() if isinstance(value, str) else value


def _text(fields: Mapping[str, JsonValue], name: str) -> str | None:
    value = fields.get(name)
    return None if value is None else str(value)


def _texts(fields: Mapping[str, JsonValue], name: str) -> list[str] | None:
    value = fields.get(name)
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return [str(value)]
    return [str(item) for item in value] if isinstance(value, list) else None


def _missing_fields(request: Request) -> list[str]:
    fields = _input(request)
    return [name for name in _SEND_FIELDS if not isinstance(fields.get(name), str)]


def _success(message: str, data: JsonValue) -> Response:
    return _json(200, {"success": True, "message": message, "data": data})


def _failure(error: PlatformError, message: str, data: JsonValue) -> Response:
    return _json(error.status, {"success": False, "message": message, "data": data})


def _framework_error(
    status: int, message: str, wants_json: bool, headers: Mapping[str, str] | None = None
) -> Response:
    if wants_json:
        response = _json(status, {"message": message})
    else:
        response = Response(f"<html><h1>{status}</h1></html>", status, mimetype="text/html")
    response.headers.extend(dict(headers or {}))
    return response


def _json(status: int, body: JsonValue) -> Response:
    text = json.dumps(body).replace("/", "\\/")  # as PHP writes it; only texts hold a slash
    return Response(text, status, mimetype="application/json")


def _broken_body() -> Iterator[bytes]:
    """Send less than was announced and fail, which makes a server close the connection."""
    yield b"{"
    raise ConnectionBroken
