"""Differences in words for a reader who has never seen Flow JSON."""

from __future__ import annotations

from typing import Any

import pytest

from flowsync.plan.difference.screens import flow_json_differences
from flowsync.render.difference_summary import summary_of
from flowsync.render.difference_text import difference_lines
from tests.plan.test_difference import (
    a_choice,
    a_form,
    a_screen,
    a_text,
    an_if,
    an_input,
    flow,
)
from tests.render.golden import PLAIN


def said(old: list[Any], new: list[Any]) -> list[str]:
    """Give what is said of two screens with these components."""
    before, after = flow(a_screen("CONTACT", *old)), flow(a_screen("CONTACT", *new))
    heading, *lines = difference_lines(flow_json_differences(before, after), PLAIN)
    assert heading == 'screen CONTACT "Title of CONTACT":'
    return [line.strip() for line in lines]


def a_button(**action: Any) -> dict[str, Any]:
    return {"type": "Footer", "label": "Next", "on-click-action": action}


def to(screen: str, **payload: Any) -> dict[str, Any]:
    return a_button(name="navigate", next={"type": "screen", "name": screen}, payload=payload)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([an_input()], [an_input(label="Mail")], '~ text field "email": label "E-mail" → "Mail"'),
        ([a_text("Old")], [a_text("New")], '~ text: text "Old" → "New"'),
        ([], [an_input()], '+ text field "E-mail" ("email") added'),
        ([an_input()], [], '- text field "E-mail" ("email") removed'),
        ([an_input()], [an_input(required=True)], '+ text field "E-mail": now required'),
        ([an_input(required=True)], [an_input()], '- text field "E-mail": no longer required'),
        ([an_input()], [an_input(visible=False)], '+ text field "E-mail": no longer visible'),
        ([an_input(visible=False)], [an_input()], '- text field "E-mail": now visible'),
        (
            [an_input()],
            [an_input(**{"input-type": "email"})],
            '+ text field "E-mail": input-type added: "email"',
        ),
        (
            [an_input()],
            [{**an_input(), "type": "TextArea"}],
            '~ text area "E-mail" ("email"): now a text area instead of a text field',
        ),
        (
            [an_input("a")],
            [an_input("b")],
            '~ text field "E-mail" ("b"): name "a" → "b"',
        ),
        (
            [an_input("a", "A"), a_text("B"), an_input("c", "C")],
            [an_input("c", "C"), an_input("a", "A"), a_text("B")],
            '↕ text field "C" ("c") moved to the top',
        ),
        (
            [an_input("a", "A"), a_text("B"), an_input("c", "C")],
            [a_text("B"), an_input("c", "C"), an_input("a", "A")],
            '↕ text field "A" ("a") moved: now after text field "c"',
        ),
        (
            [an_input(), a_form()],
            [a_form(an_input())],
            '↕ text field "E-mail" ("email") moved from screen CONTACT to Form form',
        ),
        (
            [an_if([])],
            [an_if([a_text("Hello")])],
            '+ text "Hello" (in If › then) added',
        ),
        ([a_choice("am")], [a_choice("am", "pm")], '+ dropdown "slot": option "PM" added'),
        ([a_choice("am", "pm")], [a_choice("am")], '- dropdown "slot": option "PM" removed'),
        (
            [a_choice("am")],
            [a_choice("am", am="Morning")],
            '~ dropdown "slot": option "AM" → "Morning"',
        ),
        (
            [a_choice("am", "pm")],
            [a_choice("pm", "am")],
            '↕ dropdown "slot": options in another order: "PM", "AM"',
        ),
        (
            [a_choice("am", "pm")],
            [a_choice("am", "late", late="PM")],
            '~ dropdown "slot": option "PM": id "pm" → "late"',
        ),
        ([to("A")], [to("B")], '~ button "Next": leads to screen "B" instead of "A"'),
        (
            [a_button(name="complete")],
            [a_button(name="data_exchange")],
            '~ button "Next": asks the endpoint; before, it ended the flow',
        ),
        (
            [to("A")],
            [to("A", mail="${form.email}")],
            '+ button "Next": also sends "mail": "${form.email}"',
        ),
        ([to("A", mail="x")], [to("A")], '- button "Next": no longer sends "mail"'),
        ([to("A", m="x")], [to("A", m="y")], '~ button "Next": sends "m": "x" → "y"'),
    ],
)
def test_a_difference_is_said_in_plain_words(old: list[Any], new: list[Any], expected: str) -> None:
    assert said(old, new) == [expected]


def test_a_button_that_goes_on_instead_of_ending_the_flow_names_where_to() -> None:
    assert said([a_button(name="complete", payload={})], [to("A")]) == [
        '~ button "Next": leads to another screen; before, it ended the flow',
        '+ button "Next": leads to screen "A"',
    ]
    assert said([to("A")], [a_button(name="complete", payload={})]) == [
        '~ button "Next": ends the flow; before, it led to another screen',
        '- button "Next": no longer leads to screen "A"',
    ]


def test_what_an_end_of_the_flow_means_is_said_without_words_of_flow_json() -> None:
    middle, end = flow(a_screen("A")), flow(a_screen("A", terminal=True, success=True))
    assert [line.strip() for line in difference_lines(flow_json_differences(middle, end), PLAIN)][
        1:
    ] == ["+ the flow can end here now", "+ an end here counts as a success"]
    assert [line.strip() for line in difference_lines(flow_json_differences(end, middle), PLAIN)][
        1:
    ] == ["- the flow can no longer end here", "- an end here no longer counts as a success"]


def test_what_is_about_the_whole_flow_and_its_screens_is_said_too() -> None:
    old = flow(
        a_screen("A", an_input(), data={"x": {"type": "string"}}),
        a_screen("B"),
        a_screen("C", a_text("Hello")),
        version="7.2",
        routing_model={"A": ["B"]},
    )
    new = flow(
        a_screen("D", an_input("new")),
        a_screen("A", an_input(), title="Start", data={"x": {"type": "boolean"}}),
        a_screen("Z", a_text("Hello"), title="Last"),
        version="7.3",
        routing_model={"A": ["Z"]},
    )
    differences = flow_json_differences(old, new)
    assert list(difference_lines(differences, PLAIN)) == [
        "the flow as a whole:",
        '  ~ version "7.2" → "7.3"',
        '  + way from "A" to "Z" added',
        '  - way from "A" to "B" removed',
        'screen D "Title of D":',
        "  + screen added",
        '  + text field "E-mail" ("new") added',
        'screen A "Start":',
        '  ~ title "Title of A" → "Start"',
        '  ~ data "x": type "string" → "boolean"',
        'screen Z "Last":',
        '  ~ screen id "C" → "Z"',
        '  ~ title "Title of C" → "Last"',
        'screen B "Title of B":',
        "  - screen removed",
    ]
    assert summary_of(differences) == (
        "1 setting changed, 1 way added, 1 way removed, 1 screen added, 1 component added, "
        "2 texts reworded, 1 data field changed, 1 screen renamed, 1 screen removed"
    )
