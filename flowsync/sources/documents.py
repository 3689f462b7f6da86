"""A parsed file: its value, and the place of each part of it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import NamedTuple, TypeAlias

from flowsync.diagnostics import LINE_END, START_OF_FILE, Diagnostic, Severity, Span
from flowsync.model import JsonValue

Pointer: TypeAlias = "tuple[str | int, ...]"

MAX_DEPTH = 100


class Place(NamedTuple):
    """Where a value stands, and its key when it is a member of an object."""

    value: Span
    key: Span | None = None


class Document:
    """A parsed file: its value and the place of each part of it.

    `texts` holds, for YAML, what was written where a plain scalar became a number or a boolean.
    """

    def __init__(
        self,
        *,
        path: str,
        text: str,
        value: JsonValue,
        locate: Callable[[], Mapping[Pointer, Place]],
        texts: Mapping[Pointer, str] | None = None,
        parse: Callable[[], JsonValue] | None = None,
    ) -> None:
        self.path = path
        self.text = text
        self.texts = texts or {}
        self._locate = locate
        self._parse = parse
        self.__dict__["value"] = value

    @cached_property
    def value(self) -> JsonValue:
        """Give the value, parsed anew where it was let go of."""
        assert self._parse is not None
        return self._parse()

    def let_go(self) -> None:
        """Keep the text only, which takes a fraction of the memory; the rest is made when asked."""
        if self._parse is not None:
            self.__dict__.pop("value", None)
            self.__dict__.pop("places", None)

    @cached_property
    def places(self) -> Mapping[Pointer, Place]:
        """Give the place of every value, by its pointer from the root `()`."""
        return self._locate()

    def span(self, pointer: Pointer, *, at_key: bool = False) -> Span:
        """Give the place of a value, or of its key; of the nearest parent where it is not there."""
        while pointer and pointer not in self.places:
            pointer, at_key = pointer[:-1], False
        place = self.places.get(pointer, Place(START_OF_FILE))
        return place.key if at_key and place.key else place.value

    def finding(
        self,
        pointer: Pointer,
        rule: str,
        message: str,
        fix: str,
        *,
        severity: Severity = Severity.ERROR,
        at_key: bool = False,
    ) -> Diagnostic:
        """Give a finding about the value at a pointer; `at_key` places it at the value's key."""
        return Diagnostic(
            path=self.path,
            span=self.span(pointer, at_key=at_key),
            rule=rule,
            message=message,
            fix=fix,
            severity=severity,
            pointer=pointer,
        )


class Offsets:
    """Turns offsets in a text into lines and columns."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in LINE_END.finditer(self._text))]

    def span(self, start: int, end: int) -> Span:
        """Give the place of the characters from `start` up to `end`."""
        line, end_line = bisect_right(self._starts, start), bisect_right(self._starts, end)
        return Span(
            line=line,
            column=start - self._starts[line - 1] + 1,
            end_line=end_line,
            end_column=end - self._starts[end_line - 1] + 1,
        )
