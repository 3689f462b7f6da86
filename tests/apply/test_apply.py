from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from flowsync.apply.flow_run import FlowRun
from flowsync.apply.outcome import Result, StepResult
from flowsync.errors import ExitCode, Interrupted, RefusedForSafety
from flowsync.model import FlowId, StepKind
from flowsync.plan.values import Action
from flowsync.remotes.operations import Operation
from tests.apply.lab import Bench, definition
from tests.support import EmulatedGateway, flow_json

ENDPOINT = "https://flows.example.com/x"


@pytest.fixture
def bench(gateway: EmulatedGateway, tmp_path: Path) -> Bench:
    return Bench(gateway, tmp_path / "journal")


def test_new_flow_is_created_uploaded_and_published_and_nothing_is_left(bench: Bench) -> None:
    outcome = bench.apply_one(definition())
    assert outcome.result is Result.APPLIED
    assert outcome.is_new
    assert [step.kind.value for step in outcome.steps] == ["create", "upload", "publish"]
    (flow,) = bench.flows()
    assert (flow.status, flow.content) == ("PUBLISHED", flow_json())
    assert bench.converges(definition())


def test_edit_of_a_published_flow_keeps_its_id(bench: Bench) -> None:
    first = bench.apply_one(definition())
    second = bench.apply_one(definition(content=flow_json("Mail")))
    assert second.flow_id == first.flow_id
    assert [step.kind.value for step in second.steps] == ["upload", "publish"]
    (flow,) = bench.flows()
    assert flow.status == "PUBLISHED"
    assert flow.content == flow_json("Mail")


def test_metadata_and_content_change_in_one_publish(bench: Bench) -> None:
    bench.apply_one(definition())
    changed = definition(categories=("SURVEY",), content=flow_json("Mail"), endpoint_uri=ENDPOINT)
    outcome = bench.apply_one(changed)
    assert [step.kind.value for step in outcome.steps] == ["update", "upload", "publish"]
    (flow,) = bench.flows()
    assert (flow.categories, flow.endpoint_uri) == (("SURVEY",), ENDPOINT)
    assert bench.converges(changed)


def test_rename_keeps_the_flow(bench: Bench) -> None:
    first = bench.apply_one(definition(name="Old"))
    second = bench.apply_one(definition(name="New", renamed_from=("Old",)))
    assert second.flow_id == first.flow_id
    assert bench.names == ["New"]


def test_published_flow_is_deprecated_and_a_draft_deleted(bench: Bench) -> None:
    bench.apply(definition("a"), definition("b", state="draft"))
    outcome = bench.apply(definition("a", state="deprecated"), definition("b", state="absent"))
    assert [flow.result for flow in outcome.flows] == [Result.APPLIED, Result.APPLIED]
    (flow,) = bench.flows()
    assert (flow.name, flow.status) == ("A", "DEPRECATED")


def test_conflict_leaves_the_flow_alone_and_others_go_on(bench: Bench) -> None:
    bench.apply(definition("a", state="draft"))
    outcome = bench.apply(definition("a", state="deprecated"), definition("b"))
    assert [flow.result for flow in outcome.flows] == [Result.CONFLICT, Result.APPLIED]
    assert outcome.exit_code is ExitCode.INCOMPLETE
    assert outcome.flows[0].message


def test_failing_flow_does_not_stop_the_others(bench: Bench) -> None:
    bench.gateway.faults.add("create:forbidden*1")
    outcome = bench.apply(definition("a"), definition("b"), definition("c"))
    assert [flow.result.value for flow in outcome.flows] == ["failed", "applied", "applied"]
    assert outcome.exit_code is ExitCode.INCOMPLETE
    assert "403" in outcome.flows[0].message
    assert bench.apply(definition("a"), definition("b"), definition("c")).exit_code == 0


def test_many_flows_converge_in_parallel(bench: Bench) -> None:
    items = [definition(f"flow-{number}") for number in range(20)]
    outcome = bench.apply(*items, parallelism=8)
    assert outcome.exit_code is ExitCode.DONE
    assert len(bench.flows()) == 20
    assert bench.converges(*items)


# --- what passes on the wire is not believed ---


