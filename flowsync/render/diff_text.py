"""What changes in a text file, as a unified diff that is safe to show on a terminal."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from flowsync.render.style import Style, clean

_CONTEXT = 3
# Comparing costs more than the number of lines; longer texts are shown as replaced.
_MOST_LINES = 3000


def render_diff(path: str, before: str, after: str, style: Style) -> str:
    """Give the differences of two texts with three lines around each; empty where there is none."""
    if before == after:
        return ""
    old, new = before.split("\n"), after.split("\n")
    head = [style.strong(f"--- {clean(path)}"), style.strong(f"+++ {clean(path)}")]
    return "\n".join((*head, *_hunks(old, new, style), ""))


def _hunks(old: list[str], new: list[str], style: Style) -> Iterator[str]:
    for group in _groups(old, new):
        first, last = group[0], group[-1]
        ranges = _range("-", first[1], last[2], old) + " " + _range("+", first[3], last[4], new)
        yield style.quiet(f"@@ {ranges} @@")
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                yield from (" " + clean(line, keep="\t") for line in _shown(old, i1, i2))
                continue
            yield from (style.bad("-" + clean(line, keep="\t")) for line in _shown(old, i1, i2))
            yield from (style.good("+" + clean(line, keep="\t")) for line in _shown(new, j1, j2))
            if i2 == len(old) and old[-1] and i1 < i2:
                yield "\\ No newline at end of file (before)"


def _shown(lines: list[str], start: int, end: int) -> list[str]:
    """Give lines without the empty rest behind the last line end."""
    return lines[start : end - 1] if end == len(lines) and not lines[-1] else lines[start:end]


def _range(sign: str, start: int, end: int, lines: list[str]) -> str:
    number = len(_shown(lines, start, end))
    return f"{sign}{start + 1 if number else start},{number}"


def _groups(old: list[str], new: list[str]) -> Iterator[list[tuple[str, int, int, int, int]]]:
    if max(len(old), len(new)) <= _MOST_LINES:
        yield from difflib.SequenceMatcher(None, old, new).get_grouped_opcodes(_CONTEXT)
        return
    yield [("replace", 0, len(old), 0, len(new))]
