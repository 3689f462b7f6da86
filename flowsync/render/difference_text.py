"""Differences of Flow JSON as lines of text, grouped by screen."""

from __future__ import annotations

from collections.abc import Iterator

from flowsync.plan.values import Difference, DifferenceKind
from flowsync.render.difference_words import ScreenDifferences, by_screen, phrase_of
from flowsync.render.phrases import plain_text
from flowsync.render.style import Style, clean, count, short

_MOST_DIFFERENCES = 40
MARKS = {
    DifferenceKind.ADDED: "+",
    DifferenceKind.REMOVED: "-",
    DifferenceKind.CHANGED: "~",
    DifferenceKind.MOVED: "↕",
    DifferenceKind.RENAMED: "~",
}


def difference_lines(differences: tuple[Difference, ...], style: Style) -> Iterator[str]:
    """Give differences with a heading for each screen; of very many only the first."""
    for group in by_screen(differences[:_MOST_DIFFERENCES]):
        yield f"{screen_heading(group)}:"
        for difference in group.differences:
            yield f"  {difference_line(difference, style)}"
    left = len(differences) - _MOST_DIFFERENCES
    if left > 0:
        yield style.quiet(f"… and {count(left, 'more difference')}; --format json has them all")


def screen_heading(group: ScreenDifferences) -> str:
    """Name the screen that differences are on."""
    if group.screen is None:
        return "the flow as a whole"
    title = f" {short(group.title)}" if group.title else ""
    return f"screen {clean(group.screen)}{title}"


def difference_line(difference: Difference, style: Style) -> str:
    """Give a difference inside Flow JSON as one line; the screen stands above it."""
    line = f"{MARKS[difference.kind]} {plain_text(phrase_of(difference))}"
    match difference.kind:
        case DifferenceKind.ADDED:
            return style.good(line)
        case DifferenceKind.REMOVED:
            return style.bad(line)
        case _:
            return line
