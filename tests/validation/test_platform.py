from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsync.validation.platform import path_text, upload_findings
from flowsync.validation.rules import RULES
from tests.validation.cases import Case, a_flow, read_cases

KEYS = {
    "error",
    "error_type",
    "message",
    "line_start",
    "line_end",
    "column_start",
    "column_end",
    "pointers",
}
NOWHERE = {"line_start": 0, "line_end": 0, "column_start": 0, "column_end": 0}


def sent(flow: Any, **options: Any) -> list[dict[str, Any]]:
    return upload_findings(json.dumps(flow, **options).encode())


def test_flow_without_faults_answers_nothing() -> None:
    assert sent(a_flow()) == []


def test_value_is_marked_with_its_quotes_and_an_exclusive_end() -> None:
    text = json.dumps(a_flow(), indent=1).replace('"TextHeading"', '"Nothing"')
    (entry,) = upload_findings(text.encode())
    lines = text.splitlines()
    line = next(number for number, words in enumerate(lines, 1) if '"Nothing"' in words)
    start = lines[line - 1].index('"Nothing"') + 1
    position = {
        "line_start": line,
        "line_end": line,
        "column_start": start,
        "column_end": start + len('"Nothing"'),
    }
    assert set(entry) == KEYS
    assert entry["error"] == "INVALID_PROPERTY_VALUE"
    assert entry["error_type"] == "FLOW_JSON_ERROR"
    assert {key: entry[key] for key in position} == position
    assert entry["pointers"] == [{**position, "path": "screens[0].layout.children[0].type"}]


def test_unknown_key_is_marked_at_the_key() -> None:
    (entry,) = sent({"extra": 1, **a_flow()})
    assert entry["error"] == "INVALID_PROPERTY_KEY"
    assert (entry["column_start"], entry["column_end"]) == (2, 9)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"// no\n{}",
        b"[1,]",
        b'{"a": NaN}',
        b"\xff",
        b"\xef\xbb\xbf{}",
        b"{} x",
        b"[]",
        b"1",
    ],
)
def test_bytes_that_are_no_json_object_give_one_error_without_position(data: bytes) -> None:
    (entry,) = upload_findings(data)
    assert entry["error"] == "INVALID_FLOW_JSON"
    assert {key: entry[key] for key in NOWHERE} == NOWHERE
    assert entry["pointers"] == []


def test_last_of_repeated_keys_counts() -> None:
    text = json.dumps(a_flow())
    assert upload_findings(text.replace("{", '{"version": "1.0", ', 1).encode()) == []
    (entry,) = upload_findings((text[:-1] + ', "version": "1.0"}').encode())
    assert entry["error"] == "INVALID_FLOW_JSON_VERSION"
    assert {key: entry[key] for key in NOWHERE} == NOWHERE


def test_null_in_a_component_gives_one_error_without_position() -> None:
    flow: Any = a_flow()
    flow["extra"] = 1
    flow["screens"][0]["layout"]["children"][1]["label"] = None
    (entry,) = sent(flow)
    assert entry["error"] == "INVALID_FLOW_JSON"
    assert entry["pointers"] == []


def test_fault_of_shape_hides_faults_of_meaning() -> None:
    flow: Any = a_flow()
    flow["screens"][0]["layout"]["children"][0]["text"] = "${data.missing}"
    assert [entry["error"] for entry in sent(flow)] == ["INVALID_SCREEN_DYNAMIC_DATA"]
    flow["screens"][0]["titel"] = "x"
    assert [entry["error"] for entry in sent(flow)] == ["INVALID_PROPERTY_KEY"]


def test_warning_is_not_answered() -> None:
    flow: Any = a_flow()
    flow["screens"][0]["layout"]["children"][1]["label"] = "A label that is far too long"
    assert sent(flow) == []


def test_file_over_the_limit_is_refused_unread() -> None:
    (entry,) = upload_findings(b" " * (10 * 1024 * 1024 + 1))
    assert entry["error"] == "INVALID_FLOW_JSON"


def test_path_has_dots_and_brackets() -> None:
    assert path_text(()) == ""
    assert path_text(("screens", 0, "on-click-action")) == "screens[0].on-click-action"


@pytest.mark.parametrize(
    "case", [case for rule in RULES for case in read_cases(rule) if case.should_pass], ids=str
)
def test_passing_case_uploads_without_answer(case: Case) -> None:
    assert sent(case.flow) == []


@given(st.binary(max_size=60))
def test_any_bytes_are_answered(data: bytes) -> None:
    assert upload_findings(data)