@pytest.mark.parametrize("operation", ["create", "upload", "publish"])
@pytest.mark.parametrize(
    "fault",
    [
        "drop*1",
        "drop-after*1",
        "server-error*1",
        "server-error-after*1",
        "html*1",
        "redirect*1",
        "ignored*1",
        "unavailable=1*1",
        "rate-limit=1*1",
        "busy*1",
    ],
)
def test_one_fault_in_any_write_is_survived_without_doubling(
    bench: Bench, operation: str, fault: str
) -> None:
    bench.gateway.faults.add(f"{operation}:{fault}")
    outcome = bench.apply_one(definition())
    assert outcome.result is Result.APPLIED, outcome.message
    assert bench.names == ["Contact"]
    (flow,) = bench.flows()
    assert flow.status == "PUBLISHED"
    assert len(bench.gateway.platform.live_versions(flow.id)) == 1
    assert bench.converges(definition())


@pytest.mark.parametrize("fault", ["drop-after*1", "server-error-after*1", "ignored*1", "drop*1"])
@pytest.mark.parametrize(
    ("operation", "state"), [("deprecate", "deprecated"), ("delete", "absent")]
)
def test_one_fault_in_a_removal_is_survived(
    bench: Bench, operation: str, state: str, fault: str
) -> None:
    bench.apply_one(definition(state="published" if operation == "deprecate" else "draft"))
    bench.gateway.faults.add(f"{operation}:{fault}")
    assert bench.apply_one(definition(state=state)).result is Result.APPLIED
    assert bench.converges(definition(state=state))


@pytest.mark.parametrize("fault", ["drop-after*1", "server-error-after*1", "ignored*1"])
def test_one_fault_in_an_update_is_survived(bench: Bench, fault: str) -> None:
    bench.apply_one(definition())
    bench.gateway.faults.add(f"update:{fault}")
    changed = definition(categories=("SURVEY",))
    assert bench.apply_one(changed).result is Result.APPLIED
    assert bench.converges(changed)


@pytest.mark.parametrize("fault", ["server-error", "ignored", "rate-limit=1", "drop-after"])
def test_one_fault_in_the_upload_to_a_clone_is_survived(bench: Bench, fault: str) -> None:
    source = definition("source", content=flow_json("Source"))
    bench.apply_one(source)
    clone = definition(clone_from="source")
    plan = bench.plan(source, clone)
    assert any(step.clone_flow_id for change in plan.changes for step in change.steps)
    bench.gateway.faults.add(f"upload:{fault}*1")
    outcome = bench.carry_out(plan, source, clone)
    assert outcome.exit_code == 0
    assert bench.names == ["Contact", "Source"]
    assert bench.converges(source, clone)


def test_write_whose_effect_is_proved_is_not_repeated(bench: Bench) -> None:
    bench.gateway.faults.add("publish:server-error-after*1")
    outcome = bench.apply_one(definition())
    assert bench.gateway.counts["publish"] == 1
    publish = outcome.steps[-1]
    assert publish.result is StepResult.DONE
    assert "500" in publish.note


def test_lying_success_is_repeated_and_then_reported(bench: Bench) -> None:
    bench.gateway.faults.add("upload:ignored")
    outcome = bench.apply_one(definition())
    assert outcome.result is Result.FAILED
    assert bench.gateway.counts["upload"] == 3
    assert "a read shows that nothing happened" in outcome.message
    assert outcome.steps[-1].result is StepResult.NOT_STARTED


def test_refusal_is_not_repeated(bench: Bench) -> None:
    bench.apply_one(definition())
    bench.gateway.faults.add("upload:forbidden")
    bench.apply_one(definition(content=flow_json("Mail")))
    assert bench.gateway.counts["upload"] == 2  # one for each apply


def test_stored_upload_that_meta_calls_failed_is_sent_again(bench: Bench) -> None:
    bench.gateway.faults.add("upload:stored-but-failed*1")
    assert bench.apply_one(definition()).result is Result.APPLIED
    assert bench.gateway.counts["upload"] == 2


