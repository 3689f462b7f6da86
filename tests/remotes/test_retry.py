from __future__ import annotations

from collections.abc import Callable

import pytest

from flowsync.errors import (
    FlowsyncError,
    RemoteDenied,
    RemoteRejected,
    RemoteThrottled,
    RemoteUnavailable,
)
from flowsync.remotes.retry import Retrier, RetryPolicy
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
    assert time.retrier(RetryPolicy(attempts=8)).read(attempt) == "value"
    assert time.sleeps == [0.5, 1, 2, 4, 8, 10, 10]


@pytest.mark.parametrize(("jitter", "delay"), [(0.0, 0.25), (0.5, 0.375), (1.0, 0.5)])
def test_jitter_takes_off_up_to_a_half(jitter: float, delay: float) -> None:
    time = FakeTime()
    retrier = Retrier(
        policy=RetryPolicy(), pace=time.pace(), sleep=time.sleep, jitter=lambda: jitter
    )
    assert retrier.delay(1) == delay


def test_default_jitter_lies_between_half_and_whole() -> None:
    retrier = Retrier(policy=RetryPolicy(), pace=FakeTime().pace())
    delays = [retrier.delay(3) for _ in range(200)]
    assert all(1 <= delay <= 2 for delay in delays)
    assert len(set(delays)) > 1


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
        time.retrier(RetryPolicy(attempts=9)).read(attempt)
    assert calls == [1, 2, 3, 4]  # 60, 120, 240, and 480 is too long


def test_time_of_zero_is_a_time() -> None:
    time = FakeTime()
    pace = time.pace()
    assert time.retrier(pace=pace).pause_for(RemoteThrottled("slow", retry_after=0), 1)
    pace.wait_for_turn()
    assert time.sleeps == []


def test_policy_without_attempts_is_a_mistake_of_the_program() -> None:
    attempt, _ = attempts_of("value")
    with pytest.raises(AssertionError):
        FakeTime().retrier(RetryPolicy(attempts=0)).read(attempt)
