"""Listings that flows share: which one a flow is given, how many are made, and how waits end."""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from flowsync.apply.listings import MOST_IN_FLIGHT, Listings
from flowsync.apply.outcome import Result
from flowsync.errors import Interrupted, RemoteError
from flowsync.model import Listing
from flowsync.remotes.gateway.client import GatewayRemote
from flowsync.remotes.operations import Operation
from tests.apply.lab import Bench, definition
from tests.support import EmulatedGateway

LIMIT_S = 30  # of what takes moments, on a machine that is busy
A_WHILE_S = 0.1  # in which what is wrong would happen
WAITERS = 5


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LIMIT_S
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.002)


class Way:
    """The way of listings back from the emulator, on which they are held where `is_held` says so.

    It is given the number of a listing, from 1 on. One that is held shows the account as it was
    when it was begun. `on_way` is called for each.
    """

    def __init__(self, remote: GatewayRemote) -> None:
        self.is_held: Callable[[int], bool] = lambda number: False
        self.on_way: Callable[[], None] = lambda: None
        self.most_at_once = 0
        self._list_flows = remote.list_flows
        self._lock = threading.Lock()
        self._at_once = 0
        self._gates: list[threading.Event] = []
        remote.list_flows = self._listed  # type: ignore[method-assign]

    @property
    def begun(self) -> int:
        """Give how many listings were begun so far."""
        return len(self._gates)

    def let_through(self, number: int) -> None:
        self._gates[number - 1].set()

    def let_all_through(self) -> None:
        self.is_held = lambda number: False
        for gate in list(self._gates):
            gate.set()

    def _listed(self) -> Listing:
        with self._lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            return self._list_flows()
        finally:
            gate = threading.Event()
            with self._lock:
                self._gates.append(gate)
                number = len(self._gates)
            self.on_way()
            if self.is_held(number):
                assert gate.wait(LIMIT_S)
            with self._lock:
                self._at_once -= 1


class Lab:
    """Listings of an emulated account, asked for from threads of their own."""

    def __init__(self, gateway: EmulatedGateway, pool: ThreadPoolExecutor) -> None:
        self.gateway, self.remote, self._pool = gateway, gateway.client(), pool
        self.way = Way(self.remote)
        self.clock = 0.0
        self.listings = Listings(self.remote, clock=lambda: self.clock)

    def ask(self, moment: int) -> Future[Listing]:
        """Ask for a listing in another thread."""
        asks = threading.Event()

        def since() -> Listing:
            asks.set()
            return self.listings.since(moment)

        answer = self._pool.submit(since)
        assert asks.wait(LIMIT_S)
        return answer

    def ask_for_next(self) -> Future[Listing]:
        """Ask for a listing that is begun from now on, and wait until it is."""
        begun = self.way.begun
        answer = self.ask(self.listings.now())
        wait_until(lambda: self.way.begun > begun)
        return answer

    def create(self, name: str) -> None:
        """Let a flow appear in the account."""
        self.gateway.platform.create_flow(self.gateway.account, name=name, categories=["OTHER"])


@pytest.fixture
def lab(documented: EmulatedGateway) -> Iterator[Lab]:
    """A lab in which one listing has been made, which was quick."""
    with ThreadPoolExecutor(32) as pool:
        made = Lab(documented, pool)
        made.listings.since(0)
        yield made
        made.way.let_all_through()


def every(number: int) -> bool:
    return True


def names_in(answer: Future[Listing]) -> list[str]:
    return [flow.name for flow in answer.result(LIMIT_S).flows]


def test_a_write_is_not_judged_by_a_listing_that_was_begun_before_it(lab: Lab) -> None:
    lab.way.is_held = every
    early = lab.ask_for_next()
    lab.create("New")
    moment = lab.listings.now()
    late = lab.ask_for_next()
    lab.way.let_through(3)
    assert names_in(late) == ["New"]
    lab.way.let_through(2)
    assert names_in(early) == []
    assert names_in(lab.ask(moment)) == ["New"]  # the early one, which ended later, counts for less
    assert lab.way.begun == 3


def test_whoever_asks_is_given_the_listing_in_flight_where_it_was_begun_since(lab: Lab) -> None:
    moment = lab.listings.now()
    lab.way.is_held = every
    first = lab.ask_for_next()
    others = [lab.ask(moment) for _ in range(WAITERS)]
    lab.way.let_through(2)
    listing = first.result(LIMIT_S)
    assert all(other.result(LIMIT_S) is listing for other in others)
    assert lab.way.begun == 2


def test_some_listings_are_in_flight_at_most_and_all_who_wait_share_the_next(lab: Lab) -> None:
    lab.way.is_held = every
    for _ in range(MOST_IN_FLIGHT):
        lab.ask_for_next()
    full = lab.way.begun
    waiting = [lab.ask(lab.listings.now()) for _ in range(WAITERS)]
    time.sleep(A_WHILE_S)
    assert lab.way.begun == full
    lab.way.let_through(full)
    wait_until(lambda: lab.way.begun > full)
    lab.way.let_through(full + 1)
    assert len({id(answer.result(LIMIT_S)) for answer in waiting}) == 1
    assert lab.way.begun == full + 1
    assert lab.way.most_at_once == MOST_IN_FLIGHT


