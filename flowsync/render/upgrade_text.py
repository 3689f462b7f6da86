"""What an upgrade did to each file, what is left to decide, and why a file was not written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flowsync.diagnostics import Span
from flowsync.model import JsonValue
from flowsync.render.diagnostics_json import diagnostics_to_json
from flowsync.render.diagnostics_text import render_diagnostics
from flowsync.render.style import Style, clean, count
from flowsync.upgrading.upgrade import Upgrade

_WORDS = {
    "written": "written",
    "would_write": "would be written",
    "unchanged": "up to date",
    "invalid": "not written, because the result has errors",
    "failed": "could not be written",
}


def render_upgrades(
    upgrades: Iterable[tuple[Upgrade, str]], to: str, style: Style
) -> Iterator[str]:
    """Give a paragraph for each file with its result, and a summary at the end."""
    counts: dict[str, int] = {}
    for upgrade, result in upgrades:
        counts[result] = counts.get(result, 0) + 1
        if result != "unchanged":
            yield _render_one(upgrade, result, to, style)
    said = (f"{number} {_WORDS[result].partition(',')[0]}" for result, number in counts.items())
    read = f"{count(sum(counts.values()), 'file')} read"
    yield f"{read}: {', '.join(said)}.\n" if counts else f"{read}.\n"


def _render_one(upgrade: Upgrade, result: str, to: str, style: Style) -> str:
    paint = style.bad if result in {"invalid", "failed"} else style.good
    path = clean(upgrade.document.path)
    lines = [f"{style.strong(path)}: {upgrade.since} → {to}, {paint(_WORDS[result])}"]
    lines += [
        f"  {style.changed('changed')} {_place(upgrade, change.pointer)} {clean(change.summary)}"
        for change in upgrade.changes
    ]
    lines += [
        f"  {style.bad('decide')}  {_place(upgrade, decision.pointer)} "
        f"{clean(decision.message)} {clean(decision.fix)}"
        for decision in upgrade.decisions
    ]
    errors = render_diagnostics(upgrade.errors, style).splitlines()
    return "\n".join((*lines, *(f"  {line}" for line in errors), ""))


def _place(upgrade: Upgrade, pointer: tuple[str | int, ...]) -> str:
    span = upgrade.document.span(pointer)
    return f"{clean(upgrade.document.path)}:{span.line}:{span.column}:"


def upgrades_to_json(upgrades: Iterable[tuple[Upgrade, str]], to: str) -> list[JsonValue]:
    """Give the same for reading by machine; lines and columns are those of the author's file."""
    return [
        {
            "path": upgrade.document.path,
            "from": upgrade.since,
            "to": to,
            "result": result,
            "changes": [
                {**_position(upgrade.document.span(change.pointer)), "summary": change.summary}
                for change in upgrade.changes
            ],
            "decisions": [
                {
                    **_position(upgrade.document.span(decision.pointer)),
                    "message": decision.message,
                    "fix": decision.fix,
                }
                for decision in upgrade.decisions
            ],
            "findings": diagnostics_to_json(upgrade.errors),
        }
        for upgrade, result in upgrades
    ]


def _position(span: Span) -> dict[str, JsonValue]:
    return {"line": span.line, "column": span.column}
