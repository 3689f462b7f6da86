"""Differences of Flow JSON as lines of text, grouped by screen."""

from __future__ import annotations

from collections.abc import Iterator

from flowsync.plan.difference_values import Difference, DifferenceKind
from flowsync.render.difference_words import ScreenDifferences, by_screen, phrase_of
from flowsync.render.phrases import plain_text
from flowsync.render.style import LONGEST_VALUE, Style, clean, count, short
from flowsync.render.width import with_longest_values

_MOST_DIFFERENCES = 40
MARKS = {
    DifferenceKind.ADDED: "+",
    DifferenceKind.REMOVED: "-",
    DifferenceKind.CHANGED: "~",
    DifferenceKind.MOVED: "↕",
    DifferenceKind.RENAMED: "~",
}


def difference_lines(
    differences: tuple[Difference, ...], style: Style, columns: int | None = None
) -> Iterator[str]:
    """Give differences with a heading for each screen; of very many only the first.

    Values are cut so that lines fit into `columns`, without them at the usual length.
    """
    for group in by_screen(differences[:_MOST_DIFFERENCES]):
        yield f"{screen_heading(group)}:"
        for difference in group.differences:
            yield f"  {difference_line(difference, style, columns and columns - 2)}"
    left = len(differences) - _MOST_DIFFERENCES
    if left > 0:
        yield style.quiet(f"… and {count(left, 'more difference')}; --format json has them all")


def screen_heading(group: ScreenDifferences) -> str:
    """Name the screen that differences are on."""
    if group.screen is None:
        return "the flow as a whole"
    title = f" {short(group.title)}" if group.title else ""
    return f"screen {clean(group.screen)}{title}"


def difference_line(difference: Difference, style: Style, columns: int | None = None) -> str:
    """Give a difference inside Flow JSON as one line; the screen stands above it."""
    phrase = phrase_of(difference)

    def line_of(longest: int = LONGEST_VALUE) -> str:
        return f"{MARKS[difference.kind]} {plain_text(phrase, longest=longest)}"

    line = line_of() if columns is None else with_longest_values(line_of, columns)
    match difference.kind:
        case DifferenceKind.ADDED:
            return style.good(line)
        case DifferenceKind.REMOVED:
            return style.bad(line)
        case _:
            return line
