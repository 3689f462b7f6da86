"""What can be told of a JSON text without parsing it: how deep it is nested, which numbers it has.

Each answer errs on one side only, which is said. A text is a whole JSON text in UTF-8, a string one
of the values and keys in it.
"""

from __future__ import annotations

import re

Text = bytes | bytearray

_ONE_KIND = bytes.maketrans(b"[]", b"{}")
_ONE_DIGIT = bytes.maketrans(b"123456789E", b"000000000e")
_BUT_BRACKETS = bytes(set(range(256)) - set(b'"[]{}'))
# What begins a number stays, so that two do not become one; the e of true and false goes with it.
_BUT_NUMBERS = bytes(set(range(256)) - set(b'"0123456789.eE,:us'))
_ESCAPES = re.compile(rb'\\["\\]')  # without these every quote begins or ends a string
_LONG = b"0" * 19
_VERSION = b'"0.0"'  # a string that each Flow JSON has
_ODD = re.compile(rb"0(?:\.0|e|0{18})")  # where each digit is a 0


def may_be_deeper(text: Text, most: int) -> bool:
    """Tell whether a text may be nested deeper than `most` levels.

    False is sure, also of a text that turns out to be no JSON: its brackets outside strings close
    each other within that many levels.
    """
    if text.count(b"{") + text.count(b"[") <= most:
        return False
    brackets = _outside_strings(text, _ONE_KIND, _BUT_BRACKETS)
    for _ in range(most):
        if not brackets:
            return False
        brackets = brackets.replace(b"{}", b"")  # what is innermost
    return bool(brackets)


def may_hold_long_integers(text: Text) -> bool:
    """Tell whether a text may hold an integer of 19 digits or more; False is sure."""
    return _LONG in text.translate(_ONE_DIGIT)


def may_hold_odd_numbers(text: Text) -> bool:
    """Tell whether valid JSON may hold a number other than a short integer; False is sure."""
    if not _ODD.search(text.translate(_ONE_DIGIT).replace(_VERSION, b"")):  # also inside strings
        return False
    return _ODD.search(_outside_strings(text, _ONE_DIGIT, _BUT_NUMBERS)) is not None


def _outside_strings(text: Text, table: bytes, deleted: bytes) -> bytes:
    """Give a text translated, without its strings and their quotes."""
    plain = bytes(text)
    if _ESCAPES.search(plain):
        plain = _ESCAPES.sub(b"", plain)
    # Two quotes side by side change nothing about what is inside a string, and most are.
    rest = plain.translate(table, deleted).replace(b'""', b"")
    return b"".join(rest.split(b'"')[::2])
