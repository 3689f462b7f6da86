from __future__ import annotations

import random
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from flowsync.remotes.pace import HOUR_S, Pace, Wait, WaitReason
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
    told: list[Wait] = []
    pace = Pace(1, on_wait=told.append, clock=time.clock, sleep=time.sleep)
    pace.wait_for_turn()
    pace.wait_for_turn()
    pace.pause(HOUR_S + 1)
    pace.wait_for_turn()
    assert [wait.seconds for wait in told] == time.sleeps == [HOUR_S, HOUR_S + 1]
    assert [wait.reason for wait in told] == [WaitReason.HOUR_IS_FULL, WaitReason.PAUSED]
    assert {wait.limit for wait in told} == {1}


def test_wait_is_told_once_however_many_threads_wait() -> None:
    told: list[Wait] = []
    resumed = threading.Event()
    asleep = threading.Barrier(9)
    now = 0.0

    def sleep(seconds: float) -> None:
        asleep.wait(10)
        resumed.wait(10)

    pace = Pace(on_wait=told.append, clock=lambda: now, sleep=sleep)
    pace.pause(60)
    with ThreadPoolExecutor(8) as pool:
        turns = [pool.submit(pace.wait_for_turn) for _ in range(8)]
        asleep.wait(10)
        assert pace.remaining() == 60
        now = 60.0
        resumed.set()
        for turn in turns:
            turn.result(timeout=10)
    assert [wait.seconds for wait in told] == [60]


def test_time_that_remains_is_nothing_while_nobody_waits() -> None:
    time = FakeTime()
    pace = time.pace(1)
    pace.wait_for_turn()
    pace.pause(60)
    assert pace.remaining() == 0


def test_time_that_remains_goes_down_while_somebody_sleeps() -> None:
    time = FakeTime()
    seen: list[float] = []

    def sleep(seconds: float) -> None:
        for _ in range(3):
            seen.append(pace.remaining())
            time.now += seconds / 3

    pace = Pace(clock=time.clock, sleep=sleep)
    pace.pause(30)
    pace.wait_for_turn()
    assert seen == [30, 20, 10]
    assert pace.remaining() == 0


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


class SharedTime:
    """A clock for several threads; it remembers what each of them read last."""

    def __init__(self) -> None:
        self._changed = threading.Lock()
        self._now = 0.0
        self.read_last = threading.local()

    def clock(self) -> float:
        with self._changed:
            self.read_last.moment = self._now
            return self._now

    def sleep(self, seconds: float) -> None:
        """Let the clock pass at least until then."""
        with self._changed:
            until = self._now + seconds
        threading.Event().wait(0.0005)  # others get their turn, as in a real wait
        with self._changed:
            self._now = max(self._now, until)

    def pass_by(self, seconds: float) -> None:
        with self._changed:
            self._now += seconds


@pytest.mark.parametrize("limit", [1, 5, 17])
@pytest.mark.parametrize("seed", range(5))
def test_no_hour_holds_more_than_the_limit_whatever_the_throttling(limit: int, seed: int) -> None:
    time = SharedTime()
    pace = Pace(limit, clock=time.clock, sleep=time.sleep)
    counting = threading.Lock()
    chance = random.Random(seed)
    sent: list[float] = []

    def work(number: int) -> None:
        for _ in range(8):
            pace.wait_for_turn()
            with counting:
                sent.append(time.read_last.moment)  # when the turn was given
                draw = chance.randrange(100)  # whole seconds, which floats hold exactly
            if draw < 20:
                pace.throttle(lambda in_a_row: min(60 * 2 ** (in_a_row - 1), 300))
            elif draw < 40:
                pace.pause(draw * 10)
            else:
                pace.note_answer()
                time.pass_by(draw)

    with ThreadPoolExecutor(8) as pool:
        for future in [pool.submit(work, number) for number in range(8)]:
            future.result(timeout=30)
    assert len(sent) == 64
    moments = sorted(sent)
    for first, after in zip(moments, moments[limit:], strict=False):
        assert after - first >= HOUR_S


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
