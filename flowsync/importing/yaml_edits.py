"""Changes single values in the author's YAML, and nothing else: comments and layout stay.

Every edit is read again. One that would change another value or lose a comment is refused.
"""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from flowsync.diagnostics import LINE_END, Span
from flowsync.formatting.json_strings import encoded
from flowsync.importing.definition_text import yaml_list, yaml_text
from flowsync.model import JsonValue, mapping_in
from flowsync.sources import Document, Pointer, parse_yaml
from flowsync.sources.yaml_layout import read_layout


class CannotEdit(Exception):
    """An edit that has to be left to a person; its text is a sentence with the way out."""


def with_value(document: Document, pointer: Pointer, value: str | None) -> Document:
    """Give a document with another scalar at a pointer, in quotes of the author's kind."""
    start, end = _offsets(document, document.span(pointer))
    text = document.text
    written = _in_style_of(text[start:end], value)
    if start == end and text[:start].endswith(":"):
        written = f" {written}"
    return _read_again(document, text[:start] + written + text[end:], pointer, value)


def with_list(
    document: Document, pointer: Pointer, kept: Sequence[int], added: Sequence[str]
) -> Document:
    """Give a document with some entries of a list left out, and others after the last."""
    entries = _at(document.value, pointer)
    assert isinstance(entries, list)
    wanted: list[JsonValue] = [*(entries[index] for index in kept), *added]
    start, end = _offsets(document, document.span(pointer))
    text = document.text
    if text[start : start + 1] == "[":
        raw = [_raw(document, (*pointer, index)) for index in kept]
        written = f"[{', '.join([*raw, *map(yaml_text, added)])}]"
        return _read_again(document, text[:start] + written + text[end:], pointer, wanted)
    spans = [document.span((*pointer, index)) for index in range(len(entries))]
    lines = _lines(text)
    indent = " " * (document.span(pointer).column - 1)
    line_end = _line_end(text)
    new = [f"{indent}- {yaml_text(each)}{line_end}" for each in added]
    last = spans[-1].end_line
    if not LINE_END.search(lines[last - 1]):
        lines[last - 1] += line_end
    gone = {
        line
        for index, span in enumerate(spans)
        if index not in kept
        for line in range(span.line, span.end_line + 1)
    }
    before = [line for number, line in enumerate(lines[:last], 1) if number not in gone]
    dropped = "".join(lines[number - 1] for number in gone)
    after = "".join([*before, *new, *lines[last:]])
    return _read_again(document, after, pointer, wanted, dropped=dropped)


def with_field(document: Document, name: str, value: str | Sequence[str]) -> Document:
    """Give a document with a field that it did not have, before `state`."""
    key = document.span(("state",), at_key=True)
    text = document.text
    lines = _lines(text)
    if key.column != 1:  # the fields stand in brackets
        raise CannotEdit(f"Write `{name}` into {document.path} yourself, and import again.")
    written = yaml_text(value) if isinstance(value, str) else yaml_list(value)
    lines.insert(key.line - 1, f"{name}: {written}{_line_end(text)}")
    wanted: JsonValue = value if isinstance(value, str) else [*value]
    return _read_again(document, "".join(lines), (name,), wanted)


def _in_style_of(before: str, value: str | None) -> str:
    if value is None:
        return "null"
    if before.startswith("'") and value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    return encoded(value) if before.startswith('"') else yaml_text(value)


def _read_again(
    document: Document, text: str, pointer: Pointer, value: JsonValue, *, dropped: str = ""
) -> Document:
    """Give an edited text as read. Raises `CannotEdit` where more than the value changed."""
    edited = parse_yaml(text, document.path, [])
    wanted = copy.deepcopy(document.value)
    parent = _at(wanted, pointer[:-1])
    assert isinstance(parent, dict)
    parent[str(pointer[-1])] = value
    at = ".".join(map(str, pointer))
    if edited is None or _canonical(edited.value) != _canonical(wanted):
        raise CannotEdit(
            f"`{at}` in {document.path} is written in a way that cannot be changed alone (an "
            "anchor, perhaps). Change it yourself, and import again."
        )
    lost = _comments(document.text) - _comments(text)
    if any(comment not in dropped for comment in lost):
        raise CannotEdit(
            f"changing `{at}` in {document.path} would lose a comment. Change it yourself, and "
            "import again."
        )
    return edited


def _canonical(value: JsonValue) -> str:
    return json.dumps(value, sort_keys=True)


def _comments(text: str) -> Counter[str]:
    return Counter(comment.rstrip() for comment in read_layout(text.replace("\r\n", "\n")).comments)


def _at(value: JsonValue, pointer: Pointer) -> JsonValue:
    for part in pointer:
        value = value[int(part)] if isinstance(value, list) else mapping_in(value)[str(part)]
    return value


def _raw(document: Document, pointer: Pointer) -> str:
    start, end = _offsets(document, document.span(pointer))
    return document.text[start:end]


def _offsets(document: Document, span: Span) -> tuple[int, int]:
    starts = [0, *(match.end() for match in LINE_END.finditer(document.text))]
    return (
        starts[span.line - 1] + span.column - 1,
        starts[span.end_line - 1] + span.end_column - 1,
    )


def _lines(text: str) -> list[str]:
    """Give the lines of a text with their ends."""
    starts = [0, *(match.end() for match in LINE_END.finditer(text)), len(text)]
    return [text[start:end] for start, end in pairwise(starts) if start < end]


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"
