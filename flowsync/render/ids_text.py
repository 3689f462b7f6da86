"""Ids of flows as text for people, as JSON, and as a dotenv file for services that send."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from flowsync.model import FlowKey, JsonValue
from flowsync.plan.ids import KnownFlow
from flowsync.render.style import Style, clean

FORMAT_VERSION = "1.1"
VARIABLE_PREFIX = "FLOWSYNC_ID_"


def render_ids(flows: Iterable[KnownFlow], style: Style) -> str:
    """Give a table with id and status of each flow, or why it has none."""
    rows = [
        (clean(one.key), one.flow.id, clean(one.flow.status))
        if one.flow
        else (clean(one.key), "-", clean(one.reason))
        for one in flows
    ]
    head = ("KEY", "ID", "STATUS")
    widths = [max(len(row[column]) for row in [head, *rows]) for column in (0, 1)]

    def line(row: tuple[str, str, str]) -> str:
        return f"{row[0].ljust(widths[0])}  {row[1].ljust(widths[1])}  {row[2]}"

    lines = [style.strong(line(head))]
    lines += [style.changed(line(row)) if row[1] == "-" else line(row) for row in rows]
    return "\n".join(lines) + "\n"


def ids_to_json(flows: Iterable[KnownFlow], target: str, account: str) -> dict[str, JsonValue]:
    """Give the ids by key, null where there is none, with name and status of each flow.

    schemas/ids.schema.json describes it.
    """
    flows = tuple(flows)
    return {
        "format_version": FORMAT_VERSION,
        "target": target,
        "account": account,
        "ids": {one.key: one.flow.id if one.flow else None for one in flows},
        "flows": {
            one.key: {"id": one.flow.id, "name": one.flow.name, "status": one.flow.status}
            if one.flow
            else None
            for one in flows
        },
    }


def render_dotenv(flows: Iterable[KnownFlow]) -> str:
    """Give a line `FLOWSYNC_ID_BOOKING=123` for each flow, and a comment where there is no id.

    No two of the keys may have one variable; `sharing_a_name` tells.
    """
    lines = (
        f"{variable_name(one.key)}={one.flow.id}"
        if one.flow
        else f"# {variable_name(one.key)} is missing: {clean(one.reason)}"
        for one in flows
    )
    return "".join(f"{line}\n" for line in lines)


def sharing_a_name(
    flows: Iterable[KnownFlow], name_of: Callable[[FlowKey], str]
) -> tuple[FlowKey, FlowKey] | None:
    """Give two keys that `name_of` names alike, so that the wrong flow would be sent; or None."""
    named: dict[str, FlowKey] = {}
    for one in flows:
        other = named.setdefault(name_of(one.key), one.key)
        if other != one.key:
            return other, one.key
    return None


def variable_name(key: FlowKey) -> str:
    """Give the name of the variable for a key: in capitals, all but letters and digits as `_`."""
    return VARIABLE_PREFIX + re.sub(r"[^A-Z0-9]", "_", key.upper())
