from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsync.model import JsonValue, canonical_json
from flowsync.remotes.emulator.magic import (
    as_php_writes,
    looks_like_json,
    parsed_as_php_writes,
    parses,
)

MAX_DEPTH, MAX_BYTES = 10, 1_048_576

values: st.SearchStrategy[JsonValue] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=10,
)


def looks(content: bytes) -> bool:
    return looks_like_json(content, MAX_DEPTH, MAX_BYTES)


@pytest.mark.parametrize(("open_", "close"), [(b"[", b"]"), (b'{"a":', b"}"), (b'[{"a":', b"}]")])
def test_ten_levels_pass_and_eleven_do_not(open_: bytes, close: bytes) -> None:
    levels = 2 if len(close) == 2 else 1
    ten = open_ * (10 // levels) + b"1" + close * (10 // levels)
    assert looks(ten)
    assert not looks(b"[" + ten + b"]")


def test_levels_side_by_side_are_not_deep() -> None:
    assert looks(b"[" + b",".join([b"[[1]]"] * 50) + b"]")


def test_brackets_inside_texts_are_no_levels() -> None:
    assert looks(json.dumps({"a": "[" * 50, 'b\\"[': '"[[['}).encode())


def test_one_mebibyte_passes_and_one_byte_more_does_not() -> None:
    whole = b'["' + b"x" * (MAX_BYTES - 4) + b'"]'
    assert looks(whole)
    assert not looks(whole + b" ")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" ",
        b"\xef\xbb\xbf{}",
        b'"text"',
        b"1",
        b"null",
        b"{'a': 1}",
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b"// {}",
    ],
)
def test_what_is_no_object_or_array_of_json_does_not_pass(content: bytes) -> None:
    assert not looks(content)


@pytest.mark.parametrize(
    "content",
    [
        b"{}",
        b" \r\n\t[1]",
        b'{"a": "it\'s NaN"}',
        b"[1,]",
        b"{} // end",
        b'{"a": "\x01"}',
        b"[01]",
        b'["\xff"]',
        b"{}{}",
        b'["\\ud800"]',
    ],
)
def test_detection_is_laxer_than_a_parser(content: bytes) -> None:
    assert looks(content)


def test_limits_can_be_switched() -> None:
    assert looks_like_json(b"[[[]]]", 3, 6)
    assert not looks_like_json(b"[[[]]]", 2, 6)
    assert not looks_like_json(b"[[[]]]", 3, 5)


@pytest.mark.parametrize(
    "content",
    [
        b"[1,]",
        b"{} // end",
        b'{"a": "\x01"}',
        b"[01]",
        b'["\xff"]',
        b"{}{}",
        b'["\\ud800"]',
        b'["\\udc00x"]',
        b'{"\\ud800": 1}',
        b"\xef\xbb\xbf{}",
        b"",
        b"[" * 100_000,
        b"[1e999]",
    ],
)
def test_parser_refuses_what_php_refuses(content: bytes) -> None:
    assert not parses(content)


@pytest.mark.parametrize(
    "content", [b"{}", b'["\\ud83d\\ude00"]', '["ä"]'.encode(), b'{"a": 1, "a": 2}', b"1"]
)
def test_parser_takes_strict_json(content: bytes) -> None:
    assert parses(content)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1.0, 1),
        (-0.0, 0),
        (1000.0, 1000),
        (1.5, 1.5),
        (2**63 - 1, 2**63 - 1),
        (2**63, float(2**63)),
        (-(2**64), -float(2**64)),
        (1e300, 1e300),
        (True, True),
        (None, None),
        ("1.0", "1.0"),
        ([], []),
        ({}, {}),
        ({"b": [1.0], "a": {"c": 2.0}}, {"b": [1], "a": {"c": 2}}),
    ],
)
def test_numbers_are_written_as_php_writes_them(value: JsonValue, written: JsonValue) -> None:
    found = as_php_writes(value)
    assert found == written
    assert json.dumps(found) == json.dumps(written)


@given(values)
def test_what_php_writes_means_the_same(value: JsonValue) -> None:
    assert canonical_json(as_php_writes(value)) == canonical_json(value)


@given(values)
def test_parsing_gives_at_once_what_php_writes(value: JsonValue) -> None:
    content = json.dumps(value).encode()
    found = parsed_as_php_writes(content)
    assert json.dumps(found) == json.dumps(as_php_writes(json.loads(content)))


@given(values)
def test_writing_again_changes_nothing(value: JsonValue) -> None:
    once = as_php_writes(value)
    assert json.dumps(as_php_writes(once)) == json.dumps(once)


@given(st.binary(max_size=80))
def test_any_bytes_are_judged(content: bytes) -> None:
    assert looks(content) in {True, False}
    assert parses(content) in {True, False}


def test_nan_never_comes_out_of_the_detection() -> None:
    assert math.isnan(json.loads("NaN"))
    assert not looks(b"[NaN]")