def test_outcome_is_unknown_when_no_read_can_tell(bench: Bench) -> None:
    plan = bench.plan(definition())
    bench.gateway.faults.add("create:server-error-after*1")

    def fail_lists(operation: Operation) -> None:
        if operation is Operation.CREATE:
            bench.gateway.faults.add("list:drop")

    bench.gateway.watch = fail_lists
    (flow,) = bench.carry_out(plan, definition()).flows
    assert flow.result is Result.UNKNOWN
    assert "flowsync plan" in flow.message
    bench.gateway.faults.clear()
    assert bench.apply_one(definition()).result is Result.APPLIED
    assert bench.names == ["Contact"]


def test_orphan_of_an_interrupted_create_is_adopted(bench: Bench) -> None:
    bench.gateway.platform.create_flow(bench.gateway.account, name="Contact", categories=["OTHER"])
    outcome = bench.apply_one(definition())
    assert outcome.result is Result.APPLIED
    assert not outcome.is_new
    assert bench.names == ["Contact"]


def test_throttled_write_waits_as_long_as_asked(bench: Bench) -> None:
    bench.gateway.faults.add("publish:rate-limit=7*1")
    assert bench.apply_one(definition()).result is Result.APPLIED
    assert sum(bench.gateway.sleeps) >= 7


def test_findings_of_the_platform_stop_the_publish(bench: Bench) -> None:
    broken = flow_json()
    assert isinstance(broken, dict)
    broken["screens"][0]["terminal"] = False  # type: ignore[index, call-overload]  # JSON value
    outcome = bench.apply_one(definition(content=broken))
    assert outcome.result is Result.FAILED
    assert outcome.findings
    assert bench.gateway.counts["publish"] == 0
    assert "It was not published" in outcome.message


def test_draft_with_findings_is_applied_with_a_warning(bench: Bench) -> None:
    broken = flow_json()
    assert isinstance(broken, dict)
    broken["screens"][0]["terminal"] = False  # type: ignore[index, call-overload]  # JSON value
    outcome = bench.apply_one(definition(content=broken, state="draft"))
    assert outcome.result is Result.APPLIED
    assert any("error" in warning for warning in outcome.warnings)


@pytest.mark.parametrize("status", ["THROTTLED", "BLOCKED"])
def test_publish_is_proved_where_monitoring_sets_a_status_at_once(
    bench: Bench, status: str
) -> None:
    publish = bench.gateway.platform.publish

    def publish_and_set(flow_id: str) -> None:
        publish(flow_id)
        bench.gateway.platform.force_status(flow_id, status)

    bench.gateway.platform.publish = publish_and_set  # type: ignore[method-assign]
    assert bench.apply_one(definition()).result is Result.APPLIED
    assert bench.gateway.counts["publish"] == 1


def test_endpoint_that_publishing_injects_is_reported(bench: Bench) -> None:
    bench.apply_one(definition(state="draft"))
    plan = bench.plan(definition())
    original = bench.gateway.platform.publish

    def publish_and_inject(flow_id: str) -> None:
        bench.gateway.platform.update_flow(flow_id, endpoint_uri="https://gateway.example/hook")
        original(flow_id)

    bench.gateway.platform.publish = publish_and_inject  # type: ignore[method-assign]
    (outcome,) = bench.carry_out(plan, definition()).flows
    assert any("https://gateway.example/hook" in warning for warning in outcome.warnings)


# --- the plan is kept to ---


def test_flow_changed_since_the_plan_is_not_written_to(bench: Bench) -> None:
    first = bench.apply_one(definition())
    changed = definition(content=flow_json("Mail"))
    plan = bench.plan(changed)
    assert first.flow_id
    bench.gateway.platform.upload(first.flow_id, json.dumps(flow_json("By hand")).encode())
    bench.gateway.operations.clear()
    (outcome,) = bench.carry_out(plan, changed).flows
    assert outcome.result is Result.CHANGED_SINCE_PLAN
    assert "Flow JSON" in outcome.message
    assert "PUBLISHED → DRAFT" in outcome.message
    assert set(bench.gateway.counts) <= {"list", "get"}


