"""--rollback-on-failure: no half-edited draft stays behind a publish that failed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flowsync.apply.context import Progress
from flowsync.apply.outcome import FlowOutcome, Result
from flowsync.model import JsonValue
from tests.apply.lab import Bench, definition
from tests.support import EmulatedGateway, flow_json


@pytest.fixture
def bench(documented: EmulatedGateway, tmp_path: Path) -> Bench:
    bench = Bench(documented, tmp_path / "journal")
    bench.apply_one(definition())
    return bench


def edit(bench: Bench, *, rolls_back: bool = True) -> FlowOutcome:
    changed = definition(content=flow_json("Mail"))
    plan = bench.plan(changed)
    (outcome,) = bench.carry_out(plan, changed, rolls_back=rolls_back).flows
    return outcome


def content(bench: Bench) -> JsonValue:
    (flow,) = bench.flows()
    return flow.content


def refuse_publishing(bench: Bench) -> None:
    """Let the platform find something wrong at the moment of publishing."""
    bench.gateway.platform.publish = _refuse  # type: ignore[method-assign]


def _refuse(flow_id: str) -> None:
    from flowsync.remotes.emulator.refusals import PlatformError

    raise PlatformError("No phone number.", code=139002, title="Flow can't be published")


def test_the_earlier_flow_json_is_uploaded_again_when_publishing_fails(bench: Bench) -> None:
    refuse_publishing(bench)
    outcome = edit(bench)
    assert outcome.result is Result.FAILED
    assert outcome.is_rolled_back
    assert any("uploaded again" in warning for warning in outcome.warnings)
    assert content(bench) == flow_json()


def test_without_the_option_the_new_flow_json_stays_as_a_draft(bench: Bench) -> None:
    refuse_publishing(bench)
    outcome = edit(bench, rolls_back=False)
    assert not outcome.is_rolled_back
    assert content(bench) == flow_json("Mail")


def test_what_the_platform_finds_errors_in_is_rolled_back(bench: Bench) -> None:
    bench.gateway.check = lambda data: (
        [{"error": "X", "message": "wrong"}] if b"Mail" in data else []
    )
    outcome = edit(bench)
    assert outcome.is_rolled_back
    assert outcome.findings[0].code == "X"
    assert content(bench) == flow_json()


@pytest.mark.parametrize("fault", ["drop", "drop-after"])
def test_a_publish_that_may_have_happened_is_not_rolled_back(bench: Bench, fault: str) -> None:
    bench.gateway.faults.add(f"publish:{fault}*1")
    bench.gateway.watch = lambda operation: (
        bench.gateway.faults.add("get:drop*3") if operation.value == "publish" else None
    )
    outcome = edit(bench)
    assert outcome.result is Result.UNKNOWN
    assert not outcome.is_rolled_back
    assert content(bench) == flow_json("Mail")


def test_an_upload_that_failed_is_not_rolled_back(bench: Bench) -> None:
    bench.gateway.faults.add("upload:ignored")
    outcome = edit(bench)
    assert outcome.result is Result.FAILED
    assert not outcome.is_rolled_back
    assert bench.gateway.counts["publish"] == 1


def test_a_roll_back_that_fails_says_how_to_restore(bench: Bench) -> None:
    refuse_publishing(bench)

    def break_uploads(operation: object) -> None:
        if bench.gateway.counts["publish"] == 2:
            bench.gateway.faults.add("upload:server-error")

    bench.gateway.watch = break_uploads
    outcome = edit(bench)
    assert not outcome.is_rolled_back
    assert any(f"flowsync restore {outcome.flow_id}" in warning for warning in outcome.warnings)
    assert bench.kept


def test_a_new_flow_has_nothing_to_roll_back_to(bench: Bench) -> None:
    refuse_publishing(bench)
    new = definition("other")
    (outcome,) = bench.carry_out(bench.plan(new), new, rolls_back=True).flows
    assert outcome.result is Result.FAILED
    assert not outcome.is_rolled_back


def test_nothing_is_rolled_back_when_apply_was_asked_to_stop(bench: Bench) -> None:
    refuse_publishing(bench)
    bench.gateway.watch = lambda operation: (
        bench.stop.set() if operation.value == "publish" else None
    )
    outcome = edit(bench)
    assert outcome.result is Result.FAILED
    assert not outcome.is_rolled_back
    assert any(f"flowsync restore {outcome.flow_id}" in warning for warning in outcome.warnings)
    assert content(bench) == flow_json("Mail")


def test_what_somebody_wrote_after_the_failed_publish_is_not_written_over(bench: Bench) -> None:
    refuse_publishing(bench)
    theirs = flow_json("Theirs")

    class Told(list[Progress]):
        """Is told of the roll back right before it begins."""

        def append(self, progress: Progress) -> None:
            if progress.text == "put back":
                (flow,) = bench.flows()
                bench.gateway.platform.upload(flow.id, json.dumps(theirs).encode())

    bench.told = Told()
    outcome = edit(bench)
    assert not outcome.is_rolled_back
    assert content(bench) == theirs


@pytest.mark.parametrize("was_live", [True, False])
def test_only_a_flow_that_was_live_is_said_to_stay_so(bench: Bench, was_live: bool) -> None:
    (flow,) = bench.flows()
    if not was_live:
        with bench.gateway.store.transaction() as db:
            db.execute("UPDATE flows SET status = 'DRAFT' WHERE id = ?", (flow.id,))
    refuse_publishing(bench)
    outcome = edit(bench)
    assert outcome.is_rolled_back
    assert any("its live version stays up" in said for said in outcome.warnings) is was_live
