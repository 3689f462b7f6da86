"""The emulated Graph API: Meta's paths, pages and fields over the emulated platform.

Source: https://developers.facebook.com/docs/whatsapp/flows/reference/flowsapi
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from flowsync.model import JsonValue
from flowsync.remotes.emulator.call import Call, LatestWrite
from flowsync.remotes.emulator.creating import create_with_content
from flowsync.remotes.emulator.fault_effects import with_faults
from flowsync.remotes.emulator.faults import FaultPlan, FaultSource
from flowsync.remotes.emulator.framework import (
    ServerError,
    framework_error,
    json_answer,
    wants_json,
)
from flowsync.remotes.emulator.graph.answers import GraphForm, denied, refused
from flowsync.remotes.emulator.graph.faults import EFFECTS
from flowsync.remotes.emulator.graph.fields import Field, parse_fields
from flowsync.remotes.emulator.graph.links import PATH, Links
from flowsync.remotes.emulator.graph.migrating import migrate
from flowsync.remotes.emulator.graph.objects import Objects
from flowsync.remotes.emulator.graph.paging import MOST, page_of
from flowsync.remotes.emulator.graph.parameters import flag_of, parameters, text_of, texts_of
from flowsync.remotes.emulator.graph.phones import Phones, phone_of
from flowsync.remotes.emulator.graph.usage import Usage
from flowsync.remotes.emulator.platform import Platform
from flowsync.remotes.emulator.refusals import PlatformError, bad_parameter, unknown_flow
from flowsync.remotes.emulator.stored import StoredFlow
from flowsync.remotes.operations import Operation

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

GRAPH_ACCOUNT = "100000000000001"
PAGE_SIZE = 25
_VERSION = re.compile(r"/v\d{1,3}\.\d{1,2}(?=/)")

Handler: TypeAlias = "Callable[[Asked], Response]"


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphOptions:
    """How the emulated Graph API behaves.

    `token` is what a credential must hold, None lets any request in. `latency` is in seconds.
    `calls_per_hour` is the limit of each account, None means none; `page_size` what a page of a
    list holds by default, `most_per_page` at most, `link_life` how long a link to Flow JSON works,
    in seconds.
    """

    accounts: tuple[str, ...] = (GRAPH_ACCOUNT,)
    token: str | None = None
    latency: float = 0.0
    calls_per_hour: int | None = None
    page_size: int = PAGE_SIZE
    most_per_page: int = MOST
    link_life: float = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request that was understood: the node it is about, and its parameters.

    `account` is the account that the node belongs to.
    """

    request: Request
    node: str
    account: str
    parameters: Mapping[str, JsonValue]

    @property
    def host(self) -> str:
        """Give scheme and host that the request came to."""
        return self.request.host_url.rstrip("/")

    @property
    def fields(self) -> tuple[Field, ...]:
        """Give the fields that are asked for, none where the default is."""
        text = text_of(self.parameters, "fields")
        return parse_fields(text) if text else ()