def test_another_listing_is_begun_only_after_a_part_of_the_time_that_one_takes(lab: Lab) -> None:
    def take_a_minute() -> None:
        lab.clock += 60

    lab.way.on_way = take_a_minute
    lab.ask_for_next().result(LIMIT_S)
    lab.way.on_way = lambda: None
    lab.way.is_held = every
    lab.ask_for_next()
    waiting = lab.ask(lab.listings.now())
    time.sleep(A_WHILE_S)
    assert lab.way.begun == 3
    lab.clock += 60 / MOST_IN_FLIGHT
    beside = lab.ask_for_next()
    lab.way.let_through(4)
    assert beside.result(LIMIT_S) is waiting.result(LIMIT_S)


def test_the_first_listing_has_none_beside_it(documented: EmulatedGateway) -> None:
    with ThreadPoolExecutor(4) as pool:
        lab = Lab(documented, pool)
        lab.way.is_held = every
        first = lab.ask_for_next()
        second = lab.ask(lab.listings.now())
        time.sleep(A_WHILE_S)
        assert lab.way.begun == 1
        lab.way.let_all_through()
        assert first.result(LIMIT_S) is not second.result(LIMIT_S)


def test_a_listing_that_fails_fails_for_all_who_wait_for_it_and_for_nobody_else(lab: Lab) -> None:
    moment = lab.listings.now()
    lab.way.is_held = every
    good = lab.ask_for_next()
    lab.gateway.faults.add("list:forbidden")
    bad = [lab.ask_for_next()]
    lab.gateway.faults.clear()
    bad += [lab.ask(moment + 1) for _ in range(WAITERS)]
    time.sleep(A_WHILE_S)
    lab.way.let_through(3)
    for answer in bad:
        with pytest.raises(RemoteError, match="403"):
            answer.result(LIMIT_S)
    lab.way.let_through(2)
    assert names_in(good) == []
    lab.way.let_all_through()
    assert names_in(lab.ask(lab.listings.now())) == []
    assert lab.way.begun == 4


def test_in_a_pause_of_the_account_one_listing_waits_and_a_stop_ends_the_wait_of_all(
    documented: EmulatedGateway,
) -> None:
    stop = threading.Event()
    asleep = threading.Event()

    def sleep(seconds: float) -> None:
        if seconds > 0:
            asleep.set()
            assert stop.wait(LIMIT_S)
            raise Interrupted("stopped")

    documented.sleep = sleep  # type: ignore[method-assign]
    with ThreadPoolExecutor(16) as pool:
        lab = Lab(documented, pool)
        lab.listings.since(0)
        documented.faults.add("list:rate-limit=60")
        answers = [lab.ask(lab.listings.now())]
        assert asleep.wait(LIMIT_S)
        answers += [lab.ask(lab.listings.now()) for _ in range(WAITERS)]
        time.sleep(A_WHILE_S)
        assert not any(answer.done() for answer in answers)
        assert lab.way.most_at_once == 1
        stop.set()
        for answer in answers:
            with pytest.raises(Interrupted):
                answer.result(LIMIT_S)


def test_many_at_once_find_each_what_they_have_made_in_fewer_listings_than_they_are(
    documented: EmulatedGateway,
) -> None:
    chance = random.Random(17)
    many, rounds = 16, 6
    with ThreadPoolExecutor(many) as pool:
        lab = Lab(documented, pool)
        lab.listings = Listings(lab.remote)  # in real time
        lab.way.on_way = lambda: time.sleep(chance.uniform(0.01, 0.03))

        def make(number: int) -> None:
            for turn in range(rounds):
                time.sleep(chance.uniform(0, 0.02))
                name = f"{number}-{turn}"
                lab.create(name)
                listing = lab.listings.since(lab.listings.now())
                assert any(flow.name == name for flow in listing.flows)

        for made in [pool.submit(make, number) for number in range(many)]:
            made.result(LIMIT_S)
    assert lab.way.most_at_once <= MOST_IN_FLIGHT
    assert lab.way.begun < many * rounds


def test_a_flow_goes_on_while_the_listing_for_another_is_still_on_its_way(
    documented: EmulatedGateway, tmp_path: Path
) -> None:
    bench = Bench(documented, tmp_path / "journal")
    one, other = definition("one"), definition("other")
    plan = bench.plan(one, other)
    way = Way(bench.remote)
    way.is_held = lambda number: number == 2  # the proof of the flow that is created first
    creates = itertools.count(1)

    def watch(operation: Operation) -> None:
        if operation is Operation.CREATE and next(creates) == 2:
            wait_until(lambda: way.begun == 2)

    bench.gateway.watch = watch
    with ThreadPoolExecutor(1) as pool:
        applied = pool.submit(bench.carry_out, plan, one, other, parallelism=2)
        wait_until(lambda: any(told.result is Result.APPLIED for told in bench.told))
        assert not applied.done()
        way.let_all_through()
        assert {flow.result for flow in applied.result(LIMIT_S).flows} == {Result.APPLIED}
    assert way.begun == 3
