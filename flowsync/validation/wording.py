"""How findings speak of what an author wrote: names in quotes, short, and safe to print."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from flowsync.model import JsonValue

MAX_QUOTED = 60
MAX_LISTED = 3


def quoted(text: str) -> str:
    """Give a text in double quotes, cut when long, with everything unprintable escaped.

    A lone surrogate, which JSON can hold and no encoding can write, is escaped too.
    """
    shown = text if len(text) <= MAX_QUOTED else f"{text[:MAX_QUOTED]}…"
    if shown.isprintable():
        return f'"{shown}"'
    return '"' + "".join(_printable(char) for char in shown) + '"'


def _printable(char: str) -> str:
    if char.isprintable():
        return char
    code = ord(char)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


class Subject:
    """Which value a message is about, put into words only when there is something to say.

    `name` is a key, or the index of an entry of a list; `of` is what it belongs to.
    """

    __slots__ = ("_kind", "_link", "_name", "_of")

    def __init__(self, name: str | int, of: object, link: str = "of", *, kind: str = "") -> None:
        self._name, self._of, self._link, self._kind = name, of, link, kind

    def __str__(self) -> str:
        """Give the words, such as «"label" of TextInput "email" on screen "CONTACT"»."""
        name = self._name
        shown = f"entry {name + 1}" if isinstance(name, int) else quoted(name)
        return f"{self._kind}{shown} {self._link} {self._of}"


def listed(names: Iterable[str], total: int) -> str:
    """Give the first of `total` names, quoted, and how many more there are."""
    first = [quoted(name) for name in islice(names, MAX_LISTED)]
    more = total - len(first)
    return ", ".join(first) + (f" and {more} more" if more > 0 else "")


def type_name(value: JsonValue) -> str:
    """Give what kind of JSON value this is, with its article."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, str):
        return "a text"
    if isinstance(value, int | float):
        return "a number"
    return "an array" if isinstance(value, list) else "an object"


def shown_value(value: JsonValue) -> str:
    """Give a scalar as it is written, and the kind of anything else."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value) if abs(value) < 1e15 else "a large number"
    return type_name(value)
