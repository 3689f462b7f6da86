"""Pauses of the account in the middle of an apply: what was read before them is old news."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from flowsync.apply.outcome import FlowOutcome, Result
from flowsync.model import FlowDefinition
from flowsync.remotes.operations import Operation
from flowsync.remotes.pace import Pace
from tests.apply.lab import Bench, definition
from tests.support import EmulatedGateway, flow_json

THEIRS = json.dumps(flow_json("Theirs")).encode()
OURS = definition(content=flow_json("Ours"))


@pytest.fixture
def bench(documented: EmulatedGateway, tmp_path: Path) -> Bench:
    return Bench(documented, tmp_path / "journal")


def applied_while(
    bench: Bench,
    item: FlowDefinition,
    faults: str,
    somebody: Callable[[], object],
    *,
    rolls_back: bool = False,
    least_s: float = 30,
) -> FlowOutcome:
    """Plan, then apply with a fault; somebody else writes during the first pause of some length."""
    plan = bench.plan(item)
    sleep = bench.gateway.sleep
    told: list[float] = []

    def pause(seconds: float) -> None:
        sleep(seconds)
        if seconds >= least_s and not told:
            told.append(seconds)
            somebody()

    bench.gateway.sleep = pause  # type: ignore[method-assign]
    bench.remote = bench.gateway.client()
    bench.remote.list_flows()
    for fault in faults.split():
        bench.gateway.faults.add(fault)
    (outcome,) = bench.carry_out(plan, item, rolls_back=rolls_back).flows
    assert told
    return outcome


@pytest.mark.parametrize(
    ("fault", "least_s"),
    [
        ("upload:rate-limit=60*1", 30),
        ("upload:account-limit*1", 30),
        ("upload:rate-limit=2*1", 1),  # too short to be held back for long
    ],
)
def test_a_throttled_upload_is_not_sent_over_what_was_written_in_the_pause(
    bench: Bench, fault: str, least_s: float
) -> None:
    flow_id = bench.apply_one(definition()).flow_id or ""

    def somebody() -> None:
        bench.gateway.platform.upload(flow_id, THEIRS)

    outcome = applied_while(bench, OURS, fault, somebody, least_s=least_s)
    assert outcome.result is Result.CHANGED_SINCE_PLAN
    (flow,) = bench.flows()
    assert flow.content == flow_json("Theirs")


@pytest.mark.parametrize("why", ["another flow is throttled", "the hour is full"])
def test_an_upload_that_is_held_back_is_not_sent_over_what_was_written_meanwhile(
    documented: EmulatedGateway, tmp_path: Path, why: str
) -> None:
    bench = Bench(documented, tmp_path / "journal")
    flow_id = bench.apply_one(definition()).flow_id or ""
    plan, sleep = bench.plan(OURS), bench.gateway.sleep
    told: list[float] = []

    def pause(seconds: float) -> None:
        sleep(seconds)
        if seconds >= 30 and not told:
            told.append(seconds)
            bench.gateway.platform.upload(flow_id, THEIRS)

    hourly = 2 if why == "the hour is full" else None
    pace = Pace(hourly, clock=lambda: bench.gateway.now, sleep=pause)
    bench.remote = bench.gateway.client(pace=pace)
    bench.remote.list_flows()

    def throttle(operation: Operation) -> None:
        if operation is Operation.GET and hourly is None and not told:
            pace.throttle(lambda in_a_row: 60.0)

    bench.gateway.watch = throttle
    (outcome,) = bench.carry_out(plan, OURS).flows
    assert outcome.result is Result.CHANGED_SINCE_PLAN
    assert told
    (flow,) = bench.flows()
    assert flow.content == flow_json("Theirs")


def test_a_throttled_create_takes_no_flow_that_was_made_in_the_pause(bench: Bench) -> None:
    def somebody() -> None:
        platform = bench.gateway.platform
        new = platform.create_flow(bench.gateway.account, name="Contact", categories=["OTHER"])
        platform.upload(new, THEIRS)

    outcome = applied_while(bench, OURS, "create:rate-limit=60*1", somebody)
    assert outcome.result is Result.CHANGED_SINCE_PLAN
    (flow,) = bench.flows()
    assert flow.content == flow_json("Theirs")
    assert bench.gateway.counts["create"] == 1


def test_a_roll_back_is_not_sent_over_what_was_written_in_the_pause(bench: Bench) -> None:
    flow_id = bench.apply_one(definition()).flow_id or ""
    outcome = applied_while(
        bench,
        OURS,
        "publish@3:rate-limit=60 publish:rate-limit=1*2",
        lambda: bench.gateway.platform.upload(flow_id, THEIRS),
        rolls_back=True,
    )
    assert outcome.result is Result.FAILED
    assert not outcome.is_rolled_back
    assert any("somebody else has written to it" in warning for warning in outcome.warnings)
    (flow,) = bench.flows()
    assert flow.content == flow_json("Theirs")


def test_a_throttled_write_that_nobody_disturbs_is_sent_again(bench: Bench) -> None:
    outcome = applied_while(bench, OURS, "upload:rate-limit=60*2", lambda: None)
    assert outcome.result is Result.APPLIED
    assert bench.converges(OURS)


def test_a_publish_is_not_repeated_because_the_flow_could_not_be_read(bench: Bench) -> None:
    """Three times HTTP 500 look like an empty draft (G-06), which a flow with content is not."""
    plan = bench.plan(OURS)

    def blind(operation: Operation) -> None:
        if operation is Operation.PUBLISH:
            bench.gateway.faults.add("get:server-error*6")

    bench.gateway.watch = blind
    (outcome,) = bench.carry_out(plan, OURS).flows
    assert outcome.result is Result.UNKNOWN
    assert bench.gateway.counts["publish"] == 1


def test_an_upload_whose_content_cannot_be_read_is_unknown_and_nobody_is_blamed(
    bench: Bench,
) -> None:
    bench.apply_one(definition())
    plan = bench.plan(OURS)

    def blind(operation: Operation) -> None:
        if operation is Operation.UPLOAD:
            bench.gateway.faults.add("get:asset-unavailable")

    bench.gateway.watch = blind
    (outcome,) = bench.carry_out(plan, OURS).flows
    assert outcome.result is Result.UNKNOWN
    assert "G-07" in outcome.message
