"""The lines of a YAML mapping cut into blocks: each key with its value and its comments.

A comment belongs to the key it stands above; one that stands deeper than the keys belongs to the
value before it. What stands above the first key of a file, and after its last value, stays there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flowsync.sources import Document, Pointer
from flowsync.sources.yaml_layout import YamlLayout


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The lines of one entry, `start` up to `end`; its key (or dash) stands on line `at`.

    Lines count from 0.
    """

    start: int
    at: int
    end: int


class BlockReader:
    """Cuts the lines of one YAML text into blocks."""

    def __init__(self, document: Document, layout: YamlLayout) -> None:
        self.document = document
        self.lines: Sequence[str] = document.text.split("\n")
        self._layout = layout

    def is_block(self, pointer: Pointer) -> bool:
        """Tell whether a value is a mapping or list that is not written in brackets."""
        span = self.document.places[pointer].value
        start = self.lines[span.line - 1][span.column - 1 : span.column]
        return start not in {"{", "["}

    def is_comment(self, line: int) -> bool:
        """Tell whether a line holds a comment and nothing else."""
        return line + 1 in self._layout.comment_lines

    def is_inner(self, line: int) -> bool:
        """Tell whether a line begins inside a text."""
        return line + 1 in self._layout.inner_lines

    def is_content(self, line: int) -> bool:
        """Tell whether a line holds a part of a value."""
        return self.is_inner(line) or not (self.is_comment(line) or not self.lines[line].strip())

    def indentation(self, line: int) -> int:
        """Give the number of white characters at the start of a line."""
        return len(self.lines[line]) - len(self.lines[line].lstrip())

    def keys(self, pointer: Pointer, names: Mapping[str, object]) -> dict[str, int] | None:
        """Give the line of each key of a mapping; None where they do not stand one below another.

        The first may stand behind the dash of a list.
        """
        found: dict[str, int] = {}
        columns = set()
        previous = -1
        for name in names:
            key = self.document.places[(*pointer, name)].key
            if key is None:
                return None
            columns.add(key.column)
            line = key.line - 1
            if found and (line <= previous or self.indentation(line) != key.column - 1):
                return None
            found[name] = previous = line
        return found if len(columns) == 1 else None

    def blocks(self, starts: Sequence[int], first: int, limit: int, column: int) -> list[Block]:
        """Cut the lines from `first` up to `limit` into the blocks that have these start lines.

        `column` is the indentation of the entries. What is left at the end belongs to none.
        """
        found: list[Block] = []
        start = first
        for index, at in enumerate(starts):
            following = starts[index + 1] if index + 1 < len(starts) else limit
            end = self._end(at, following, column)
            found.append(Block(start=start, at=at, end=end))
            start = end
        return found

    def _end(self, at: int, following: int, column: int) -> int:
        """Give the line after the last one of a value that begins on line `at`."""
        last = following - 1
        while last > at and not self.is_content(last):
            last -= 1
        end = last + 1
        for line in range(last + 1, following):
            if self.is_comment(line):
                if self.indentation(line) <= column:
                    break
                end = line + 1
        return end
