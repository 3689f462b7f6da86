r"""Colours, and making foreign text harmless on a terminal.

Names and messages come from people and from remotes: control characters, escape sequences and
signs that turn the direction of writing are shown as `\u…`, never sent to the terminal.
"""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flowsync.model import JsonValue

LONGEST_VALUE = 80
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


@dataclass(frozen=True, slots=True)
class Style:
    """Puts ANSI colours around text where `is_coloured`."""

    is_coloured: bool = False

    def good(self, text: str) -> str:
        """Mark what is new or went well."""
        return self._wrap(text, "32")

    def bad(self, text: str) -> str:
        """Mark what is removed, wrong or cannot be taken back."""
        return self._wrap(text, "31")

    def changed(self, text: str) -> str:
        """Mark what changes, and warnings."""
        return self._wrap(text, "33")

    def quiet(self, text: str) -> str:
        """Mark what matters less."""
        return self._wrap(text, "2")

    def strong(self, text: str) -> str:
        """Mark a heading."""
        return self._wrap(text, "1")

    def _wrap(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.is_coloured else text


def clean(text: str, *, keep: str = "") -> str:
    """Give text with everything invisible written as an escape; characters in `keep` stay."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        character
        if character in keep or unicodedata.category(character) not in _HIDDEN
        else f"\\u{ord(character):04x}"
        for character in text
    )


def short(value: JsonValue, *, longest: int = LONGEST_VALUE) -> str:
    """Give a JSON value in one short, harmless line: texts in quotes, long ones cut."""
    if isinstance(value, (dict, list)):
        text = json.dumps(value, ensure_ascii=False)
    elif isinstance(value, str):
        text = f'"{value}"'
    else:
        text = json.dumps(value)
    text = clean(text[: longest + 1])  # which never makes it shorter
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def count(number: int, noun: str, plural: str | None = None) -> str:
    """Give a number with its noun: `1 flow`, `2 flows`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