class GraphApp:
    """The WSGI application; `on_request` is told each operation on flows that reaches it.

    A fault of the connection is raised as a `ConnectionBroken`, also out of the answer's body.
    `sleep` passes the time of a latency, `clock` gives seconds of Unix time.
    """

    def __init__(
        self,
        platform: Platform,
        options: GraphOptions,
        faults: FaultSource | None = None,
        *,
        on_request: Callable[[Operation], None] | None = None,
        sleep: Callable[[float], object] = time.sleep,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.platform = platform
        self.options = options
        self.faults = faults or FaultPlan()
        self.on_request = on_request
        self._sleep = sleep
        self._links = Links(clock, options.link_life)
        self._objects = Objects(platform, self._links, clock)
        self._phones = Phones(platform)
        self._usage = Usage(options.calls_per_hour, clock)
        self._latest_write = LatestWrite(platform, clock)
        self._form = GraphForm(self._list_page, self._flow_object)
        edges: dict[tuple[str, str], tuple[Operation | None, Handler]] = {
            ("GET", "/<node>/flows"): (Operation.LIST, self._list),
            ("POST", "/<node>/flows"): (Operation.CREATE, self._create),
            ("POST", "/<node>/migrate_flows"): (None, self._migrate),
            ("GET", "/<node>/phone_numbers"): (None, self._phone_numbers),
            ("GET", "/<node>/assets"): (Operation.GET, self._assets),
            ("POST", "/<node>/assets"): (Operation.UPLOAD, self._upload),
            ("POST", "/<node>/publish"): (Operation.PUBLISH, self._publish),
            ("POST", "/<node>/deprecate"): (Operation.DEPRECATE, self._deprecate),
            ("POST", "/<node>/messages"): (Operation.SEND, self._send),
            ("GET", "/<node>/whatsapp_business_encryption"): (None, self._key),
            ("POST", "/<node>/whatsapp_business_encryption"): (None, self._set_key),
            ("GET", "/<node>"): (Operation.GET, self._node),
            ("POST", "/<node>"): (Operation.UPDATE, self._update),
            ("DELETE", "/<node>"): (Operation.DELETE, self._delete),
        }
        self._urls = Map(
            [Rule(path, endpoint=edge, methods=[method]) for (method, path), edge in edges.items()],
            strict_slashes=False,
        )

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        with Request(environ) as request:
            response = self._answer(request)
        return response(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if request.path.startswith(PATH):
            return self._on_flow(request, Operation.DOWNLOAD, self._link, request.path[len(PATH) :])
        path = _VERSION.sub("", request.path, count=1)
        try:
            edge, values = self._urls.bind("", url_scheme="http").match(path, request.method)
        except HTTPException:
            message = f"Unknown path components: {request.path}"
            return refused(PlatformError(message, code=2500))
        operation, handler = edge
        return self._on_flow(request, operation, handler, values["node"])

    def _on_flow(
        self, request: Request, operation: Operation | None, handler: Handler, node: str
    ) -> Response:
        """Answer a request, with the faults that it meets where it is about flows."""
        faults: dict[str, int | None] = {}
        if operation is not None:
            if self.on_request is not None:
                self.on_request(operation)
            faults = self.faults.take(operation.value)
        self._sleep(self.options.latency + (faults.get("slow") or 0) / 1000)
        try:
            if operation is not Operation.DOWNLOAD:
                self._check_credential(request)
            account = self._account_of(node)
            asked = Asked(
                request=request, node=node, account=account, parameters=parameters(request)
            )
            refusal = None if operation is Operation.DOWNLOAD else self._usage.count(account)
            response = self._carried_out(asked, operation, handler, faults, refusal)
        except PlatformError as exc:
            return refused(exc)
        except ServerError:
            return framework_error(500, "Server Error", wants_json(request))
        if operation is not Operation.DOWNLOAD:
            response.headers.extend(dict(self._usage.headers(account)))
        return response

    def _carried_out(
        self,
        asked: Asked,
        operation: Operation | None,
        handler: Handler,
        faults: dict[str, int | None],
        refusal: PlatformError | None,
    ) -> Response:
        def carry_out() -> Response:
            try:
                return handler(asked)
            except PlatformError as exc:
                return refused(exc)

        if refusal is not None:
            return refused(refusal)
        if operation is None:
            return carry_out()
        call = Call(
            operation=operation,
            request=asked.request,
            account=asked.account,
            flow_id=self._flow_concerned(asked, operation),
            name=text_of(asked.parameters, "name"),
            platform=self.platform,
            latest_write=self._latest_write,
            form=self._form,
        )
        return with_faults(call, faults, EFFECTS, carry_out)

    def _check_credential(self, request: Request) -> None:
        if self.options.token is None:
            return
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            token = request.args.get("access_token", "")
        if not token:
            raise denied("An access token is required to request this resource.")
        if token != self.options.token:
            raise denied("Invalid OAuth access token - Cannot parse access token")

    def _account_of(self, node: str) -> str:
        """Give the account of a node that the credential may see. Raises `PlatformError`."""
        account = node
        if node not in self.options.accounts:
            owners = {phone_of(one): one for one in self.options.accounts}
            account = owners.get(node) or self.platform.get_flow(node).account
        if account not in self.options.accounts:
            raise unknown_flow(node)
        return account

    def _flow_concerned(self, asked: Asked, operation: Operation) -> str:
        if operation in {Operation.LIST, Operation.CREATE}:
            return ""
        if operation is Operation.SEND:
            return self._phones.flow_of(asked.account, asked.parameters)
        return asked.node

    # --- the account ---

    def _list(self, asked: Asked) -> Response:
        if asked.node != asked.account:
            raise unknown_flow(asked.node)
        return self._page(asked, self.platform.list_flows(asked.account))

    def _list_page(self, call: Call, flows: Iterable[StoredFlow]) -> Response:
        return self._page(self._asked_again(call), tuple(flows))

    def _page(self, asked: Asked, flows: tuple[StoredFlow, ...]) -> Response:
        page = page_of(
            flows,
            asked.parameters,
            asked.request.base_url,
            size=self.options.page_size,
            most=self.options.most_per_page,
        )
        entries: list[JsonValue] = [
            self._objects.flow(flow, asked.fields, asked.host) for flow in page.flows
        ]
        body: dict[str, JsonValue] = {"data": entries}
        return json_answer(200, body if page.paging is None else {**body, "paging": page.paging})

    def _create(self, asked: Asked) -> Response:
        found = asked.parameters
        content = text_of(found, "flow_json")
        if flag_of(found, "publish") and content is None:
            raise bad_parameter("(#100) publish needs flow_json.")
        if content is not None and found.get("clone_flow_id") is not None:
            raise bad_parameter("(#100) flow_json and clone_flow_id exclude each other.")
        name, categories = text_of(found, "name"), texts_of(found, "categories")
        endpoint_uri = text_of(found, "endpoint_uri")
        if content is None:
            new_id = self.platform.create_flow(
                asked.account,
                name=name,
                categories=categories,
                clone_flow_id=text_of(found, "clone_flow_id"),
                endpoint_uri=endpoint_uri,
            )
            return json_answer(200, {"id": new_id, "success": True})
        created = create_with_content(
            self.platform,
            asked.account,
            name=name,
            categories=categories,
            content=content.encode(),
            endpoint_uri=endpoint_uri,
            publishes=flag_of(found, "publish"),
        )
        refusal = {} if created.refusal is None else created.refusal.as_json()
        is_well = not created.findings and not refusal
        answer: dict[str, JsonValue] = {
            "id": created.flow_id,
            "success": is_well,
            "validation_errors": list(created.findings),
        }
        return json_answer(200, {**answer, **refusal})

    def _migrate(self, asked: Asked) -> Response:
        source = text_of(asked.parameters, "source_waba_id")
        if source is not None and source not in self.options.accounts:
            raise unknown_flow(source)
        names = texts_of(asked.parameters, "source_flow_names")
        return json_answer(200, migrate(self.platform, source, asked.account, names))

    def _phone_numbers(self, asked: Asked) -> Response:
        return json_answer(200, {"data": self._phones.of(asked.account)})

    # --- a flow, or the account itself ---

    def _node(self, asked: Asked) -> Response:
        if asked.node == asked.account:
            return json_answer(200, self._objects.account(asked.account, asked.fields))
        if asked.node == phone_of(asked.account):
            return json_answer(200, self._phones.node(asked.account))
        flow = self.platform.get_flow(asked.node)
        return json_answer(200, self._objects.flow(flow, asked.fields, asked.host))

    def _flow_object(self, call: Call, flow: StoredFlow) -> Response:
        asked = self._asked_again(call)
        if asked.request.path.endswith("/assets"):
            return json_answer(200, {"data": self._objects.assets(flow, asked.host, asked.fields)})
        return json_answer(200, self._objects.flow(flow, asked.fields, asked.host))

    def _asked_again(self, call: Call) -> Asked:
        node = call.flow_id or call.account
        found = parameters(call.request)
        return Asked(request=call.request, node=node, account=call.account, parameters=found)

    def _update(self, asked: Asked) -> Response:
        found = asked.parameters
        self.platform.update_flow(
            asked.node,
            name=text_of(found, "name"),
            categories=texts_of(found, "categories"),
            endpoint_uri=text_of(found, "endpoint_uri"),
            application_id=text_of(found, "application_id"),
        )
        return json_answer(200, {"success": True})

    def _delete(self, asked: Asked) -> Response:
        self.platform.delete(asked.node)
        return json_answer(200, {"success": True})

    def _assets(self, asked: Asked) -> Response:
        flow = self.platform.get_flow(asked.node)
        return json_answer(200, {"data": self._objects.assets(flow, asked.host, asked.fields)})

    def _link(self, asked: Asked) -> Response:
        refusal = self._links.refusal(asked.request, asked.node)
        if refusal is not None:
            return refusal
        content = self.platform.get_flow(asked.node).flow_json
        return Response(content or b"", mimetype="application/json")

    def _upload(self, asked: Asked) -> Response:
        file = asked.request.files.get("file")
        if file is None:
            raise bad_parameter("(#100) The parameter file is required.")
        if text_of(asked.parameters, "asset_type") != "FLOW_JSON":
            raise bad_parameter("(#100) Param asset_type must be one of {FLOW_JSON}.")
        if text_of(asked.parameters, "name") != "flow.json":
            raise bad_parameter("(#100) Param name must be flow.json.")
        findings = self.platform.upload(asked.node, file.read())
        return json_answer(200, {"success": True, "validation_errors": list(findings)})

    def _publish(self, asked: Asked) -> Response:
        self.platform.publish(asked.node)
        return json_answer(200, {"success": True})

    def _deprecate(self, asked: Asked) -> Response:
        self.platform.deprecate(asked.node)
        return json_answer(200, {"success": True})

    # --- a phone number ---

    def _send(self, asked: Asked) -> Response:
        return json_answer(200, self._phones.send(asked.account, asked.node, asked.parameters))

    def _key(self, asked: Asked) -> Response:
        return json_answer(200, {"data": self._phones.key(asked.account, asked.node)})

    def _set_key(self, asked: Asked) -> Response:
        self._phones.set_key(
            asked.account, asked.node, text_of(asked.parameters, "business_public_key")
        )
        return json_answer(200, {"success": True})
