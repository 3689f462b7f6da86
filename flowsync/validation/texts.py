"""The forms that texts in a Flow JSON can have: bindings, expressions, blanks, ids, dates.

Source: https://developers.facebook.com/docs/whatsapp/flows/reference/flowjson
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from flowsync.validation.versions import V6_0, V7_0, Version

_BINDING = re.compile(
    r"\$\{(?:screen\.[A-Za-z_,]+\.)?(?:data|form)\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\}"
)
_ANY_BINDING = re.compile(r"\$\{(?:data|form|screen)\.[^{}]*\}")
# White space as in ECMAScript, which differs from Python's.
_WHITE = "\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_NOT_BLANK = re.compile(rf"(?![\r\n]*[\u2028\u2029])[\s\S]*[^{_WHITE}]")
_ID = re.compile(r"[A-Za-z_,]+")
_ID_FROM_7_0 = re.compile(r"(?!_+\Z)[A-Za-z_]+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"\\\\^`{|}]*")
_CASE = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def is_expression(text: str, version: Version) -> bool:
    """Tell whether a text is an expression in backticks, which exist from 6.0."""
    return version >= V6_0 and len(text) > 2 and text[0] == text[-1] == "`"


def is_binding(text: str) -> bool:
    """Tell whether a text is one binding and nothing else."""
    return _BINDING.fullmatch(text) is not None


def starts_with_binding(text: str) -> bool:
    """Tell whether a text starts with a binding, which is all that the platform's shapes ask."""
    return _BINDING.match(text) is not None


def has_binding_inside(text: str) -> bool:
    """Tell whether a text holds a binding among other characters."""
    found = _ANY_BINDING.search(text)
    return found is not None and found.group() != text


def is_dynamic(text: str, version: Version) -> bool:
    """Tell whether a text stands for a value that is only known at run time."""
    return is_expression(text, version) or _looks_bound(text)


def _looks_bound(text: str) -> bool:
    return text.startswith(("${data.", "${form.", "${screen.")) and text.endswith("}")


def is_blank(text: str) -> bool:
    """Tell whether the platform takes a text for blank."""
    return _NOT_BLANK.match(text) is None


def is_screen_id(text: str, version: Version) -> bool:
    """Tell whether a text may be the id of a screen."""
    pattern = _ID_FROM_7_0 if version >= V7_0 else _ID
    return pattern.fullmatch(text) is not None


def is_date(text: str) -> bool:
    """Tell whether a text has the form YYYY-MM-DD; days that no calendar has pass too."""
    return _DATE.fullmatch(text) is not None


def is_near_date(text: str) -> bool:
    """Tell whether a date has a month up to 12 and a day up to 31, so that it can be compared."""
    return is_date(text) and "01" <= text[5:7] <= "12" and "01" <= text[8:] <= "31"


def is_colour(text: str) -> bool:
    """Tell whether a text has the form #RRGGBB."""
    return _COLOUR.fullmatch(text) is not None


def is_case_key(text: str) -> bool:
    """Tell whether a text may be the key of a Switch case."""
    return _CASE.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Reference:
    """What a binding refers to; `screen` is None for the own screen."""

    screen: str | None
    source: str
    path: tuple[str, ...]


def reference(text: str) -> Reference | None:
    """Give what a text that is one binding refers to, or None for any other text."""
    if not _looks_bound(text):
        return None
    parts = text[2:-1].split(".")
    screen = None
    if parts[0] == "screen":
        screen, parts = parts[1], parts[2:]
    if not parts or parts[0] not in {"data", "form"}:
        return Reference(screen, "", ())
    return Reference(screen, parts[0], tuple(parts[1:]))


def is_uri(text: str) -> bool:
    """Tell whether a text is an address with a scheme, of whatever kind."""
    return _URI.fullmatch(text) is not None
