from __future__ import annotations

import pytest

from flowsync.importing.definition_edits import edited_definition
from flowsync.model import JsonValue
from flowsync.sources import Variables, parse_yaml

VARIABLES = Variables({}, {"kind": "SURVEY", "host": "https://a.example.com"})


def edited(text: str, **changes: JsonValue) -> str | None:
    """Give a definition's text with other values for the target `staging`."""
    document = parse_yaml(text, "flows/a.yaml", [])
    assert document is not None
    return edited_definition(document, "staging", changes, VARIABLES)


DEFINITION = """\
# the first line

name:   'Booking' # unique in the account
categories: [OTHER,  SURVEY]   # two
flow_json: a.json

# where answers go
endpoint_uri: >-
  https://a.example.com
state: published
targets:
  production: {state: draft, name: "Else"} # not yet
"""


def test_only_the_values_change_and_everything_else_stays_to_the_letter() -> None:
    text = edited(
        DEFINITION,
        name="New booking",
        categories=["OTHER", "SHOPPING"],
        endpoint_uri=None,
        state="deprecated",
    )
    assert text == (
        DEFINITION.replace("'Booking'", "'New booking'")
        .replace("SURVEY]", "SHOPPING]")
        .replace(">-\n  https://a.example.com", "null")
        .replace("state: published", "state: deprecated")
    )


def test_what_stands_under_the_target_is_changed_there() -> None:
    before = "name: A\nstate: published\ntargets:\n  staging: {state: draft} # until May\n"
    assert edited(before, state="published", name="B") == (
        "name: B\nstate: published\ntargets:\n  staging: {state: published} # until May\n"
    )


@pytest.mark.parametrize(
    ("before", "wanted", "after"),
    [
        ("[A, B] # x", ["B"], "[B] # x"),
        ("[A]", ["A", "B", "C"], "[A, B, C]"),
        ("['A',B]", ["C", "B"], "['C',B]"),
        ("\n  - A # a\n  - B # b", ["B"], "\n  - B # b"),
        ("\n  - A # a\n  - B # b", ["A"], "\n  - A # a"),
        ("\n- A # a", ["B", "A", "C"], "\n- A # a\n- B\n- C"),
        ("\n  -   A\n", ["A", "B"], "\n  -   A\n  -   B\n"),
        ("\n  - A # a", ["B"], "\n  - B # a"),
        ("[\n  A, # a\n  ]", ["B"], "[\n  B, # a\n  ]"),
        ('["${var:kind}", A]', ["SURVEY", "B"], '["${var:kind}", B]'),
    ],
)
def test_entries_that_stay_keep_their_place_and_their_form(
    before: str, wanted: list[JsonValue], after: str
) -> None:
    frame = "name: A\ncategories: {}\nstate: draft\n"
    text = edited(frame.replace("{}", before), categories=wanted)
    assert text == frame.replace("{}", after)


def test_what_is_missing_is_added_in_its_place() -> None:
    before = "name: A # first\r\nstate: absent\r\n"
    text = edited(before, categories=["OTHER"], flow_json="a.json", state="draft")
    assert text == (
        "name: A # first\r\ncategories: [OTHER]\r\nflow_json: a.json\r\nstate: draft\r\n"
    )


def test_an_empty_value_can_be_filled() -> None:
    before = "name: A\nendpoint_uri: # none yet\nstate: draft\n"
    assert edited(before, endpoint_uri="https://b.example.com") == (
        "name: A\nendpoint_uri: https://b.example.com # none yet\nstate: draft\n"
    )


def test_an_anchor_stays_before_its_value() -> None:
    assert edited("name: &n A\nstate: draft\n", name="B") == "name: &n B\nstate: draft\n"


@pytest.mark.parametrize(
    "before",
    [
        "name: &n A\nrenamed_from: [*n]\nstate: draft\n",
        "renamed_from: [&n A]\nname: *n\nstate: draft\n",
        "name: >- # why\n  A\nstate: draft\n",
        "state: draft\ntargets:\n  a: &a {name: A}\n  staging: *a\n",
        "state: draft\ntargets:\n  a: &a {name: A}\n  staging:\n    <<: *a\n",
    ],
    ids=["anchor", "alias", "comment", "target", "merge"],
)
def test_what_would_change_something_else_is_not_done(before: str) -> None:
    assert edited(before, name="B") is None


def test_a_list_with_a_comment_inside_is_not_written_over() -> None:
    before = "name: A\ncategories: [A, # a\n  B]\nstate: draft\n"
    assert edited(before, categories=["A", "B", "C"]) is None


def test_a_field_is_not_added_where_fields_stand_in_brackets() -> None:
    assert edited("{name: A, state: absent}\n", flow_json="a.json") is None
