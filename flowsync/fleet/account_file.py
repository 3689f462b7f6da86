"""The file that lists the accounts of a target: found, read, and given as its entries."""

from __future__ import annotations

from flowsync.diagnostics import Diagnostic, has_errors
from flowsync.fleet.account_table import Listed, listed_in_table
from flowsync.model import mapping_in
from flowsync.project import Project, is_inside_repository
from flowsync.sources import Document, Pointer, parse_yaml, read_text
from flowsync.validation.shapes import check_shape, with_texts_where_text_is_meant

_KINDS = {".csv", ".yaml", ".yml"}


def listed_in_file(
    project: Project,
    written: str,
    config: Document,
    at: Pointer,
    problems: list[Diagnostic],
    texts: dict[str, str],
) -> Listed | None:
    """Read the file of a name that is written in `config` at `at`; its text is added to `texts`.

    What is wrong goes to `problems`, and None is given.
    """
    file = project.root / written
    shown = file.as_posix()

    def refuse(message: str, fix: str) -> None:
        problems.append(config.finding(at, "FS012", message, fix))

    if not is_inside_repository(file, project.root):
        refuse(
            f"the file of accounts {shown} lies outside the repository.",
            "Keep it below flowsync.yaml.",
        )
        return None
    if file.suffix.lower() not in _KINDS:
        refuse(
            f"the file of accounts {shown} is of no known kind.", "Name a .csv, .yaml or .yml file."
        )
        return None
    if not file.is_file():
        refuse(
            f"there is no file of accounts {shown}.",
            "Correct the name; it is relative to this file.",
        )
        return None
    is_table = file.suffix.lower() == ".csv"
    text = read_text(file, shown, problems, takes_mark=is_table)  # as spreadsheets write it
    if text is None:
        return None
    texts[shown] = text
    if is_table:
        return listed_in_table(text, shown, problems)
    return _listed_in_yaml(text, shown, problems)


def _listed_in_yaml(text: str, shown: str, problems: list[Diagnostic]) -> Listed | None:
    document = parse_yaml(text, shown, problems)
    if document is None:
        return None
    value = with_texts_where_text_is_meant(document, "accounts")
    found = list(check_shape(document, value, "accounts"))
    problems += found
    if has_errors(found):
        return None
    return Listed(document, ("accounts",), mapping_in(value)["accounts"])
