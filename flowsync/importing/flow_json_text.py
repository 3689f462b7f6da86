"""The text of a remote Flow JSON in canonical form, with what its author wrote where that holds.

Where the author's text, variables replaced, has the remote's value, it stays: variables, digits and
the order of keys. What looks like a variable of ours in a remote text is written so that it is
none.
"""

from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from typing import NamedTuple

from flowsync.formatting.flow_json import canonical_flow_json
from flowsync.formatting.json_strings import encoded
from flowsync.model import JsonValue, canonical_json
from flowsync.plan.compare import same_value
from flowsync.sources import (
    MAX_FILE_BYTES,
    VARIABLE,
    Pointer,
    Written,
    has_variable,
    parse_json,
    read_written,
)


class Merged(NamedTuple):
    """A text, and the places in the author's file whose variables the remote has no more."""

    text: str
    lost: tuple[Pointer, ...]


def text_of_remote(value: JsonValue) -> str | None:
    """Give the canonical text of a remote Flow JSON, None where it is nested too deep."""
    return None if _is_too_deep(value) else _text(_literal(value))


def merged_text(author: str, resolved: JsonValue, value: JsonValue) -> Merged | None:
    """Give the text of a remote Flow JSON as an edit of its author's.

    `resolved` is what the author's text stands for, variables replaced. None where the remote
    value is nested too deep.
    """
    if _is_too_deep(value):
        return None
    merger = _Merger()
    text = _text(merger.merge(read_written(author), resolved, value, ()))
    return Merged(text, tuple(merger.lost))


def _is_too_deep(value: JsonValue) -> bool:
    try:
        return parse_json(json.dumps(value), "", []) is None
    except RecursionError:
        return True


def _text(written: Written) -> str:
    """Give canonical text; without any white space where it would be too large for a file."""
    text = canonical_flow_json(written)
    if len(text.encode("utf-8", "surrogatepass")) <= MAX_FILE_BYTES:
        return text
    return "".join(_compact(written)) + "\n"


def _compact(written: Written) -> Iterator[str]:
    if isinstance(written, str):
        yield written
    elif isinstance(written, dict):
        separator = "{"
        for key, item in written.items():
            yield f"{separator}{encoded(key)}:"
            yield from _compact(item)
            separator = ","
        yield "}" if written else "{}"
    else:
        separator = "["
        for item in written:
            yield separator
            yield from _compact(item)
            separator = ","
        yield "]" if written else "[]"


def _literal(value: JsonValue) -> Written:
    """Give a value as it is written where nothing in it is a variable."""
    if isinstance(value, dict):
        return {key: _literal(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_literal(item) for item in value]
    if isinstance(value, str):
        return VARIABLE.sub(lambda found: "\\u0024" + found.group()[1:], encoded(value))
    return json.dumps(value)


class _Merger:
    """Merges trees, and notes the places whose variables are `lost`."""

    def __init__(self) -> None:
        self.lost: list[Pointer] = []

    def merge(
        self, author: Written, resolved: JsonValue, value: JsonValue, pointer: Pointer
    ) -> Written:
        if same_value(resolved, value):
            return author
        if isinstance(author, dict) and isinstance(resolved, dict) and isinstance(value, dict):
            kept = [key for key in author if key in value]
            return {
                key: self.merge(author[key], resolved[key], value[key], (*pointer, key))
                if key in author
                else _literal(value[key])
                for key in (*kept, *(key for key in value if key not in author))
            }
        if isinstance(author, list) and isinstance(resolved, list) and isinstance(value, list):
            return [
                _literal(item)
                if partner is None
                else self.merge(author[partner], resolved[partner], item, (*pointer, partner))
                for item, partner in zip(value, _partners(resolved, value), strict=True)
            ]
        self.lost += _with_variables(author, pointer)
        return _literal(value)


def _with_variables(author: Written, pointer: Pointer) -> Iterator[Pointer]:
    if isinstance(author, str):
        if has_variable(author):
            yield pointer
    elif isinstance(author, dict):
        for key, item in author.items():
            yield from _with_variables(item, (*pointer, key))
    else:
        for index, item in enumerate(author):
            yield from _with_variables(item, (*pointer, index))


def _partners(old: list[JsonValue], new: list[JsonValue]) -> list[int | None]:
    """Give for each new entry the old one that it was: equal, else of one id or name, or type."""
    found: list[int | None] = [None] * len(new)
    free = set(range(len(old)))
    marks: tuple[Callable[[JsonValue], str | None], ...] = (canonical_json, _identity, _kind)
    for mark in marks:
        waiting: dict[str | None, deque[int]] = defaultdict(deque)
        for index in sorted(free):
            waiting[mark(old[index])].append(index)
        for index, item in enumerate(new):
            marked = mark(item) if found[index] is None else None
            if marked is not None and waiting[marked]:
                found[index] = partner = waiting[marked].popleft()
                free.discard(partner)
    return found


def _identity(value: JsonValue) -> str | None:
    """Give what an entry of a list is known by."""
    for key in ("id", "name") if isinstance(value, dict) else ():
        named = value.get(key) if isinstance(value, dict) else None
        if isinstance(named, str):
            return f"{key} {named}"
    return None


def _kind(value: JsonValue) -> str | None:
    if isinstance(value, dict):
        return f"object {value.get('type')}"
    return type(value).__name__
