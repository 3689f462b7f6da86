"""How two accounts differ: as text for people, and as JSON (schemas/comparison.schema.json)."""

from __future__ import annotations

from collections.abc import Iterator

from flowsync.comparing.values import Compared, Comparison, Side, Verdict
from flowsync.model import JsonValue
from flowsync.plan.document import to_json
from flowsync.plan.values import FieldChange
from flowsync.render.difference_text import difference_lines
from flowsync.render.style import Style, clean, count, short

FORMAT_VERSION = "1.0"
_SIGNS = {
    Verdict.SAME: "=",
    Verdict.DIFFERENT: "~",
    Verdict.ONLY_FIRST: "-",
    Verdict.ONLY_SECOND: "+",
    Verdict.UNKNOWN: "?",
}


def render_comparison(
    found: Comparison, style: Style, *, verbose: bool, columns: int | None = None
) -> str:
    """Give a comparison as text: what differs, all flows with `verbose`, and a summary."""
    first, second = found.first, found.second
    lines = [f"{_side(first)} compared with {_side(second)}", ""]
    for flow in found.flows:
        if verbose or flow.verdict is not Verdict.SAME:
            lines += [*_flow(flow, found, style, columns), ""]
    lines += [
        style.bad(f"{_side(side)}: {doubt}.") for side in (first, second) for doubt in side.doubts
    ]
    lines.append(_summary(found))
    return "\n".join(lines) + "\n"


def _side(side: Side) -> str:
    return f"{clean(side.target)} (account {clean(side.account)})"


def _flow(flow: Compared, found: Comparison, style: Style, columns: int | None) -> Iterator[str]:
    words = {
        Verdict.ONLY_FIRST: f"only in {clean(found.first.target)}",
        Verdict.ONLY_SECOND: f"only in {clean(found.second.target)}",
    }
    said = words.get(flow.verdict, flow.verdict.value)
    head = f'{_SIGNS[flow.verdict]} "{clean(flow.name)}": {said}'
    paint = {
        Verdict.DIFFERENT: style.changed,
        Verdict.ONLY_FIRST: style.bad,
        Verdict.ONLY_SECOND: style.good,
        Verdict.UNKNOWN: style.bad,
    }.get(flow.verdict, style.quiet)
    yield paint(head)
    if flow.note:
        yield f"    {clean(flow.note)}"
    for field in flow.fields:
        yield from (f"    {line}" for line in _field(field, style, columns))


def _field(field: FieldChange, style: Style, columns: int | None) -> Iterator[str]:
    if field.differences:
        yield from difference_lines(field.differences, style, columns and columns - 4)
    else:
        yield f"{field.name}: {short(field.old)} → {short(field.new)}"


def _summary(found: Comparison) -> str:
    said = [
        f"{found.count(Verdict.SAME)} the same",
        f"{found.count(Verdict.DIFFERENT)} different",
        f"{found.count(Verdict.ONLY_FIRST)} only in {clean(found.first.target)}",
        f"{found.count(Verdict.ONLY_SECOND)} only in {clean(found.second.target)}",
    ]
    if unknown := found.count(Verdict.UNKNOWN):
        said.append(f"{unknown} not compared")
    if found.are_equal and found.is_certain:
        return f"Equal: {count(len(found.flows), 'flow')} the same on both."
    return f"{count(len(found.flows), 'flow')}: {', '.join(said)}."


def comparison_to_json(found: Comparison) -> dict[str, JsonValue]:
    """Give a comparison as its JSON document."""
    return {
        "format_version": FORMAT_VERSION,
        "first": to_json(found.first),
        "second": to_json(found.second),
        "are_equal": found.are_equal,
        "is_certain": found.is_certain,
        "summary": {verdict.value: found.count(verdict) for verdict in Verdict},
        "flows": [
            {
                "name": flow.name,
                "verdict": flow.verdict.value,
                "first": flow.first,
                "second": flow.second,
                "note": flow.note,
                "fields": [
                    {
                        "name": field.name,
                        "first": field.old,
                        "second": field.new,
                        "differences": to_json(field.differences),
                    }
                    for field in flow.fields
                ],
            }
            for flow in found.flows
        ],
    }
