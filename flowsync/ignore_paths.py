"""Paths into a JSON value: `screens[ASK].layout.children[*]`, or as JSON pointer `/screens/0`.

In brackets stand an index, `*` for any, or the `id` or `name` of an entry, which stays right when
entries move.
"""

from __future__ import annotations

import re
from typing import NamedTuple, TypeAlias

from flowsync.model import JsonValue
from flowsync.sources import Pointer

_PART = re.compile(r"\.?([^.\[\]]+)|\[([^\[\]]+)\]")


class Part(NamedTuple):
    """One step of a path; `in_brackets` it means an entry of a list, otherwise a key.

    A part of a JSON pointer is either, as it comes.
    """

    text: str
    in_brackets: bool | None

    def fits(self, part: str | int, entry: JsonValue) -> bool:
        """Tell whether this step leads to `entry`, which stands at `part` of what holds it."""
        if self.text == "*" and self.in_brackets is not False:
            return True
        if isinstance(part, str):
            return part == self.text
        if self.in_brackets is False:
            return False
        named = (entry.get("id"), entry.get("name")) if isinstance(entry, dict) else ()
        return self.text == str(part) or self.text in named


Path: TypeAlias = "tuple[Part, ...]"


def read_path(text: str) -> Path | None:
    """Give a path as it is written in an `ignore`, None where it cannot be read."""
    if text.startswith("/"):
        pieces = text[1:].split("/")
        return tuple(
            Part(piece.replace("~1", "/").replace("~0", "~"), in_brackets=None) for piece in pieces
        )
    parts: list[Part] = []
    at = 0
    while at < len(text):
        found = _PART.match(text, at)
        if found is None or (found[1] and (at > 0) != (text[at] == ".")):
            return None
        inside = found[2]
        parts.append(Part(found[1] or inside.strip("\"'"), in_brackets=inside is not None))
        at = found.end()
    return tuple(parts) or None


def leads_above(path: Path, pointer: Pointer, value: JsonValue) -> bool:
    """Tell whether a path leads to what a pointer means in a value, or to something around it."""
    if len(path) > len(pointer):
        return False
    for step, part in zip(path, pointer, strict=False):
        if isinstance(value, dict):
            value = value.get(str(part))
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        else:
            value = None
        if not step.fits(part, value):
            return False
    return True
