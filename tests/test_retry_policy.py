"""The table of what is done about failed requests: every error has a class, and bounds hold."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from flowsync.errors import (
    Mishap,
    RemoteDenied,
    RemoteError,
    RemoteRejected,
    RemoteThrottled,
    RemoteUnavailable,
)
from flowsync.model import FlowId, JsonValue
from flowsync.remotes.gateway.answers import data_of
from flowsync.remotes.gateway.reading import read_flow
from flowsync.remotes.http import Answer
from flowsync.remotes.interface import FlowUpdate
from flowsync.remotes.operations import Operation
from flowsync.retry_policy import (
    LONGEST_PAUSE_S,
    POLICY,
    Repetition,
    RequestKind,
    Trouble,
    cause_of,
    is_within_bounds,
    trouble_of,
    write_repetition,
    write_rule,
)
from tests.remotes.support import CannedAdapter, remote_over

FLOW = FlowId("1001")


def error_of(
    status: int, value: JsonValue, *, is_json: bool = True, retry_after: float | None = None
) -> RemoteError:
    """Give the error that the gateway client makes of an answer."""
    answer = Answer(
        status=status, is_json=is_json, value=value, retry_after=retry_after, media_type=""
    )
    with pytest.raises(RemoteError) as caught:
        data_of(answer, Operation.PUBLISH, FLOW)
    return caught.value


def meta(status: int, **error: JsonValue) -> RemoteError:
    return error_of(status, {"success": False, "data": {"error": error}})


def failed_list(failure: Exception) -> RemoteError:
    """Give the error of a read whose every attempt ends so."""
    with pytest.raises(RemoteError) as caught:
        remote_over(CannedAdapter(*[failure] * 4)).list_flows()
    return caught.value


def odd_flow() -> RemoteError:
    with pytest.raises(RemoteError) as caught:
        read_flow({"id": "other"}, FLOW)
    return caught.value


def refused_by_ourselves() -> Iterator[RemoteError]:
    remote = remote_over(CannedAdapter())
    for update in (FlowUpdate(clears_endpoint=True), FlowUpdate(name="New")):
        with pytest.raises(RemoteRejected) as caught:
            remote.update_flow(FLOW, update)
        yield caught.value
    with pytest.raises(RemoteRejected) as caught:
        remote.get_flow(FlowId("../x"))
    yield caught.value


CASES: list[tuple[RemoteError, Trouble]] = [
    (failed_list(requests.ConnectTimeout()), Trouble.NEVER_SENT),
    (failed_list(requests.ConnectionError("NewConnectionError")), Trouble.NEVER_SENT),
    (failed_list(requests.ReadTimeout()), Trouble.NO_ANSWER),
    (failed_list(requests.ConnectionError("reset")), Trouble.NO_ANSWER),
    (failed_list(requests.exceptions.ChunkedEncodingError()), Trouble.NO_ANSWER),
    (error_of(200, None, is_json=False), Trouble.UNREADABLE),
    (error_of(200, {"success": False}), Trouble.UNREADABLE),
    (error_of(302, None, is_json=False), Trouble.UNREADABLE),
    (odd_flow(), Trouble.UNREADABLE),
    (error_of(500, {"message": "Server Error"}), Trouble.SERVER_ERROR),
    (error_of(502, None, is_json=False), Trouble.SERVER_ERROR),
    (error_of(503, {"message": "Down"}), Trouble.SERVER_ERROR),
    *((meta(500, code=code), Trouble.PASSING) for code in (1, 2, 131000, 131016)),
    (meta(400, code=987654, is_transient=True), Trouble.PASSING),
    (meta(400, is_transient=True), Trouble.PASSING),
    (meta(400, code=139001, error_subcode=4016012), Trouble.STORED_BUT_FAILED),
    (meta(400, code=139002, error_subcode=4233014), Trouble.ENDPOINT_SILENT),
    *((meta(400, code=code), Trouble.THROTTLED) for code in (4, 17, 32, 613, 80007, 80008, 130429)),
    (error_of(429, {"message": "Slow down"}), Trouble.THROTTLED),
    (error_of(503, {"message": "Down"}, retry_after=3), Trouble.THROTTLED),
    (meta(429, code=987654), Trouble.THROTTLED),
    (error_of(401, {"message": "No"}), Trouble.DENIED),
    (error_of(403, {"message": "No"}), Trouble.DENIED),
    *((meta(500, code=code), Trouble.DENIED) for code in (0, 3, 10, 102, 190, 200, 299)),
    (error_of(404, {"message": "No"}), Trouble.REFUSED),
    (error_of(422, {"message": "No"}), Trouble.REFUSED),
    (meta(400, code=100, error_subcode=4016019), Trouble.REFUSED),
    (meta(500, code=139001), Trouble.REFUSED),
    *((error, Trouble.GATEWAY_LIMIT) for error in refused_by_ourselves()),
    (RemoteUnavailable("of nothing but a sentence"), Trouble.NO_ANSWER),
]


@pytest.mark.parametrize(
    ("error", "trouble"), CASES, ids=[f"{one.value}: {str(error)[:60]}" for error, one in CASES]
)
def test_error_has_the_class_that_its_facts_stand_for(error: RemoteError, trouble: Trouble) -> None:
    assert trouble_of(error) is trouble


def test_every_class_has_a_rule_and_but_for_a_success_an_error_of_the_client() -> None:
    assert set(POLICY) == set(Trouble)
    assert {trouble for _, trouble in CASES} == set(Trouble) - {Trouble.WITHOUT_EFFECT}


@pytest.mark.parametrize("trouble", Trouble, ids=lambda trouble: trouble.name)
@pytest.mark.parametrize("kind", RequestKind, ids=lambda kind: kind.name)
def test_rules_are_bounded_in_attempts_and_in_time(trouble: Trouble, kind: RequestKind) -> None:
    rule = POLICY[trouble]
    assert 1 <= rule.attempts(kind) <= 4
    assert 0 < rule.first_delay <= rule.longest_delay
    assert 0 <= rule.jitter < 1
    assert rule.longest_total <= 900


@pytest.mark.parametrize("trouble", [Trouble.DENIED, Trouble.REFUSED, Trouble.GATEWAY_LIMIT])
def test_what_would_be_refused_again_is_not_repeated(trouble: Trouble) -> None:
    assert (POLICY[trouble].read_attempts, POLICY[trouble].write_attempts) == (1, 1)


def test_throttling_alone_pauses_the_account_by_itself() -> None:
    assert {one for one, rule in POLICY.items() if rule.pauses_account} == {Trouble.THROTTLED}


@given(st.sampled_from(Trouble), st.integers(1, 50), st.floats(0, 1))
def test_delay_never_exceeds_the_longest_nor_falls_below_its_jitter(
    trouble: Trouble, attempt: int, draw: float
) -> None:
    rule = POLICY[trouble]
    full = rule.delay(attempt, 1.0)
    assert full <= rule.longest_delay
    assert full * (1 - rule.jitter) - 1e-9 <= rule.delay(attempt, draw) <= full + 1e-9


# --- writes, which apply repeats ---


def waits_of(error: RemoteError | None) -> list[float]:
    """Give what a write that never works waits for, as apply would wait."""
    waits: list[float] = []
    while (found := write_repetition(error, len(waits) + 1, draw=lambda: 1.0)) is not None:
        waits.append(found.seconds)
    return waits


@pytest.mark.parametrize(
    ("error", "waits"),
    [
        (None, [1, 2]),
        (RemoteUnavailable("x", mishap=Mishap.NO_ANSWER), [0.5, 1]),
        (RemoteUnavailable("x", status=500), [0.5, 1]),
        (RemoteUnavailable("x", status=400, code=139001, subcode=4016012), [2, 4]),
        (RemoteUnavailable("x", status=400, code=139002, subcode=4233014), [5]),
        (RemoteThrottled("x", status=429), [0, 0]),
        (RemoteUnavailable("x", status=500, retry_after=20), [0, 0]),
        (RemoteThrottled("x", status=429, retry_after=LONGEST_PAUSE_S + 1), []),
        (RemoteDenied("x", status=500), []),
        (RemoteRejected("x"), []),
        (RemoteRejected("x", status=500), []),
    ],
)
def test_write_waits_by_its_rule_and_not_where_the_client_pauses_the_account(
    error: RemoteError | None, waits: list[float]
) -> None:
    assert waits_of(error) == waits
    if waits:
        assert len(waits) + 1 == write_rule(error).write_attempts


def test_write_is_not_repeated_when_its_total_time_is_used_up() -> None:
    error = RemoteUnavailable("x", status=500)
    total = write_rule(error).longest_total
    assert write_repetition(error, 1, elapsed=total - 0.5, draw=lambda: 1.0) == Repetition(
        trouble=Trouble.SERVER_ERROR, seconds=0.5
    )
    assert write_repetition(error, 1, elapsed=total, draw=lambda: 1.0) is None


@given(st.sampled_from(Trouble), st.integers(1, 9), st.floats(0, 2000), st.floats(0, 2000))
def test_nothing_is_repeated_beyond_any_bound(
    trouble: Trouble, attempt: int, elapsed: float, seconds: float
) -> None:
    rule = POLICY[trouble]
    is_allowed = is_within_bounds(rule, RequestKind.READ, attempt, elapsed=elapsed, seconds=seconds)
    within_time = seconds <= LONGEST_PAUSE_S and elapsed + seconds <= rule.longest_total
    assert is_allowed == (attempt < rule.read_attempts and within_time)


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (RemoteUnavailable("x", status=503), "HTTP 503"),
        (RemoteThrottled("x", status=400, code=80008), "code 80008"),
        (RemoteUnavailable("x", status=400, code=139002, subcode=4233014), "code 139002/4233014"),
        (RemoteUnavailable("x", status=200, mishap=Mishap.UNREADABLE), Trouble.UNREADABLE.value),
        (RemoteUnavailable("x", mishap=Mishap.NEVER_SENT), "no connection"),
    ],
)
def test_cause_says_in_a_few_words_what_was_seen(error: RemoteError, cause: str) -> None:
    assert cause_of(error) == cause
