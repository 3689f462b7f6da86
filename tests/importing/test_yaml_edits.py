from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsync.importing.definition_text import yaml_text
from flowsync.importing.yaml_edits import CannotEdit, with_field, with_list, with_value
from flowsync.sources import Document, Pointer, parse_yaml


def document(text: str) -> Document:
    parsed = parse_yaml(text, "flow.yaml", [])
    assert parsed is not None
    return parsed


@pytest.mark.parametrize(
    ("before", "pointer", "value", "after"),
    [
        ("name: A # why\nstate: draft\n", ("name",), "B", "name: B # why\nstate: draft\n"),
        ("name: 'A'\n", ("name",), "It's", "name: 'It''s'\n"),
        ('name: "A"\n', ("name",), "B: c", 'name: "B: c"\n'),
        ("name: A\n", ("name",), "null", 'name: "null"\n'),
        ("name: A\n", ("name",), "a, [b] #c", 'name: "a, [b] #c"\n'),
        ("name: >-\n  A\n  B\nx: 1\n", ("name",), "C", "name: C\nx: 1\n"),
        ("name:\r\n  A # b\r\n", ("name",), "C", "name:\r\n  C # b\r\n"),
        ("{name: A, state: draft}\n", ("state",), "published", "{name: A, state: published}\n"),
        ("e:\nx: 1\n", ("e",), "https://a.b/c", "e: https://a.b/c\nx: 1\n"),
        ("e: https://a.b # c\n", ("e",), None, "e: null # c\n"),
        ("t: {s: {n: A}}\n", ("t", "s", "n"), "B", "t: {s: {n: B}}\n"),
    ],
)
def test_a_value_is_replaced_and_nothing_else(
    before: str, pointer: Pointer, value: str | None, after: str
) -> None:
    assert with_value(document(before), pointer, value).text == after


@pytest.mark.parametrize(
    "text",
    [
        "name: &n A\nother: *n\n",
        "base: &b {name: A}\nx:\n  <<: *b\n",
        "name: >- # why\n  A\n",
    ],
)
def test_what_cannot_be_changed_alone_is_refused(text: str) -> None:
    parsed = document(text)
    pointer = ("x", "name") if "x:" in text else ("name",)
    with pytest.raises(CannotEdit, match="Change it yourself"):
        with_value(parsed, pointer, "B")


@pytest.mark.parametrize(
    ("before", "kept", "added", "after"),
    [
        ("c: [A, B] # why\n", [1], ["C"], "c: [B, C] # why\n"),
        ("c: ['A', '${var:b}']\n", [0, 1], ["C"], "c: ['A', '${var:b}', C]\n"),
        (
            "c:\n  - A # a\n  # of b\n  - B\nx: 1\n",
            [0],
            ["C"],
            "c:\n  - A # a\n  # of b\n  - C\nx: 1\n",
        ),
        ("c:\n- A", [], ["B"], "c:\n- B\n"),
        ("c:\r\n  - A\r\n", [0], ["B"], "c:\r\n  - A\r\n  - B\r\n"),
    ],
)
def test_a_list_keeps_its_form_and_the_entries_that_stay(
    before: str, kept: list[int], added: list[str], after: str
) -> None:
    assert with_list(document(before), ("c",), kept, added).text == after


def test_a_comment_between_brackets_is_not_lost() -> None:
    with pytest.raises(CannotEdit, match="lose a comment"):
        with_list(document("c: [\n  A, # a\n  B]\n"), ("c",), [0], ["C"])


def test_a_missing_field_is_added_before_the_state() -> None:
    text = "# top\nname: A\n# about\nstate: absent\n"
    after = "# top\nname: A\n# about\ncategories: [OTHER]\nstate: absent\n"
    assert with_field(document(text), "categories", ["OTHER"]).text == after
    with pytest.raises(CannotEdit, match="yourself"):
        with_field(document("{name: A, state: absent}\n"), "categories", ["OTHER"])


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=40))
def test_every_printable_text_reads_back_as_it_was(text: str) -> None:
    written = parse_yaml(f"a: {yaml_text(text)}\nb: [{yaml_text(text)}]\n", "", [])
    if written is None:  # YAML has no way to write some of them
        assert not text.isprintable()
    else:
        assert written.value == {"a": text, "b": [text]}
