"""What a screen shows: bindings, branches, states, problems, progress."""

from __future__ import annotations

import pytest

from flowsync.model import JsonValue
from flowsync.preview.engine import DataSet, Session, Start
from tests.preview.engine.support import (
    TODAY,
    can_send,
    element,
    errors,
    field,
    flow,
    footer,
    one_screen,
    open_session,
    options,
    screen,
    shows,
    text_input,
    to,
)

SLOTS: JsonValue = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"id": {"type": "string"}, "title": {"type": "string"}},
    },
    "__example__": [{"id": "am", "title": "Morning"}],
}


def body(text: JsonValue, **more: JsonValue) -> dict[str, JsonValue]:
    return {"type": "TextBody", "text": text, **more}


def text_shown(session: Session) -> JsonValue:
    return element(session, "TextBody").properties["text"]


def test_screen_shows_its_examples_when_nothing_else_is_given() -> None:
    session = open_session(
        one_screen(body("${data.greeting}"), footer(), data={"greeting": field("string", "Hello")})
    )
    assert text_shown(session) == "Hello"
    assert session.data == {"greeting": "Hello"}


def test_data_of_the_message_takes_the_place_of_examples() -> None:
    value = one_screen(body("${data.greeting}"), data={"greeting": field("string", "Hello")})
    assert text_shown(open_session(value, data={"greeting": "Hi"})) == "Hi"


def test_data_of_the_message_that_does_not_fit_is_said() -> None:
    value = one_screen(body("${data.greeting}"), data={"greeting": field("string", "Hello")})
    (said,) = errors(open_session(value, data={"greeting": 1}))
    assert '"greeting"' in said
    assert '"ASK"' in said


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Hi ${data.name}", "Hi ${data.name}"),
        ("`'Hi ' ${data.name}`", "Hi Ada"),
        (["one", "${data.name}"], ["one", "${data.name}"]),
        ("${screen.LATER.form.name}", None),
        ("`${data.name} ?`", "`${data.name} ?`"),
    ],
)
def test_text_is_bound_only_as_a_whole_or_in_backticks(text: JsonValue, shown: JsonValue) -> None:
    value = one_screen(body(text), data={"name": field("string", "Ada")})
    assert text_shown(open_session(value)) == shown


def test_text_among_other_text_is_said_to_be_shown_raw() -> None:
    session = open_session(one_screen(body("Hi ${data.name}"), data={"name": field("string", "A")}))
    found = element(session, "TextBody")
    assert found.problem is not None
    assert "binding among other text" in found.problem
    assert found.is_drawn


def test_data_is_not_read_as_a_binding_again() -> None:
    value = one_screen(
        body("${data.name}"),
        data={"name": field("string", "${data.other}"), "other": field("string", "secret")},
    )
    assert text_shown(open_session(value)) == "${data.other}"


def test_option_titles_are_shown_as_written() -> None:
    group: dict[str, JsonValue] = {
        "type": "RadioButtonsGroup",
        "name": "slot",
        "label": "Slot",
        "data-source": [{"id": "a", "title": "${data.name}", "enabled": "${data.is_open}"}],
    }
    data: dict[str, JsonValue] = {
        "name": field("string", "Ada"),
        "is_open": field("boolean", False),
    }
    session = open_session(one_screen(group, data=data))
    assert element(session, "slot").properties["data-source"] == [
        {"id": "a", "title": "${data.name}", "enabled": False}
    ]


def test_if_and_switch_give_their_place_to_what_they_choose() -> None:
    value = one_screen(
        {
            "type": "If",
            "condition": "${form.is_new}",
            "then": [text_input("first")],
            "else": [
                {
                    "type": "Switch",
                    "value": "${data.kind}",
                    "cases": {"a": [text_input("second")], "default": [text_input("third")]},
                }
            ],
        },
        {"type": "OptIn", "name": "is_new", "label": "New?"},
        data={"kind": field("string", "b")},
    )
    session = open_session(value)
    assert [one.name for one in session.view().walk()] == ["third", "is_new"]
    session.fill("is_new", True)
    assert [one.name for one in session.view().walk()] == ["first", "is_new"]
    other = open_session(value, data={"kind": "a"})
    assert other.view().elements[0].name == "second"
    assert other.view().elements[0].pointer[-5:] == ("else", 0, "cases", "a", 0)


def test_condition_that_cannot_be_read_is_a_problem_in_its_place() -> None:
    session = open_session(one_screen({"type": "If", "condition": "${data.a} =", "then": []}))
    found = element(session, "If")
    assert not found.is_drawn
    assert found.problem is not None
    assert "==" in found.problem


