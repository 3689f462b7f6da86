"""The `fields` parameter of the Graph API: names, modifiers and fields of fields.

    id,name,preview.invalidate(false),assets{name,download_url}

Source: https://developers.facebook.com/docs/graph-api/guides/field-expansion
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from flowsync.remotes.emulator.refusals import PlatformError, bad_parameter

_TOKEN = re.compile(r"\s*(?:(?P<name>\w+)|(?P<sign>[.,(){}]))")
_ARGUMENT = re.compile(r"[^()]*")
_DEEPEST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field that is asked for, with its modifiers, as `invalidate(true)`, and its own fields."""

    name: str
    modifiers: Mapping[str, str] = field(default_factory=dict)
    fields: tuple[Field, ...] = ()


def parse_fields(text: str) -> tuple[Field, ...]:
    """Read a `fields` parameter. Raises `PlatformError` where it cannot be read."""
    parser = _Parser(text)
    found = parser.fields(0)
    if parser.left:
        raise _unreadable(text)
    return found


def _unreadable(text: str) -> PlatformError:
    shown = text if len(text) <= 60 else f"{text[:60]}…"
    error = bad_parameter(f"Syntax error in the field list: {shown}")
    error.code, error.title = 2500, None
    return error


class _Parser:
    """Reads a list of fields from left to right."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text.rstrip(), 0

    @property
    def left(self) -> bool:
        """Tell whether anything is left to read."""
        return self._at < len(self._text)

    def fields(self, depth: int) -> tuple[Field, ...]:
        if depth > _DEEPEST:
            raise _unreadable(self._text)
        found = [self._field(depth)]
        while self._takes(","):
            found.append(self._field(depth))
        return tuple(found)

    def _field(self, depth: int) -> Field:
        name, modifiers = self._name(), {}
        while self._takes("."):
            modifier = self._name()
            modifiers[modifier] = self._argument()
        inner: tuple[Field, ...] = ()
        if self._takes("{"):
            inner = self.fields(depth + 1)
            if not self._takes("}"):
                raise _unreadable(self._text)
        return Field(name=name, modifiers=modifiers, fields=inner)

    def _name(self) -> str:
        match = _TOKEN.match(self._text, self._at)
        if match is None or match["name"] is None:
            raise _unreadable(self._text)
        self._at = match.end()
        return match["name"]

    def _argument(self) -> str:
        if not self._takes("("):
            raise _unreadable(self._text)
        match = _ARGUMENT.match(self._text, self._at)
        self._at = match.end() if match else self._at
        if match is None or not self._takes(")"):
            raise _unreadable(self._text)
        return match.group().strip()

    def _takes(self, sign: str) -> bool:
        match = _TOKEN.match(self._text, self._at)
        if match is None or match["sign"] != sign:
            return False
        self._at = match.end()
        return True
