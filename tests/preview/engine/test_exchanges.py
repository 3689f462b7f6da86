"""What a flow asks its endpoint, and what becomes of the answers."""

from __future__ import annotations

import pytest

from flowsync.model import JsonValue
from flowsync.preview.engine import (
    Answer,
    Endpoint,
    ExchangeFailed,
    LogKind,
    Request,
    Session,
    Start,
)
from tests.preview.engine.support import (
    TODAY,
    element,
    errors,
    field,
    flow,
    footer,
    kinds,
    open_session,
    screen,
    text_input,
)

Json = dict[str, JsonValue]


def value() -> Json:
    return flow(
        screen(
            "ASK",
            text_input("code"),
            {"type": "TextBody", "text": "${data.hint}"},
            footer("data_exchange", payload={"code": "${form.code}"}),
            data={"hint": field("string", "Look at your card")},
        ),
        screen(
            "SHOW",
            footer("data_exchange", payload={}),
            data={"name": field("string", "Ada"), "count": field("integer", 1)},
            refresh_on_back=True,
            terminal=True,
        ),
        screen("OTHER", footer("data_exchange"), terminal=True),
        data_api_version="3.0",
        routing_model={"ASK": ["SHOW"], "SHOW": [], "OTHER": ["ASK"]},
    )


class Scripted:
    """Gives prepared answers, and keeps what it was asked."""

    def __init__(self, *answers: Answer | ExchangeFailed) -> None:
        self.answers = list(answers)
        self.asked: list[Request] = []

    def __call__(self, request: Request) -> Answer:
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, ExchangeFailed):
            raise answer
        return answer


def at(screen_id: str, /, **data: JsonValue) -> Answer:
    return Answer(screen=screen_id, data=data)


def asked_once(endpoint: Endpoint) -> Session:
    session = open_session(value(), endpoint=endpoint, screen="ASK")
    session.fill("code", "42")
    session.tap("Footer")
    return session


def test_exchange_sends_the_payload_and_shows_the_answer() -> None:
    endpoint = Scripted(at("SHOW", name="Bob", count=2))
    session = asked_once(endpoint)
    assert endpoint.asked == [
        Request(
            action="data_exchange",
            screen="ASK",
            data={"code": "42"},
            flow_token="token",
            version="3.0",
        )
    ]
    assert session.view().id == "SHOW"
    assert session.data == {"name": "Bob", "count": 2}
    entry = session.log[-1]
    assert entry.kind is LogKind.DATA_EXCHANGE
    assert entry.request == endpoint.asked[0]
    assert entry.answer == at("SHOW", name="Bob", count=2)
    assert entry.status == 200


def test_answer_for_the_same_screen_changes_its_data_and_keeps_the_input() -> None:
    session = asked_once(Scripted(at("ASK", hint="Try again", error_message="Unknown code")))
    view = session.view()
    assert view.id == "ASK"
    assert view.notice == "Unknown code"
    assert element(session, "TextBody").properties["text"] == "Try again"
    assert element(session, "code").value == "42"
    assert not view.can_go_back
    assert "error_message" not in session.data


def test_answer_for_the_same_screen_may_leave_out_what_the_screen_has() -> None:
    session = asked_once(Scripted(at("ASK", error_message="Unknown code")))
    assert session.view().notice == "Unknown code"
    assert session.data == {"hint": "Look at your card"}
    assert errors(session) == []


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (at("SHWO", name="Bob"), ['"SHWO"', 'Did you mean "SHOW"']),
        (at("OTHER"), ['no route from "ASK" to "OTHER"']),
        (at("SHOW", name="Bob"), ['"SHOW" needs "count"']),
        (at("SHOW", name=3, count=1), ['"name"', '"SHOW"', "a number", "string"]),
        (at("SHOW", name="Bob", count=1.5), ['"count"', "integer"]),
        (at("ASK", hint=3), ['"hint"', '"ASK"']),
        (at("SUCCESS"), ["extension_message_response", "flow_token"]),
        (at("SUCCESS", extension_message_response={}), ["without params"]),
    ],
)
def test_wrong_answer_is_never_shown_and_its_fault_said(answer: Answer, words: list[str]) -> None:
    session = asked_once(Scripted(answer))
    view = session.view()
    assert view.id == "ASK"
    assert view.notice == "Something went wrong. Try again later."
    assert session.completion is None
    said = errors(session)[-1]
    assert all(word in said for word in words), said