def test_second_writer_between_two_steps_is_noticed(bench: Bench) -> None:
    plan = bench.plan(definition())

    def interfere(operation: Operation) -> None:
        if operation is Operation.CREATE:
            bench.gateway.platform.create_flow(
                bench.gateway.account, name="Contact", categories=["SURVEY"]
            )

    bench.gateway.watch = interfere
    (outcome,) = bench.carry_out(plan, definition()).flows
    assert outcome.result is Result.CHANGED_SINCE_PLAN
    (flow,) = bench.flows()
    assert flow.categories == ("SURVEY",)
    assert flow.flow_json is None


def test_flow_that_appeared_since_the_plan_is_not_doubled(bench: Bench) -> None:
    plan = bench.plan(definition())
    bench.gateway.platform.create_flow(bench.gateway.account, name="Contact", categories=["OTHER"])
    (outcome,) = bench.carry_out(plan, definition()).flows
    assert outcome.result is Result.CHANGED_SINCE_PLAN
    assert bench.gateway.counts["create"] == 0


def test_flow_that_is_changed_once_it_was_created_is_not_called_not_started(bench: Bench) -> None:
    plan = bench.plan(definition())

    def overtake(operation: Operation) -> None:
        if operation is Operation.LIST and bench.flows():
            bench.gateway.platform.update_flow(bench.flows()[0].id, categories=["SURVEY"])

    bench.gateway.watch = overtake
    (outcome,) = bench.carry_out(plan, definition()).flows
    (flow,) = bench.flows()
    assert (outcome.result, outcome.flow_id) == (Result.CHANGED_SINCE_PLAN, flow.id)
    assert outcome.steps[0].result is StepResult.DONE
    assert bench.gateway.counts["upload"] == 0


def test_nothing_is_created_from_a_listing_in_doubt(bench: Bench) -> None:
    plan = bench.plan(definition())
    bench.gateway.faults.add("list:no-data")
    (outcome,) = bench.carry_out(plan, definition()).flows
    assert outcome.result is Result.FAILED
    assert bench.gateway.counts["create"] == 0


def test_upload_that_another_writer_overtakes_is_not_sent_over_it(bench: Bench) -> None:
    first = bench.apply_one(definition())
    theirs = json.dumps(flow_json("Theirs")).encode()
    changed = definition(content=flow_json("Ours"))
    plan = bench.plan(changed)
    uploads: list[Operation] = []

    def overtake(operation: Operation) -> None:
        if operation is Operation.UPLOAD:
            uploads.append(operation)
        elif operation is Operation.GET and uploads:
            bench.gateway.platform.upload(first.flow_id or "", theirs)

    bench.gateway.watch = overtake
    (outcome,) = bench.carry_out(plan, changed).flows
    assert outcome.result is Result.CHANGED_SINCE_PLAN
    assert len(uploads) == 1
    (flow,) = bench.flows()
    assert flow.content == flow_json("Theirs")


def test_update_that_another_writer_overtakes_is_not_sent_over_it(bench: Bench) -> None:
    first = bench.apply_one(definition())
    changed = definition(categories=("SURVEY",))
    plan = bench.plan(changed)
    updates: list[Operation] = []

    def overtake(operation: Operation) -> None:
        if operation is Operation.UPDATE:
            updates.append(operation)
        elif operation is Operation.GET and updates:
            bench.gateway.platform.update_flow(first.flow_id or "", categories=["SIGN_UP"])

    bench.gateway.watch = overtake
    (outcome,) = bench.carry_out(plan, changed).flows
    assert outcome.result is Result.CHANGED_SINCE_PLAN
    assert len(updates) == 1


@pytest.mark.parametrize("fault", ["second-writer", "second-writer-after"])
def test_publish_that_another_writer_overtakes_is_not_taken_for_ours(
    bench: Bench, fault: str
) -> None:
    """The other one's Flow JSON is live, or a draft that a second publish would bring live."""
    bench.gateway.faults.add(f"publish:{fault}*1")
    (outcome,) = bench.carry_out(bench.plan(definition()), definition()).flows
    assert outcome.result is Result.CHANGED_SINCE_PLAN
    assert "somebody else writes to it at the same time" in outcome.message
    assert bench.gateway.counts["publish"] == 1


