"""What an upload or a deletion would lose is on disk before the request leaves."""

from __future__ import annotations

import json
import stat
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from flowsync.apply.backups import Backups, saved_backups
from flowsync.apply.outcome import Result
from flowsync.errors import FlowsyncError
from flowsync.model import (
    Content,
    ContentState,
    FlowId,
    FlowKey,
    JsonValue,
    RemoteFlow,
    StepKind,
    mapping_in,
)
from flowsync.policy import Policy, PruneRule
from flowsync.remotes.operations import Operation
from flowsync.validation.schema import fits
from tests.apply.lab import Bench, definition
from tests.support import EmulatedGateway, flow_json

MOMENT = datetime(2026, 11, 24, 10, 15, 0, 123_000, tzinfo=timezone.utc)


@pytest.fixture
def bench(documented: EmulatedGateway, tmp_path: Path) -> Bench:
    return Bench(documented, tmp_path / "journal")


def a_flow(content: JsonValue, flow_id: str = "11") -> RemoteFlow:
    return RemoteFlow(
        id=FlowId(flow_id),
        name="Booking",
        status="DRAFT",
        categories=("OTHER",),
        content=Content(state=ContentState.READ, value=content),
        endpoint_uri="https://flows.example.com/x",
    )


def backups_in(folder: Path, **more: object) -> Backups:
    return Backups(folder, target="staging", account="7", now=lambda: MOMENT, **more)  # type: ignore[arg-type]  # test data


def test_what_an_upload_replaces_is_kept_before_the_upload_is_sent(bench: Bench) -> None:
    first = bench.apply_one(definition())
    seen: list[int] = []
    bench.gateway.watch = lambda operation: (
        seen.append(len(bench.kept)) if operation is Operation.UPLOAD else None
    )
    bench.apply_one(definition(content=flow_json("Mail")))
    assert seen == [1]
    (backup,) = bench.kept
    assert backup.document["flow_json"] == flow_json()
    assert backup.document["key"] == "contact"
    assert backup.document["before"] == "upload"
    assert mapping_in(backup.document["flow"])["id"] == first.flow_id
    assert fits(backup.document, "backup") is None


def test_a_deleted_draft_is_kept(bench: Bench) -> None:
    bench.apply_one(definition(state="draft"))
    assert bench.apply_one(definition(state="absent")).result is Result.APPLIED
    (backup,) = bench.kept
    assert backup.document["before"] == "delete"
    assert backup.document["flow_json"] == flow_json()


def test_a_flow_is_kept_as_it_was_before_the_first_step(bench: Bench) -> None:
    bench.apply_one(definition(endpoint_uri="https://old.example"))
    changed = definition(
        name="New name",
        renamed_from=("Contact",),
        categories=("SURVEY",),
        content=flow_json("Mail"),
        endpoint_uri="https://new.example",
    )
    outcome = bench.apply_one(changed)
    assert [step.kind for step in outcome.steps][:2] == [StepKind.UPDATE, StepKind.UPLOAD]
    (backup,) = bench.kept
    assert backup.document["flow_json"] == flow_json()
    assert backup.document["flow"] == {
        "id": outcome.flow_id,
        "name": "Contact",
        "status": "PUBLISHED",
        "categories": ["OTHER"],
        "endpoint_uri": "https://old.example",
    }


def test_a_draft_whose_content_cannot_be_read_is_not_deleted(bench: Bench) -> None:
    bench.apply_one(definition(state="draft"))
    bench.gateway.faults.add("get:asset-unavailable")
    outcome = bench.apply_one(definition(state="absent"))
    assert outcome.result is Result.CONFLICT
    assert "unknown content is never deleted" in outcome.message
    assert bench.gateway.counts["delete"] == 0
    bench.gateway.faults.clear()
    assert bench.apply_one(definition(state="absent")).result is Result.APPLIED
    assert len(bench.kept) == 1


def test_a_draft_that_is_pruned_is_not_deleted_where_it_cannot_be_kept(bench: Bench) -> None:
    bench.apply_one(definition(state="draft"))
    prune = PruneRule(match="*", deletes_drafts=True, deprecates_published=False)
    plan = bench.plan(policy=Policy(prune=prune))
    bench.gateway.faults.add("get:asset-unavailable")
    (outcome,) = bench.carry_out(plan).flows
    assert outcome.result is Result.FAILED
    assert "cannot be kept, and the delete was not sent" in outcome.message
    assert bench.gateway.counts["delete"] == 0


