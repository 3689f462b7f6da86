"""Colours, and making foreign text harmless."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowsync.model import JsonValue
from flowsync.render.style import Style, clean, count, short
from tests.render.golden import check_harmless

SOME = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
values: st.SearchStrategy[JsonValue] = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=60)
    ),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("name", "code"),
    [("good", "32"), ("bad", "31"), ("changed", "33"), ("quiet", "2"), ("strong", "1")],
)
def test_colours_are_put_around_text_only_where_wanted(name: str, code: str) -> None:
    assert getattr(Style(is_coloured=True), name)("text") == f"\x1b[{code}mtext\x1b[0m"
    assert getattr(Style(), name)("text") == "text"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("", ""),
        ("Grüße, 你好 👋 › →", "Grüße, 你好 👋 › →"),
        ("<b>|`", "<b>|`"),
        ("\x1b[31m", "\\u001b[31m"),
        ("a\nb\tc\x7f", "a\\u000ab\\u0009c\\u007f"),
        ("\x9b", "\\u009b"),
        ("a\u202eb", "a\\u202eb"),
        ("\u2028", "\\u2028"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\ue0041"),
        ("a\u00a0b", "a\u00a0b"),
    ],
)
def test_what_cannot_be_seen_is_written_out(text: str, expected: str) -> None:
    assert clean(text) == expected


def test_characters_to_keep_are_kept() -> None:
    assert clean("a\nb\x1b", keep="\n") == "a\nb\\u001b"


@SOME
@given(text=st.text(st.characters()))
def test_clean_text_is_harmless_and_stays_so(text: str) -> None:
    cleaned = clean(text)
    check_harmless("> " + cleaned)
    assert "\n" not in cleaned
    assert clean(cleaned) == cleaned


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("text", '"text"'),
        (1, "1"),
        (True, "true"),
        (None, "null"),
        (["é", 1], '["é", 1]'),
        ({"a": None}, '{"a": null}'),
        ("a\nb", '"a\\u000ab"'),
        ("x" * 78, '"' + "x" * 78 + '"'),
        ("x" * 79, '"' + "x" * 78 + "…"),
    ],
)
def test_a_value_is_shown_in_a_short_line(value: JsonValue, expected: str) -> None:
    assert short(value) == expected


@SOME
@given(value=values)
def test_any_value_is_short_and_harmless(value: JsonValue) -> None:
    text = short(value)
    assert len(text) <= 80
    assert "\n" not in text
    check_harmless(text)


@pytest.mark.parametrize(
    ("number", "expected"), [(0, "0 flows"), (1, "1 flow"), (2, "2 flows"), (1000, "1000 flows")]
)
def test_a_number_is_shown_with_its_noun(number: int, expected: str) -> None:
    assert count(number, "flow") == expected


def test_a_noun_can_have_a_plural_of_its_own() -> None:
    assert [count(n, "entry", "entries") for n in (1, 2)] == ["1 entry", "2 entries"]
