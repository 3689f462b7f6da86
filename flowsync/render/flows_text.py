"""Remote flows as text and for reading by machine: the listing, and one flow in detail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from flowsync.diagnostics import Diagnostic
from flowsync.model import ContentState, FlowId, FlowKey, JsonValue, Listing, RemoteFlow
from flowsync.render.diagnostics_json import diagnostics_to_json
from flowsync.render.diagnostics_text import render_diagnostics
from flowsync.render.excerpt import Excerpts
from flowsync.render.style import Style, clean, count


def render_listing(
    listing: Listing,
    keys: Mapping[FlowId, FlowKey],
    style: Style,
    found: Iterable[Diagnostic] = (),
) -> str:
    """Give a table of all flows of the account; `keys` names those with a definition.

    `found` is what the platform finds wrong in them.
    """
    rows = [
        (flow.id, clean(flow.status), clean(keys.get(flow.id, FlowKey("-"))), clean(flow.name))
        for flow in sorted(listing.flows, key=lambda flow: (flow.name, flow.id))
    ]
    doubts = [style.bad(f"The listing may not be whole: {clean(d)}.") for d in listing.doubts]
    if not rows:
        return "\n".join(doubts or ["The account has no flows."]) + "\n"
    head = ("ID", "STATUS", "KEY", "NAME")
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(3)]

    def line(row: tuple[str, ...]) -> str:
        cells = [cell.ljust(width) for cell, width in zip(row[:3], widths, strict=True)]
        return "  ".join([*cells, row[3]])

    lines = [style.strong(line(head)), *(line(row) for row in rows)]
    lines += doubts
    lines += render_diagnostics(found, style).splitlines()
    managed = sum(flow.id in keys for flow in listing.flows)
    lines.append(style.quiet(f"{count(len(rows), 'flow')}, {managed} with a definition here."))
    return "\n".join(lines) + "\n"


def listing_to_json(listing: Listing, keys: Mapping[FlowId, FlowKey]) -> dict[str, JsonValue]:
    """Give the listing for reading by machine."""
    return {
        "is_whole": listing.is_whole,
        "doubts": list(listing.doubts),
        "flows": [
            {
                "id": flow.id,
                "key": keys.get(flow.id),
                "name": flow.name,
                "status": flow.status,
                "categories": list(flow.categories),
                "validation_errors": len(flow.findings),
            }
            for flow in listing.flows
        ],
    }


def render_flow(
    flow: RemoteFlow,
    key: FlowKey | None,
    style: Style,
    found: Iterable[Diagnostic],
    excerpts: Excerpts | None = None,
) -> str:
    """Give one flow with its metadata, health and what the platform finds wrong (`found`)."""
    return "\n".join(_details(flow, key, style)) + "\n" + render_diagnostics(found, style, excerpts)


def flow_to_json(
    flow: RemoteFlow, key: FlowKey | None, found: Iterable[Diagnostic]
) -> dict[str, JsonValue]:
    """Give one flow for reading by machine, with its Flow JSON and what is wrong in it."""
    return {
        "id": flow.id,
        "key": key,
        "name": flow.name,
        "status": flow.status,
        "categories": list(flow.categories),
        "endpoint_uri": flow.endpoint_uri,
        "json_version": flow.json_version,
        "data_api_version": flow.data_api_version,
        "content": flow.content.state.value,
        "flow_json": flow.content.value,
        "health": list(flow.health),
        "validation_errors": [
            {
                "code": finding.code,
                "message": finding.message,
                "line": finding.line,
                "column": finding.column,
            }
            for finding in flow.findings
        ],
        "findings": diagnostics_to_json(found),
    }


def _details(flow: RemoteFlow, key: FlowKey | None, style: Style) -> Iterator[str]:
    yield style.strong(f'"{clean(flow.name)}"')
    fields = {
        "id": flow.id,
        "key": key or "- (no definition here)",
        "status": flow.status,
        "categories": ", ".join(flow.categories),
        "endpoint_uri": flow.endpoint_uri or "-",
        "Flow JSON": _content(flow),
    }
    for name, value in fields.items():
        yield f"  {name:<13} {clean(value)}"
    for sentence in flow.health:
        yield style.changed(f"  health        {clean(sentence)}")


def _content(flow: RemoteFlow) -> str:
    if flow.content.state is ContentState.NONE:
        return "none yet"
    if flow.content.state is ContentState.UNKNOWN:
        return f"unknown: {flow.content.note}"
    content = flow.content.value
    screens = content.get("screens") if isinstance(content, dict) else None
    number = len(screens) if isinstance(screens, list) else 0
    return f"version {flow.json_version}, {count(number, 'screen')}"
