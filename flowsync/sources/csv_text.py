"""CSV text as RFC 4180 has it, read strictly, with the place of every cell.

The first record names the columns. Cells may stand in double quotes, in which a quote is written
twice; lines that are empty, or whose first character is `#`, are left out.

Source: https://www.rfc-editor.org/rfc/rfc4180
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flowsync.diagnostics import START_OF_FILE, Diagnostic, Span
from flowsync.sources.documents import Offsets

MAX_CSV_ROWS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """The text of a cell, white space around it left out, and where it stands."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The names of the columns, and the rows: each has as many cells as there are columns."""

    columns: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]


class _CsvProblem(Exception):
    def __init__(self, start: int, message: str, fix: str) -> None:
        super().__init__(message)
        self.start, self.message, self.fix = start, message, fix


def parse_csv(text: str, shown: str, problems: list[Diagnostic]) -> Table | None:
    """Parse CSV text strictly, or add what is wrong with it."""
    offsets = Offsets(text)
    before = len(problems)

    def refuse(span: Span, message: str, fix: str) -> None:
        problems.append(Diagnostic(path=shown, span=span, rule="FS003", message=message, fix=fix))

    try:
        records = [
            tuple(Cell(text=cell, span=offsets.span(start, end)) for cell, start, end in record)
            for record in _records(text)
        ]
    except _CsvProblem as exc:
        refuse(offsets.span(exc.start, exc.start), exc.message, exc.fix)
        return None
    if not records:
        refuse(START_OF_FILE, "the file is empty.", "Write the names of the columns into it.")
        return None
    columns, *rows = records
    for row in rows:
        if len(row) != len(columns):
            found, wanted = _count(len(row), "cell"), _count(len(columns), "column")
            message = f"this row has {found} for {wanted}."
            refuse(row[0].span, message, "Add or remove commas; put texts with commas in quotes.")
    return None if len(problems) > before else Table(columns=columns, rows=tuple(rows))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


_Raw = tuple[str, int, int]


def _records(text: str) -> Iterator[list[_Raw]]:
    """Give the records, each cell with its offsets."""
    position, number = 0, 0
    while position < len(text):
        if text[position] in "\r\n":
            position += 1
            continue
        if text[position] == "#":
            position = _end_of_line(text, position)
            continue
        record, position = _record(text, position)
        number += 1
        if number > MAX_CSV_ROWS:
            message = f"the file has more than {MAX_CSV_ROWS:,} rows."
            raise _CsvProblem(position, message, "Split it.")
        yield record


def _record(text: str, position: int) -> tuple[list[_Raw], int]:
    record: list[_Raw] = []
    while True:
        cell, position = _cell(text, position)
        record.append(cell)
        if position >= len(text) or text[position] != ",":
            return record, position
        position += 1


def _cell(text: str, start: int) -> tuple[_Raw, int]:
    """Give the cell that begins at an offset, and the offset of what ends it."""
    while start < len(text) and text[start] in " \t":
        start += 1
    if start < len(text) and text[start] == '"':
        return _quoted(text, start)
    end = start
    while end < len(text) and text[end] not in ",\r\n":
        if text[end] == '"':
            raise _CsvProblem(
                end, "a quote stands inside a cell.", "Put the whole cell in quotes, and double it."
            )
        end += 1
    stripped = text[start:end].rstrip(" \t")
    return (stripped, start, start + len(stripped)), end


def _quoted(text: str, start: int) -> tuple[_Raw, int]:
    parts: list[str] = []
    position = start + 1
    while True:
        end = text.find('"', position)
        if end < 0:
            raise _CsvProblem(start, "the quote is not closed.", 'Close the cell with a ".')
        parts.append(text[position:end])
        if not text.startswith('""', end):
            break
        parts.append('"')
        position = end + 2
    after = end + 1
    while after < len(text) and text[after] in " \t":
        after += 1
    if after < len(text) and text[after] not in ",\r\n":
        raise _CsvProblem(after, "text follows the closing quote.", "Put a comma between cells.")
    return ("".join(parts).strip(), start, end + 1), after


def _end_of_line(text: str, position: int) -> int:
    while position < len(text) and text[position] not in "\r\n":
        position += 1
    return position
