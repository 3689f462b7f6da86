"""How the gateway's PHP sees a file: what it takes for JSON, parses, and writes back.

The measures are those of a stock PHP 8.2 build, whose file type detection takes a file for JSON
up to ten levels of nesting and 1 MiB.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import cast

import orjson

from flowsync.json_scan import may_hold_odd_numbers
from flowsync.model import JsonValue

_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BARE_WORD = re.compile(rb"'|NaN|Infinity")
_BRACKET = re.compile(rb"[{}\[\]]")


def looks_like_json(content: bytes, max_depth: int, max_bytes: int) -> bool:
    """Tell whether the file type detection takes the bytes for JSON (G-03).

    It is laxer than a parser about commas, comments and encodings, but refuses a byte order mark,
    single quotes, NaN, and what is nested too deep or too large.
    """
    if len(content) > max_bytes or not content.lstrip(b" \t\r\n").startswith((b"{", b"[")):
        return False
    bare = _STRING.sub(b"", content)
    if _BARE_WORD.search(bare):
        return False
    depth = deepest = 0
    for match in _BRACKET.finditer(bare):
        depth += 1 if match.group() in b"{[" else -1
        deepest = max(deepest, depth)
    return deepest <= max_depth


def parses(content: bytes) -> bool:
    """Tell whether PHP's json_decode takes the bytes: strict JSON, no lone surrogates (G-02)."""
    try:
        value = json.loads(content.decode("utf-8"))
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8")
    except (ValueError, RecursionError):
        return False
    return True


def as_php_writes(value: JsonValue) -> JsonValue:
    """Give a value as it comes back from PHP: whole floats as integers, huge integers as floats."""
    if isinstance(value, dict):
        return {key: as_php_writes(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_php_writes(item) for item in value]
    if isinstance(value, float):
        return _float_as_php(value)
    return _int_as_php(value) if isinstance(value, int) and not isinstance(value, bool) else value


def parsed_as_php_writes(content: bytes) -> JsonValue:
    """Parse a Flow JSON with its numbers as PHP writes them, None where it cannot be parsed."""
    if not may_hold_odd_numbers(content):
        with suppress(ValueError):
            return cast("JsonValue", orjson.loads(content))
    try:
        value: JsonValue = json.loads(
            content,
            parse_float=lambda text: _float_as_php(float(text)),
            parse_int=lambda text: _int_as_php(int(text)),
        )
    except ValueError:
        return None
    return value


def _float_as_php(number: float) -> int | float:
    return int(number) if number.is_integer() and abs(number) < 2**63 else number


def _int_as_php(number: int) -> int | float:
    return float(number) if abs(number) >= 2**63 else number
