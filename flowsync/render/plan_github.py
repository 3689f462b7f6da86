"""A plan as remarks beside the lines that it is about: one a screen, because GitHub shows ten."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from flowsync.diagnostics import START_OF_FILE, Span
from flowsync.model import FlowKey
from flowsync.plan.difference_values import Difference, DifferenceKind
from flowsync.plan.values import Change, Plan
from flowsync.render.annotations import Annotation, Level
from flowsync.render.contract_words import contract_line
from flowsync.render.difference_text import difference_line, screen_heading
from flowsync.render.difference_words import ScreenDifferences, by_screen
from flowsync.render.plan_findings import plan_findings
from flowsync.render.style import Style

_MOST_LINES = 20

Places = Callable[[tuple[str | int, ...]], Span]
"""Gives the place in an author's Flow JSON that a pointer leads to."""


def plan_annotations(
    plan: Plan, files: Mapping[FlowKey, tuple[str, ...]], places: Mapping[FlowKey, Places]
) -> Iterator[Annotation]:
    """Give what stands in the way, then what breaks other systems, then what differs.

    `files` are the definition of each flow and its Flow JSON, `places` look pointers up in it.
    """
    for finding in plan_findings(plan):
        level, title = Level(finding.severity.value), f"flowsync: {finding.summary}"
        about = finding.changes[0] if len(finding.changes) == 1 else None
        path = _path(about, files)
        yield _remark(level, title, finding.message, path)
    for change in plan.pending:
        breaking = [contract_line(point) for point in change.contract if point.is_breaking]
        if breaking:
            title = f"flowsync: {change.label}: other systems notice"
            path = _path(change, files, is_content=True)
            yield _remark(Level.WARNING, title, "\n".join(breaking), path)
    for change in plan.pending:
        if change.key is None or change.key not in places:
            continue
        for field in change.fields:
            for group in by_screen(field.differences):
                yield _screen(change, group, files, places[change.key])


def _screen(
    change: Change,
    group: ScreenDifferences,
    files: Mapping[FlowKey, tuple[str, ...]],
    places: Places,
) -> Annotation:
    lines = [difference_line(difference, Style()) for difference in group.differences]
    if len(lines) > _MOST_LINES:
        lines = [*lines[:_MOST_LINES], f"… and {len(lines) - _MOST_LINES} more"]
    title = f"flowsync: {change.label}: {screen_heading(group)}"
    remark = _remark(Level.NOTICE, title, "\n".join(lines), _path(change, files, is_content=True))
    return replace(remark, span=places(_most_telling(group.differences).pointer))


def _remark(level: Level, title: str, message: str, path: str | None) -> Annotation:
    span = START_OF_FILE if path is not None else None
    return Annotation(level=level, title=title, message=message, path=path, span=span)


def _path(
    change: Change | None, files: Mapping[FlowKey, tuple[str, ...]], *, is_content: bool = False
) -> str | None:
    """Give the definition of a flow, or its Flow JSON; None where it has none."""
    paths = files.get(change.key, ()) if change is not None and change.key else ()
    return (paths[-1] if is_content else paths[0]) if paths else None


def _most_telling(differences: tuple[Difference, ...]) -> Difference:
    """Give the first difference that is still there to be pointed at, else the first."""
    there = (one for one in differences if one.kind is not DifferenceKind.REMOVED)
    return next(there, differences[0])
