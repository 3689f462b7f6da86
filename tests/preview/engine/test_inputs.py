"""What inputs take, when they complain, and what selecting does."""

from __future__ import annotations

import pytest

from flowsync.model import JsonValue
from flowsync.preview.engine import LogKind, NotPossible
from tests.preview.engine.support import (
    can_send,
    element,
    errors,
    field,
    footer,
    kinds,
    one_screen,
    open_session,
    options,
    text_input,
)

Json = dict[str, JsonValue]


def choice(kind: str, /, *ids: str, **more: JsonValue) -> Json:
    return {"type": kind, "name": "answer", "label": "Pick", "data-source": options(*ids), **more}


def calendar(mode: str = "single", **more: JsonValue) -> Json:
    label: JsonValue = "Day" if mode == "single" else {"start-date": "From", "end-date": "To"}
    return {"type": "CalendarPicker", "name": "answer", "label": label, "mode": mode, **more}


def picker(kind: str = "PhotoPicker", /, **more: JsonValue) -> Json:
    return {"type": kind, "name": "answer", "label": "Files", **more}


DATE: Json = {"type": "DatePicker", "name": "answer", "label": "Day"}
RANGE: Json = {"start-date": "2026-01-05", "end-date": "2026-01-07"}


@pytest.mark.parametrize(
    ("component", "good", "bad", "word"),
    [
        (text_input(required=True), "x", "  ", "Fill"),
        (text_input(**{"min-chars": 3}), " abc ", " ab  ", "at least 3"),
        (text_input(**{"max-chars": 3}), "abc", "abcd", "at most 3"),
        (text_input(), "a" * 80, "a" * 81, "at most 80"),
        (text_input(**{"input-type": "email"}), "a@b.co", "a@b", "email"),
        (text_input(**{"input-type": "phone"}), "+44 (20) 79-46.00", "12a", "phone"),
        (text_input(**{"input-type": "number"}), "-1,234.5e3", "1.2.3", "number"),
        (text_input(**{"input-type": "number"}), "0,5", "-", "number"),
        (text_input(**{"input-type": "passcode"}), "0123", "12 3", "digits"),
        (text_input(**{"input-type": "password"}), "pass", "pa😀", "Emoji"),
        (text_input(pattern="^[A-Z]{2}$"), "AB", "ab", "form"),
        (text_input(pattern="b"), "abc", "ac", "form"),
        ({"type": "TextArea", "name": "answer", "label": "A"}, "a" * 600, "a" * 601, "600"),
        (
            {"type": "TextArea", "name": "answer", "label": "A", "max-length": 2},
            "ab",
            "abc",
            "most 2",
        ),
        ({"type": "OptIn", "name": "answer", "label": "A", "required": True}, True, False, "Tick"),
        (choice("Dropdown", "a", "b", required=True), "a", None, "Choose"),
        (choice("CheckboxGroup", "a", "b", **{"min-selected-items": 2}), ["a", "b"], ["a"], "2"),
        ({**DATE, "min-date": "2026-01-05"}, "2026-01-05", "2026-01-04", "later"),
        ({**DATE, "max-date": "2026-01-05"}, "2026-01-05", "2026-01-06", "earlier"),
        ({**DATE, "unavailable-dates": ["2026-01-06"]}, "2026-01-05", "2026-01-06", "available"),
        (DATE, "2026-02-28", "2026-02-30", "YYYY"),
        ({**calendar(), "include-days": ["Mon", "Tue"]}, "2026-01-06", "2026-01-07", "Mon, Tue"),
        (calendar("range", **{"min-days": 3}), RANGE, {**RANGE, "end-date": "2026-01-06"}, "3"),
        (calendar("range", **{"max-days": 3}), RANGE, {**RANGE, "end-date": "2026-01-08"}, "3"),
        (calendar("range"), RANGE, {**RANGE, "end-date": "2026-01-01"}, "before"),
        (
            calendar("range", required={"start-date": True, "end-date": True}),
            RANGE,
            {"start-date": "2026-01-05"},
            "last day",
        ),
        (picker(**{"min-uploaded-photos": 1}), ["a.jpg"], [], "Add"),
        (
            picker(**{"max-file-size-kb": 10}),
            [{"file_name": "a.jpg", "size_kb": 10}],
            [{"file_name": "a.jpg", "size_kb": 11}],
            "larger",
        ),
        (
            {**picker("DocumentPicker"), "allowed-mime-types": ["application/pdf"]},
            [{"file_name": "a.pdf", "mime_type": "application/pdf"}],
            [{"file_name": "a.zip", "mime_type": "application/zip"}],
            "not allowed",
        ),
    ],
)
def test_input_takes_what_a_phone_takes_and_says_why_not(
    component: Json, good: JsonValue, bad: JsonValue, word: str
) -> None:
    session = open_session(one_screen(component, footer()))
    session.fill("answer", bad)
    assert word in str(element(session, "answer").error)
    assert not can_send(session)
    session.fill("answer", good)
    assert element(session, "answer").error is None
    assert can_send(session)


