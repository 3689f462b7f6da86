from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsync.errors import (
    FlowsyncError,
    RemoteDenied,
    RemoteError,
    RemoteRejected,
    RemoteThrottled,
    RemoteUnavailable,
)
from flowsync.remotes.retry import Retrier
from flowsync.retry_policy import Retry, Trouble
from tests.remotes.support import FakeTime

GONE = RemoteUnavailable("gone")


def attempts_of(*endings: Exception | str) -> tuple[Callable[[], str], list[int]]:
    """Give a function that ends in these ways, one after the other, and its calls."""
    left = list(endings)
    calls: list[int] = []

    def attempt() -> str:
        calls.append(len(calls) + 1)
        ending = left.pop(0)
        if isinstance(ending, Exception):
            raise ending
        return ending

    return attempt, calls


def test_read_that_works_is_done_once() -> None:
    time = FakeTime()
    attempt, calls = attempts_of("value")
    assert time.retrier().read(attempt) == "value"
    assert (calls, time.sleeps) == ([1], [])


def test_delays_double() -> None:
    time = FakeTime()
    attempt, _ = attempts_of(GONE, GONE, GONE, "value")
    assert time.retrier().read(attempt) == "value"
    assert time.sleeps == [0.5, 1, 2]


def test_delays_grow_no_longer_than_the_longest() -> None:
    time = FakeTime()
    attempt, _ = attempts_of(*[GONE] * 7, "value")
    assert time.retrier(read_attempts=8).read(attempt) == "value"
    assert time.sleeps == [0.5, 1, 2, 4, 8, 10, 10]


@pytest.mark.parametrize(("jitter", "delay"), [(0.0, 0.25), (0.5, 0.375), (1.0, 0.5)])
def test_jitter_takes_off_up_to_a_half(jitter: float, delay: float) -> None:
    time = FakeTime()
    retrier = replace(time.retrier(), jitter=lambda: jitter)
    attempt, _ = attempts_of(GONE, "value")
    retrier.read(attempt)
    assert time.sleeps == [delay]


def test_default_jitter_differs_each_time_and_lies_between_half_and_whole() -> None:
    time = FakeTime()
    retrier = Retrier(pace=time.pace(), sleep=time.sleep)
    for _ in range(100):
        retrier.read(attempts_of(GONE, "value")[0])
    assert all(0.25 <= delay <= 0.5 for delay in time.sleeps)
    assert len(set(time.sleeps)) > 1


def test_last_failure_is_raised_without_waiting_for_another_attempt() -> None:
    time = FakeTime()
    last = RemoteUnavailable("last")
    attempt, calls = attempts_of(GONE, GONE, GONE, last)
    with pytest.raises(RemoteUnavailable) as caught:
        time.retrier().read(attempt)
    assert caught.value is last
    assert calls == [1, 2, 3, 4]
    assert time.sleeps == [0.5, 1, 2]


def test_number_of_attempts_can_be_given() -> None:
    time = FakeTime()
    attempt, calls = attempts_of(GONE, GONE, "value")
    with pytest.raises(RemoteUnavailable):
        time.retrier().read(attempt, attempts=2)
    assert calls == [1, 2]


@pytest.mark.parametrize(
    "failure", [RemoteDenied("no"), RemoteRejected("no"), FlowsyncError("no"), ValueError("bug")]
)
def test_failure_that_will_not_pass_is_raised_at_once(failure: Exception) -> None:
    time = FakeTime()
    attempt, calls = attempts_of(failure, "value")
    with pytest.raises(type(failure)) as caught:
        time.retrier().read(attempt)
    assert caught.value is failure
    assert (calls, time.sleeps) == ([1], [])


def test_named_time_of_an_unavailable_remote_pauses_the_account() -> None:
    time = FakeTime()
    pace = time.pace()
    attempt, _ = attempts_of(RemoteUnavailable("later", retry_after=42), "value")
    assert time.retrier(pace=pace).read(attempt) == "value"
    assert time.sleeps == []
    pace.wait_for_turn()
    assert time.sleeps == [42]


