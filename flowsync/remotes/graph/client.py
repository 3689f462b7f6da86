"""Meta's Graph API as a remote: nine operations, pages followed, Flow JSON fetched behind links.

An answer is never proof: apply reads back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from flowsync.errors import (
    UNKNOWN_FLOW,
    Mishap,
    RemoteError,
    RemoteRejected,
    RemoteUnavailable,
)
from flowsync.model import (
    AccountHealth,
    Content,
    ContentState,
    FlowId,
    JsonValue,
    Listing,
    PreviewLink,
    RemoteFinding,
    RemoteFlow,
    text_in,
)
from flowsync.remotes.capabilities import GRAPH
from flowsync.remotes.graph.answers import done_in, object_of
from flowsync.remotes.graph.links import LinkedContents, LinkExpired
from flowsync.remotes.graph.messages import message_body
from flowsync.remotes.graph.paths import path_to
from flowsync.remotes.graph.reading import (
    FLOW_FIELDS,
    LIST_FIELDS,
    link_in,
    owner_in,
    read_page,
)
from flowsync.remotes.graph.usage import usage_in
from flowsync.remotes.http import Answer, HttpClient
from flowsync.remotes.interface import FlowMessage, FlowUpdate, NewFlow, Remote
from flowsync.remotes.meta_flows import (
    FLOW_ID,
    created_id,
    findings_list,
    read_details,
    read_entities,
    read_entries,
    read_findings,
    read_preview_link,
)
from flowsync.remotes.operations import Operation, request_name
from flowsync.remotes.pace import Pace
from flowsync.remotes.retry import Retrier

PAGE_SIZE = 100
_MOST_PAGES = 10_000  # a listing that has more never ends


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphAccount:
    """Which account of which version of the API; `phone_number` is an id, needed to send."""

    account: str
    version: str
    phone_number: str | None = None


class GraphRemote(Remote):
    """One WhatsApp Business Account; `links` fetches Flow JSON, `pace` is that of `http`."""

    capabilities = GRAPH

    def __init__(
        self,
        http: HttpClient,
        place: GraphAccount,
        *,
        links: LinkedContents,
        pace: Pace,
        retrier: Retrier,
    ) -> None:
        self._http, self._place, self._links = http, place, links
        self._pace, self._retrier = pace, retrier

    def seconds_to_wait(self) -> float:
        """Give how long the pace of the account holds a request back."""
        return self._http.seconds_to_wait()

    # --- reads ---

    def list_flows(self) -> Listing:
        """Give all flows, page by page, with a doubt where the pages do not lead to an end."""
        entries: list[JsonValue] = []
        doubts: list[str] = []
        seen: set[str] = set()
        query = {"fields": LIST_FIELDS, "limit": str(PAGE_SIZE)}
        for _ in range(_MOST_PAGES):
            body = self._read(Operation.LIST, self._path(self._place.account, "flows"), query)
            page = read_page(body)
            if not isinstance(page.entries, list):
                doubts.append("the answer holds no list of flows")
                break
            entries += page.entries
            doubts += page.doubts
            if page.after is None:
                break
            if page.after in seen:
                doubts.append("the same page came twice")
                break
            seen.add(page.after)
            query = {**query, "after": page.after}
        else:
            doubts.append(f"the account lists more than {_MOST_PAGES} pages")
        listing = read_entries(entries)
        return replace(listing, doubts=(*doubts, *listing.doubts))

    def get_flow(self, flow_id: FlowId) -> RemoteFlow:
        """Give one flow with its Flow JSON; a link that ended too soon is asked for once more."""
        try:
            return self._flow(flow_id)
        except LinkExpired:
            pass
        try:
            return self._flow(flow_id)
        except LinkExpired as exc:
            note = f"its link does not work (HTTP {exc.status})"
            return self._flow(flow_id, Content(state=ContentState.UNKNOWN, note=note))

    def _flow(self, flow_id: FlowId, content: Content | None = None) -> RemoteFlow:
        what = request_name(Operation.GET, flow_id)
        body = self._read(
            Operation.GET, self._node(flow_id), {"fields": FLOW_FIELDS}, flow_id=flow_id
        )
        owner = owner_in(body)
        if owner not in {None, self._place.account}:
            raise RemoteRejected(
                f"{what}: the flow belongs to the account {owner}, not to {self._place.account}. "
                "Check `account` of the target."
            )
        found = self._content(body, what) if content is None else content
        return read_details(body, flow_id, lambda details: found)

    def _content(self, body: dict[str, JsonValue], what: str) -> Content:
        link = link_in(body.get("assets"))
        if link is None:
            is_named = text_in(body.get("json_version")) is not None
            note = "the flow has Flow JSON, and no link to it is given"
            return Content(
                state=ContentState.UNKNOWN if is_named else ContentState.NONE,
                note=note if is_named else "",
            )
        request = f"{Operation.DOWNLOAD.value} of {what.removeprefix('get of ')}"
        return self._retrier.read(lambda: self._links.fetch(link, request), request=request)

    def preview_link(self, flow_id: FlowId) -> PreviewLink | None:
        """Give the link that shows the flow in a browser, the same until it expires."""
        query = {"fields": "id,preview.invalidate(false)"}
        body = self._read(Operation.GET, self._node(flow_id), query, flow_id=flow_id)
        return read_preview_link(body, flow_id)

    def account_health(self, *, with_keys: bool) -> AccountHealth:
        """Give the health of the account, its phone numbers, and whether one has a signed key."""
        account = self._place.account
        body = self._read(Operation.GET, self._path(account), {"fields": "id,health_status"})
        numbers = self._read(Operation.LIST, self._path(account, "phone_numbers"), {"fields": "id"})
        phones = [entry.get("id") for entry in _objects(numbers.get("data"))]
        keys = [self._has_key(str(phone)) for phone in phones] if with_keys else [True]
        return AccountHealth(
            entities=read_entities(body.get("health_status")),
            phone_numbers=len(phones),
            has_signed_key=any(keys),
        )

    def _has_key(self, phone: str) -> bool:
        path = self._path(phone, "whatsapp_business_encryption")
        entries = _objects(self._read(Operation.GET, path, {}).get("data"))
        return any(
            entry.get("business_public_key")
            and entry.get("business_public_key_signature_status") != "MISMATCH"
            for entry in entries
        )

    # --- writes ---

    def create_flow(self, flow: NewFlow) -> FlowId:
        """Create a draft, with its Flow JSON and published where that is asked for."""
        body: dict[str, JsonValue] = {"name": flow.name, "categories": list(flow.categories)}
        if flow.endpoint_uri is not None:
            body["endpoint_uri"] = flow.endpoint_uri
        if flow.clone_flow_id is not None:
            body["clone_flow_id"] = flow.clone_flow_id
        if flow.flow_json is not None:
            body["flow_json"] = flow.flow_json
        if flow.publishes:
            body["publish"] = True
        path = self._path(self._place.account, "flows")
        answer = self._write(Operation.CREATE, "POST", path, body=body)
        return created_id(answer)

    def update_flow(self, flow_id: FlowId, update: FlowUpdate) -> None:
        """Change metadata; an empty text removes the endpoint."""
        body: dict[str, JsonValue] = {}
        if update.name is not None:
            body["name"] = update.name
        if update.categories is not None:
            body["categories"] = list(update.categories)
        if update.clears_endpoint or update.endpoint_uri is not None:
            body["endpoint_uri"] = "" if update.clears_endpoint else update.endpoint_uri
        self._write(Operation.UPDATE, "POST", self._node(flow_id), flow_id=flow_id, body=body)

    def upload_flow_json(self, flow_id: FlowId, text: str) -> tuple[RemoteFinding, ...]:
        """Upload Flow JSON, which is kept also where something is found wrong with it."""
        answer = self._write(
            Operation.UPLOAD,
            "POST",
            self._node(flow_id, "assets"),
            flow_id=flow_id,
            form={"name": "flow.json", "asset_type": "FLOW_JSON"},
            files={"file": ("flow.json", text.encode("utf-8"), "application/json")},
        )
        return read_findings(findings_list(answer))

    def publish_flow(self, flow_id: FlowId) -> None:
        """Publish."""
        path = self._node(flow_id, "publish")
        self._write(Operation.PUBLISH, "POST", path, flow_id=flow_id)

    def deprecate_flow(self, flow_id: FlowId) -> None:
        """Deprecate."""
        path = self._node(flow_id, "deprecate")
        self._write(Operation.DEPRECATE, "POST", path, flow_id=flow_id)

    def delete_flow(self, flow_id: FlowId) -> None:
        """Delete."""
        self._write(Operation.DELETE, "DELETE", self._node(flow_id), flow_id=flow_id)

    def send_flow(self, message: FlowMessage) -> str:
        """Send a message from the target's phone number, of a draft where that is asked for."""
        if self._place.phone_number is None:
            raise RemoteRejected(
                "send: the target names no phone number to send from. Write its id as "
                "`phone_number` of the target.",
                mishap=Mishap.GATEWAY_LIMIT,
            )
        path = self._path(self._place.phone_number, "messages")
        answer = self._write(Operation.SEND, "POST", path, body=message_body(message))
        first = next(iter(_objects(answer.get("messages"))), {})
        return text_in(first.get("id")) or ""

    # --- requests ---

    def _path(self, node: str, edge: str = "") -> str:
        return path_to(self._place.version, node, edge)

    def _node(self, flow_id: FlowId, edge: str = "") -> str:
        if not FLOW_ID.fullmatch(flow_id):
            raise RemoteRejected(
                f'"{flow_id[:80]}" is not the id of a flow.', mishap=Mishap.GATEWAY_LIMIT
            )
        return self._path(flow_id, edge)

    def _read(
        self,
        operation: Operation,
        path: str,
        query: Mapping[str, str],
        *,
        flow_id: FlowId | None = None,
    ) -> dict[str, JsonValue]:
        what = request_name(operation, flow_id)
        try:
            return self._retrier.read(
                lambda: self._told(what, lambda: self._http.request("GET", path, query=query)),
                request=what,
            )
        except RemoteRejected as exc:
            if flow_id is not None or (exc.code, exc.subcode) != UNKNOWN_FLOW:
                raise
            raise RemoteRejected(
                f"{what}: Meta knows no account {self._place.account}, or lets this token not see "
                "it. Check `account` of the target, and the accounts of the system user at Meta.",
                status=exc.status,
                code=exc.code,
                subcode=exc.subcode,
            ) from exc

    def _write(
        self,
        operation: Operation,
        method: str,
        path: str,
        *,
        flow_id: FlowId | None = None,
        body: JsonValue = None,
        form: dict[str, str] | None = None,
        files: dict[str, tuple[str, bytes, str]] | None = None,
    ) -> dict[str, JsonValue]:
        what = request_name(operation, flow_id)
        return self._retrier.write(
            lambda: done_in(
                self._told(
                    what,
                    lambda: self._http.request(method, path, body=body, form=form, files=files),
                ),
                what,
            ),
            request=what,
        )

    def _told(self, what: str, send: Callable[[], Answer]) -> dict[str, JsonValue]:
        """Give the object of an answer, after the pace has heard how much is used up."""
        try:
            answer = self._sent(what, send)
            usage = usage_in(answer.headers)
            if usage is not None:
                self._pace.note_usage(usage.percent)
                if answer.retry_after is None and usage.regain_after > 0:
                    answer = replace(answer, retry_after=usage.regain_after)
            return object_of(answer, what)
        except RemoteError as exc:
            exc.args = (self._http.redact(str(exc)),)
            raise

    def _sent(self, what: str, send: Callable[[], Answer]) -> Answer:
        try:
            return send()
        except RemoteUnavailable as exc:
            raise RemoteUnavailable(
                f"{what}: {exc}. Check base_url and the network, then run the command again.",
                outcome_unknown=exc.outcome_unknown,
                mishap=exc.mishap,
            ) from exc


def _objects(value: JsonValue) -> list[dict[str, JsonValue]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
