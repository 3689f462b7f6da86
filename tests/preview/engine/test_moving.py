"""Going from screen to screen, back, and out of the flow."""

from __future__ import annotations

import json

import pytest

from flowsync.model import JsonValue
from flowsync.preview.engine import LogKind, NotPossible, Session
from tests.preview.engine.support import (
    TODAY,
    element,
    errors,
    field,
    flow,
    footer,
    kinds,
    one_screen,
    open_session,
    options,
    screen,
    shows,
    text_input,
    to,
)

Json = dict[str, JsonValue]
NAME: Json = {"name": field("string", "Example")}


def two_screens() -> Json:
    return flow(
        screen("ASK", text_input("first"), to("SHOW", name="${form.first}")),
        screen(
            "SHOW",
            {"type": "TextBody", "text": "${data.name}"},
            text_input("second"),
            footer(payload={"second": "${form.second}", "first": "${screen.ASK.form.first}"}),
            data=NAME,
            terminal=True,
        ),
    )


def test_payload_becomes_the_data_of_the_next_screen() -> None:
    session = open_session(two_screens())
    session.fill("first", "Ada")
    session.tap("Footer")
    assert session.path == ("ASK", "SHOW")
    assert session.data == {"name": "Ada"}
    assert element(session, "TextBody").properties["text"] == "Ada"


def test_input_is_still_there_after_going_back() -> None:
    session = open_session(two_screens())
    session.fill("first", "Ada")
    session.tap("Footer")
    assert session.view().can_go_back
    session.back()
    assert session.view().id == "ASK"
    assert not session.view().can_go_back
    assert element(session, "first").value == "Ada"


def test_screen_that_is_entered_again_starts_anew() -> None:
    session = open_session(two_screens())
    session.tap("Footer")
    session.fill("second", "x")
    session.back()
    session.tap("Footer")
    assert element(session, "second").value is None


def test_other_screens_are_empty_until_they_are_visited() -> None:
    value = flow(
        screen(
            "ASK",
            {"type": "TextBody", "text": "`'Then: ' ${screen.NEXT.form.later}`"},
            {"type": "TextCaption", "text": "${screen.NEXT.data.name}", "visible": True},
            to("NEXT", name="given"),
        ),
        screen("NEXT", text_input("later"), footer(), data=NAME, terminal=True),
    )
    session = open_session(value)
    assert element(session, "TextBody").properties["text"] == "Then: "
    assert element(session, "TextCaption").properties["text"] is None
    session.tap("Footer")
    session.fill("later", "now")
    session.back()
    assert element(session, "TextBody").properties["text"] == "Then: now"
    assert element(session, "TextCaption").properties["text"] == "given"


def test_back_on_the_first_screen_closes_the_flow() -> None:
    session = open_session(two_screens())
    session.back()
    assert session.is_over
    assert session.completion is None
    assert kinds(session) == [LogKind.INIT, LogKind.CLOSE]
    with pytest.raises(NotPossible, match="over"):
        session.tap("Footer")


def test_completion_is_the_payload_with_the_flow_token() -> None:
    session = open_session(two_screens())
    session.fill("first", "Ada")
    session.tap("Footer")
    session.fill("second", "Lovelace")
    session.tap("Footer")
    assert session.completion is not None
    expected = {"second": "Lovelace", "first": "Ada", "flow_token": "token"}
    assert session.completion.payload == expected
    reply = session.completion.nfm_reply["nfm_reply"]
    assert isinstance(reply, dict)
    assert json.loads(str(reply["response_json"])) == expected
    assert kinds(session) == [LogKind.INIT, LogKind.NAVIGATE, LogKind.COMPLETE]


def test_payload_that_lacks_what_the_next_screen_needs_is_said() -> None:
    value = flow(screen("ASK", to("SHOW")), screen("SHOW", footer(), data=NAME, terminal=True))
    session = open_session(value)
    session.tap("Footer")
    (said,) = errors(session)
    assert '"SHOW" needs "name"' in said


def test_number_that_was_typed_is_a_number_where_the_next_screen_wants_one() -> None:
    value = flow(
        screen("ASK", text_input("age", **{"input-type": "number"}), to("SHOW", age="${form.age}")),
        screen("SHOW", footer(), data={"age": field("number", 1)}, terminal=True),
    )
    session = open_session(value)
    session.fill("age", "41")
    session.tap("Footer")
    assert session.data == {"age": 41}
    assert errors(session) == []


def test_step_that_the_routing_model_lacks_is_refused() -> None:
    session = open_session({**two_screens(), "routing_model": {"ASK": [], "SHOW": []}})
    session.tap("Footer")
    assert session.view().id == "ASK"
    assert session.view().notice is not None
    assert 'no route from "ASK" to "SHOW"' in errors(session)[0]
    session.fill("first", "x")
    assert session.view().notice is None


def test_action_may_go_along_a_route_in_either_direction() -> None:
    session = open_session(
        {**two_screens(), "routing_model": {"ASK": [], "SHOW": ["ASK"]}}, screen="ASK"
    )
    session.tap("Footer")
    assert session.view().id == "SHOW"


def test_list_item_leads_on_with_its_id_as_value() -> None:
    links: JsonValue = [
        {
            "id": name,
            "main-content": {"title": name.title()},
            "on-click-action": {
                "name": "navigate",
                "next": {"type": "screen", "name": "SHOW"},
                "payload": {"name": "${form.topic}"},
            },
        }
        for name in ("one", "two")
    ]
    value = flow(
        screen("ASK", {"type": "NavigationList", "name": "topic", "list-items": links}),
        screen("SHOW", footer(), data=NAME, terminal=True),
    )
    session = open_session(value)
    with pytest.raises(NotPossible, match='"one", "two"'):
        session.tap("topic")
    assert session.payload_of("topic", "two") == {"name": ""}
    session.tap("topic", "two")
    assert session.data == {"name": "two"}


