"""What the gateway says of flows, read into values; whatever is odd becomes a doubt or an error."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timezone

from flowsync.errors import Mishap, RemoteUnavailable
from flowsync.model import (
    Content,
    ContentState,
    FlowId,
    HealthEntity,
    HealthError,
    JsonValue,
    ListedFlow,
    Listing,
    PreviewLink,
    RemoteFinding,
    RemoteFlow,
    RemotePlace,
    mapping_in,
    text_in,
    texts_in,
)

_WEB_ADDRESS = re.compile(r"https://[!-~]{1,2000}")  # visible ASCII, as addresses are written
FLOW_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")


def read_listing(data: JsonValue) -> Listing:
    """Read a listing and collect every doubt that it is whole (G-18, G-27)."""
    doubts: list[str] = []
    entries = data.get("data") if isinstance(data, dict) else data
    paging = data.get("paging") if isinstance(data, dict) else None
    if isinstance(paging, dict) and paging.get("next"):
        doubts.append("the answer names a further page, which the gateway does not serve")
    if not isinstance(entries, list):
        return Listing(flows=(), doubts=("the answer holds no list of flows",))
    flows: list[ListedFlow] = []
    seen: set[str] = set()
    for entry in entries:
        flow = _listed_flow(entry)
        if flow is None:
            doubts.append("an entry has no usable id, name or status")
        elif flow.id in seen:
            doubts.append(f"flow {flow.id} is listed twice")
        else:
            seen.add(flow.id)
            flows.append(flow)
    return Listing(flows=tuple(flows), doubts=tuple(doubts))


def _listed_flow(entry: JsonValue) -> ListedFlow | None:
    if not isinstance(entry, dict):
        return None
    flow_id, name, status = entry.get("id"), entry.get("name"), entry.get("status")
    if not (isinstance(flow_id, str) and isinstance(name, str) and isinstance(status, str)):
        return None
    if not FLOW_ID.fullmatch(flow_id):
        return None
    return ListedFlow(
        id=FlowId(flow_id),
        name=name,
        status=status,
        categories=texts_in(entry.get("categories")),
        findings=read_findings(findings_list(entry)),
    )


def _unusable(message: str) -> RemoteUnavailable:
    return RemoteUnavailable(message, mishap=Mishap.UNREADABLE)


def read_flow(data: JsonValue, flow_id: FlowId) -> RemoteFlow:
    """Read the details of a flow; preview and asset addresses are dropped (G-28)."""
    if not isinstance(data, dict) or data.get("id") != flow_id:
        raise _unusable(f"get of flow {flow_id}: the answer is not about this flow.")
    name, status = data.get("name"), data.get("status")
    if not isinstance(name, str) or not isinstance(status, str):
        raise _unusable(f"get of flow {flow_id}: the answer lacks name or status.")
    entities = tuple(_entities(data.get("health_status")))
    return RemoteFlow(
        id=flow_id,
        name=name,
        status=status,
        categories=texts_in(data.get("categories")),
        content=_content(data),
        endpoint_uri=text_in(data.get("endpoint_uri")),
        json_version=text_in(data.get("json_version")),
        data_api_version=text_in(data.get("data_api_version")),
        findings=read_findings(findings_list(data)),
        health=tuple(_sentence(entity) for entity in entities if not entity.is_available),
        entities=entities,
    )


def read_preview_link(data: JsonValue, flow_id: FlowId) -> PreviewLink | None:
    """Read the preview link out of the details of a flow; None without a usable https address."""
    if not isinstance(data, dict) or data.get("id") != flow_id:
        raise _unusable(f"get of flow {flow_id}: the answer is not about this flow.")
    preview = mapping_in(data.get("preview"))
    url = text_in(preview.get("preview_url")) or ""
    if not _WEB_ADDRESS.fullmatch(url):
        return None
    return PreviewLink(url=url, expires_at=_moment(text_in(preview.get("expires_at"))))


def _moment(text: str | None) -> datetime | None:
    """Read a moment such as `2024-05-21T11:18:09+0000`; None for what is none."""
    try:
        return datetime.strptime(text or "", "%Y-%m-%dT%H:%M:%S%z").astimezone(timezone.utc)
    except (ValueError, OverflowError):
        return None


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


def findings_list(data: JsonValue) -> list[JsonValue] | None:
    """Give the list of validation errors under either of its two names (G-09)."""
    if isinstance(data, dict):
        for key in ("validations_errors", "validation_errors"):
            found = data.get(key)
            if isinstance(found, list):
                return found
    return None


def read_findings(entries: Iterable[JsonValue] | None) -> tuple[RemoteFinding, ...]:
    """Read the entries of a list of validation errors."""
    return tuple(
        RemoteFinding(
            code=text_in(entry.get("error")) or "UNKNOWN",
            message=text_in(entry.get("message")) or "",
            line=_count(entry.get("line_start")),
            column=_count(entry.get("column_start")),
            places=tuple(_places(entry.get("pointers"))),
        )
        for entry in entries or ()
        if isinstance(entry, dict)
    )


def _places(entries: JsonValue) -> Iterable[RemotePlace]:
    """Read the pointers of a validation error, which only the answer to an upload has."""
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict):
            yield RemotePlace(
                line=_count(entry.get("line_start")),
                column=_count(entry.get("column_start")),
                path=text_in(entry.get("path")) or "",
            )


def _entities(health: JsonValue) -> Iterable[HealthEntity]:
    """Read the parts of the health status that say whether messages can be sent.

    The gateway drops the solutions that the platform gives, and keeps what is wrong.
    """
    entities = health.get("entities") if isinstance(health, dict) else None
    for entity in entities if isinstance(entities, list) else ():
        if isinstance(entity, dict) and entity.get("can_send_message") is not None:
            yield HealthEntity(
                kind=str(entity.get("entity_type")),
                can_send=str(entity.get("can_send_message")),
                errors=tuple(_health_errors(entity.get("errors"))),
            )


def _health_errors(errors: JsonValue) -> Iterable[HealthError]:
    for error in errors if isinstance(errors, list) else ():
        if isinstance(error, dict) and (message := text_in(error.get("message"))):
            yield HealthError(
                message=message, solution=text_in(error.get("possible_solution")) or ""
            )


def _sentence(entity: HealthEntity) -> str:
    about = f"{entity.kind} is {entity.can_send}"
    return ": ".join([about, *(error.message for error in entity.errors[:1])])


def _count(value: JsonValue) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
