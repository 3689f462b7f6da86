"""A CSV file of accounts, as the list of entries that it stands for."""

from __future__ import annotations

import re
from typing import NamedTuple

from flowsync.diagnostics import START_OF_FILE, Diagnostic, nearest
from flowsync.model import JsonValue
from flowsync.sources import Cell, Document, Place, Pointer, Table, parse_csv

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_ENVIRONMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_COLUMNS = ("account", "name", "token_env", "base_url")
_VARS = "vars."
_OTHER_SEPARATORS = (";", "\t", "|")


class Listed(NamedTuple):
    """Entries of accounts as they were written, and where in a document they stand."""

    document: Document
    pointer: Pointer
    entries: JsonValue


def listed_in_table(text: str, shown: str, problems: list[Diagnostic]) -> Listed | None:
    """Read a CSV file; what is wrong goes to `problems`, and None is given."""
    table = parse_csv(text, shown, problems)
    if table is None or not _has_good_columns(table, shown, problems):
        return None
    if not table.rows:
        place = Diagnostic(
            path=shown,
            span=START_OF_FILE,
            rule="FS012",
            message="the file has no accounts.",
            fix="Add a row for each account.",
        )
        problems.append(place)
        return None
    places: dict[Pointer, Place] = {(): Place(START_OF_FILE)}
    entries: list[JsonValue] = [
        _entry_of(table, row, index, places) for index, row in enumerate(table.rows)
    ]
    document = Document(path=shown, text=text, value=entries, locate=lambda: places)
    return Listed(document, (), entries)


def _has_good_columns(table: Table, shown: str, problems: list[Diagnostic]) -> bool:
    before, seen, meant = len(problems), set[str](), False

    def refuse(cell: Cell, message: str, fix: str) -> None:
        problems.append(
            Diagnostic(path=shown, span=cell.span, rule="FS012", message=message, fix=fix)
        )

    for cell in table.columns:
        variable = cell.text.removeprefix(_VARS)
        is_variable = cell.text.startswith(_VARS) and _VARIABLE.fullmatch(variable)
        if cell.text not in _COLUMNS and not is_variable:
            near = nearest(cell.text, _COLUMNS)
            known = f"Use {', '.join(_COLUMNS)} or vars.NAME."
            fix = f'Did you mean "{near}"?' if near else known
            meant |= near == "account"
            if any(separator in cell.text for separator in _OTHER_SEPARATORS):
                fix, meant = "Separate columns with commas.", True
            elif cell.text == "token":
                fix = "Write the name of the environment variable into a column token_env."
            refuse(cell, f'unknown column "{cell.text}".', fix)
        if cell.text in seen:
            refuse(cell, f'the column "{cell.text}" is there twice.', "Remove one of the two.")
        seen.add(cell.text)
    if "account" not in seen and not meant:
        refuse(table.columns[0], 'the column "account" is missing.', "Add it.")
    return len(problems) == before


def _entry_of(
    table: Table, row: tuple[Cell, ...], index: int, places: dict[Pointer, Place]
) -> dict[str, JsonValue]:
    """Give the entry that a row stands for, and note where its parts stand; empty cells say none.

    What is no name of an environment variable is kept as it is, to be refused as a token.
    """
    entry: dict[str, JsonValue] = {}
    variables: dict[str, JsonValue] = {}
    places[(index,)] = Place(row[0].span)
    for column, cell in zip(table.columns, row, strict=True):
        pointer: Pointer = (index, column.text)
        if column.text.startswith(_VARS):
            variable = column.text.removeprefix(_VARS)
            pointer = (index, "vars", variable)
            if cell.text:
                variables[variable] = cell.text
        elif column.text == "token_env":
            pointer = (index, "token")
            if cell.text:
                is_name = _ENVIRONMENT.fullmatch(cell.text)
                entry["token"] = f"${{env:{cell.text}}}" if is_name else cell.text
        elif cell.text:
            entry[column.text] = cell.text
        places[pointer] = Place(cell.span)
    if variables:
        entry["vars"] = variables
    return entry
