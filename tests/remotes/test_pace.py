from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from flowsync.remotes.pace import HOUR_S, Pace
from tests.remotes.support import FakeTime


def test_without_limit_nobody_waits() -> None:
    time = FakeTime()
    pace = time.pace()
    for _ in range(1000):
        pace.wait_for_turn()
    assert time.sleeps == []


def test_first_requests_up_to_the_limit_go_out_at_once() -> None:
    time = FakeTime(1000)
    pace = time.pace(3)
    for _ in range(3):
        pace.wait_for_turn()
    assert time.sleeps == []


def test_request_beyond_the_limit_waits_until_the_first_is_an_hour_old() -> None:
    time = FakeTime(1000)
    pace = time.pace(2)
    pace.wait_for_turn()
    time.now += 10
    pace.wait_for_turn()
    time.now += 5
    pace.wait_for_turn()
    assert time.sleeps == [HOUR_S - 15]


def test_hour_rolls() -> None:
    time = FakeTime()
    pace = time.pace(2)
    moments = []
    for _ in range(7):
        pace.wait_for_turn()
        moments.append(time.now)
        time.now += 100
    assert moments == [0, 100, 3600, 3700, 7200, 7300, 10800]
    for first, third in zip(moments, moments[2:], strict=False):
        assert third - first >= HOUR_S


def test_pause_lets_nothing_out_until_it_is_over() -> None:
    time = FakeTime(50)
    pace = time.pace()
    pace.pause(30)
    time.now += 10
    pace.wait_for_turn()
    pace.wait_for_turn()
    assert time.sleeps == [20]


def test_shorter_pause_does_not_end_a_longer_one() -> None:
    time = FakeTime()
    pace = time.pace()
    pace.pause(60)
    pace.pause(5)
    pace.wait_for_turn()
    assert time.sleeps == [60]


def test_pause_and_limit_wait_for_the_later_of_the_two() -> None:
    time = FakeTime()
    pace = time.pace(1)
    pace.wait_for_turn()
    pace.pause(5000)
    pace.wait_for_turn()
    assert time.sleeps == [5000]


def test_pause_that_comes_while_somebody_sleeps_counts_for_the_sleeper() -> None:
    time = FakeTime()
    later = iter([20.0])

    def sleep(seconds: float) -> None:
        time.sleep(seconds)
        for more in later:
            pace.pause(more)

    pace = Pace(clock=time.clock, sleep=sleep)
    pace.pause(10)
    pace.wait_for_turn()
    assert time.sleeps == [10, 20]


def test_every_wait_is_told() -> None:
    time = FakeTime()
    told: list[float] = []
    pace = Pace(1, on_wait=told.append, clock=time.clock, sleep=time.sleep)
    pace.wait_for_turn()
    pace.wait_for_turn()
    assert told == [HOUR_S]
    assert told == time.sleeps


def test_failing_sleep_leaves_the_pace_usable() -> None:
    time = FakeTime()
    failures = iter([KeyboardInterrupt()])

    def sleep(seconds: float) -> None:
        for failure in failures:
            raise failure
        time.sleep(seconds)

    pace = Pace(clock=time.clock, sleep=sleep)
    pace.pause(5)
    with pytest.raises(KeyboardInterrupt):
        pace.wait_for_turn()
    pace.wait_for_turn()
    assert time.sleeps == [5]


def test_threads_together_keep_to_the_limit() -> None:
    lock = threading.Lock()
    now, moments = 0.0, []

    def clock() -> float:
        with lock:
            return now

    def sleep(seconds: float) -> None:
        nonlocal now
        with lock:
            now += seconds

    pace = Pace(5, clock=clock, sleep=sleep)

    def take() -> None:
        pace.wait_for_turn()
        with lock:
            moments.append(now)

    with ThreadPoolExecutor(8) as pool:
        for future in [pool.submit(take) for _ in range(20)]:
            future.result(timeout=10)
    assert len(moments) == 20
    assert now >= 3 * HOUR_S
