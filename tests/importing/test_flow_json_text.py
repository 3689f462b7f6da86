from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsync.flow_json_file import read_flow_json
from flowsync.formatting.flow_json import format_flow_json
from flowsync.importing.flow_json_text import merged_text, text_of_remote
from flowsync.model import JsonValue
from flowsync.plan.compare import same_value
from flowsync.sources import Variables
from tests.support import flow_json

VARIABLES = Variables({"HOME": "/root"}, {"x": "Muster GmbH", "y": "7"})
SCALARS: st.SearchStrategy[JsonValue] = (
    st.none()
    | st.booleans()
    | st.integers(-(10**300), 10**300)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
    | st.sampled_from(
        ["${env:HOME}", "${var:x}", "a ${var:y}", "${data.x}", "é ${var:x}", "${var:"]
    )
)
VALUES: st.SearchStrategy[JsonValue] = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["id", "name", "type", "screens", "${var:x}", "a\n"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def resolved(text: str) -> JsonValue:
    """Give what a Flow JSON file stands for."""
    content = read_flow_json(text, "a.json", VARIABLES, [])
    assert content is not None
    return content.flow_json.value


def is_canonical(text: str) -> bool:
    formatted = format_flow_json(text, "a.json", [])
    return formatted is not None and formatted.text == text


@given(VALUES)
def test_a_remote_value_is_read_back_as_itself_whatever_looks_like_a_variable(
    value: JsonValue,
) -> None:
    text = text_of_remote(value)
    assert text is not None
    assert same_value(resolved(text), value)
    assert is_canonical(text)


@given(VALUES, VALUES)
def test_a_merge_has_the_remote_value_whatever_the_author_wrote(
    author: JsonValue, value: JsonValue
) -> None:
    text = json.dumps(author)
    merged = merged_text(text, resolved(text), value)
    assert merged is not None
    assert same_value(resolved(merged.text), value)
    assert is_canonical(merged.text)


def changed(text: str, *edits: tuple[str, str]) -> JsonValue:
    """Give what a text stands for after edits by somebody who sees no variables."""
    remote = json.dumps(resolved(text))
    for old, new in edits:
        assert old in remote
        remote = remote.replace(old, new)
    value: JsonValue = json.loads(remote)
    return value


AUTHOR = json.dumps(
    {
        **flow_json("Mail to ${var:x}"),
        "screens": [
            {**screen, "id": key, "data": {"n": {"type": "number", "__example__": 1.0}}}  # type: ignore[dict-item]
            for screen in flow_json("Mail to ${var:x}")["screens"]  # type: ignore[union-attr]
            for key in ("FIRST", "SECOND")
        ],
    }
)


def test_the_authors_variables_and_digits_stay_where_they_hold() -> None:
    value = changed(AUTHOR, ('"Contact us"', '"Write to us"'), ("1.0", "1"))
    merged = merged_text(AUTHOR, resolved(AUTHOR), value)
    assert merged is not None
    assert merged.lost == ()
    assert merged.text.count('"Mail to ${var:x}"') == 2
    assert merged.text.count('"__example__": 1.0') == 2
    assert merged.text.count('"Write to us"') == 2


def test_a_text_that_was_changed_is_written_without_its_variable_and_named() -> None:
    value = changed(AUTHOR)
    value["screens"][1]["layout"]["children"][0]["label"] = "Mail"  # type: ignore[index,call-overload]
    merged = merged_text(AUTHOR, resolved(AUTHOR), value)
    assert merged is not None
    assert merged.lost == (("screens", 1, "layout", "children", 0, "label"),)
    assert merged.text.count("${var:x}") == 1


def test_entries_that_were_moved_or_inserted_keep_what_their_author_wrote() -> None:
    value = changed(AUTHOR, ('"title": "Contact us"', '"title": "Changed"'))
    screens = value["screens"]  # type: ignore[index,call-overload]
    screens.reverse()  # type: ignore[union-attr]
    screens.insert(0, {"id": "NEW", "title": "New"})  # type: ignore[union-attr]
    merged = merged_text(AUTHOR, resolved(AUTHOR), value)
    assert merged is not None
    assert merged.lost == ()
    assert merged.text.count("${var:x}") == 2
    written = json.loads(merged.text)
    assert [screen["id"] for screen in written["screens"]] == ["NEW", "SECOND", "FIRST"]


def test_keys_keep_the_authors_order_and_new_ones_follow() -> None:
    author = '{"payload": {"b": 1, "a": 2, "gone": 3}}'
    value: JsonValue = {"payload": {"new": 0, "a": 3, "b": 1}}
    merged = merged_text(author, resolved(author), value)
    assert merged is not None
    assert list(json.loads(merged.text)["payload"]) == ["b", "a", "new"]


@pytest.mark.parametrize("depth", [101, 3000])
def test_what_is_nested_too_deep_has_no_text(depth: int) -> None:
    value: JsonValue = 1
    for _ in range(depth):
        value = [value]
    assert text_of_remote(value) is None
    assert merged_text("1", 1, value) is None


def test_what_would_be_too_large_with_white_space_is_written_without(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in ("importing.flow_json_text", "formatting.flow_json"):
        monkeypatch.setattr(f"flowsync.{module}.MAX_FILE_BYTES", 100_000)
    value: JsonValue = [[[[[[[[[[1]] * 20]]]]]]] * 200]
    text = text_of_remote(value)
    assert text is not None
    assert text.count("\n") == 1
    assert is_canonical(text)