def test_named_time_beyond_the_longest_pause_is_not_waited_for() -> None:
    time = FakeTime()
    for failure in (
        RemoteUnavailable("later", retry_after=301),
        RemoteThrottled("later", retry_after=301),
    ):
        attempt, calls = attempts_of(failure, "value")
        with pytest.raises(type(failure)):
            time.retrier().read(attempt)
        assert (calls, time.sleeps) == ([1], [])


def test_throttling_pauses_the_account_as_long_as_the_remote_says() -> None:
    time = FakeTime()
    pace = time.pace()
    attempt, _ = attempts_of(RemoteThrottled("slow", retry_after=300), "value")
    assert time.retrier(pace=pace).read(attempt) == "value"
    pace.wait_for_turn()
    assert time.sleeps == [300]


def test_throttling_without_a_time_pauses_longer_each_time() -> None:
    time = FakeTime()
    pace = time.pace()
    retrier = time.retrier(pace=pace)
    left = [RemoteThrottled("slow"), RemoteThrottled("slow"), RemoteThrottled("slow")]

    def attempt() -> str:
        pace.wait_for_turn()
        if left:
            raise left.pop()
        return "value"

    assert retrier.read(attempt) == "value"
    assert time.sleeps == [60, 120, 240]


def test_throttling_without_end_is_raised_at_last() -> None:
    time = FakeTime()
    attempt, calls = attempts_of(*[RemoteThrottled("slow")] * 4)
    with pytest.raises(RemoteThrottled):
        time.retrier().read(attempt)
    assert calls == [1, 2, 3, 4]


def test_doubled_pause_beyond_the_longest_is_not_waited_for() -> None:
    time = FakeTime()
    attempt, calls = attempts_of(*[RemoteThrottled("slow")] * 9)
    with pytest.raises(RemoteThrottled):
        time.retrier(read_attempts=9).read(attempt)
    assert calls == [1, 2, 3, 4]  # 60, 120, 240, and 480 is too long


def test_time_of_zero_is_a_time() -> None:
    time = FakeTime()
    pace = time.pace()
    attempt, _ = attempts_of(RemoteThrottled("slow", retry_after=0), "value")
    assert time.retrier(pace=pace).read(attempt) == "value"
    pace.wait_for_turn()
    assert time.sleeps == []


# --- total time ---


def failing_after(time: FakeTime, seconds: float) -> tuple[Callable[[], str], list[float]]:
    """Give a function that fails each time after some seconds, and when it began."""
    begun: list[float] = []

    def attempt() -> str:
        begun.append(time.now)
        time.now += seconds
        raise GONE

    return attempt, begun


def test_attempts_end_when_the_total_time_is_used_up() -> None:
    time = FakeTime()
    attempt, begun = failing_after(time, 200)
    with pytest.raises(RemoteUnavailable):
        time.retrier(longest_total=300).read(attempt)
    assert len(begun) == 3  # the first failure at 200; the third attempt would begin later than 500
    assert begun[-1] - 200 <= 300


def test_repetition_that_could_only_begin_too_late_is_not_waited_for() -> None:
    time = FakeTime()
    attempt, begun = failing_after(time, 0)
    with pytest.raises(RemoteUnavailable):
        time.retrier(longest_total=0.4).read(attempt)
    assert (begun, time.sleeps) == ([0], [])


@given(st.lists(st.floats(0, 400), min_size=9, max_size=9), st.floats(0, 1000))
def test_no_attempt_begins_after_the_total_time(durations: list[float], total: float) -> None:
    time = FakeTime()
    begun: list[float] = []
    ended: list[float] = []

    def attempt() -> str:
        begun.append(time.now)
        time.now += durations[len(begun) - 1]
        ended.append(time.now)
        raise GONE

    with pytest.raises(RemoteUnavailable):
        time.retrier(read_attempts=9, longest_total=total).read(attempt)
    assert all(moment - ended[0] <= total + 1e-6 for moment in begun)


# --- writes ---


