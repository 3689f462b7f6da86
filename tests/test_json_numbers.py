"""JSON is read with the same values whichever parser can take it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsync.json_numbers import UnusableNumber, load_json
from flowsync.model import JsonValue

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(value=VALUES, ascii_only=st.booleans(), indent=st.sampled_from([None, 1]))
def test_what_json_writes_is_read_back(value: JsonValue, ascii_only: bool, indent: int) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    expected = json.dumps(value, sort_keys=True)
    assert json.dumps(load_json(text), sort_keys=True) == expected
    data = text.encode("utf-8", "surrogatepass")
    assert json.dumps(load_json(data), sort_keys=True) == expected


@pytest.mark.parametrize(
    "text",
    [
        "1.5E3", "-0", "-0.0", "123456789012345678901234567890", "[1e-400]", '{"a": 1, "a": 2}',
        '"\\ud83d\\ude00"', '"\\ud800"', '"' + "9" * 40 + '"', " [ ] ", "9223372036854775808",
    ],
)  # fmt: skip
def test_odd_texts_are_read_as_by_the_standard_library(text: str) -> None:
    found, expected = load_json(text), json.loads(text)
    assert repr(found) == repr(expected)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8"])
def test_answers_may_be_in_any_encoding_of_unicode(encoding: str) -> None:
    assert load_json('{"a": "ä"}'.encode(encoding)) == {"a": "ä"}


@pytest.mark.parametrize("text", ["1e999", "NaN", "[-Infinity]", "1" * 400])
def test_numbers_that_no_double_can_hold_are_refused(text: str) -> None:
    with pytest.raises(UnusableNumber):
        load_json(text)


@pytest.mark.parametrize("text", ["", "[1,]", "{'a': 1}", "\x00", "[" * 100, '"\t"', "01", "1 2"])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="column"):
        load_json(text)


def test_nesting_beyond_the_quick_parser_is_left_to_the_other() -> None:
    deep: JsonValue = load_json("[" * 900 + "]" * 900)
    levels = 0
    while deep:
        assert isinstance(deep, list)
        deep, levels = deep[0], levels + 1
    assert levels == 899
