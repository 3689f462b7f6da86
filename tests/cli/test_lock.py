"""Two applies at once on one machine: the second waits, or is refused with a sentence."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from flowsync.apply.lock import held_lock
from flowsync.errors import RefusedForSafety
from flowsync.remotes.operations import Operation
from tests.cli.serving import Served, run
from tests.support import TOKEN, Repository

HOLD = """
import sys, time
from pathlib import Path
from flowsync.apply.lock import held_lock
with held_lock(Path(sys.argv[1]), "account", target="staging", timeout=0, tell=print):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lock of «account» in the folder `locks`."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "locks")], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def take(
    folder: Path, *, subject: str = "account", timeout: float = 0, age: timedelta = timedelta(0)
) -> list[str]:
    """Take the lock once and give what was said."""
    told: list[str] = []
    now = datetime.now(timezone.utc) + age
    with held_lock(
        folder, subject, target="staging", timeout=timeout, tell=told.append, now=lambda: now
    ):
        pass
    return told


def test_second_is_refused_and_told_who_and_since_when(
    tmp_path: Path, holder: subprocess.Popen[str]
) -> None:
    with pytest.raises(RefusedForSafety) as refused:
        take(tmp_path / "locks", age=timedelta(minutes=5))
    assert f"process {holder.pid} on " in str(refused.value)
    assert "begun 5 min ago" in str(refused.value)
    assert "--lock-timeout" in str(refused.value)


def test_second_waits_as_long_as_it_is_told_to(
    tmp_path: Path, holder: subprocess.Popen[str]
) -> None:
    threading.Timer(0.3, holder.kill).start()
    told = take(tmp_path / "locks", timeout=20)
    assert told[0].startswith("waiting for another apply")
    with pytest.raises(RefusedForSafety):
        refused_after(tmp_path)


def refused_after(tmp_path: Path) -> None:
    with held_lock(tmp_path, "x", target="t", timeout=0, tell=print):
        began = time.monotonic()
        try:
            take(tmp_path, subject="x", timeout=0.3)
        finally:
            assert time.monotonic() - began >= 0.3


def test_lock_of_a_dead_owner_is_taken_over_and_said_so(
    tmp_path: Path, holder: subprocess.Popen[str]
) -> None:
    holder.kill()
    holder.wait()
    (told,) = take(tmp_path / "locks")
    assert f"process {holder.pid} on " in told
    assert "is taken over" in told
    assert "flowsync journal --unfinished" in told
    assert take(tmp_path / "locks") == []


def test_another_account_is_not_locked(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    assert take(tmp_path / "locks", subject="another") == []


def test_an_owner_that_the_clock_says_is_from_the_future_has_no_negative_age(
    tmp_path: Path, holder: subprocess.Popen[str]
) -> None:
    with pytest.raises(RefusedForSafety, match="begun 0 s ago"):
        take(tmp_path / "locks", age=-timedelta(days=1))


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"pid": "x"}', '{"pid": 1, "host": 2}', "[" * 9999]
)
def test_a_broken_note_of_the_owner_stops_nothing(tmp_path: Path, text: str) -> None:
    take(tmp_path)
    (lock,) = tmp_path.glob("*.lock")
    lock.with_suffix(".owner").write_text(text)
    take(tmp_path)


def test_what_a_killed_owner_left_half_written_is_cleared_away(tmp_path: Path) -> None:
    take(tmp_path)
    (lock,) = tmp_path.glob("*.lock")
    left_over = tmp_path / f".{lock.stem}.owner.12345.new"
    left_over.write_text("{")
    take(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == [lock.name]


def test_a_lock_that_cannot_be_taken_is_a_refusal(tmp_path: Path) -> None:
    (tmp_path / "locks").write_text("a file is in the way")
    with pytest.raises(RefusedForSafety, match="cannot be taken"):
        take(tmp_path / "locks")


def test_lock_ends_with_a_failure_too(tmp_path: Path) -> None:
    with (
        pytest.raises(ValueError, match="mine"),
        held_lock(tmp_path, "x", target="t", timeout=0, tell=print),
    ):
        raise ValueError("mine")
    assert take(tmp_path, subject="x") == []


# --- through the command line ---


def start(repository: Repository, served: Served, folder: Path) -> subprocess.Popen[str]:
    """Start an apply in a process of its own, in a clone of the repository."""
    return subprocess.Popen(
        [sys.executable, "-m", "flowsync", "apply", "--yes"],
        cwd=folder,
        env={**os.environ, "FLOWSYNC_TOKEN": TOKEN},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_second_apply_in_another_clone_is_refused_and_writes_nothing(
    repository: Repository, served: Served, tmp_path: Path
) -> None:
    clone = Repository(tmp_path / "clone")
    clone.root.mkdir()
    clone.config(staging=served.target())
    clone.flow("a")
    repository.config(staging=served.target(), other=served.target())
    repository.flow("b")
    at_work, go_on = threading.Event(), threading.Event()

    def hold(operation: Operation) -> None:
        if operation is Operation.CREATE and not at_work.is_set():
            at_work.set()
            go_on.wait(20)

    served.on_request = hold
    with start(clone, served, clone.root) as first:
        assert at_work.wait(20)
        for extra in ((), ("--target", "other")):
            ran = run(repository, "apply", "--yes", *(extra or ("--target", "staging")))
            assert ran.exit_code == 6
            assert f"process {first.pid} on " in ran.stderr
        planned = run(repository, "plan", "--target", "staging")
        assert planned.exit_code == 0
        go_on.set()
        assert first.wait(20) == 0
    ran = run(repository, "apply", "--yes", "--target", "staging")
    assert ran.exit_code == 0
    names = sorted(flow.name for flow in served.platform.list_flows(served.emulated.account))
    assert names == ["A", "B"]


def test_an_apply_that_was_killed_leaves_no_lock(
    repository: Repository, served: Served, tmp_path: Path
) -> None:
    repository.config(staging=served.target())
    repository.flow("a")
    at_work = threading.Event()
    served.on_request = lambda operation: at_work.set()
    with start(repository, served, repository.root) as first:
        assert at_work.wait(20)
        first.send_signal(signal.SIGKILL)
        first.wait(20)
    served.on_request = lambda operation: None
    ran = run(repository, "apply", "--yes")
    assert ran.exit_code == 0
    assert "is taken over" in ran.stderr


def test_a_home_that_cannot_be_written_makes_the_lock_the_repositorys_own(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "no-folder").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "no-folder"))
    repository.flow("a")
    ran = run(repository, "apply", "--yes")
    assert ran.exit_code == 0
    assert "the lock is this repository's own" in ran.stderr
    assert list((tmp_path / ".flowsync" / "locks").glob("*.lock"))