def test_write_is_sent_once_and_throttling_pauses_the_account_all_the_same() -> None:
    time = FakeTime()
    pace = time.pace()
    told: list[Retry] = []
    attempt, calls = attempts_of(RemoteThrottled("slow", retry_after=7), "value")
    with pytest.raises(RemoteThrottled):
        time.retrier(pace=pace, on_retry=told.append).write(attempt, request="publish")
    pace.wait_for_turn()
    assert (calls, time.sleeps) == ([1], [7])
    assert [(one.request, one.seconds, one.is_repeated) for one in told] == [("publish", 7, False)]


def test_write_that_fails_otherwise_pauses_nothing_and_is_not_told() -> None:
    time = FakeTime()
    pace = time.pace()
    told: list[Retry] = []
    retrier = time.retrier(pace=pace, on_retry=told.append)
    with pytest.raises(RemoteUnavailable):
        retrier.write(attempts_of(GONE)[0], request="publish")
    pace.wait_for_turn()
    assert (told, time.sleeps) == ([], [])


def test_throttled_writes_in_a_row_pause_longer_each_time() -> None:
    time = FakeTime()
    pace = time.pace()
    retrier = time.retrier(pace=pace)
    for _ in range(3):
        pace.wait_for_turn()
        with pytest.raises(RemoteThrottled):
            retrier.write(attempts_of(RemoteThrottled("slow"))[0], request="publish")
    pace.wait_for_turn()
    assert time.sleeps == [60, 120, 240]


def test_answer_in_between_lets_the_pauses_begin_anew() -> None:
    time = FakeTime()
    pace = time.pace()
    retrier = time.retrier(pace=pace)
    for ending in (RemoteThrottled("slow"), RemoteRejected("no", status=400), None) * 2:
        pace.wait_for_turn()
        with suppress(RemoteError):
            retrier.write(attempts_of(ending or "value")[0], request="publish")
    pace.wait_for_turn()
    assert time.sleeps == [60, 60]


def test_answers_that_come_during_one_pause_count_as_one() -> None:
    time = FakeTime()
    pace = time.pace()
    retrier = time.retrier(pace=pace)
    for _ in range(8):  # as eight threads would, whose requests were under way together
        with pytest.raises(RemoteThrottled):
            retrier.write(attempts_of(RemoteThrottled("slow"))[0], request="publish")
    pace.wait_for_turn()
    assert time.sleeps == [60]


def test_after_a_pause_that_is_too_long_every_request_fails_without_being_sent() -> None:
    time = FakeTime()
    pace = time.pace()
    told: list[Retry] = []
    retrier = time.retrier(pace=pace, on_retry=told.append)
    with pytest.raises(RemoteThrottled):
        retrier.write(attempts_of(RemoteThrottled("s", retry_after=900))[0], request="publish")

    def attempt() -> str:
        pace.wait_for_turn()
        return "value"

    with pytest.raises(RemoteThrottled, match="another 900 seconds") as caught:
        retrier.read(attempt)
    assert caught.value.retry_after == 900
    assert len(told) == 1
    time.now = 900
    assert retrier.read(attempt) == "value"
    assert time.sleeps == []


# --- what is told ---


def test_every_repetition_is_told_with_what_was_asked_and_how_long_is_waited() -> None:
    time = FakeTime()
    told: list[Retry] = []
    attempt, _ = attempts_of(
        RemoteUnavailable("Sentence.", status=503), RemoteThrottled("slow", code=4), "value"
    )
    time.retrier(on_retry=told.append).read(attempt, request="get of flow 117", attempts=3)
    assert told == [
        Retry(
            request="get of flow 117",
            attempt=1,
            attempts=3,
            trouble=Trouble.SERVER_ERROR,
            cause="HTTP 503",
            message="Sentence.",
            seconds=0.5,
            pauses_account=False,
            is_repeated=True,
        ),
        Retry(
            request="get of flow 117",
            attempt=2,
            attempts=3,
            trouble=Trouble.THROTTLED,
            cause="code 4",
            message="slow",
            seconds=120,
            pauses_account=True,
            is_repeated=True,
        ),
    ]


def test_last_failure_is_not_told_as_a_repetition() -> None:
    time = FakeTime()
    told: list[Retry] = []
    with pytest.raises(RemoteUnavailable):
        time.retrier(on_retry=told.append).read(attempts_of(*[GONE] * 4)[0])
    assert [one.attempt for one in told] == [1, 2, 3]
