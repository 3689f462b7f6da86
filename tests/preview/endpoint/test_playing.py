from __future__ import annotations

import threading

import pytest

from flowsync.diagnostics import Diagnostic
from flowsync.model import JsonValue
from flowsync.preview.endpoint.playing import fixtures_endpoint
from flowsync.preview.endpoint.reading import parse_fixtures
from flowsync.preview.engine.exchange import Answer, Endpoint, ExchangeFailed, Request


def endpoint_of(text: str, slept: list[float] | None = None) -> Endpoint:
    problems: list[Diagnostic] = []
    fixtures = parse_fixtures(text, "flows/booking.fixtures.yaml", problems)
    assert problems == []
    assert fixtures is not None
    return fixtures_endpoint(fixtures, sleep=(slept if slept is not None else []).append)


def request(
    screen: str | None = "DATE", action: str = "data_exchange", **data: JsonValue
) -> Request:
    return Request(action=action, screen=screen, data=data, flow_token="token-1")


def failure_of(endpoint: Endpoint, asked: Request) -> ExchangeFailed:
    with pytest.raises(ExchangeFailed) as raised:
        endpoint(asked)
    return raised.value


def screens(when: str, *asked: Request) -> list[str]:
    """Give what is answered to each request: HIT where the fixture is for it."""
    text = f"exchanges:\n- when: {when}\n  answer: {{screen: HIT}}\n- answer: {{screen: OTHER}}\n"
    endpoint = endpoint_of(text)
    return [endpoint(one).screen for one in asked]


def test_the_first_fixture_that_fits_answers() -> None:
    endpoint = endpoint_of(
        """\
exchanges:
- {when: {screen: DATE, data: {day: mon}}, answer: {screen: FIRST}}
- {when: {screen: DATE}, answer: {screen: SECOND, data: {n: 1}}}
"""
    )
    assert endpoint(request(day="mon")) == Answer(screen="FIRST", data={})
    assert endpoint(request(day="tue")) == Answer(screen="SECOND", data={"n": 1})


def test_action_and_screen_are_compared_where_they_are_named() -> None:
    assert screens("{action: INIT}", request(None, "INIT"), request()) == ["HIT", "OTHER"]
    assert screens("{screen: DATE}", request("DATE"), request("TIME")) == ["HIT", "OTHER"]
    assert screens("{screen: DATE}", request(None, "INIT"), request("DATE", "BACK")) == [
        "OTHER",
        "HIT",
    ]


@pytest.mark.parametrize(
    ("wanted", "given", "fits"),
    [
        ("{day: mon}", {"day": "mon", "other": 1}, True),
        ("{day: mon}", {}, False),
        ("{who: {name: Ann}}", {"who": {"name": "Ann", "age": 3}}, True),
        ("{who: {name: Ann}}", {"who": {"age": 3}}, False),
        ("{who: {name: Ann}}", {"who": "Ann"}, False),
        ("{n: 1}", {"n": 1.0}, True),
        ("{n: 1}", {"n": True}, False),
        ("{n: 1}", {"n": "1"}, False),
        ("{list: [a, b]}", {"list": ["a", "b"]}, True),
        ("{list: [a, b]}", {"list": ["b", "a"]}, False),
        ("{list: [a]}", {"list": ["a", "b"]}, False),
        ("{list: [{id: a}]}", {"list": [{"id": "a", "title": "A"}]}, True),
        ("{x: '${any}'}", {"x": None}, True),
        ("{x: '${any}'}", {"x": [1]}, True),
        ("{x: '${any}'}", {}, False),
        ("{x: '${none}'}", {}, True),
        ("{x: '${none}'}", {"x": ""}, False),
        ("{x: {y: '${none}'}}", {"x": {}}, True),
        ("{x: null}", {"x": None}, True),
        ("{x: null}", {}, False),
    ],
)
def test_data_is_compared_in_part(wanted: str, given: dict[str, JsonValue], fits: bool) -> None:
    assert screens(f"{{data: {wanted}}}", request("DATE", "data_exchange", **given)) == [
        "HIT" if fits else "OTHER"
    ]


def test_an_answer_is_given_as_often_as_it_may_be_and_each_endpoint_counts_anew() -> None:
    text = "exchanges:\n- {times: 2, answer: {screen: A}}\n- {answer: {screen: B}}\n"
    for _ in range(2):
        endpoint = endpoint_of(text)
        assert [endpoint(request()).screen for _ in range(4)] == ["A", "A", "B", "B"]


def test_uses_are_counted_right_from_many_threads() -> None:
    endpoint = endpoint_of(
        "exchanges:\n- {times: 50, answer: {screen: A}}\n- answer: {screen: B}\n"
    )
    got: list[str] = []

    def ask() -> None:
        got.extend(endpoint(request()).screen for _ in range(20))

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (got.count("A"), got.count("B")) == (50, 50)


