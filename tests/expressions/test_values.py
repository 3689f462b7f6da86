from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsync.expressions.tree import Problem, Reference
from flowsync.expressions.values import holds, text_of, value_of
from flowsync.model import JsonValue

DATA: dict[str, JsonValue] = {
    "name": "Ada",
    "price": 12.5,
    "count": 3,
    "typed": "4",
    "word": "four",
    "empty": "",
    "yes": True,
    "no": False,
    "inner": {"city": "London"},
    "tags": ["a", "b"],
}


def look_up(found: Reference) -> JsonValue:
    value: JsonValue = DATA if found.source == "data" and found.screen is None else None
    for part in found.path:
        value = value.get(part) if isinstance(value, dict) else None
    return value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain", "plain"),
        ("${data.name}", "Ada"),
        ("${data.inner.city}", "London"),
        ("${data.tags}", ["a", "b"]),
        ("${data.nothing}", None),
        ("${screen.LATER.form.name}", None),
        ("Hi ${data.name}", "Hi ${data.name}"),
        ("${data.name} ${data.name}", None),  # one reference to nothing, as the platform has it
        ("``", "``"),
    ],
)
def test_text_outside_backticks_is_one_binding_or_itself(text: str, value: JsonValue) -> None:
    assert value_of(text, look_up) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("'Hi ' ${data.name} '!'", "Hi Ada!"),
        ("${data.count} ' of ' ${data.nothing}", "3 of "),
        ("${data.yes} ${data.tags}", "truea,b"),
        ("${data.count} * ${data.price}", 37.5),
        ("10 / ${data.count}", 3.33),
        ("${data.count} / 0", 0),
        ("${data.count} % 0", 0),
        ("7 % ${data.count}", 1),
        ("-7 % ${data.count}", -1),
        ("${data.nothing} + 2", 2),
        ("${data.typed} + 1", 5),
        ("${data.word} + 1", 1),
        ("-${data.count}", -3),
        ("1 + 2 * 3 - 4", 3),
        ("${data.count} == 3", True),
        ("${data.typed} == 4", True),
        ("${data.word} == 4", False),
        ("${data.empty} == ${data.nothing}", True),
        ("${data.nothing} != 'x'", True),
        ("${data.yes} == true", True),
        ("${data.yes} == 1", False),
        ("${data.typed} > 3", True),
        ("${data.typed} > ${data.word}", False),
        ("${data.nothing} < 3", False),
        ("${data.count} >= 3 && !${data.no}", True),
        ("${data.no} || ${data.nothing}", False),
        ("1e300 * 1e300", 0),
    ],
)
def test_expression_gives_what_the_phone_gives(text: str, value: JsonValue) -> None:
    found = value_of(f"`{text}`", look_up)
    assert json.dumps(found) == json.dumps(value)


def test_expression_that_cannot_be_read_is_said() -> None:
    found = value_of("`${data.count} ? 'a' : 'b'`", look_up)
    assert isinstance(found, Problem)
    assert "choice" in found.message


def test_backticks_are_plain_characters_before_version_6() -> None:
    assert value_of("`1 + 1`", look_up, has_expressions=False) == "`1 + 1`"


@pytest.mark.parametrize(
    ("condition", "is_shown"),
    [
        ("${data.yes}", True),
        ("!${data.yes}", False),
        ("(${data.name} == 'Ada') && (${data.count} > 2)", True),
        ("(${data.no} || ${data.yes}) && ${data.count} < 3", False),
        ("${data.nothing} == ''", True),
        ("`${data.count} * 2 > 5`", True),
        ("  ", False),
        (True, True),
        (None, False),
        (1, False),
    ],
)
def test_condition_holds_by_its_values(condition: JsonValue, is_shown: bool) -> None:
    assert holds(condition, look_up) is is_shown


def test_condition_that_cannot_be_read_is_said() -> None:
    found = holds("${data.count} == ", look_up)
    assert isinstance(found, Problem)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (2.0, "2"),
        (2.5, "2.5"),
        (False, "false"),
        (["a", 1], "a,1"),
        ({"a": 1}, '{"a": 1}'),
    ],
)
def test_values_in_texts_read_as_people_write_them(value: JsonValue, text: str) -> None:
    assert text_of(value) == text


operands = st.sampled_from(
    ["${data.count}", "${data.word}", "${data.no}", "'a'", "0", "1e308", "x", "("]
)
operators = st.sampled_from(["+", "*", "/", "%", "==", "<", "&&", "||", "!", "", "-", ")"])


@given(st.lists(st.tuples(operands, operators), max_size=8))
def test_any_expression_gives_json_or_says_why_not(parts: list[tuple[str, str]]) -> None:
    text = " ".join(f"{operand} {operator}" for operand, operator in parts)
    found = value_of(f"`{text}`", look_up)
    assert isinstance(found, Problem) or json.dumps(found, allow_nan=False)
