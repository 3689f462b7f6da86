"""The quick look at YAML documents says the same as jsonschema, wherever it says yes."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsync.model import JsonValue
from flowsync.validation.schema import fits
from flowsync.validation.shapes import certainly_fits, shipped_schema

GOOD: dict[str, JsonValue] = {
    "flow": {
        "name": "Booking",
        "categories": ["OTHER", "SURVEY"],
        "flow_json": "a.json",
        "endpoint_uri": None,
        "state": "published",
        "protect": True,
        "targets": {"staging": {"state": "draft", "renamed_from": ["Old"]}},
    },
    "flowsync": {
        "version": 1,
        "default_target": "staging",
        "targets": {
            "local": {"remote": "emulator"},
            "staging": {
                "remote": "gateway",
                "base_url": "https://x.example",
                "account": "1",
                "token": "${env:FLOWSYNC_TOKEN}",
                "vars": {"host": "x"},
                "limits": {"parallelism": 8, "timeout": 2.5},
                "gates": {"max_publish": 20, "max_changed_percent": 30},
            },
        },
    },
}
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 300), st.floats(-1, 200), st.text(max_size=3),
    st.sampled_from(["emulator", "gateway", "draft", " x", "OTHER"]),
    st.lists(st.sampled_from(["OTHER", "SURVEY", 1, True, None]), max_size=3),
    st.dictionaries(st.sampled_from(["remote", "state", "é", "name"]), st.text(max_size=2)),
)  # fmt: skip


@st.composite
def changed(draw: st.DrawFn, name: str) -> JsonValue:
    value: Any = copy.deepcopy(GOOD[name])
    for _ in range(draw(st.integers(0, 3))):
        parent = value
        while True:
            key = draw(st.sampled_from([*parent, "extra"]))
            inner = parent.get(key)
            if not isinstance(inner, dict) or not inner or draw(st.booleans()):
                break
            parent = inner
        if draw(st.booleans()):
            parent[key] = draw(VALUES)
        else:
            parent.pop(key, None)
    return value  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", GOOD)
def test_document_in_order_is_recognised_at_once(name: str) -> None:
    schema = shipped_schema(name)
    assert certainly_fits(GOOD[name], schema, schema)


@pytest.mark.parametrize("name", GOOD)
@given(st.data())
def test_quick_look_agrees_with_jsonschema(name: str, data: st.DataObject) -> None:
    value = data.draw(changed(name))
    schema = shipped_schema(name)
    assert certainly_fits(value, schema, schema) == (fits(value, name) is None)


def test_keyword_that_the_look_does_not_know_is_left_to_jsonschema() -> None:
    schema = {"type": "string", "format": "email"}
    assert not certainly_fits("a@b.example", schema, schema)
