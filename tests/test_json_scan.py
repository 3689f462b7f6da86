"""How deep a text is nested is told without parsing it, and never too low."""

from __future__ import annotations

import json
import random

import pytest

from flowsync.json_scan import may_be_deeper
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