def test_update_whose_flow_json_another_writer_overtakes_is_not_published(bench: Bench) -> None:
    bench.apply_one(definition())
    changed = definition(categories=("SURVEY",))
    plan = bench.plan(changed)
    bench.gateway.operations.clear()
    bench.gateway.faults.add("update:second-writer-after*1")
    (outcome,) = bench.carry_out(plan, changed).flows
    assert outcome.result is Result.CHANGED_SINCE_PLAN
    assert bench.gateway.counts["publish"] == 0


def test_publish_is_proved_where_its_content_cannot_be_read_or_is_written_otherwise(
    bench: Bench,
) -> None:
    bench.gateway.faults.add("get@2:asset-unavailable*2")
    bench.gateway.faults.add("get@4:normalised*9")
    (outcome,) = bench.carry_out(bench.plan(definition()), definition()).flows
    assert outcome.result is Result.APPLIED
    assert bench.gateway.counts["get"] == 3
    changed = definition(content=flow_json("Other"))
    (outcome,) = bench.carry_out(bench.plan(changed), changed).flows
    assert outcome.result is Result.APPLIED


@pytest.mark.parametrize("state", ["published", "absent"])
def test_absence_is_not_proved_by_a_listing_in_doubt(bench: Bench, state: str) -> None:
    operation = Operation.CREATE if state == "published" else Operation.DELETE
    if state == "absent":
        bench.apply_one(definition(state="draft"))
    plan = bench.plan(definition(state=state))
    bench.gateway.faults.add(f"{operation.value}:drop")

    def spoil_lists(seen: Operation) -> None:
        if seen is operation:
            bench.gateway.faults.add("list:no-data")

    bench.gateway.watch = spoil_lists
    (outcome,) = bench.carry_out(plan, definition(state=state)).flows
    assert outcome.result is Result.UNKNOWN
    writes = [seen for seen in bench.gateway.operations if seen is operation]
    assert len(writes) == 1


def test_a_flow_that_a_short_listing_lacks_is_not_taken_for_deleted(bench: Bench) -> None:
    kept, removed = definition("a", state="draft"), definition("b", state="draft")
    bench.apply(kept, removed)
    asked = (kept, definition("b", state="absent"))
    plan = bench.plan(*asked)
    bench.gateway.faults.add("delete:server-error*1")
    bench.gateway.faults.add("list:page-lost*1")
    outcome = bench.carry_out(plan, *asked)
    assert bench.gateway.counts["delete"] == 2
    assert outcome.exit_code == 0
    assert bench.names == ["A"]


def test_flow_that_cannot_be_read_is_not_written_to(bench: Bench) -> None:
    bench.apply_one(definition())
    changed = definition(content=flow_json("Mail"))
    plan = bench.plan(changed)
    bench.gateway.operations.clear()
    bench.gateway.faults.add("get:server-error")
    (outcome,) = bench.carry_out(plan, changed).flows
    assert outcome.result is Result.FAILED
    assert outcome.steps[0].result is StepResult.NOT_STARTED
    assert outcome.steps[0].attempts == 0
    assert set(bench.gateway.counts) == {"get"}


# --- replacing flows that refuse edits ---


def make_legacy(bench: Bench, flow_id: FlowId | None) -> None:
    assert flow_id
    bench.gateway.platform.make_legacy(flow_id)


def test_legacy_flow_explains_how_it_can_be_replaced(bench: Bench) -> None:
    make_legacy(bench, bench.apply_one(definition()).flow_id)
    outcome = bench.apply_one(definition(content=flow_json("Mail")))
    assert outcome.result is Result.FAILED
    assert "replace: true" in outcome.message


def test_legacy_flow_is_replaced_where_the_definition_allows_it(bench: Bench) -> None:
    old = bench.apply_one(definition())
    make_legacy(bench, old.flow_id)
    wanted = definition(content=flow_json("Mail"), replace=True)
    outcome = bench.apply_one(wanted)
    assert outcome.result is Result.APPLIED
    assert outcome.flow_id != old.flow_id
    by_name = {flow.name: flow.status for flow in bench.flows()}
    assert by_name == {"Contact": "DEPRECATED", "Contact v2": "PUBLISHED"}
    assert bench.converges(wanted)


