"""Each flow of `flows/`, walked by hand from its entry to its end."""

from __future__ import annotations

import json

import pytest

from flowsync.model import JsonValue
from flowsync.preview.engine import Answer, LogKind, Request, Session
from flowsync.preview.engine.walker import walk
from tests.preview.engine.support import (
    FLOWS,
    TODAY,
    can_send,
    element,
    errors,
    example_flow,
    kinds,
    open_session,
    shows,
)


def test_survey_of_a_happy_guest_sends_highlights_and_no_problems() -> None:
    session = open_session(example_flow("customer-survey.json"))
    session.fill("overall", "excellent")
    session.fill("purpose", "family")
    session.tap("Footer")
    assert session.view().id == "DETAILS"
    assert not shows(session, "problems")
    session.fill("highlights", ["view", "team"])
    session.fill("recommend", "yes")
    session.tap("Footer")
    assert not shows(session, "guest_name")
    session.tap("Footer")
    assert session.completion is not None
    assert session.completion.payload == {
        "overall": "excellent",
        "purpose": "family",
        "highlights": ["view", "team"],
        "problems": [],
        "what_happened": "",
        "recommend": "yes",
        "comments": "",
        "contact_me": False,
        "guest_name": "",
        "email": "",
        "flow_token": "token",
    }
    assert errors(session) == []


def test_survey_asks_for_a_name_only_from_those_who_want_to_be_contacted() -> None:
    session = open_session(example_flow("customer-survey.json"), screen="COMMENTS")
    session.fill("contact_me", True)
    assert not can_send(session)
    session.fill("guest_name", "Ada")
    session.fill("email", "ada@example.com")
    assert can_send(session)
    session.fill("contact_me", False)
    assert not shows(session, "guest_name")
    assert can_send(session)


def test_insurance_computes_the_price_from_what_was_chosen() -> None:
    session = open_session(example_flow("insurance-quote.json"))
    session.fill("kind", "city")
    session.fill("price", "150")
    assert not can_send(session)  # its enabled asks for 200 to 8,000
    session.fill("price", "1000")
    session.tap("Footer")
    session.fill("level", "complete")
    session.fill("excess", "none")
    before = element(session, "TextSubheading").properties["text"]
    session.fill("roadside_help", True)
    after = element(session, "TextSubheading").properties["text"]
    assert str(after) != str(before)
    first, second = (float(str(text).split("£")[1].split()[0]) for text in (before, after))
    assert second - first == 18
    session.fill("roadside_help", False)
    assert element(session, "TextSubheading").properties["text"] == before
    session.tap("Footer")
    session.fill("payment", "monthly")
    session.fill("start", "2026-02-01")
    session.tap("Footer")
    session.fill("full_name", "Ada Lovelace")
    session.fill("email", "ada@example.com")
    session.fill("address", "1 St James's Square")
    session.fill("declaration", True)
    session.tap("Footer")
    assert session.completion is not None
    payload = session.completion.payload
    assert payload["kind"] == "city"
    assert payload["price"] == "1000"
    assert payload["yearly_price"] == first
    assert payload["start"] == "2026-02-01"
    assert payload["receipt"] == []
    assert errors(session) == []


def test_tenants_end_elsewhere_than_owners() -> None:
    session = open_session(example_flow("lead-generation.json"))
    session.fill("interests", ["battery"])
    session.tap("Footer")
    session.fill("ownership", "tenant")
    session.tap("Footer")
    assert session.view().id == "TENANT"
    session.tap("Footer")
    assert session.completion is not None
    assert session.completion.payload == {
        "outcome": "tenant",
        "interests": ["battery"],
        "flow_token": "token",
    }


def test_newsletter_hands_topics_from_screen_to_screen() -> None:
    session = open_session(example_flow("newsletter-2024.json"))
    session.fill("topics", ["trees", "events"])
    session.fill("frequency", "monthly")
    session.tap("Footer")
    assert session.data == {"topics": ["trees", "events"], "frequency": "monthly"}
    session.fill("first_name", "Ada")
    session.fill("email", "ada@example.com")
    session.fill("consent", True)
    session.tap("Footer")
    assert session.completion is not None
    assert session.completion.payload == {
        "topics": ["trees", "events"],
        "frequency": "monthly",
        "first_name": "Ada",
        "email": "ada@example.com",
        "consent": True,
        "flow_token": "token",
    }