def test_a_flow_that_held_nothing_is_not_kept(bench: Bench) -> None:
    bench.apply_one(definition())
    assert bench.kept == []


def test_an_upload_that_is_repeated_keeps_the_earlier_content_only(bench: Bench) -> None:
    bench.apply_one(definition())
    bench.gateway.faults.add("upload:stored-but-failed*1")
    bench.apply_one(definition(content=flow_json("Mail")))
    assert bench.gateway.counts["upload"] == 3
    assert [backup.document["flow_json"] for backup in bench.kept] == [flow_json()]


def test_nothing_is_written_over_what_cannot_be_kept(bench: Bench) -> None:
    bench.apply_one(definition())
    (bench.folder / "backups").write_text("a file is in the way")
    outcome = bench.apply_one(definition(content=flow_json("Mail")))
    assert outcome.result is Result.FAILED
    assert "could not be saved" in outcome.message
    (flow,) = bench.flows()
    assert flow.content == flow_json()


def test_the_journal_names_the_backup(bench: Bench) -> None:
    bench.apply_one(definition())
    bench.apply_one(definition(content=flow_json("Mail")))
    (line,) = [line for line in bench.last_run.lines if line["event"] == "backup"]
    assert line["backup"] == bench.kept[0].name


def test_a_backup_is_for_its_owner_only_and_no_other_file_is_left(tmp_path: Path) -> None:
    name = backups_in(tmp_path / "b").save(a_flow({"a": 1}), FlowKey("x"), StepKind.UPLOAD)
    (file,) = (tmp_path / "b").iterdir()
    assert file.name == f"{name}.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_the_same_content_is_kept_once(tmp_path: Path) -> None:
    kept = backups_in(tmp_path)
    first = kept.save(a_flow({"a": 1}), FlowKey("x"), StepKind.UPLOAD)
    assert kept.save(a_flow({"a": 1.0}), FlowKey("x"), StepKind.DELETE) == first
    assert len(list(saved_backups(tmp_path))) == 1
    kept.save(a_flow({"a": 1}, "12"), FlowKey("x"), StepKind.UPLOAD)
    assert len(list(saved_backups(tmp_path))) == 2


def test_content_that_returns_is_kept_again(tmp_path: Path) -> None:
    moments = [MOMENT.replace(second=number) for number in (3, 2, 1)]
    kept = Backups(tmp_path, target="staging", account="7", now=moments.pop)
    contents: list[JsonValue] = [{"a": 1}, {"a": 2}, {"a": 1}]
    for content in contents:
        kept.save(a_flow(content), None, StepKind.UPLOAD)
    values = [backup.document["flow_json"] for backup in saved_backups(tmp_path)]
    assert values == [{"a": 1}, {"a": 2}, {"a": 1}]


def test_a_backup_made_after_the_clock_was_put_back_is_still_the_latest(tmp_path: Path) -> None:
    backups_in(tmp_path).save(a_flow({"n": 1}), None, StepKind.UPLOAD)
    earlier = Backups(
        tmp_path, target="staging", account="7", now=lambda: MOMENT - timedelta(days=400)
    )
    earlier.save(a_flow({"n": 2}), None, StepKind.UPLOAD)
    earlier.save(a_flow({"n": 2}), None, StepKind.UPLOAD)
    kept = [backup.document["flow_json"] for backup in saved_backups(tmp_path)]
    assert kept == [{"n": 2}, {"n": 1}]


def test_an_id_that_is_a_path_stays_in_the_folder(tmp_path: Path) -> None:
    backups_in(tmp_path / "b").save(a_flow({}, "../../x"), None, StepKind.UPLOAD)
    assert [file.parent.name for file in tmp_path.rglob("*.json")] == ["b"]


def test_a_flow_that_repeats_the_token_is_not_kept(tmp_path: Path) -> None:
    kept = backups_in(
        tmp_path, redact=lambda value: json.loads(json.dumps(value).replace("secret", "***"))
    )
    with pytest.raises(FlowsyncError, match="token"):
        kept.save(a_flow({"label": "my secret"}), None, StepKind.UPLOAD)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "{", "[]", '{"flow": 1}', "null"])
def test_what_is_no_backup_is_skipped(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text)
    assert list(saved_backups(tmp_path)) == []
