"""JSON text, RFC 8259 without extensions and without repeated keys, with places."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from flowsync.diagnostics import Diagnostic
from flowsync.json_numbers import (
    UnusableNumber,
    bounded_int,
    finite_float,
    load_json,
    refuse_constant,
)
from flowsync.json_scan import may_be_deeper
from flowsync.model import JsonValue
from flowsync.sources.documents import MAX_DEPTH, Document, Offsets, Place, Pointer

MOST_REPEATED_KEYS = 50  # shown of one file


class _RepeatedKey(Exception):
    pass


def _object(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _RepeatedKey
    return found


def parse_json(text: str, shown: str, problems: list[Diagnostic]) -> Document | None:
    """Parse JSON text strictly, or add what is wrong with it.

    Refused: everything outside RFC 8259, repeated keys, numbers that no double can hold, and
    nesting deeper than `MAX_DEPTH`.
    """
    offsets = Offsets(text)

    def refuse(start: int, end: int, message: str, fix: str) -> None:
        span = offsets.span(start, min(end, len(text)))
        problems.append(
            Diagnostic(
                path=shown,
                span=span,
                rule="FS002",
                message=message,
                fix=fix,
                code="INVALID_FLOW_JSON",
            )
        )

    too_deep = _first_too_deep(text)
    if too_deep is not None:
        message = f"the nesting is deeper than {MAX_DEPTH} levels."
        refuse(too_deep, too_deep + 1, message, "Flatten the value.")
        return None
    try:
        value: JsonValue = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=refuse_constant,
            parse_float=finite_float,
            parse_int=bounded_int,
        )
    except json.JSONDecodeError as exc:
        message, fix = _explain_json(text, exc)
        start = exc.pos
        if message == _TRAILING_COMMA:  # before Python 3.13 the place is that of the bracket
            start = text.rindex(",", 0, exc.pos + 1)
        refuse(start, start + 1, message, fix)
        return None
    except _RepeatedKey:
        for start, end in itertools.islice(_repeated_keys(text), MOST_REPEATED_KEYS):
            refuse(
                start,
                end,
                f"the key {text[start:end]} is repeated in this object.",
                "Keep one of the two; a reader of JSON would silently drop the other.",
            )
        return None
    except UnusableNumber as exc:
        number = str(exc)
        tokens = (match for match in JSON_TOKEN.finditer(text) if match.group() == number)
        start = next((match.start() for match in tokens), 0)
        if number in {"NaN", "Infinity", "-Infinity"}:
            refuse(start, start + len(number), f"{number} is not JSON.", "Use a number or text.")
        else:
            shortened = number if len(number) < 40 else f"{number[:20]}…"
            message = f"the number {shortened} is too large."
            refuse(start, start + len(number), message, "Write it as text, in quotes.")
        return None
    return _document(text, shown, value)


def unparsed_json(text: str, shown: str) -> Document:
    """Give the document of a text that is known to be valid, parsed when its value is asked for."""
    document = _document(text, shown, None)
    document.let_go()
    return document


def _document(text: str, shown: str, value: JsonValue) -> Document:
    return Document(
        path=shown,
        text=text,
        value=value,
        locate=lambda: _JsonPlaces(text),
        parse=lambda: load_json(text),
    )


_TRAILING_COMMA = "there is a comma after the last element."


def _explain_json(text: str, exc: json.JSONDecodeError) -> tuple[str, str]:
    """Say in words of our own what a JSON syntax error is and how to mend it."""
    found = text[exc.pos : exc.pos + 1].replace('"', "a quote")
    before = text[: exc.pos].rstrip()[-1:]
    if not text.strip():
        return "the file is empty.", "Write a Flow JSON object into it."
    if exc.msg.startswith("Extra data"):
        return "there is more text after the end of the JSON value.", "Remove it."
    if text.startswith(("//", "/*", "#"), exc.pos):
        return "JSON has no comments.", "Remove the comment."
    if exc.msg.startswith("Invalid control character"):
        return "a text contains a raw control character or line break.", "Write it as \\n or \\t."
    if exc.msg.startswith("Invalid \\"):
        return "this is not a valid escape sequence.", 'Write a backslash in a text as "\\\\".'
    if exc.msg.startswith("Unterminated string"):
        return "the text that starts here has no closing quote.", "Close it with a double quote."
    if before == "," and found in {"}", "]"}:
        return _TRAILING_COMMA, "Remove the comma."
    if exc.msg.startswith("Illegal trailing comma"):
        return _TRAILING_COMMA, "Remove the comma."
    if found == "'":
        return "JSON texts stand in double quotes.", "Replace the single quotes."
    if exc.pos >= len(text.rstrip()):
        return "the file ends in the middle of the JSON value.", "Close all brackets and quotes."
    if exc.msg.startswith("Expecting property name"):
        return f"a key in double quotes should stand here, not {found}.", "Put it in quotes."
    if exc.msg.startswith("Expecting ','"):
        return f"a comma or a closing bracket should stand before {found}.", "Add it."
    if exc.msg.startswith("Expecting ':'"):
        return f"a colon should stand before {found}.", "Add it between key and value."
    return (
        f"{found} cannot start a JSON value.",
        "Write a text in double quotes, a number, true, false, null, an object or an array.",
    )


JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
# A text without a closing quote ends with the file: looking for it anew behind each quote inside it
# would take the square of its length.
_JSON_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*"?|[{\[]|[}\]]', re.DOTALL)


def _first_too_deep(text: str) -> int | None:
    if not may_be_deeper(text.encode("utf-8", "surrogatepass"), MAX_DEPTH):
        return None
    depth = 0
    for match in _JSON_BRACKET.finditer(text):
        bracket = text[match.start()]
        if bracket in "{[":
            depth += 1
            if depth > MAX_DEPTH:
                return match.start()
        elif bracket in "}]":
            depth -= 1
    return None


class _Member(NamedTuple):
    """A value met while walking valid JSON text; `parent` numbers the object or array it is in."""

    parent: int
    pointer: Pointer
    start: int
    end: int
    key: tuple[int, int] | None


def _walk_json(text: str) -> Iterator[_Member]:
    """Walk the values of a text that is known to be valid JSON, containers after their members."""
    open_values: list[_Container] = []
    pending_key: tuple[str, int, int] | None = None
    containers = 0
    for match in JSON_TOKEN.finditer(text):
        token, start, end = match.group(), match.start(), match.end()
        top = open_values[-1] if open_values else None
        if token in "]}":
            done = open_values.pop()
            parent = open_values[-1].number if open_values else 0
            yield _Member(parent, done.pointer, done.start, end, done.key)
        elif token == ",":
            if top is not None and top.index is not None:
                top.index += 1
        elif token == ":":
            continue
        elif top is not None and top.index is None and pending_key is None:
            name = json.loads(token) if "\\" in token else token[1:-1]
            pending_key = (name, start, end)
        else:
            key: tuple[int, int] | None = None
            pointer: Pointer = ()
            if top is not None and top.index is not None:
                pointer = (*top.pointer, top.index)
            elif top is not None and pending_key is not None:
                pointer = (*top.pointer, pending_key[0])
                key, pending_key = pending_key[1:], None
            if token in "[{":
                containers += 1
                open_values.append(
                    _Container(containers, pointer, start, key, 0 if token == "[" else None)
                )
            else:
                yield _Member(top.number if top else 0, pointer, start, end, key)


@dataclass(slots=True)
class _Container:
    number: int
    pointer: Pointer
    start: int
    key: tuple[int, int] | None
    index: int | None  # of the next item; None for an object


class _JsonPlaces(Mapping[Pointer, Place]):
    """The places of all values in a text; lines and columns are counted when they are asked for."""

    def __init__(self, text: str) -> None:
        self._offsets = Offsets(text)
        self._members = {member.pointer: member for member in _walk_json(text)}

    def __getitem__(self, pointer: Pointer) -> Place:
        member = self._members[pointer]
        return Place(
            self._offsets.span(member.start, member.end),
            self._offsets.span(*member.key) if member.key else None,
        )

    def __iter__(self) -> Iterator[Pointer]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)


def _repeated_keys(text: str) -> Iterator[tuple[int, int]]:
    seen: set[tuple[int, Pointer]] = set()
    keyed = [member for member in _walk_json(text) if member.key]
    for member in sorted(keyed, key=lambda member: member.start):
        assert member.key is not None
        if (member.parent, member.pointer) in seen:
            yield member.key
        seen.add((member.parent, member.pointer))
