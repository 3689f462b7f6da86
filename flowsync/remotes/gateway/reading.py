"""What the gateway says of flows, read into values; whatever is odd becomes a doubt or an error."""

from __future__ import annotations

from flowsync.model import Content, ContentState, FlowId, JsonValue, ListedFlow, Listing, RemoteFlow
from flowsync.remotes.meta_flows import read_details, read_entries


def read_listing(data: JsonValue) -> Listing:
    """Read a listing and collect every doubt that it is whole (G-18, G-27)."""
    entries = data.get("data") if isinstance(data, dict) else data
    paging = data.get("paging") if isinstance(data, dict) else None
    doubts: tuple[str, ...] = ()
    if isinstance(paging, dict) and paging.get("next"):
        doubts = ("the answer names a further page, which the gateway does not serve",)
    listing = read_entries(entries)
    return Listing(flows=listing.flows, doubts=(*doubts, *listing.doubts))


def read_flow(data: JsonValue, flow_id: FlowId) -> RemoteFlow:
    """Read the details of a flow; preview and asset addresses are dropped (G-28)."""
    return read_details(data, flow_id, _content)


def draft_without_content(listed: ListedFlow) -> RemoteFlow:
    """Give a listed draft that the gateway cannot show as one without content (G-06)."""
    note = (
        "the gateway cannot show this draft (HTTP 500), as it cannot show drafts without Flow JSON "
        "(G-06); it is taken for empty"
    )
    return RemoteFlow(
        id=listed.id,
        name=listed.name,
        status=listed.status,
        categories=listed.categories,
        content=Content(state=ContentState.NONE, note=note),
        findings=listed.findings,
    )


def _content(data: dict[str, JsonValue]) -> Content:
    for key in ("json_contents", "json_content"):  # G-09
        if data.get(key) is not None:
            return Content(state=ContentState.READ, value=data[key])
    if data.get("assets"):
        note = "the gateway could not fetch the Flow JSON that it names (G-07)"
        return Content(state=ContentState.UNKNOWN, note=note)
    return Content(state=ContentState.NONE)