@pytest.mark.parametrize(
    ("component", "one", "two"),
    [
        (choice("ChipsSelector", "a", "b", **{"max-selected-items": 1}), ["a"], ["a", "b"]),
        (choice("CheckboxGroup", "a", "b", **{"max-selected-items": 1}), ["b"], ["b", "a"]),
        (picker(**{"max-uploaded-photos": 1}), ["a.jpg"], ["a.jpg", "b.jpg"]),
    ],
)
def test_what_is_full_takes_no_more(component: Json, one: JsonValue, two: JsonValue) -> None:
    session = open_session(one_screen(component, footer()))
    session.fill("answer", one)
    with pytest.raises(NotPossible, match=r"takes at most 1\. Take one away first\."):
        session.fill("answer", two)
    assert element(session, "answer").value == one
    assert can_send(session)


def test_of_too_many_at_first_some_can_be_taken_away_but_none_added() -> None:
    several = choice("CheckboxGroup", "a", "b", "c", "d", **{"max-selected-items": 1})
    session = open_session(one_screen({**several, "init-value": ["a", "b", "c"]}, footer()))
    session.fill("answer", ["a", "b"])
    assert element(session, "answer").error == "Choose at most 1."
    with pytest.raises(NotPossible, match="at most 1"):
        session.fill("answer", ["a", "b", "d"])


@pytest.mark.parametrize(
    "component",
    [
        {**text_input(), "min-chars": 3, "input-type": "email"},
        choice("CheckboxGroup", "a", "b", "c", **{"min-selected-items": 2}),
        calendar("range", **{"min-days": 3}),
        picker(),
    ],
)
def test_input_that_does_not_say_required_may_stay_empty(component: Json) -> None:
    session = open_session(one_screen(component, footer()))
    assert not element(session, "answer").is_required
    assert can_send(session)


def test_error_shows_once_the_input_was_left() -> None:
    session = open_session(one_screen(text_input(**{"min-chars": 3}), footer()))
    session.fill("answer", "ab", has_left=False)
    assert element(session, "answer").error is None
    assert not can_send(session)
    session.leave("answer")
    assert element(session, "answer").error is not None


def test_all_errors_show_after_a_tap_on_the_disabled_footer() -> None:
    session = open_session(one_screen(text_input(required=True), footer()))
    assert element(session, "answer").error is None
    session.tap("Footer")
    assert element(session, "answer").error is not None
    assert session.completion is None


def test_error_message_of_the_flow_shows_at_once_and_blocks_nobody() -> None:
    data: Json = {"wrong": field("string", "Unknown code"), "end": field("string", "Too late")}
    session = open_session(
        one_screen(text_input(**{"error-message": "${data.wrong}"}), footer(), data=data)
    )
    assert element(session, "answer").error == "Unknown code"
    assert can_send(session)
    form: Json = {
        "type": "Form",
        "name": "form",
        "children": [calendar("range")],
        "error-messages": {"answer": {"end-date": "${data.end}"}},
    }
    assert element(open_session(one_screen(form, data=data)), "answer").error == "Too late"


@pytest.mark.parametrize(
    ("component", "value", "word"),
    [
        (text_input(), 3, "a text"),
        (choice("Dropdown", "a"), "b", "not offered"),
        (choice("CheckboxGroup", "a"), "a", "list of ids"),
        (calendar("range"), "2026-01-05", "start-date"),
        (text_input(enabled=False), "x", "disabled"),
        ({"type": "TextBody", "text": "answer"}, "x", "cannot be filled"),
        (text_input("anwser"), "x", 'Did you mean "anwser"?'),
    ],
)
def test_what_nobody_could_fill_in_is_refused_with_a_sentence(
    component: Json, value: JsonValue, word: str
) -> None:
    session = open_session(one_screen(component))
    with pytest.raises(NotPossible, match=word.replace("?", r"\?")):
        session.fill("answer", value)


def test_disabled_option_cannot_be_chosen_but_kept() -> None:
    source: JsonValue = [{"id": "a", "title": "A", "enabled": False}, {"id": "b", "title": "B"}]
    group: Json = {
        "type": "CheckboxGroup",
        "name": "answer",
        "label": "A",
        "data-source": source,
        "init-value": ["a"],
    }
    session = open_session(one_screen(group))
    session.fill("answer", ["a", "b"])
    session.fill("answer", ["b"])
    with pytest.raises(NotPossible, match="disabled"):
        session.fill("answer", ["a", "b"])


def update(**payload: JsonValue) -> Json:
    return {"name": "update_data", "payload": payload}


def test_select_action_stands_for_both_directions_without_an_unselect_action() -> None:
    data: Json = {"log": field("string", "")}
    both = choice(
        "CheckboxGroup", "a", "b", **{"on-select-action": update(log="`'now ' ${form.answer}`")}
    )
    session = open_session(one_screen(both, data=data))
    session.fill("answer", ["a"])
    assert session.data["log"] == "now a"
    session.fill("answer", [])
    assert session.data["log"] == "now "
    assert kinds(session).count(LogKind.UPDATE_DATA) == 2