def test_an_answer_repeats_parts_of_the_request_with_their_kind() -> None:
    endpoint = endpoint_of(
        """\
exchanges:
- answer:
    screen: ${screen}
    data:
      whole: ${data.who}
      text: "Hello ${data.who.name}, ${data.days.1} of ${data.days} (${data.sure})"
      deep: [{n: "${data.n}"}]
      extension_message_response: {params: {flow_token: "${flow_token}"}}
"""
    )
    asked = request(who={"name": "Ann"}, days=["mon", "tue"], sure=True, n=2.5)
    assert endpoint(asked) == Answer(
        screen="DATE",
        data={
            "whole": {"name": "Ann"},
            "text": "Hello Ann, tue of mon, tue (true)",
            "deep": [{"n": 2.5}],
            "extension_message_response": {"params": {"flow_token": "token-1"}},
        },
    )


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("${data.dya}", 'repeats ${data.dya}, which the request does not hold: {"day": "mon"}. '
         "Did you mean ${data.day}?"),
        ("${data.day.x}", "repeats ${data.day.x}, which the request does not hold"),
        ("${screen}", "repeats ${screen}, which the request does not hold"),
    ],
)  # fmt: skip
def test_what_cannot_be_repeated_is_said_with_the_place_of_the_fixture(
    reference: str, said: str
) -> None:
    endpoint = endpoint_of(f"exchanges:\n- answer: {{screen: A, data: {{x: '{reference}'}}}}\n")
    failure = failure_of(endpoint, request(None, "INIT", day="mon"))
    assert failure.message.startswith("flows/booking.fixtures.yaml:2: the answer ")
    assert said in failure.message


def test_a_request_without_a_fixture_is_told_with_the_nearest_and_what_differs() -> None:
    endpoint = endpoint_of(
        """\
exchanges:
- {when: {screen: TIME, data: {}}, answer: {screen: A}}
- {when: {screen: DATE, data: {day: mon, seats: 2, x: "${none}"}}, answer: {screen: B}}
- {when: {screen: DATE, data: {a: 1, b: 1, c: 1, d: 1}}, answer: {screen: B}}
"""
    )
    failure = failure_of(endpoint, request(day="tue", seats="2", x=1))
    assert failure.message == (
        "no fixture in flows/booking.fixtures.yaml is for data_exchange of the screen DATE with "
        '{"day": "tue", "seats": "2", "x": 1}. The nearest, in line 3, differs: data.day is "tue", '
        'not "mon"; data.seats is "2", not 2 (an input gives text: write it in quotes); data.x is '
        "there."
    )
    assert failure.status is None
    assert not failure.is_timeout
    assert "fixture" not in failure.shown


def test_a_used_up_fixture_is_named_as_such() -> None:
    endpoint = endpoint_of("exchanges:\n- {times: 1, answer: {screen: A}}\n")
    endpoint(request())
    assert "differs: it was used 1 time, which is all" in failure_of(endpoint, request()).message


def test_the_message_stays_short_however_much_differs() -> None:
    wanted = ", ".join(f"f{number}: {number}" for number in range(200))
    endpoint = endpoint_of(
        f"exchanges:\n- {{when: {{data: {{{wanted}}}}}, answer: {{screen: A}}}}\n"
    )
    failure = failure_of(endpoint, request(text="x" * 5000))
    assert len(failure.message) < 700
    assert "and 196 more" in failure.message


def test_a_delay_is_passed_and_one_beyond_the_limit_is_a_timeout_without_waiting() -> None:
    slept: list[float] = []
    endpoint = endpoint_of(
        "exchanges:\n- {times: 1, delay: 2, answer: {screen: A}}\n"
        "- {delay: 10.5, answer: {screen: B}}\n",
        slept,
    )
    assert endpoint(request()).screen == "A"
    failure = failure_of(endpoint, request())
    assert failure.is_timeout
    assert slept == [2]


def test_a_ping_is_answered_unless_a_fixture_asks_for_its_fault() -> None:
    ping = request(None, "ping")
    endpoint = endpoint_of("exchanges:\n- {when: {}, fault: 500}\n")
    assert endpoint(ping).data == {"status": "active"}
    assert failure_of(endpoint, request()).status == 500
    endpoint = endpoint_of("exchanges:\n- {when: {action: ping}, fault: 500}\n")
    assert failure_of(endpoint, ping).status == 500


def test_faults_of_fixtures_happen_with_their_message() -> None:
    def asked(entry: str, one: Request | None = None) -> ExchangeFailed:
        return failure_of(endpoint_of(f"exchanges:\n- {entry}\n"), one or request())

    assert asked("fault: timeout").is_timeout
    assert [asked(f"fault: {status}").status for status in (421, 427, 432, 500)] == [
        421,
        427,
        432,
        500,
    ]
    expired = asked("{fault: 427, message: This link was used already.}")
    assert expired.shown == "This link was used already."
    spoiled = endpoint_of(
        "exchanges:\n- {fault: missing-field, answer: {screen: A, data: {x: 1, y: '${data.z}'}}}\n"
    )
    assert spoiled(request(z=3)) == Answer(screen="A", data={"y": 3})
    told = endpoint_of("exchanges:\n- {fault: error-message, message: Taken.}\n")
    assert told(request()) == Answer(screen="DATE", data={"error_message": "Taken."})
    assert "no answer" in failure_of(told, request(None, "INIT")).message