def test_legacy_flow_with_an_endpoint_of_its_own_hands_it_on_when_it_is_replaced(
    bench: Bench,
) -> None:
    """Otherwise the gateway would publish the successor with an address of its own (G-15)."""
    content = flow_json(endpoint=True)
    first = bench.apply_one(definition(content=content, endpoint_uri="https://flows.example"))
    bench.gateway.platform.make_legacy(first.flow_id or "")
    changed = definition(content=flow_json("Mail", endpoint=True), replace=True)
    assert not changed.manages_endpoint
    assert bench.apply_one(changed).result is Result.APPLIED
    endpoints = {flow.name: flow.endpoint_uri for flow in bench.flows()}
    assert endpoints == {
        "Contact": "https://flows.example",
        "Contact v2": "https://flows.example",
    }
    assert bench.converges(changed)


def test_legacy_flow_that_somebody_takes_over_meanwhile_is_not_deprecated(bench: Bench) -> None:
    first = bench.apply_one(definition()).flow_id
    bench.gateway.platform.make_legacy(first or "")
    changed = definition(content=flow_json("Mail"), replace=True)
    plan = bench.plan(changed)

    def take_over(operation: Operation) -> None:
        if operation is Operation.PUBLISH:
            with bench.gateway.store.transaction() as db:
                db.execute("UPDATE flows SET name = 'Kept' WHERE id = ?", (first,))

    bench.gateway.watch = take_over
    (outcome,) = bench.carry_out(plan, changed).flows
    assert outcome.result is Result.CHANGED_SINCE_PLAN
    assert bench.gateway.counts["deprecate"] == 0


def test_deprecated_flow_is_replaced_where_the_definition_allows_it(bench: Bench) -> None:
    bench.apply_one(definition())
    bench.apply_one(definition(state="deprecated"))
    wanted = definition(replace=True)
    assert bench.plan(wanted).changes[0].action is Action.REPLACE
    assert bench.apply_one(wanted).result is Result.APPLIED
    assert bench.names == ["Contact", "Contact v2"]
    assert bench.converges(wanted)


def test_interrupted_replacement_is_finished_by_the_next_apply(bench: Bench) -> None:
    make_legacy(bench, bench.apply_one(definition()).flow_id)
    wanted = definition(content=flow_json("Mail"), replace=True)
    bench.gateway.faults.add("publish:forbidden*1")
    assert bench.apply_one(wanted).result is Result.FAILED
    assert bench.names == ["Contact", "Contact v2"]
    assert bench.apply_one(wanted).result is Result.APPLIED
    by_name = {flow.name: flow.status for flow in bench.flows()}
    assert by_name == {"Contact": "DEPRECATED", "Contact v2": "PUBLISHED"}


# --- stopping, and the journal ---


def test_stop_finishes_the_step_in_flight_and_starts_no_other(bench: Bench) -> None:
    def stop_at_upload(operation: Operation) -> None:
        if operation is Operation.UPLOAD:
            bench.stop.set()

    bench.gateway.watch = stop_at_upload
    outcome = bench.apply(definition("a"), definition("b"))
    assert outcome.stopped_early
    assert outcome.exit_code is ExitCode.INTERRUPTED
    first, second = outcome.flows
    assert [flow.result for flow in outcome.flows] == [Result.STOPPED, Result.NOT_STARTED]
    assert [step.result.value for step in first.steps] == ["done", "done", "not started"]
    assert {step.result for step in second.steps} == {StepResult.NOT_STARTED}
    bench.stop.clear()
    bench.gateway.watch = lambda operation: None
    assert bench.apply(definition("a"), definition("b")).exit_code is ExitCode.DONE
    assert bench.names == ["A", "B"]


def test_step_that_was_sent_is_not_called_not_started_when_it_is_stopped(bench: Bench) -> None:
    """The file is stored; that it would have been sent once more is another matter."""
    bench.apply_one(definition())
    changed = definition(content=flow_json("Mail"))
    plan = bench.plan(changed)
    bench.gateway.faults.add("upload:stored-but-failed*3")

    def stop(seconds: float) -> None:
        raise Interrupted("stopped while waiting")

    bench.gateway.sleep = stop  # type: ignore[method-assign]
    (outcome,) = bench.carry_out(plan, changed).flows
    assert outcome.result is Result.STOPPED
    upload, publish = outcome.steps
    assert (upload.result, upload.attempts) == (StepResult.FAILED, 1)
    assert "before the upload was sent again" in outcome.message
    assert publish.result is StepResult.NOT_STARTED