def test_fault_deep_inside_an_answer_is_named_with_its_place() -> None:
    changed = value()
    slots = field(
        "array",
        [],
        items={"type": "object", "properties": {"id": {"type": "string"}}},
    )
    screens = changed["screens"]
    assert isinstance(screens, list)
    assert isinstance(screens[1], dict)
    screens[1]["data"] = {"slots": slots}
    endpoint = Scripted(at("SHOW", slots=[{"id": "a"}, {"id": 2}]))
    session = open_session(changed, endpoint=endpoint, screen="ASK")
    session.tap("Footer")
    assert "at 1.id" in errors(session)[-1]


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        (ExchangeFailed("the endpoint took longer than 10 s.", is_timeout=True), None),
        (ExchangeFailed("the token is no longer valid.", shown="Too late", status=427), 427),
    ],
)
def test_failed_exchange_stays_where_it_was(failure: ExchangeFailed, status: int | None) -> None:
    session = asked_once(Scripted(failure))
    assert session.view().id == "ASK"
    assert session.view().notice == failure.shown
    assert not session.view().is_waiting
    assert session.log[-1].message == failure.message
    assert session.log[-1].status == status
    assert session.log[-1].is_error


def test_success_ends_the_flow_with_the_parameters_of_the_answer() -> None:
    params: Json = {"flow_token": "token", "order": 7}
    session = asked_once(Scripted(at("SUCCESS", extension_message_response={"params": params})))
    assert session.completion is not None
    assert session.completion.payload == params
    assert kinds(session)[-1] is LogKind.COMPLETE
    assert [line.value for line in session.completion.summary] == ["42"]


def test_last_answer_without_the_flow_token_is_said() -> None:
    session = asked_once(Scripted(at("SUCCESS", extension_message_response={"params": {}})))
    assert session.completion is not None
    assert "flow_token" in errors(session)[-1]


def test_without_an_endpoint_the_flow_says_what_to_give() -> None:
    session = open_session(value(), screen="ASK")
    session.tap("Footer")
    assert session.view().id == "ASK"
    assert "fixtures" in errors(session)[-1]
    assert session.log[-1].request is not None
    assert session.log[-1].request.data == {"code": ""}


def test_endpoint_may_open_the_flow() -> None:
    endpoint = Scripted(at("SHOW", name="Bob", count=2))
    start = Start(asks_endpoint=True, flow_token="token")
    session = Session(value(), today=TODAY, start=start, endpoint=endpoint)
    assert session.view().id == "SHOW"
    assert endpoint.asked == [Request(action="INIT", flow_token="token")]
    assert session.log[0].kind is LogKind.INIT


def test_flow_that_its_endpoint_cannot_open_shows_only_that() -> None:
    start = Start(asks_endpoint=True)
    failed = Scripted(ExchangeFailed("the endpoint answered 500.", status=500))
    session = Session(value(), today=TODAY, start=start, endpoint=failed)
    assert session.view().elements == ()
    assert session.view().notice is not None


def test_going_back_asks_the_endpoint_where_the_screen_says_so() -> None:
    shown = at("SHOW", name="Bob", count=2)
    endpoint = Scripted(shown, at("ASK", hint="Welcome back"))
    session = asked_once(endpoint)
    session.back()
    assert endpoint.asked[-1] == Request(action="BACK", screen="SHOW", flow_token="token")
    assert session.path == ("ASK",)
    assert session.data == {"hint": "Welcome back"}
    assert element(session, "code").value == "42"


def test_back_that_fails_stays_on_the_screen() -> None:
    shown = at("SHOW", name="Bob", count=2)
    session = asked_once(Scripted(shown, ExchangeFailed("no answer came.")))
    session.back()
    assert session.view().id == "SHOW"
    assert session.view().notice is not None


def test_session_tells_that_it_waits_while_the_endpoint_is_asked() -> None:
    seen: list[bool] = []
    holder: list[Session] = []

    def endpoint(request: Request) -> Answer:
        seen.append(holder[0].view().is_waiting)
        return at("ASK")

    session = open_session(value(), endpoint=endpoint, screen="ASK")
    holder.append(session)
    session.tap("Footer")
    assert seen == [True]
    assert not session.view().is_waiting


def test_choosing_may_ask_the_endpoint() -> None:
    group: Json = {
        "type": "Dropdown",
        "name": "slot",
        "label": "Slot",
        "data-source": [{"id": "a", "title": "A"}],
        "on-select-action": {"name": "data_exchange", "payload": {"slot": "${form.slot}"}},
    }
    changed = flow(
        screen("ASK", group, data={"price": field("number", 0)}, terminal=True),
        data_api_version="3.0",
        routing_model={"ASK": []},
    )
    endpoint = Scripted(at("ASK", price=5))
    session = open_session(changed, endpoint=endpoint)
    session.fill("slot", "a")
    assert endpoint.asked[0].data == {"slot": "a"}
    assert session.data == {"price": 5}
