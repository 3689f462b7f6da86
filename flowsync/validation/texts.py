"""The forms that texts in a Flow JSON can have: expressions, blanks, ids, dates.

Source: https://developers.facebook.com/docs/whatsapp/flows/reference/flowjson
"""

from __future__ import annotations

import re

from flowsync.expressions.bindings import looks_bound
from flowsync.validation.versions import V6_0, V7_0, Version

# White space as in ECMAScript, which differs from Python's.
_WHITE = "\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_NOT_BLANK = re.compile(rf"(?![\r\n]*[\u2028\u2029])[\s\S]*[^{_WHITE}]")
_ID = re.compile(r"[A-Za-z_,]+")
_ID_FROM_7_0 = re.compile(r"(?!_+\Z)[A-Za-z_]+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
# The platform asks for a scheme and no white space; characters that a URI may not have pass.
_URI = re.compile(rf"[A-Za-z][A-Za-z0-9+.-]*:[^{_WHITE}]*")
_CASE = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def is_expression(text: str, version: Version) -> bool:
    """Tell whether a text is an expression in backticks, which exist from 6.0."""
    return version >= V6_0 and len(text) > 2 and text[0] == text[-1] == "`"


def is_dynamic(text: str, version: Version) -> bool:
    """Tell whether a text stands for a value that is only known at run time."""
    return is_expression(text, version) or looks_bound(text)


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


def is_uri(text: str) -> bool:
    """Tell whether a text is an address with a scheme, of whatever kind."""
    return _URI.fullmatch(text) is not None
