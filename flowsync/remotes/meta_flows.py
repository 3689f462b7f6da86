"""What Meta says of flows, in the words that the Graph API and the gateway share, as values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timezone

from flowsync.errors import Mishap, RemoteUnavailable
from flowsync.model import (
    Content,
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


def read_entries(entries: JsonValue) -> Listing:
    """Read the entries of a listing, with a doubt for each that is none or comes twice."""
    if not isinstance(entries, list):
        return Listing(flows=(), doubts=("the answer holds no list of flows",))
    flows: dict[str, ListedFlow] = {}
    doubts: list[str] = []
    for entry in entries:
        flow = _listed_flow(entry)
        if flow is None:
            doubts.append("an entry has no usable id, name or status")
        elif flow.id in flows:
            doubts.append(f"flow {flow.id} is listed twice")
        else:
            flows[flow.id] = flow
    return Listing(flows=tuple(flows.values()), doubts=tuple(doubts))


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


def created_id(answer: JsonValue) -> FlowId:
    """Read the id in the answer to a create.

    Raises `RemoteUnavailable` where there is none: whether the flow was made is not known then.
    """
    new_id = answer.get("id") if isinstance(answer, dict) else None
    if not isinstance(new_id, str) or not FLOW_ID.fullmatch(new_id):
        raise RemoteUnavailable(
            "create: the answer names no flow id.",
            outcome_unknown=True,
            mishap=Mishap.UNREADABLE,
        )
    return FlowId(new_id)


def unusable(message: str) -> RemoteUnavailable:
    """Give the error of an answer that lacks what it is for."""
    return RemoteUnavailable(message, mishap=Mishap.UNREADABLE)


def read_details(
    data: JsonValue, flow_id: FlowId, content_in: Callable[[dict[str, JsonValue]], Content]
) -> RemoteFlow:
    """Read the details of a flow, with the content that `content_in` finds in them.

    Raises `RemoteUnavailable` where they are not about this flow, or lack its name or status.
    """
    if not isinstance(data, dict) or data.get("id") != flow_id:
        raise unusable(f"get of flow {flow_id}: the answer is not about this flow.")
    name, status = data.get("name"), data.get("status")
    if not isinstance(name, str) or not isinstance(status, str):
        raise unusable(f"get of flow {flow_id}: the answer lacks name or status.")
    entities = read_entities(data.get("health_status"))
    return RemoteFlow(
        id=flow_id,
        name=name,
        status=status,
        categories=texts_in(data.get("categories")),
        content=content_in(data),
        endpoint_uri=text_in(data.get("endpoint_uri")),
        json_version=text_in(data.get("json_version")),
        data_api_version=text_in(data.get("data_api_version")),
        findings=read_findings(findings_list(data)),
        health=tuple(_health_sentence(entity) for entity in entities if not entity.is_available),
        entities=entities,
    )


def read_preview_link(data: JsonValue, flow_id: FlowId) -> PreviewLink | None:
    """Read the preview link out of the details of a flow; None without a usable https address."""
    if not isinstance(data, dict) or data.get("id") != flow_id:
        raise unusable(f"get of flow {flow_id}: the answer is not about this flow.")
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
    if not entries:
        return ()
    return tuple(
        RemoteFinding(
            code=text_in(entry.get("error")) or "UNKNOWN",
            message=text_in(entry.get("message")) or "",
            line=_count(entry.get("line_start")),
            column=_count(entry.get("column_start")),
            places=tuple(_places(entry.get("pointers"))),
        )
        for entry in entries
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


def read_entities(health: JsonValue) -> tuple[HealthEntity, ...]:
    """Read the parts of the health status that say whether messages can be sent.

    The gateway drops the solutions that the platform gives, and keeps what is wrong.
    """
    entities = health.get("entities") if isinstance(health, dict) else None
    return tuple(
        HealthEntity(
            kind=str(entity.get("entity_type")),
            can_send=str(entity.get("can_send_message")),
            errors=tuple(_health_errors(entity.get("errors"))),
        )
        for entity in (entities if isinstance(entities, list) else ())
        if isinstance(entity, dict) and entity.get("can_send_message") is not None
    )


def _health_errors(errors: JsonValue) -> Iterable[HealthError]:
    for error in errors if isinstance(errors, list) else ():
        if not isinstance(error, dict):
            continue
        message = text_in(error.get("error_description")) or text_in(error.get("message"))
        if message:  # under its first name in the Graph API, under the second at the gateway
            yield HealthError(
                message=message, solution=text_in(error.get("possible_solution")) or ""
            )


def _health_sentence(entity: HealthEntity) -> str:
    about = f"{entity.kind} is {entity.can_send}"
    return ": ".join([about, *(error.message for error in entity.errors[:1])])


def _count(value: JsonValue) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
