"""JSON for reading: what fits into a line stands in one, everything else is indented."""

from __future__ import annotations

import json
from collections.abc import Iterator

from flowsync.model import JsonValue

_INDENT = "  "


def readable_json(value: JsonValue, *, width: int = 100) -> str:
    """Give a JSON value as text with a final newline; a list or object on one line where it fits.

    `width` is the number of characters in a line, which only a single long text exceeds.
    """
    return "\n".join(_lines(value, "", width)) + "\n"


def _lines(
    value: JsonValue, indent: str, width: int, lead: str = "", tail: str = ""
) -> Iterator[str]:
    """Give the lines of a value; `lead` is its key, `tail` the comma behind it."""
    flat = _flat(value, width - len(indent) - len(lead) - len(tail))
    if flat is not None:
        yield f"{indent}{lead}{flat}{tail}"
        return
    inner = f"{indent}{_INDENT}"
    if isinstance(value, dict):
        yield f"{indent}{lead}{{"
        last = len(value) - 1
        for number, (key, entry) in enumerate(value.items()):
            named = f"{_dumped(key)}: "
            yield from _lines(entry, inner, width, named, "," if number < last else "")
        yield f"{indent}}}{tail}"
    else:
        assert isinstance(value, list)
        yield f"{indent}{lead}["
        last = len(value) - 1
        for number, entry in enumerate(value):
            yield from _lines(entry, inner, width, "", "," if number < last else "")
        yield f"{indent}]{tail}"


def _flat(value: JsonValue, room: int) -> str | None:
    """Give a value in one line where it fits; a scalar always does."""
    if not isinstance(value, dict | list) or not value:
        return _dumped(value)
    if len(value) > room:
        return None  # no need to write it out
    text = _spaced(value)
    return text if len(text) <= room else None


def _spaced(value: JsonValue) -> str:
    if isinstance(value, dict) and value:
        inside = ", ".join(f"{_dumped(key)}: {_spaced(entry)}" for key, entry in value.items())
        return f"{{ {inside} }}"
    if isinstance(value, list):
        return f"[{', '.join(_spaced(entry) for entry in value)}]"
    return _dumped(value)


def _dumped(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False)
