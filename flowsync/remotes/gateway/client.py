"""The gateway as a remote: nine operations, with the traps G-01 to G-28 survived.

A trap's number stands where it is dealt with. An answer is never proof: apply reads back.
"""

from __future__ import annotations

import re

from flowsync.errors import Mishap, RemoteError, RemoteRejected, RemoteUnavailable
from flowsync.model import (
    ContentState,
    FlowId,
    FlowStatus,
    JsonValue,
    ListedFlow,
    Listing,
    PreviewLink,
    RemoteFinding,
    RemoteFlow,
)
from flowsync.remotes.capabilities import GATEWAY
from flowsync.remotes.gateway.answers import data_of
from flowsync.remotes.gateway.dialects import DIALECTS, Route, other_delete_route
from flowsync.remotes.gateway.reading import draft_without_content, read_flow, read_listing
from flowsync.remotes.http import Answer, HttpClient, ReadRule, read_rules
from flowsync.remotes.interface import FlowMessage, FlowUpdate, NewFlow, Remote
from flowsync.remotes.meta_flows import (
    FLOW_ID,
    created_id,
    findings_list,
    read_findings,
    read_preview_link,
)
from flowsync.remotes.operations import Operation, request_name
from flowsync.remotes.retry import Retrier
from flowsync.retry_policy import GET_ATTEMPTS

READS = (Operation.LIST, Operation.GET)


def gateway_reads(dialect: str, account: str, prefix: str = "") -> tuple[ReadRule, ...]:
    """Give the requests that only read, for an account of a gateway below a path prefix."""
    routes = DIALECTS[dialect]
    patterns = []
    for operation in READS:
        route = routes[operation]
        path = re.escape(prefix + route.fill(account, "FLOW")).replace("FLOW", r"[^/]+")
        patterns.append((route.method, path))
    return read_rules(patterns)


