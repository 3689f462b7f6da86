"""Reading a YAML file that stands beside a definition, as strictly as the definition itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from flowsync.diagnostics import Diagnostic, about_file, has_errors
from flowsync.model import JsonValue
from flowsync.sources import Document, Files, OnDisk, parse_yaml
from flowsync.validation.shapes import check_shape, with_texts_where_text_is_meant


def companion_text(
    file: Path, flows: Path, problems: list[Diagnostic], source: Files | None = None
) -> str | None:
    """Give the text of a file, or add what is wrong; links may not lead out of `flows`."""
    source = source or OnDisk()
    if source.leads_outside(file, flows):
        message = "the file is a link that leads out of the flows folder."
        problems.append(about_file(file.as_posix(), "FS020", message, "Put the file itself here."))
        return None
    return source.read(file, problems)


def parsed_companion(
    text: str,
    shown: str,
    schema: str,
    check: Callable[[Document, JsonValue], Iterable[Diagnostic]],
    problems: list[Diagnostic],
) -> tuple[Document, JsonValue] | None:
    """Give a text as a document that fits a schema, and its value; or add what is wrong with it.

    `shown` is the file's name; `check` finds what the schema cannot tell.
    """
    document = parse_yaml(text, shown, problems)
    if document is None:
        return None
    value = with_texts_where_text_is_meant(document, schema)
    found = list(check_shape(document, value, schema))
    if not has_errors(found):
        found += check(document, value)
    problems += found
    return None if has_errors(found) else (document, value)