def test_link_opens_an_address_only_by_saying_so() -> None:
    link: Json = {
        "type": "EmbeddedLink",
        "text": "More",
        "on-click-action": {"name": "open_url", "url": "${data.name}"},
    }
    value = one_screen(link, data={"name": field("string", "https://example.com/")})
    session = open_session(value)
    session.tap("More")
    assert session.log[-1].kind is LogKind.OPEN_URL
    assert session.log[-1].data == {"url": "https://example.com/"}
    assert session.view().id == "ASK"


def test_summary_hides_what_is_sensitive() -> None:
    value = one_screen(
        text_input("city"),
        text_input("salary"),
        text_input("pin", **{"input-type": "passcode"}),
        {"type": "OptIn", "name": "news", "label": "News"},
        {"type": "PhotoPicker", "name": "photo", "label": "Photo"},
        {"type": "Dropdown", "name": "slot", "label": "Slot", "data-source": options("am")},
        text_input("empty"),
        footer(),
        sensitive=["salary", "news", "photo"],
    )
    session = open_session(value)
    session.fill("city", "London")
    session.fill("salary", "100")
    session.fill("pin", "1234")
    session.fill("news", True)
    session.fill("photo", ["a.jpg"])
    session.fill("slot", "am")
    session.tap("Footer")
    assert session.completion is not None
    assert [(line.label, line.value) for line in session.completion.summary] == [
        ("City", "London"),
        ("Salary", "••••••"),
        ("News", "Yes"),
        ("Slot", "Am"),
    ]


def test_what_is_meant_must_be_one_thing() -> None:
    link: Json = {"type": "EmbeddedLink", "text": "A", "on-click-action": {"name": "open_url"}}
    session = open_session(one_screen(link, {**link, "text": "B"}, text_input()))
    with pytest.raises(NotPossible, match="shows 2 of"):
        session.tap("EmbeddedLink")
    with pytest.raises(NotPossible, match="does nothing"):
        session.tap("answer")
    with pytest.raises(NotPossible, match=r'"Answr".*Did you mean "Answer"'):
        session.fill("Answr", "x")


# --- live reload ---


def resumed(session: Session, value: JsonValue) -> Session:
    snapshot = session.snapshot()
    assert snapshot is not None
    return Session.resumed(value, snapshot, today=TODAY)


def test_reload_keeps_screen_input_and_log() -> None:
    session = open_session(two_screens())
    session.fill("first", "Ada")
    session.tap("Footer")
    session.fill("second", "Lovelace")
    value = two_screens()
    screens = value["screens"]
    assert isinstance(screens, list)
    assert isinstance(screens[1], dict)
    screens[1]["title"] = "Changed"
    after = resumed(session, value)
    assert after.view().title == "Changed"
    assert after.path == ("ASK", "SHOW")
    assert after.form == {"second": "Lovelace"}
    assert after.data == {"name": "Ada"}
    assert after.log == session.log
    after.back()
    assert element(after, "first").value == "Ada"
    assert session.path == ("ASK", "SHOW")


def test_reload_goes_back_to_the_last_screen_that_is_still_there() -> None:
    session = open_session(two_screens())
    session.fill("first", "Ada")
    session.tap("Footer")
    after = resumed(session, one_screen(text_input("first"), footer()))
    assert after.path == ("ASK",)
    assert element(after, "first").value == "Ada"


def test_reload_drops_input_that_no_longer_fits() -> None:
    session = open_session(one_screen(text_input("first"), text_input("second")))
    session.fill("first", "a")
    session.fill("second", "b")
    tick: Json = {"type": "OptIn", "name": "first", "label": "First"}
    after = resumed(session, one_screen(tick))
    assert element(after, "first").value is False
    assert not shows(after, "second")


def test_reload_takes_new_examples_where_nothing_else_was_given() -> None:
    def with_example(text: str) -> Json:
        return one_screen(
            {"type": "TextBody", "text": "${data.name}"}, data={"name": field("string", text)}
        )

    after = resumed(open_session(with_example("old")), with_example("new"))
    assert after.data == {"name": "new"}
    given = resumed(open_session(with_example("old"), data={"name": "given"}), with_example("new"))
    assert given.data == {"name": "given"}


def test_reload_keeps_what_an_action_changed() -> None:
    tick: Json = {
        "type": "OptIn",
        "name": "tick",
        "label": "Tick",
        "on-select-action": {"name": "update_data", "payload": {"name": "changed"}},
    }
    session = open_session(one_screen(tick, data=NAME))
    session.fill("tick", True)
    assert resumed(session, one_screen(tick, data=NAME)).data == {"name": "changed"}


def test_reload_of_another_flow_starts_anew() -> None:
    session = open_session(two_screens())
    after = resumed(session, flow(screen("OTHER", footer(), terminal=True)))
    assert after.path == ("OTHER",)
    assert resumed(session, []).failure is not None


def test_fork_goes_on_apart() -> None:
    session = open_session(two_screens())
    other = session.fork()
    other.fill("first", "x")
    other.tap("Footer")
    assert session.view().id == "ASK"
    assert element(session, "first").value is None