def test_sign_up_wants_the_same_code_twice_and_hides_secrets_in_the_summary() -> None:
    session = open_session(example_flow("sign-up.json"))
    assert element(session, "membership").value == "monthly"
    session.fill("first_name", "Ada")
    session.fill("last_name", "Lovelace")
    session.fill("email", "ada@example.com")
    session.fill("birth_date", "1990-12-10")
    session.tap("Footer")
    session.fill("door_code", "012345")
    session.fill("door_code_again", "543210")
    session.fill("password", "countess 1815")
    assert not can_send(session)
    session.fill("door_code_again", "012345")
    session.tap("Footer")
    session.fill("terms", True)
    session.tap("terms")
    assert session.view().id == "TERMS"
    session.back()
    assert element(session, "terms").value is True
    session.tap("Footer")
    assert session.completion is not None
    assert session.completion.payload["door_code"] == "012345"
    assert session.completion.payload["news"] is False
    shown = {line.name for line in session.completion.summary}
    assert {"first_name", "birth_date"} <= shown
    assert not {"door_code", "door_code_again", "password"} & shown


def test_support_leads_each_topic_to_its_screen() -> None:
    session = open_session(example_flow("support/flow.json"))
    session.tap("topic", "damage")
    session.fill("order_number", "1234567")
    assert element(session, "order_number").error is not None
    session.fill("order_number", "12345678")
    session.fill("damage", "dent")
    session.fill("photos", ["dent.jpg"])
    session.fill("phone", "+44 20 7946 0000")
    session.tap("Footer")
    assert session.completion is not None
    photos = session.completion.payload["photos"]
    assert isinstance(photos, list)
    assert isinstance(photos[0], dict)
    assert photos[0]["file_name"] == "dent.jpg"
    assert set(photos[0]) == {"file_name", "mime_type", "sha256", "id"}


def test_booking_follows_its_endpoint_from_screen_to_screen() -> None:
    asked: list[Request] = []
    following = {
        "choose_treatment": "SLOT",
        "load_times": "SLOT",
        "choose_time": "PATIENT",
        "enter_details": "CONFIRM",
    }
    value = example_flow("booking.json")

    def endpoint(request: Request) -> Answer:
        asked.append(request)
        intent = str(request.data["intent"])
        if intent == "book":
            params: dict[str, JsonValue] = {"flow_token": request.flow_token, "booking": "B1"}
            return Answer(screen="SUCCESS", data={"extension_message_response": {"params": params}})
        data = open_session(value, screen=following[intent]).data
        has_times = {"has_times": intent != "choose_treatment"} if "has_times" in data else {}
        return Answer(screen=following[intent], data={**data, **has_times})

    session = open_session(value, endpoint=endpoint)
    session.fill("treatment", "sports_massage")
    session.fill("location", "elm_street")
    session.tap("Footer")
    assert not shows(session, "time")
    day = str(session.data["earliest_date"])
    session.fill("date", day)
    assert shows(session, "time")
    session.fill("time", first_option(session, "time"))
    session.tap("Footer")
    session.fill("full_name", "Ada")
    session.fill("phone", "020 7946 0000")
    if shows(session, "birth_date"):
        session.fill("birth_date", "1990-12-10")
    session.tap("Footer")
    session.fill("policy", True)
    session.tap("Footer")
    assert errors(session) == []
    assert session.completion is not None
    assert session.completion.payload == {"flow_token": "token", "booking": "B1"}
    assert [request.data["intent"] for request in asked] == [*following, "book"]
    assert asked[1].screen == "SLOT"
    assert asked[1].data["date"] == day
    assert asked[1].data["treatment"] == "sports_massage"
    assert LogKind.COMPLETE in kinds(session)


def first_option(session: Session, name: str) -> str:
    entries = element(session, name).properties["data-source"]
    assert isinstance(entries, list)
    assert isinstance(entries[0], dict)
    return str(entries[0]["id"])


@pytest.mark.parametrize(
    "name", [str(file.relative_to(FLOWS)) for file in sorted(FLOWS.rglob("*.json"))]
)
def test_walker_finds_every_screen_and_every_end_of_an_example_flow(name: str) -> None:
    value = example_flow(name)
    assert isinstance(value, dict)
    screens = value["screens"]
    assert isinstance(screens, list)
    found = walk(value, today=TODAY)
    ids = {one["id"] for one in screens if isinstance(one, dict)}
    terminal = {one["id"] for one in screens if isinstance(one, dict) and one.get("terminal")}
    assert set(found.reached) == ids
    assert set(found.ends) == terminal
    assert all(one.problem is None for view in found.views for one in view.walk())
    assert json.dumps({name: end.nfm_reply for name, end in found.ends.items()})
