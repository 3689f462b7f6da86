"""The journal under a full disk, a clock that is put back, and years of use."""

from __future__ import annotations

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from flowsync.apply.journal import KEPT_RUNS, Journal, recorded_runs
from flowsync.apply.outcome import Result
from flowsync.errors import RefusedForSafety
from flowsync.remotes.operations import Operation
from tests.apply.lab import Bench, definition
from tests.cli.serving import WRITES
from tests.support import EmulatedGateway

NOON = datetime(2026, 11, 24, 12, 0, 0, tzinfo=timezone.utc)


@pytest.fixture
def bench(documented: EmulatedGateway, tmp_path: Path) -> Bench:
    return Bench(documented, tmp_path / "journal")


def full_disk(
    monkeypatch: pytest.MonkeyPatch, word: bytes, *, room: int = 0, times: int = 10**6
) -> None:
    """Let writes of lines that hold a word fail, after `room` bytes of the line."""
    real_write, left = os.write, [times]

    def write(descriptor: int, data: bytes) -> int:
        if word in data and left[0]:
            left[0] -= 1
            if not room:
                raise OSError(28, "No space left on device")
            return real_write(descriptor, data[:room])
        return real_write(descriptor, data)

    monkeypatch.setattr(os, "write", write)


def test_a_result_that_cannot_be_recorded_does_not_hide_that_the_write_was_done(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = bench.plan(definition())
    full_disk(monkeypatch, b'"result"')
    outcome = bench.carry_out(plan, definition())
    assert outcome.flows[0].result is Result.APPLIED
    assert "no space left" in outcome.unrecorded
    assert bench.converges(definition())


def test_a_disk_that_fills_up_stops_before_the_next_write_and_shows_what_was_done(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = bench.plan(definition())
    full_disk(monkeypatch, b'"step": "publish"')
    outcome = bench.carry_out(plan, definition())
    (flow,) = outcome.flows
    assert flow.result is Result.FAILED
    assert [step.result.value for step in flow.steps] == ["done", "done", "failed"]
    assert bench.gateway.counts["publish"] == 0
    monkeypatch.undo()
    assert bench.apply_one(definition()).result is Result.APPLIED


def test_every_line_is_on_disk_before_a_write_is_sent(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_fsync, on_disk = os.fsync, [0]

    def fsync(descriptor: int) -> None:
        real_fsync(descriptor)
        on_disk[0] = os.fstat(descriptor).st_size

    monkeypatch.setattr(os, "fsync", fsync)
    sizes: list[tuple[int, int]] = []

    def look(operation: Operation) -> None:
        if operation in WRITES:
            (file,) = bench.folder.glob("*.jsonl")
            sizes.append((file.stat().st_size, on_disk[0]))

    bench.gateway.watch = look
    bench.apply_one(definition())
    assert len(sizes) == 3
    assert all(written == synced for written, synced in sizes)


def test_flows_that_write_lines_at_once_share_syncs_and_none_goes_on_before_its_line_is_on_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path, "test")
    (file,) = tmp_path.glob("*.jsonl")
    real_fsync, synced, on_disk = os.fsync, [0], [0]

    def fsync(descriptor: int) -> None:
        size = os.fstat(descriptor).st_size
        time.sleep(0.005)  # lines that come now are not of this sync
        real_fsync(descriptor)
        synced[0], on_disk[0] = synced[0] + 1, size

    monkeypatch.setattr(os, "fsync", fsync)

    def write(number: int) -> None:
        journal.intend(write=number)
        there = on_disk[0]
        assert f'"write": {number}}}'.encode() in file.read_bytes()[:there]

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(80)))
    journal.close()
    assert synced[0] <= 80 / 2


def test_after_a_sync_that_failed_no_write_is_let_out_neither_of_those_who_waited_nor_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path, "test")
    (file,) = tmp_path.glob("*.jsonl")
    journal.intend(write=0)
    real_fsync, go_on = os.fsync, threading.Event()

    def fail(descriptor: int) -> None:
        assert go_on.wait(30)
        monkeypatch.setattr(os, "fsync", real_fsync)  # as systems do: they tell it once
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", fail)
    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(journal.intend, write=number) for number in range(1, 5)]
        deadline = time.monotonic() + 30
        while file.read_bytes().count(b"\n") < 5:
            assert time.monotonic() < deadline
            time.sleep(0.002)
        go_on.set()
        for intent in waiting:
            with pytest.raises(RefusedForSafety, match="input/output error"):
                intent.result(30)
    with pytest.raises(RefusedForSafety, match="input/output error"):
        journal.intend(write=5)
    journal.note("result", write=0, result="done")
    assert "input/output error" in journal.lost
    journal.close()
    (run,) = recorded_runs(tmp_path)
    assert len(run.lines) == 7  # what could be written is there all the same


def test_a_line_that_was_written_in_part_does_not_spoil_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path, "test")
    journal.intend(write=1)
    full_disk(monkeypatch, b'"write": 2', room=9, times=1)
    with pytest.raises(RefusedForSafety, match="no space left"):
        journal.intend(write=2)
    journal.note("result", write=1, result="done")
    journal.close()
    (run,) = recorded_runs(tmp_path)
    assert [(line["event"], line["write"]) for line in run.lines] == [("intent", 1), ("result", 1)]
    assert not run.unfinished_writes


def test_a_run_after_the_clock_was_put_back_is_still_the_latest(tmp_path: Path) -> None:
    names = []
    for moment in (NOON, NOON - timedelta(days=3), NOON - timedelta(days=3)):
        journal = Journal(tmp_path, "test", now=lambda moment=moment: moment)  # type: ignore[misc]  # bound now
        names.append(journal.run)
        journal.close()
    assert [run.run for run in recorded_runs(tmp_path)] == names[::-1]


def made(folder: Path, number: int, *, is_finished: bool = True) -> None:
    moment = NOON + timedelta(seconds=number)
    journal = Journal(folder, "test", now=lambda: moment)
    journal.start(number=number)
    if is_finished:
        journal.note("run_finished")
    journal.close()


def test_old_runs_are_removed_and_unfinished_ones_are_kept(tmp_path: Path) -> None:
    made(tmp_path, 0, is_finished=False)
    for number in range(1, KEPT_RUNS + 5):
        made(tmp_path, number)
    numbers = [run.started["number"] for run in recorded_runs(tmp_path)]
    assert numbers == [*range(KEPT_RUNS + 4, 4, -1), 0]


def test_what_flowsync_did_not_write_is_not_removed(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    target = tmp_path.parent / "precious.jsonl"
    target.write_text('{"event": "run_finished"}\n')
    (tmp_path / "00000000T000000Z-x.jsonl").symlink_to(target)
    for number in range(KEPT_RUNS + 2):
        made(tmp_path, number)
    assert target.exists()
    assert (tmp_path / "notes.txt").exists()
    assert (tmp_path / "00000000T000000Z-x.jsonl").is_symlink()
