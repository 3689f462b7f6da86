"""Numbers in JSON that every reader can hold, for files and answers alike.

Python's own reader takes NaN, turns 1e999 into an infinity that no JSON can say again, and gives
up on integers of some thousand digits with an error of another kind.
"""

from __future__ import annotations

import json
import math
from contextlib import suppress
from typing import NoReturn, cast

from flowsync.json_scan import may_hold_long_integers
from flowsync.model import JsonValue

MAX_DIGITS = 308  # of a whole number, as many as the largest double has


class UnusableNumber(ValueError):
    """A number that no double can hold, or a word such as NaN; its text is the message."""


def load_json(text: str | bytes | bytearray) -> JsonValue:
    """Parse JSON whose numbers are bounded. Raises `ValueError`, or `RecursionError`.

    The quick parser gives the same values, but for integers of more than 64 bits, and takes less:
    what it refuses is left to the standard library's.
    """
    import orjson

    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if not may_hold_long_integers(data):
        with suppress(ValueError):
            return cast("JsonValue", orjson.loads(data))
    value: JsonValue = json.loads(
        text, parse_constant=refuse_constant, parse_float=finite_float, parse_int=bounded_int
    )
    return value


def refuse_constant(name: str) -> NoReturn:
    """Refuse NaN, Infinity and -Infinity. Raises `UnusableNumber`."""
    raise UnusableNumber(name)


def finite_float(text: str) -> float:
    """Give a number that a double can hold. Raises `UnusableNumber`."""
    number = float(text)
    if math.isinf(number):
        raise UnusableNumber(text)
    return number


def bounded_int(text: str) -> int:
    """Give a whole number that a double can hold. Raises `UnusableNumber`."""
    if len(text) > MAX_DIGITS:
        raise UnusableNumber(text)
    return int(text)