def test_children_of_a_form_stand_in_it_and_the_footer_apart() -> None:
    form: dict[str, JsonValue] = {
        "type": "Form",
        "name": "form",
        "children": [text_input("first"), footer()],
    }
    view = open_session(one_screen(body("a"), form)).view()
    assert [one.type for one in view.elements] == ["TextBody", "Form"]
    assert [one.name for one in view.elements[1].children] == ["first"]
    assert view.footer is not None


def test_hidden_input_takes_no_place_and_blocks_nobody() -> None:
    value = one_screen(
        text_input("seen"),
        text_input("hidden", required=True, visible="${data.is_open}"),
        footer(),
        data={"is_open": field("boolean", False)},
    )
    session = open_session(value)
    assert not shows(session, "hidden")
    assert can_send(session)
    other = open_session(value, data={"is_open": True})
    assert shows(other, "hidden")
    assert not can_send(other)


def test_disabled_input_that_is_required_blocks_nobody_and_is_said() -> None:
    session = open_session(one_screen(text_input("answer", required=True, enabled=False), footer()))
    found = element(session, "answer")
    assert not found.is_enabled
    assert found.is_required
    assert found.problem is not None
    assert can_send(session)


def test_required_may_be_bound() -> None:
    value = one_screen(
        text_input("answer", required="${data.must}"),
        footer(),
        data={"must": field("boolean", True)},
    )
    assert element(open_session(value), "answer").is_required
    assert not element(open_session(value, data={"must": False}), "answer").is_required


def test_initial_values_come_from_the_form_or_the_input_itself() -> None:
    form: dict[str, JsonValue] = {
        "type": "Form",
        "name": "form",
        "init-values": {"first": "${data.name}", "age": 30, "news": True, "wrong": ["x"]},
        "children": [
            text_input("first"),
            text_input("age", **{"input-type": "number"}),
            {"type": "OptIn", "name": "news", "label": "News"},
            text_input("wrong"),
        ],
    }
    session = open_session(one_screen(form, data={"name": field("string", "Ada")}))
    assert session.form == {"first": "Ada", "age": "30", "news": True, "wrong": ""}
    own = open_session(
        one_screen(text_input("a", **{"init-value": "`'x' ${form.b}`"}), text_input("b"))
    )
    own.fill("b", "y")
    assert element(own, "a").value == "xy"


def test_initial_values_that_refer_to_each_other_do_not_end_in_a_circle() -> None:
    session = open_session(
        one_screen(
            text_input("a", **{"init-value": "${form.b}"}),
            text_input("b", **{"init-value": "${form.a}"}),
        )
    )
    assert element(session, "a").value in (None, "")


@pytest.mark.parametrize(
    ("children", "word", "is_drawn"),
    [
        ([{"id": "a", "title": "A"}, {"id": "a", "title": "B"}], "twice", False),
        ([{"id": f"a{n}", "title": "A"} for n in range(21)], "21 entries", False),
        ([], "no entries", False),
        (
            [
                {"id": "a", "title": "A", "color": "#aabbcc"},
                {"id": "b", "title": "B", "image": "x"},
            ],
            "some a color",
            False,
        ),
        ([{"id": "a", "title": "A" * 40}], "clients show 30", True),
    ],
)
def test_list_that_a_phone_would_not_draw_says_why(
    children: JsonValue, word: str, is_drawn: bool
) -> None:
    group: dict[str, JsonValue] = {
        "type": "RadioButtonsGroup",
        "name": "slot",
        "label": "Slot",
        "data-source": "${data.slots}",
    }
    session = open_session(one_screen(group, data={"slots": SLOTS}), data={"slots": children})
    found = element(session, "slot")
    assert found.problem is not None
    assert word in found.problem
    assert found.is_drawn is is_drawn


@pytest.mark.parametrize(
    ("given", "component"),
    [
        ("a", {"type": "CheckboxGroup", "data-source": [{"id": "a", "title": "A"}]}),
        (["a"], {"type": "TextInput"}),
        ("yes", {"type": "OptIn"}),
    ],
)
def test_initial_value_of_another_type_is_a_problem(
    given: JsonValue, component: dict[str, JsonValue]
) -> None:
    value = one_screen({**component, "name": "x", "label": "X", "init-value": given})
    found = element(open_session(value), "x")
    assert not found.is_drawn
    assert "starts with" in str(found.problem)


def test_actions_at_two_levels_are_a_problem() -> None:
    action: JsonValue = {"name": "update_data", "payload": {}}
    source: JsonValue = [{"id": "a", "title": "A", "on-select-action": action}]
    group: dict[str, JsonValue] = {
        "type": "Dropdown",
        "name": "x",
        "label": "X",
        "data-source": source,
        "on-select-action": action,
    }
    assert "at its options" in str(element(open_session(one_screen(group)), "x").problem)