def test_select_and_unselect_have_each_its_own_action_where_both_are_there() -> None:
    data: Json = {"log": field("string", "")}
    actions: Json = {"on-select-action": update(log="on"), "on-unselect-action": update(log="off")}
    inputs: list[tuple[Json, JsonValue, JsonValue]] = [
        (choice("CheckboxGroup", "a", **actions), ["a"], []),
        (choice("RadioButtonsGroup", "a", **actions), "a", None),
        ({"type": "OptIn", "name": "answer", "label": "A", **actions}, True, False),
    ]
    for component, on, off in inputs:
        session = open_session(one_screen(component, data=data))
        session.fill("answer", on)
        assert session.data["log"] == "on"
        session.fill("answer", off)
        assert session.data["log"] == "off"


def test_one_choice_in_place_of_another_selects_once() -> None:
    data: Json = {"log": field("string", "")}
    group = choice("Dropdown", "a", "b", **{"on-select-action": update(log="${form.answer}")})
    session = open_session(one_screen(group, data=data))
    session.fill("answer", "a")
    session.fill("answer", "b")
    assert session.data["log"] == "b"
    assert kinds(session).count(LogKind.UPDATE_DATA) == 2


def test_options_have_actions_of_their_own() -> None:
    source: JsonValue = [
        {
            "id": "a",
            "title": "A",
            "on-select-action": update(price=5),
            "on-unselect-action": update(price=0),
        },
        {"id": "b", "title": "B"},
    ]
    group: Json = {"type": "CheckboxGroup", "name": "answer", "label": "A", "data-source": source}
    session = open_session(one_screen(group, data={"price": field("number", 1)}))
    session.fill("answer", ["b"])
    assert session.data["price"] == 1
    session.fill("answer", ["a", "b"])
    assert session.data["price"] == 5
    session.fill("answer", ["b"])
    assert session.data["price"] == 0


@pytest.mark.parametrize(("version", "is_run"), [("6.0", True), ("6.3", True), ("7.0", False)])
def test_select_action_runs_when_the_screen_shows_only_in_version_6(
    version: str, is_run: bool
) -> None:
    group = choice("Dropdown", "a", **{"on-select-action": update(log="shown")})
    session = open_session(one_screen(group, data={"log": field("string", "")}, version=version))
    assert (session.data["log"] == "shown") is is_run


def test_choice_that_is_no_longer_offered_must_be_made_again() -> None:
    source: JsonValue = field(
        "array",
        options("a", "b"),
        items={
            "type": "object",
            "properties": {"id": {"type": "string"}, "title": {"type": "string"}},
        },
    )
    group: Json = {
        "type": "Dropdown",
        "name": "answer",
        "label": "A",
        "data-source": "${data.list}",
    }
    change: Json = {
        "type": "OptIn",
        "name": "less",
        "label": "Less",
        "on-select-action": update(list=options("b")),
    }
    session = open_session(one_screen(group, change, footer(), data={"list": source}))
    session.fill("answer", "a")
    assert can_send(session)
    session.fill("less", True)
    assert not can_send(session)
    session.fill("answer", "b")
    assert can_send(session)
    assert errors(session) == []


def test_what_is_sent_has_the_types_that_the_platform_returns() -> None:
    payload: Json = {
        name: f"${{form.{name}}}" for name in ("text", "tick", "many", "one", "day", "days", "none")
    }
    session = open_session(
        one_screen(
            text_input("text", **{"input-type": "number"}),
            {"type": "OptIn", "name": "tick", "label": "Tick"},
            {**choice("CheckboxGroup", "a", "b"), "name": "many"},
            {**choice("RadioButtonsGroup", "a", "b"), "name": "one"},
            {**DATE, "name": "day"},
            {**calendar("range"), "name": "days"},
            {**choice("ChipsSelector", "a", "b"), "name": "none"},
            footer(payload={**payload, "later": "${screen.NOWHERE.form.x}", "fixed": None}),
        )
    )
    session.fill("text", "007")
    session.fill("tick", True)
    session.fill("many", ["b"])
    session.fill("one", "a")
    session.fill("day", "2026-01-05")
    session.fill("days", RANGE)
    assert session.payload_of("Footer") == {
        "text": "007",
        "tick": True,
        "many": ["b"],
        "one": "a",
        "day": "2026-01-05",
        "days": RANGE,
        "none": [],
        "fixed": None,
    }


def test_days_are_milliseconds_before_version_5() -> None:
    session = open_session(
        one_screen(
            {**DATE, "min-date": "1767571200000"},
            footer(payload={"day": "${form.answer}"}),
            version="4.0",
        )
    )
    session.fill("answer", "2026-01-04")
    assert not can_send(session)
    session.fill("answer", "2026-01-05")
    assert session.payload_of("Footer") == {"day": "1767571200000"}
