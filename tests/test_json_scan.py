"""How deep a text is nested is told without parsing it, and never too low."""

from __future__ import annotations

import json
import random

import pytest

from flowsync.json_scan import may_be_deeper, may_hold_long_integers, may_hold_odd_numbers
from flowsync.model import JsonValue

NASTY = ("", "}", "]]", "{[", '"', "\\", '\\"', "\\\\", '"}', "\n", "é{", '\\"}]')


def depth(value: JsonValue) -> int:
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(depth, value), default=0)
    return 0


def made(chance: random.Random, levels: int) -> JsonValue:
    if levels == 0 or chance.random() < 0.2:
        return chance.choice(NASTY)
    if chance.random() < 0.5:
        return [made(chance, levels - 1) for _ in range(chance.randint(1, 4))]
    return {chance.choice(NASTY) + str(n): made(chance, levels - 1) for n in range(3)}


@pytest.mark.parametrize("seed", range(60))
def test_valid_json_is_deeper_exactly_where_its_value_is(seed: int) -> None:
    chance = random.Random(seed)
    value = made(chance, chance.randint(1, 6))
    text = json.dumps(value, ensure_ascii=chance.random() < 0.5).encode()
    found = depth(value)
    assert [may_be_deeper(text, most) for most in range(8)] == [found > m for m in range(8)]


@pytest.mark.parametrize(
    "text",
    [b"[" * 9, b"]" * 5 + b"[" * 9, b'["]]]]"' * 9, b"[\\" * 9, b'"\\\\"' + b"[" * 9 + b"]" * 9],
)
def test_text_that_opens_more_than_it_closes_in_time_may_be_deeper(text: bytes) -> None:
    assert may_be_deeper(text, 8)


def test_brackets_inside_texts_do_not_count() -> None:
    assert not may_be_deeper(b'["' + b"[" * 500 + b'\\"' + b"{" * 500 + b'"]', 1)


ODD = (1.0, -0.5, 1e16, 2.5e-9, 10**18, -(10**30), 1e300)
PLAIN: tuple[JsonValue, ...] = (
    1,
    -12,
    0,
    10**17,
    True,
    False,
    None,
    "1.5",
    "7.3",
    "1e5",
    "\\",
    "é",
)


@pytest.mark.parametrize("seed", range(40))
def test_numbers_beyond_short_integers_are_seen_and_texts_are_not_taken_for_them(
    seed: int,
) -> None:
    chance = random.Random(seed)
    value: JsonValue = [chance.choice(PLAIN) for _ in range(8)] + [{"7.3": chance.choice(PLAIN)}]
    indent, ascii_only = chance.choice([None, 2]), chance.random() < 0.5

    def text(of: JsonValue) -> bytes:
        return json.dumps(of, indent=indent, ensure_ascii=ascii_only).encode()

    assert not may_hold_odd_numbers(text(value))
    for odd in ODD:
        assert may_hold_odd_numbers(text([value, odd]))
        assert may_hold_odd_numbers(text({"n": odd, "rest": value}))


def test_integers_of_nineteen_digits_are_long() -> None:
    assert [may_hold_long_integers(b"[%d]" % (10**n)) for n in (17, 18, 40)] == [False, True, True]
