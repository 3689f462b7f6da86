"""The form of texts that people type: what each kind of TextInput takes.

Source: https://developers.facebook.com/docs/whatsapp/flows/reference/components#textinput
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from flowsync.model import JsonValue
from flowsync.validation.on_device import DEFAULT_MAX_CHARS
from flowsync.validation.regexes import is_regex, matches
from flowsync.validation.values import is_number

DEFAULT_MAX_LENGTH = 600  # of a TextArea
_FORMS = {
    "email": (
        re.compile(r"[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+"),
        "Enter an email address, such as name@example.com.",
    ),
    "phone": (
        re.compile(r"\+?(?=[ ().-]*[0-9])[0-9(][0-9 ().-]*"),
        "Enter a phone number, such as +44 20 7946 0000.",
    ),
    "passcode": (re.compile(r"[0-9]+"), "Enter digits only."),
    "number": (
        re.compile(
            r"[+-]?(?=[.,]?[0-9])(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]*)(?:[.,][0-9]*)?"
            r"(?:[eE][+-]?[0-9]+)?"
        ),
        "Enter a number.",
    ),
}
_WITHOUT_EMOJI = frozenset({"password", "passcode"})
_WITH_PATTERN = frozenset({"text", "number", "password", "passcode"})


def text_problem(properties: Mapping[str, JsonValue], text: str) -> str | None:
    """Say what is wrong with a text in a TextInput, None for one that it takes.

    `text` is without white space at its ends. The order is that of the phone.
    """
    kind = properties.get("input-type", "text")
    kind = kind if isinstance(kind, str) else "text"
    low, high = properties.get("min-chars"), properties.get("max-chars", DEFAULT_MAX_CHARS)
    if _is_below(len(text), low):
        return f"Enter at least {_shown(low)} characters."
    if _is_above(len(text), high):
        return f"Enter at most {_shown(high)} characters."
    if kind in _WITHOUT_EMOJI and any(_is_emoji(char) for char in text):
        return "Emoji cannot be used here."
    form, message = _FORMS.get(kind, (None, ""))
    if form is not None and form.fullmatch(text) is None:
        return message
    pattern = properties.get("pattern")
    if isinstance(pattern, str) and kind in _WITH_PATTERN and is_regex(pattern):
        return None if matches(pattern, text) else "Enter it in the form that is asked for."
    return None


def area_problem(properties: Mapping[str, JsonValue], text: str) -> str | None:
    """Say what is wrong with a text in a TextArea, None for one that it takes."""
    high = properties.get("max-length", DEFAULT_MAX_LENGTH)
    return f"Enter at most {_shown(high)} characters." if _is_above(len(text), high) else None


def _is_below(count: int, limit: JsonValue) -> bool:
    return is_number(limit) and count < limit  # type: ignore[operator]


def _is_above(count: int, limit: JsonValue) -> bool:
    return is_number(limit) and count > limit  # type: ignore[operator]


def _shown(limit: JsonValue) -> str:
    return f"{limit:g}" if isinstance(limit, int | float) and abs(limit) < 1e15 else "fewer"


def _is_emoji(char: str) -> bool:
    return ord(char) >= 0x1F000 or unicodedata.category(char) == "So"
