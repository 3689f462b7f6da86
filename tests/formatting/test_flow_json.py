from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsync.diagnostics import Diagnostic
from flowsync.formatting.flow_json import format_flow_json
from flowsync.model import JsonValue
from flowsync.sources import Variables, parse_json, replace_in_json_text


def formatted(text: str) -> str:
    problems: list[Diagnostic] = []
    found = format_flow_json(text, "a.json", problems)
    assert problems == []
    assert found is not None
    assert found.note == ""
    return found.text


def test_keys_stand_in_order_of_role_all_the_way_down() -> None:
    text = json.dumps(
        {
            "screens": [
                {
                    "layout": {
                        "children": [
                            {
                                "on-click-action": {
                                    "payload": {"z": 1, "a": 2},
                                    "next": {"name": "B", "type": "screen"},
                                    "name": "navigate",
                                },
                                "label": "Go",
                                "type": "Footer",
                            },
                            {
                                "data-source": [{"title": "T", "id": "t"}],
                                "required": True,
                                "label": "L",
                                "name": "n",
                                "type": "Dropdown",
                            },
                            {
                                "cases": {"z": [{"text": "x", "type": "TextBody"}], "a": []},
                                "value": "${data.z}",
                                "type": "Switch",
                            },
                        ],
                        "type": "SingleColumnLayout",
                    },
                    "data": {
                        "z": {
                            "__example__": {"y": 1, "x": 2},
                            "required": ["y"],
                            "properties": {"y": {"minimum": 0, "type": "number"}},
                            "type": "object",
                        },
                        "a": {"__example__": "", "type": "string"},
                    },
                    "terminal": True,
                    "title": "S",
                    "id": "A",
                }
            ],
            "extra": 1,
            "routing_model": {"B": [], "A": ["B"]},
            "data_api_version": "3.0",
            "version": "7.3",
        }
    )
    assert formatted(text) == (
        json.dumps(
            {
                "version": "7.3",
                "data_api_version": "3.0",
                "routing_model": {"B": [], "A": ["B"]},
                "screens": [
                    {
                        "id": "A",
                        "title": "S",
                        "terminal": True,
                        "data": {
                            "z": {
                                "type": "object",
                                "properties": {"y": {"type": "number", "minimum": 0}},
                                "required": ["y"],
                                "__example__": {"y": 1, "x": 2},
                            },
                            "a": {"type": "string", "__example__": ""},
                        },
                        "layout": {
                            "type": "SingleColumnLayout",
                            "children": [
                                {
                                    "type": "Footer",
                                    "label": "Go",
                                    "on-click-action": {
                                        "name": "navigate",
                                        "next": {"type": "screen", "name": "B"},
                                        "payload": {"z": 1, "a": 2},
                                    },
                                },
                                {
                                    "type": "Dropdown",
                                    "name": "n",
                                    "label": "L",
                                    "required": True,
                                    "data-source": [{"id": "t", "title": "T"}],
                                },
                                {
                                    "type": "Switch",
                                    "value": "${data.z}",
                                    "cases": {"z": [{"type": "TextBody", "text": "x"}], "a": []},
                                },
                            ],
                        },
                    }
                ],
                "extra": 1,
            },
            indent=2,
        )
        + "\n"
    )


def test_numbers_keep_the_characters_of_the_author() -> None:
    numbers = ["1.0", "1e5", "-0", "0.10", "123456789012345678901234567890", "1E-7"]
    lines = formatted(f"[{','.join(numbers)}]").splitlines()
    assert [line.strip(" ,") for line in lines[1:-1]] == numbers


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        (r'"caf\u00e9 \/ \ud83d\ude00"', '"café / 😀"'),
        (r'"\u0022\u005c"', r'"\"\\"'),
        (r'"\u000a\u0009\u0007"', r'"\n\t\u0007"'),
        ('"\u2028\u2029\ufeff"', r'"\u2028\u2029\ufeff"'),
        ('"\u202e\u2066\x7f\x85"', r'"\u202e\u2066\u007f\u0085"'),
        (r'"\ud83d \uDE00"', r'"\ud83d \ude00"'),
        ('"\u200d"', '"\u200d"'),  # joins emoji; printable in its way
    ],
)  # fmt: skip
def test_texts_are_written_in_one_way(written: str, canonical: str) -> None:
    assert formatted(written) == f"{canonical}\n"


@pytest.mark.parametrize(
    "token",
    [
        '"a ${var:x} ${env:Y}"',
        '"${var:na\u200ema}"',  # a sign that is escaped elsewhere, in a variable's name
        r'"\u0024{var:x}"',  # kept from being a variable by its author
        r'"$\u007bvar:x}"',
        r'"${var:\u0061}"',
        r'"\\${var:x}"',
    ],
)
def test_variables_stay_variables_and_other_text_becomes_none(token: str) -> None:
    def replaced(text: str) -> JsonValue:
        names = {"x": "1", "na\u200ema": "2", "a": "3"}
        document = parse_json(text, "", [])
        assert document is not None
        result = replace_in_json_text(document, Variables({"Y": "4"}, names), [])
        assert result is not None
        return json.loads(result)  # type: ignore[no-any-return]

    assert replaced(formatted(token)) == replaced(token)


def test_json_without_screens_keeps_its_order_of_keys() -> None:
    assert formatted('{"b":{},"version":[]}') == '{\n  "b": {},\n  "version": []\n}\n'


@pytest.mark.parametrize(
    "text",
    ['{"a":1,"a":2}', '{"a":1} // no', "[1,]", "", "NaN", "[" * 101 + "]" * 101, '{"a":1e999}'],
)
def test_what_the_reader_refuses_is_refused_with_its_finding(text: str) -> None:
    problems: list[Diagnostic] = []
    assert format_flow_json(text, "a.json", problems) is None
    assert [finding.rule for finding in problems] == ["FS002"]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text() | st.sampled_from(["${var:x}", "${data.a}", "\ud800", "\u202e"]),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.text(max_size=3)
        | st.sampled_from(["type", "screens", "layout", "children", "data", "label", "name"]),
        inner,
        max_size=5,
    ),
    max_leaves=25,
)  # fmt: skip


@given(VALUES, st.booleans(), st.sampled_from([None, 1, "\t"]))
def test_formatting_changes_no_value_and_a_second_time_nothing(
    value: JsonValue, ascii_only: bool, indent: int | str | None
) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    once = formatted(text)
    assert json.dumps(json.loads(once), sort_keys=True) == json.dumps(value, sort_keys=True)
    assert formatted(once) == once


@given(st.text() | st.text(alphabet='{}[]",:\\u0aé1.e- \n\r\t'))
def test_no_text_raises(text: str) -> None:
    problems: list[Diagnostic] = []
    assert (format_flow_json(text, "a.json", problems) is None) == bool(problems)