def test_footer_knows_no_visible_and_an_opt_in_no_enabled() -> None:
    tick: dict[str, JsonValue] = {"type": "OptIn", "name": "x", "label": "X", "enabled": False}
    session = open_session(one_screen({**footer(), "visible": False}, tick))
    assert can_send(session)
    assert element(session, "x").is_enabled


def test_unknown_component_is_a_problem() -> None:
    found = element(open_session(one_screen({"type": "Slider"})), "Slider")
    assert not found.is_drawn
    assert '"Slider"' in str(found.problem)


def test_other_data_sets_are_empty_or_as_long_as_is_shown() -> None:
    inner: JsonValue = {"type": "object", "properties": {"note": {"type": "string"}}}
    assert isinstance(inner, dict)
    value = one_screen(
        {"type": "TextHeading", "text": "${data.title}"},
        {"type": "EmbeddedLink", "text": "${data.inner.note}", **link("ASK")},
        {"type": "RadioButtonsGroup", "name": "slot", "label": "S", "data-source": "${data.slots}"},
        data={
            "title": field("string", "Hi"),
            "slots": SLOTS,
            "n": field("number", 3),
            "inner": {**inner, "__example__": {"note": "Note"}},
        },
    )
    longest = Session(value, today=TODAY, start=Start(data_set=DataSet.LONGEST))
    assert len(str(longest.data["title"])) == 80
    slots = longest.data["slots"]
    assert isinstance(slots, list)
    assert isinstance(slots[0], dict)
    assert slots[0]["id"] == "am"
    assert len(str(slots[0]["title"])) == 30
    note = longest.data["inner"]
    assert isinstance(note, dict)
    assert len(str(note["note"])) == 25
    assert all(one.problem is None for one in longest.view().walk())
    empty = Session(value, today=TODAY, start=Start(data_set=DataSet.EMPTY))
    assert empty.data == {"title": "", "slots": [], "n": 0, "inner": {"note": ""}}


def test_texts_that_an_expression_joins_are_as_long_together_as_is_shown() -> None:
    value = one_screen(
        {"type": "TextHeading", "text": "`'For ' ${data.who} ', ' ${data.where.town} '!'`"},
        {"type": "TextBody", "text": "`${data.count} + 1`"},
        data={
            "who": field("string", "Ada"),
            "count": field("number", 2),
            "where": {
                "type": "object",
                "properties": {"town": {"type": "string"}},
                "__example__": {"town": "London"},
            },
        },
    )
    session = Session(value, today=TODAY, start=Start(data_set=DataSet.LONGEST))
    heading, body = session.view().elements[:2]
    shown = str(heading.properties["text"])
    assert len(shown) == 80
    assert shown.startswith("For Ada Lorem ipsum")
    assert ", London Lorem" in shown
    assert body.properties["text"] == 3


def test_flow_opens_where_nothing_leads_or_where_it_is_told() -> None:
    value = flow(
        screen("SECOND", footer(), terminal=True),
        screen("FIRST", to("SECOND")),
    )
    assert open_session(value).view().id == "FIRST"
    assert open_session(value, screen="SECOND").view().id == "SECOND"
    lost = open_session(value, screen="THIRD")
    assert lost.view().notice is not None
    assert '"THIRD"' in errors(lost)[0]


def test_progress_counts_screens_done_and_the_average_still_to_come() -> None:
    value = flow(
        screen("A", to("B"), {"type": "EmbeddedLink", "text": "x", **link("D")}),
        screen("B", to("C")),
        screen("C", to("D")),
        screen("D", footer(), terminal=True),
    )
    session = open_session(value)
    assert session.view().progress == 1 / (1 + (3 + 1) / 2)
    session.tap("Footer")
    assert session.view().progress == 2 / 4
    session.tap("Footer")
    session.tap("Footer")
    assert session.view().progress == 1


def test_flow_of_one_screen_has_no_bar() -> None:
    assert open_session(one_screen(footer())).view().progress is None


def link(name: str) -> dict[str, JsonValue]:
    following: JsonValue = {"type": "screen", "name": name}
    return {"on-click-action": {"name": "navigate", "next": following, "payload": {}}}


def test_options_of_the_whole_flow_are_the_same_value_every_time() -> None:
    group: dict[str, JsonValue] = {
        "type": "Dropdown",
        "name": "slot",
        "label": "Slot",
        "data-source": options("am", "pm"),
    }
    session = open_session(one_screen(group))
    assert session.view() == session.view()
