"""What changes in a text file, as a unified diff that is safe to show on a terminal."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator

from flowsync.render.style import Style, clean

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_CONTEXT = 3
# Comparing costs more than the number of lines; longer texts are shown as replaced.
_MOST_LINES = 3000


def render_diff(path: str, before: str, after: str, style: Style) -> str:
    """Give the differences of two texts with three lines around each; empty where there is none."""
    if before == after:
        return ""
    old, new = _LINE.findall(before), _LINE.findall(after)
    head = [style.strong(f"--- {clean(path)}"), style.strong(f"+++ {clean(path)}")]
    return "\n".join((*head, *_hunks(old, new, style), ""))


def _hunks(old: list[str], new: list[str], style: Style) -> Iterator[str]:
    for group in _groups(old, new):
        first, last = group[0], group[-1]
        ranges = f"{_range('-', first[1], last[2])} {_range('+', first[3], last[4])}"
        yield style.quiet(f"@@ {ranges} @@")
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                yield from _shown(" ", old[i1:i2], str)
            else:
                yield from _shown("-", old[i1:i2], style.bad)
                yield from _shown("+", new[j1:j2], style.good)


def _shown(sign: str, lines: Iterable[str], paint: Callable[[str], str]) -> Iterator[str]:
    """Give lines with their sign, and a remark behind a last line that has no line end."""
    for line in lines:
        yield paint(sign + clean(line.removesuffix("\n"), keep="\t"))
        if not line.endswith("\n"):
            yield "\\ No newline at end of file"


def _range(sign: str, start: int, end: int) -> str:
    return f"{sign}{start + 1 if end > start else start},{end - start}"


def _groups(old: list[str], new: list[str]) -> Iterator[list[tuple[str, int, int, int, int]]]:
    if max(len(old), len(new)) <= _MOST_LINES:
        yield from difflib.SequenceMatcher(None, old, new).get_grouped_opcodes(_CONTEXT)
        return
    yield [("replace", 0, len(old), 0, len(new))]
