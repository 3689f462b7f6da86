"""Differences of Flow JSON in a few words, for a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from flowsync.plan.difference_values import Difference, DifferenceKind, Subject
from flowsync.render.style import count

_OTHERWISE: dict[Subject, tuple[str, str | None, str]] = {
    Subject.FLOW: ("flow", None, "changed"),
    Subject.SCREEN: ("screen", None, "changed"),
    Subject.COMPONENT: ("component", None, "changed"),
    Subject.OPTION: ("option", None, "changed"),
    Subject.TEXT: ("text", None, "reworded"),
    Subject.ACTION: ("action", None, "changed"),
    Subject.ROUTE: ("way", None, "changed"),
    Subject.DATA: ("data field", None, "changed"),
    Subject.SETTING: ("setting", None, "changed"),
}
_SUMMARY: dict[tuple[Subject, DifferenceKind], tuple[str, str | None, str]] = {
    (subject, kind): (_OTHERWISE[subject][0], None, kind.value)
    for subject in (
        Subject.SCREEN,
        Subject.COMPONENT,
        Subject.OPTION,
        Subject.TEXT,
        Subject.ROUTE,
        Subject.DATA,
    )
    for kind in DifferenceKind
    if kind is not DifferenceKind.CHANGED
} | {
    (Subject.OPTION, DifferenceKind.CHANGED): ("option", None, "reworded"),
    (Subject.OPTION, DifferenceKind.MOVED): ("list of options", "lists of options", "reordered"),
    (Subject.SCREEN, DifferenceKind.MOVED): ("order of screens", None, "changed"),
}


def summary_of(differences: Iterable[Difference]) -> str:
    """Say what changes, by kind: `1 screen added, 2 texts reworded`."""
    counts: Counter[tuple[str, str | None, str]] = Counter()
    for one in differences:
        counts[_SUMMARY.get((one.subject, one.kind), _OTHERWISE[one.subject])] += 1
    return ", ".join(
        f"{count(number, noun, plural)} {verb}" for (noun, plural, verb), number in counts.items()
    )
