"""`${data.x}`, `${screen}` and `${flow_token}` in a written answer: parts of the request."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from flowsync.model import JsonValue
from flowsync.preview.engine.exchange import Request

_REFERENCE = re.compile(r"\$\{([^{}]*)\}")
_KNOWN = re.compile(r"data(\.[^.{}\s]+)+|screen|flow_token")
_MISSING = object()


class NothingToEcho(Exception):
    """A request lacks what an answer repeats of it; its text is the reference."""


def unknown_references(text: str) -> Iterator[str]:
    """Give what a text of an answer refers to and no request has."""
    for match in _REFERENCE.finditer(text):
        if not _KNOWN.fullmatch(match[1]):
            yield match[0]


def echoed(value: JsonValue, request: Request) -> JsonValue:
    """Give a value with all references replaced.

    A text that is nothing but a reference becomes the value itself, such as a list. Raises
    `NothingToEcho`.
    """
    if isinstance(value, dict):
        return {name: echoed(item, request) for name, item in value.items()}
    if isinstance(value, list):
        return [echoed(item, request) for item in value]
    if not isinstance(value, str):
        return value
    whole = _REFERENCE.fullmatch(value)
    if whole:
        return _found(whole[1], request)
    return _REFERENCE.sub(lambda match: _as_text(_found(match[1], request)), value)


def _found(reference: str, request: Request) -> JsonValue:
    root: Mapping[str, JsonValue] = {
        "data": dict(request.data),
        "flow_token": request.flow_token,
        **({} if request.screen is None else {"screen": request.screen}),
    }
    value: JsonValue = dict(root)
    for part in reference.split("."):
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            raise NothingToEcho(f"${{{reference}}}")
    return value


def _as_text(value: JsonValue) -> str:
    """Give a value within a longer text, where a list is written with commas."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list():
            return ", ".join(_as_text(item) for item in value)
        case dict():
            return ", ".join(f"{name}: {_as_text(item)}" for name, item in value.items())
        case _:
            return str(value)