class GatewayRemote(Remote):
    """One account behind a gateway; `dialect` is a key of `DIALECTS`."""

    capabilities = GATEWAY

    def __init__(self, http: HttpClient, *, dialect: str, account: str, retrier: Retrier) -> None:
        self._http = http
        self._routes = DIALECTS[dialect]
        self._account = account
        self._retrier = retrier
        self._listed: dict[FlowId, ListedFlow] = {}

    def seconds_to_wait(self) -> float:
        """Give how long the pace of the account holds a request back."""
        return self._http.seconds_to_wait()

    def list_flows(self) -> Listing:
        """Give all flows; the gateway follows Meta's pages by itself."""

        def attempt() -> JsonValue:
            return self._data(Operation.LIST)

        try:
            data = self._retrier.read(attempt, request=request_name(Operation.LIST))
            listing = read_listing(data)
            self._listed.update({flow.id: flow for flow in listing.flows})
            return listing
        except RemoteUnavailable as exc:
            if exc.status != 500:
                raise
            raise RemoteUnavailable(  # G-18, G-23
                f"{exc} The gateway fails on every listing of this account. Either another "
                "channel shares its WhatsApp Business Account, which breaks the listing for this "
                "one: use the other channel's id as `account`. Or the gateway has lost its token "
                "for Meta: ask whoever runs it to connect the account again.",
                status=exc.status,
            ) from exc

    def get_flow(self, flow_id: FlowId) -> RemoteFlow:
        """Give one flow; reads again once when its content is named but missing (G-07).

        A draft of the listing for which the gateway answers HTTP 500 each time is given as one
        without content, with a note that says so (G-06).
        """

        def attempt() -> RemoteFlow:
            data = self._data(Operation.GET, flow_id)
            return read_flow(data, flow_id)

        request = request_name(Operation.GET, flow_id)
        try:
            flow = self._retrier.read(attempt, request=request, attempts=GET_ATTEMPTS)
        except RemoteUnavailable as exc:
            listed = self._listed.get(flow_id)
            if exc.status == 500 and listed and listed.status == FlowStatus.DRAFT.value:
                return draft_without_content(listed)
            raise
        if flow.content.state is ContentState.UNKNOWN:
            flow = self._retrier.read(attempt, request=request)
        return flow

    def preview_link(self, flow_id: FlowId) -> PreviewLink | None:
        """Give the link that comes with the details, which the gateway cannot renew."""

        def attempt() -> PreviewLink | None:
            return read_preview_link(self._data(Operation.GET, flow_id), flow_id)

        request = request_name(Operation.GET, flow_id)
        return self._retrier.read(attempt, request=request, attempts=GET_ATTEMPTS)

    def create_flow(self, flow: NewFlow) -> FlowId:
        """Create a draft; without an id in the answer the outcome is unknown."""
        if flow.flow_json is not None or flow.publishes:
            raise RemoteRejected(
                "create: the gateway takes no Flow JSON along with a create (G-14).",
                mishap=Mishap.GATEWAY_LIMIT,
            )
        body: dict[str, JsonValue] = {"name": flow.name, "categories": list(flow.categories)}
        if flow.endpoint_uri is not None:
            body["endpoint_uri"] = flow.endpoint_uri
        if flow.clone_flow_id is not None:
            body["clone_flow_id"] = flow.clone_flow_id
        return created_id(self._data(Operation.CREATE, body=body))

    def update_flow(self, flow_id: FlowId, update: FlowUpdate) -> None:
        """Change metadata; the answer is a constant and proves nothing (G-10)."""
        if update.clears_endpoint:
            raise RemoteRejected(
                "the gateway cannot remove an endpoint_uri (G-11).", mishap=Mishap.GATEWAY_LIMIT
            )
        body: dict[str, JsonValue] = {}
        if update.name is not None:
            body["name"] = update.name
        if update.categories is not None:
            body["categories"] = list(update.categories)
        if update.endpoint_uri is not None:
            body["endpoint_uri"] = update.endpoint_uri
        self._data(Operation.UPDATE, flow_id, body=body)

    def upload_flow_json(self, flow_id: FlowId, text: str) -> tuple[RemoteFinding, ...]:
        """Upload Flow JSON; only an answer with a list of findings is a success (G-01, G-02)."""
        try:
            data = self._data(
                Operation.UPLOAD,
                flow_id,
                form={"flow_id": flow_id},
                files={"file": ("flow.json", text.encode("utf-8"), "application/json")},
            )
        except RemoteRejected as exc:
            if exc.status == 400 and exc.code is None:  # G-03
                raise RemoteRejected(
                    f"{exc} The gateway does not take the file for JSON. That happens to valid "
                    f"Flow JSON that is nested deeper than {GATEWAY.max_content_depth} "
                    f"levels or larger than {GATEWAY.max_content_bytes:,} bytes: make it "
                    "flatter (a Form adds two levels) or smaller.",
                    status=400,
                    mishap=Mishap.GATEWAY_LIMIT,
                ) from exc
            raise
        findings = findings_list(data)
        if findings is None:
            raise RemoteUnavailable(
                f"upload of flow {flow_id}: the gateway answers success, but without the list of "
                "validation errors that a stored file comes with.",
                outcome_unknown=True,
                mishap=Mishap.UNREADABLE,
            )
        return read_findings(findings)

    def publish_flow(self, flow_id: FlowId) -> None:
        """Publish; the gateway may set an endpoint of its own on the way (G-15)."""
        self._data(Operation.PUBLISH, flow_id)

    def deprecate_flow(self, flow_id: FlowId) -> None:
        """Deprecate; a refusal has lost Meta's code (G-16)."""
        self._data(Operation.DEPRECATE, flow_id)

    def delete_flow(self, flow_id: FlowId) -> None:
        """Delete; on HTTP 405 nothing was done, and the other style is tried once (G-17)."""
        try:
            self._data(Operation.DELETE, flow_id)
        except RemoteRejected as exc:
            if exc.status != 405:
                raise
            route = other_delete_route(self._routes[Operation.DELETE])
            self._data(Operation.DELETE, flow_id, route=route)

    def send_flow(self, message: FlowMessage) -> str:
        """Send a flow message; the gateway chooses the sender and hides the flow token."""
        self._require_listed(Operation.SEND, message.flow_id)
        if message.is_draft:
            raise RemoteRejected(
                "send: the gateway opens no drafts. Publish the flow first, or send it through the "
                "Graph API.",
                mishap=Mishap.GATEWAY_LIMIT,
            )
        data = self._data(
            Operation.SEND,
            body={
                "to": message.to,
                "flow_id": message.flow_id,
                "header_text": message.header_text,
                "body_text": message.body_text,
                "footer_text": message.footer_text,
                "flow_cta": message.flow_cta,
                "screen": message.screen,
            },
        )
        messages = data.get("messages") if isinstance(data, dict) else None
        first = messages[0] if isinstance(messages, list) and messages else None
        message_id = first.get("id") if isinstance(first, dict) else None
        return message_id if isinstance(message_id, str) else ""

    def _require_listed(self, operation: Operation, flow_id: FlowId) -> None:
        """Refuse to write to a flow that this account has not listed in this run (G-27)."""
        if flow_id not in self._listed:
            raise RemoteRejected(
                f"{operation.value} of flow {flow_id} was not sent: this account has not listed "
                "it in this run, and the gateway would not notice that it belongs to another. "
                "Run `flowsync plan` again.",
                mishap=Mishap.GATEWAY_LIMIT,
            )

    def _data(
        self,
        operation: Operation,
        flow_id: FlowId | None = None,
        *,
        body: JsonValue = None,
        form: dict[str, str] | None = None,
        files: dict[str, tuple[str, bytes, str]] | None = None,
        route: Route | None = None,
    ) -> JsonValue:
        """Send one request and give the data of its answer; throttling pauses the account.

        For a read, the pause is made by whoever repeats it.
        """
        if flow_id is not None and not FLOW_ID.fullmatch(flow_id):
            raise RemoteRejected(
                f'"{flow_id[:80]}" is not the id of a flow.', mishap=Mishap.GATEWAY_LIMIT
            )
        if flow_id is not None and operation is not Operation.GET:
            self._require_listed(operation, flow_id)

        def attempt() -> JsonValue:
            try:
                taken = route or self._routes[operation]
                answer = self._send(operation, taken, flow_id, body, form, files)
                return data_of(answer, operation, flow_id)
            except RemoteError as exc:
                exc.args = (self._http.redact(str(exc)),)
                raise

        if operation in READS:
            return attempt()
        return self._retrier.write(attempt, request=request_name(operation, flow_id))

    def _send(
        self,
        operation: Operation,
        route: Route,
        flow_id: FlowId | None,
        body: JsonValue,
        form: dict[str, str] | None,
        files: dict[str, tuple[str, bytes, str]] | None,
    ) -> Answer:
        query = {"flowId": flow_id} if route.flow_in_query and flow_id else None
        path = route.fill(self._account, flow_id)
        try:
            return self._http.request(
                route.method, path, query=query, body=body, form=form, files=files
            )
        except RemoteUnavailable as exc:
            about = request_name(operation, flow_id)
            raise RemoteUnavailable(
                f"{about}: {exc}. Check base_url and the network, then run the command again.",
                outcome_unknown=exc.outcome_unknown,
                mishap=exc.mishap,
            ) from exc
