"""The emulated Graph API: who may ask what, with faults and limits, over Meta's paths.

Source: https://developers.facebook.com/docs/graph-api/overview
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from flowsync.remotes.emulator.call import Call, LatestWrite
from flowsync.remotes.emulator.fault_effects import with_faults
from flowsync.remotes.emulator.faults import FaultPlan, FaultSource
from flowsync.remotes.emulator.framework import ServerError, framework_error, wants_json
from flowsync.remotes.emulator.graph.answers import GraphForm, denied, refused
from flowsync.remotes.emulator.graph.asked import Asked
from flowsync.remotes.emulator.graph.edges import Edges, Handler
from flowsync.remotes.emulator.graph.faults import EFFECTS
from flowsync.remotes.emulator.graph.links import PATH, Links
from flowsync.remotes.emulator.graph.objects import Objects
from flowsync.remotes.emulator.graph.options import GraphOptions
from flowsync.remotes.emulator.graph.parameters import parameters, text_of
from flowsync.remotes.emulator.graph.phones import Phones, phone_of
from flowsync.remotes.emulator.graph.usage import Usage
from flowsync.remotes.emulator.platform import Platform
from flowsync.remotes.emulator.refusals import PlatformError, unknown_flow
from flowsync.remotes.operations import Operation

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_VERSION = re.compile(r"/v\d{1,3}\.\d{1,2}(?=/)")


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
        links = Links(clock, options.link_life)
        self._phones = Phones(platform)
        self._edges = Edges(
            platform,
            options,
            links=links,
            objects=Objects(platform, links, clock),
            phones=self._phones,
        )
        self._usage = Usage(options.calls_per_hour, clock)
        self._latest_write = LatestWrite(platform, clock)
        self._form = GraphForm(self._edges.list_page, self._edges.flow_object)
        self._urls = Map(
            [
                Rule(path, endpoint=edge, methods=[method])
                for (method, path), edge in self._edges.handlers().items()
            ],
            strict_slashes=False,
        )

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        with Request(environ) as request:
            response = self._answer(request)
        return response(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if request.path.startswith(PATH):
            return self._on_flow(
                request, Operation.DOWNLOAD, self._edges.link, request.path[len(PATH) :]
            )
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