def test_intent_is_in_the_journal_before_the_write_is_sent(bench: Bench) -> None:
    seen: list[str] = []

    def look(operation: Operation) -> None:
        if operation.value in {"create", "upload", "publish"}:
            last = bench.last_run.lines[-1]
            seen.append(f"{operation.value}: {last['event']} {last['step']}")

    bench.gateway.watch = look
    bench.apply_one(definition())
    assert seen == ["create: intent create", "upload: intent upload", "publish: intent publish"]
    run = bench.last_run
    assert run.is_finished
    assert not run.unfinished_writes
    assert run.started["plan_digest"]


def test_journal_tells_which_write_has_no_known_outcome(bench: Bench) -> None:
    plan = bench.plan(definition())

    def die(operation: Operation) -> None:
        if operation is Operation.PUBLISH:
            raise KeyboardInterrupt

    bench.gateway.watch = die
    with pytest.raises(KeyboardInterrupt):
        bench.carry_out(plan, definition())
    run = bench.last_run
    assert not run.is_finished
    assert [line["step"] for line in run.unfinished_writes] == ["publish"]


def test_nothing_is_written_without_a_journal(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = bench.plan(definition())
    real_write = os.write

    def full_disk(descriptor: int, data: bytes) -> int:
        if b'"intent"' in data:
            raise OSError(28, "No space left on device")
        return real_write(descriptor, data)

    monkeypatch.setattr(os, "write", full_disk)
    (outcome,) = bench.carry_out(plan, definition()).flows
    assert outcome.result is Result.FAILED
    assert "no space left" in outcome.message
    assert bench.gateway.counts["create"] == 0


def test_journal_folder_that_cannot_be_made_is_a_refusal(bench: Bench) -> None:
    bench.folder.write_text("a file is in the way")
    with pytest.raises(RefusedForSafety, match="journal"):
        bench.apply_one(definition())


def test_journal_survives_broken_lines(bench: Bench) -> None:
    bench.apply_one(definition())
    (file,) = bench.folder.glob("*.jsonl")
    file.write_bytes(file.read_bytes() + b'{"event": "intent", "wri\xff\n[1]\n')
    assert bench.last_run.is_finished


def test_progress_tells_each_step_and_the_end(bench: Bench) -> None:
    bench.apply_one(definition())
    assert [(told.step, told.text, told.ended is not None) for told in bench.told] == [
        (StepKind.CREATE, "create", False),
        (StepKind.CREATE, "create done", True),
        (StepKind.UPLOAD, "upload", False),
        (StepKind.UPLOAD, "upload done", True),
        (StepKind.PUBLISH, "publish", False),
        (StepKind.PUBLISH, "publish done", True),
        (None, "done", False),
    ]


def test_bug_in_a_flow_run_is_not_swallowed(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: FlowRun) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(FlowRun, "run", broken)
    with pytest.raises(ZeroDivisionError):
        bench.apply_one(definition())


def test_failing_listing_is_told_to_everybody_who_waits(bench: Bench) -> None:
    plan = bench.plan(definition("a"), definition("b"))
    bench.gateway.faults.add("list:drop")
    outcome = bench.carry_out(plan, definition("a"), definition("b"), parallelism=2)
    assert {flow.result for flow in outcome.flows} <= {Result.FAILED, Result.UNKNOWN}
    assert bench.gateway.counts["create"] == 0


def test_listing_that_failed_for_one_flow_does_not_fail_those_after_it(bench: Bench) -> None:
    definitions = [definition(key) for key in ("a", "b", "c")]
    plan = bench.plan(*definitions)
    bench.gateway.faults.add("list@2:server-error*4")
    outcome = bench.carry_out(plan, *definitions)
    results = [flow.result for flow in outcome.flows]
    assert results == [Result.UNKNOWN, Result.APPLIED, Result.APPLIED]
    assert bench.apply(*definitions).exit_code == 0
    assert bench.names == ["A", "B", "C"]
