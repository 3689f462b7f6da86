"""Indents a YAML text by two spaces, with one space after colons, dashes and commas."""

from __future__ import annotations

import re
from collections.abc import Iterable

from flowsync.formatting.key_order import definition_order
from flowsync.formatting.yaml_blocks import Block, BlockReader
from flowsync.model import JsonValue
from flowsync.sources import Document, Pointer
from flowsync.sources.yaml_layout import YamlLayout

_STEP = 2
_COLON = re.compile(r"[ \t]*(:)[ \t]+")
_DASH = re.compile(r"(-)[ \t]+")


def put_in_place(document: Document, layout: YamlLayout) -> str:
    """Give a definition's text indented in one way; the same text where it has anchors."""
    if layout.has_anchors or not isinstance(document.value, (dict, list)):
        return document.text
    reader = BlockReader(document, layout)
    spacer = _Spacer(reader)
    spacer.place((), document.value, Block(start=0, at=-1, end=len(reader.lines)), 0)
    return "\n".join(spacer.lines())


class _Spacer:
    """Collects, for one text, how far each line moves and what is replaced inside it."""

    def __init__(self, reader: BlockReader) -> None:
        self._reader = reader
        self._places = reader.document.places
        self._shifts = [0] * len(reader.lines)
        self._edits: dict[int, list[tuple[int, int, str]]] = {}

    def place(self, pointer: Pointer, value: JsonValue, within: Block, wanted: int) -> None:
        """Move a value that stands in the lines after `within.at` to an indentation."""
        if isinstance(value, (dict, list)) and value and self._reader.is_block(pointer):
            self._place_entries(pointer, value, within, wanted)
        elif isinstance(value, (dict, list)):
            self._write_on_one_line(pointer, value)

    def _place_entries(
        self,
        pointer: Pointer,
        value: dict[str, JsonValue] | list[JsonValue],
        within: Block,
        wanted: int,
    ) -> None:
        members: list[tuple[str | int, JsonValue]] = []
        members += value.items() if isinstance(value, dict) else enumerate(value)
        starts = self._starts(pointer, value)
        if starts is None:
            return
        column = self._places[pointer].value.column - 1
        first = min(within.at + 1, starts[0])
        blocks = self._reader.blocks(starts, first, within.end, column)
        tail = Block(start=blocks[-1].end, at=within.end, end=within.end)
        for block in (*blocks, tail):
            self._shift(block, column, wanted, after=within.at)
        for (name, member), block in zip(members, blocks, strict=True):
            self._place_member((*pointer, name), member, block, column, wanted)

    def _starts(self, pointer: Pointer, value: JsonValue) -> list[int] | None:
        """Give the lines of the keys or dashes; None where they are written in an unusual way."""
        if isinstance(value, dict):
            keys = self._reader.keys(pointer, value)
            return None if keys is None else list(keys.values())
        assert isinstance(value, list)
        column = self._places[pointer].value.column - 1
        lines = [self._places[(*pointer, index)].value.line - 1 for index in range(len(value))]
        dashes = {self._reader.lines[line][column : column + 2].strip() for line in lines}
        return lines if dashes == {"-"} and lines == sorted(set(lines)) else None

    def _shift(self, block: Block, column: int, wanted: int, *, after: int) -> None:
        """Move the lines of a block; comments above its key stand exactly over it.

        Line `after` and those before it are left, since what begins on it stands behind a dash.
        """
        for line in range(max(block.start, after + 1), block.end):
            is_above = self._reader.is_comment(line) and line < block.at
            from_column = self._reader.indentation(line) if is_above else column
            self._shifts[line] = wanted - from_column

    def _place_member(
        self, pointer: Pointer, value: JsonValue, block: Block, column: int, wanted: int
    ) -> None:
        """Place what stands behind a key or a dash; a dash stands in `column`."""
        place = self._places[pointer]
        line, start = place.value.line - 1, place.value.column - 1
        if line == block.at and place.key is None:
            self._space(_DASH, line, column, start)
            for later in range(block.at + 1, block.end):
                self._shifts[later] = wanted + _STEP - start
        elif line == block.at and place.key is not None:
            self._space(_COLON, line, place.key.end_column - 1, start)
        self.place(pointer, value, block, wanted + _STEP)

    def _space(self, mark: re.Pattern[str], line: int, start: int, end: int) -> None:
        """Leave one space behind a colon or dash that stands between `start` and `end`."""
        found = mark.fullmatch(self._reader.lines[line], start, end)
        if found:
            self._replace(line, start, end, f"{found[1]} ")

    def _replace(self, line: int, start: int, end: int, text: str) -> None:
        if self._reader.lines[line][start:end] != text:
            self._edits.setdefault(line, []).append((start, end, text))

    def _write_on_one_line(
        self, pointer: Pointer, value: dict[str, JsonValue] | list[JsonValue]
    ) -> None:
        """Write a value in brackets with one space after each comma, if it stands on one line."""
        span = self._places[pointer].value
        if span.line == span.end_line:
            text = self._in_brackets(pointer, value)
            self._replace(span.line - 1, span.column - 1, span.end_column - 1, text)

    def _in_brackets(self, pointer: Pointer, value: JsonValue) -> str:
        if isinstance(value, list):
            entries = (
                self._in_brackets((*pointer, index), entry) for index, entry in enumerate(value)
            )
            return f"[{', '.join(entries)}]"
        if isinstance(value, dict):
            return f"{{{', '.join(self._pairs(pointer, value))}}}"
        span = self._places[pointer].value
        return self._reader.lines[span.line - 1][span.column - 1 : span.end_column - 1]

    def _pairs(self, pointer: Pointer, value: dict[str, JsonValue]) -> Iterable[str]:
        is_fields = not pointer or (len(pointer) == 2 and pointer[0] == "targets")
        for name in definition_order(value) if is_fields else value:
            key = self._places[(*pointer, name)].key
            assert key is not None
            written = self._reader.lines[key.line - 1][key.column - 1 : key.end_column - 1]
            yield f"{written}: {self._in_brackets((*pointer, name), value[name])}".rstrip()

    def lines(self) -> Iterable[str]:
        """Give the lines as they should be."""
        for number, line in enumerate(self._reader.lines):
            for start, end, text in sorted(self._edits.get(number, ()), reverse=True):
                line = line[:start] + text + line[end:]
            yield _shifted(line, self._shifts[number])


def _shifted(line: str, by: int) -> str:
    """Give a line moved to the right, or to the left as far as it has white space."""
    if by >= 0:
        return " " * by + line if line.strip() else line
    white = len(line) - len(line.lstrip(" "))
    return line[min(-by, white) :]
