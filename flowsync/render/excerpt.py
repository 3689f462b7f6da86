"""The line that a finding is about, with its number in a gutter and carets below the place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flowsync.diagnostics import LINE_END, START_OF_FILE, Diagnostic, Severity
from flowsync.render.style import Style, clean
from flowsync.render.width import display_width

EXCERPT_COLUMNS = 160  # of a report, which wraps
_TAB = 4
_NARROWEST = 20
_CUT = "…"
# A credential that somebody wrote into flowsync.yaml. Its line is not shown at all: a part of a
# credential would not be recognised as one.
_WRITTEN_TOKEN = re.compile(r"""(?<![\w-])token["']?[ \t]*:[ \t]*(?!["']?\$\{env:)[^\s]""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """A line of a file, harmless and cut to the columns there are: before, in and after a place."""

    line: int
    before: str
    place: str
    after: str


class Excerpts:
    """Gives excerpts from `texts`, the files' texts by path, no wider than `columns`.

    `hides` tells of a line that it must not be shown, such as one with a secret.
    """

    def __init__(
        self,
        texts: Mapping[str, str],
        *,
        columns: int = 100,
        hides: Callable[[str], bool] = lambda line: False,
    ) -> None:
        self._texts = texts
        self._columns = columns
        self._hides = hides
        self._lines: dict[str, list[tuple[int, int]]] = {}
        self._hidden: dict[tuple[str, int], bool] = {}

    def below(self, finding: Diagnostic, style: Style) -> list[str]:
        """Give the lines to show below a finding; none where it has no place in a known text."""
        found = self.find(finding)
        if found is None:
            return []
        gutter = _gutter(found.line)
        paint = style.changed if finding.severity is Severity.WARNING else style.bad
        blank = style.quiet(" " * (len(gutter) - 2) + "| ")
        carets = " " * display_width(found.before)
        carets += paint("^" * max(display_width(found.place), 1))
        return [style.quiet(gutter) + found.before + found.place + found.after, blank + carets]

    def find(self, finding: Diagnostic) -> Excerpt | None:
        """Give the excerpt of a finding; None where it has no place in a known text."""
        text, span = self._texts.get(finding.path), finding.span
        if text is None or span == START_OF_FILE:
            return None
        lines = self._lines_of(finding.path, text)
        if span.line > len(lines):
            return None
        begin, end = lines[span.line - 1]
        if self._is_hidden(finding.path, begin, end):
            return None
        start = min(begin + span.column - 1, end)
        stop = begin + span.end_column - 1 if span.end_line == span.line else end
        room = max(self._columns - len(_gutter(span.line)), _NARROWEST)
        window = _Window(text, begin, end, room)
        before, place, after = window.around(start, min(max(stop, start), end))
        return Excerpt(line=span.line, before=before, place=place, after=after)

    def _is_hidden(self, path: str, begin: int, end: int) -> bool:
        if (path, begin) not in self._hidden:
            text = self._texts[path]
            is_token = _WRITTEN_TOKEN.search(text, begin, end) is not None
            self._hidden[path, begin] = is_token or self._hides(text[begin:end])
        return self._hidden[path, begin]

    def _lines_of(self, path: str, text: str) -> list[tuple[int, int]]:
        """Give where each line of a file starts and ends, its line end left out."""
        if path not in self._lines:
            found = list(LINE_END.finditer(text))
            starts = [0, *(match.end() for match in found)]
            ends = [*(match.start() for match in found), len(text)]
            self._lines[path] = list(zip(starts, ends, strict=True))
        return self._lines[path]


class _Window:
    """Cuts a line, the characters from `begin` to `end` of a text, to `room` columns."""

    def __init__(self, text: str, begin: int, end: int, room: int) -> None:
        self._text, self._begin, self._end, self._room = text, begin, end, room

    def around(self, start: int, stop: int) -> tuple[str, str, str]:
        """Give what is shown of the line before a place, in it and after it.

        Only as many characters are looked at as could be shown: a minified line may be long.
        """
        first, last = max(self._begin, start - self._room), min(self._end, start + self._room)
        cells = _cells(self._text[first:last])
        widths = [display_width(cell) for cell in cells]
        at, until = start - first, min(stop, last) - first
        left, right = 0, len(cells)
        needed = sum(widths) + (at == len(cells))  # a caret may stand behind the last character
        if (first, last) != (self._begin, self._end) or needed > self._room:
            left, right = _fitting(widths, at, self._room - 2 * len(_CUT))
        head = _CUT if first + left > self._begin else ""
        tail = _CUT if first + right < self._end else ""
        until = min(until, right)
        after = "".join(cells[until:right]) + tail
        return head + "".join(cells[left:at]), "".join(cells[at:until]), after


def _gutter(line: int) -> str:
    return f"{line:>5} | "


def _fitting(widths: list[int], at: int, room: int) -> tuple[int, int]:
    """Give the range of cells around `at` that fits: a third of the room before it if need be."""
    left = _reach_left(widths, at, room // 3)
    right, used = at, sum(widths[left:at])
    while right < len(widths) and used + widths[right] <= room:
        used += widths[right]
        right += 1
    if right == len(widths):
        left = _reach_left(widths, at, room - sum(widths[at:]))
    while left < at and widths[left] == 0:  # a combining sign belongs to what was cut off
        left += 1
    return left, right


def _reach_left(widths: list[int], at: int, room: int) -> int:
    left, used = at, 0
    while left > 0 and used + widths[left - 1] <= room:
        left -= 1
        used += widths[left]
    return left


def _cells(text: str) -> list[str]:
    """Give each character as it is shown: tabs as spaces, invisible ones as escapes."""
    cells: list[str] = []
    column = 0
    for character in text:
        cell = " " * (_TAB - column % _TAB) if character == "\t" else clean(character)
        cells.append(cell)
        column += display_width(cell)
    return cells
