from __future__ import annotations

import pytest

from flowsync.preview.endpoint.faults import NO_SUCH_SCREEN, with_fault
from flowsync.preview.endpoint.fixtures import Fault
from flowsync.preview.engine.exchange import Answer, ExchangeFailed, Request

ASKED = Request(action="data_exchange", screen="DATE", data={"day": "mon"})
OPENING = Request(action="INIT")
PING = Request(action="ping")
STATUSES = {
    Fault.CANNOT_DECRYPT: 421,
    Fault.TOKEN_EXPIRED: 427,
    Fault.BAD_SIGNATURE: 432,
    Fault.SERVER_ERROR: 500,
}


class Endpoint:
    """Answers always the same, and notes what it was asked."""

    def __init__(self, answer: Answer | None = None) -> None:
        self.answer = answer or Answer(screen="SUMMARY", data={"first": 1, "second": 2})
        self.asked: list[Request] = []

    def __call__(self, request: Request) -> Answer:
        self.asked.append(request)
        return self.answer


@pytest.mark.parametrize("request_", [ASKED, OPENING, PING])
@pytest.mark.parametrize("fault", STATUSES)
def test_a_status_is_a_failure_that_never_reaches_the_endpoint(
    fault: Fault, request_: Request
) -> None:
    behind = Endpoint()
    with pytest.raises(ExchangeFailed) as raised:
        with_fault(behind, fault)(request_)
    assert raised.value.status == STATUSES[fault]
    assert f"HTTP {STATUSES[fault]}" in raised.value.message
    assert not raised.value.is_timeout
    assert behind.asked == []


def test_a_timeout_happens_at_once() -> None:
    with pytest.raises(ExchangeFailed, match="within 10 seconds") as raised:
        with_fault(Endpoint(), Fault.TIMEOUT)(ASKED)
    assert raised.value.is_timeout
    assert raised.value.status is None


def test_only_427_shows_its_message_to_a_person() -> None:
    shown = {}
    for fault in STATUSES:
        with pytest.raises(ExchangeFailed) as raised:
            with_fault(Endpoint(), fault, "Used already.")(ASKED)
        assert "Used already." in raised.value.message
        shown[fault] = raised.value.shown
    assert shown.pop(Fault.TOKEN_EXPIRED) == "Used already."
    assert all("Used already" not in text for text in shown.values())


def test_a_wrong_screen_is_one_that_no_flow_has() -> None:
    assert with_fault(Endpoint(), Fault.WRONG_SCREEN)(ASKED) == Answer(screen=NO_SUCH_SCREEN)


def test_a_missing_field_is_the_first_of_the_answer() -> None:
    behind = Endpoint()
    answer = with_fault(behind, Fault.MISSING_FIELD)(ASKED)
    assert answer == Answer(screen="SUMMARY", data={"second": 2})
    assert behind.asked == [ASKED]


def test_an_answer_without_data_cannot_lose_a_field_and_says_so() -> None:
    with pytest.raises(ExchangeFailed, match="SUMMARY has no data"):
        with_fault(Endpoint(Answer(screen="SUMMARY")), Fault.MISSING_FIELD)(ASKED)


def test_an_error_message_stays_on_the_screen_or_comes_with_the_first_one() -> None:
    faulty = with_fault(Endpoint(), Fault.ERROR_MESSAGE, "Taken.")
    assert faulty(ASKED) == Answer(screen="DATE", data={"error_message": "Taken."})
    assert faulty(OPENING).screen == "SUMMARY"
    assert faulty(OPENING).data["error_message"] == "Taken."
    assert with_fault(Endpoint(), Fault.ERROR_MESSAGE)(ASKED).data["error_message"]


@pytest.mark.parametrize("fault", [Fault.WRONG_SCREEN, Fault.MISSING_FIELD, Fault.ERROR_MESSAGE])
def test_a_ping_is_not_spoiled_by_faults_of_screens(fault: Fault) -> None:
    active = Answer(screen="", data={"status": "active"})
    assert with_fault(Endpoint(active), fault)(PING) == active
