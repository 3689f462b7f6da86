"""`flowsync validate --watch`: a real process on a real folder."""

from __future__ import annotations

import os
import pty
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.serving import run
from tests.cli.test_hostile_streams import environment
from tests.git_repository import commit
from tests.support import Repository, flow_json

SOON_S = 0.5
LIMIT_S = 20


class Watcher:
    """A watching process, with the lines that it prints as they come."""

    def __init__(self, *args: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "flowsync", "validate", "--watch", *args],
            env=environment(PYTHONUNBUFFERED="1"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)

    def wait_for(self, words: str) -> float:
        """Wait for a line with these words, and give the seconds that it took."""
        began = time.monotonic()
        seen = []
        while (left := began + LIMIT_S - time.monotonic()) > 0:
            try:
                seen.append(self._lines.get(timeout=left))
            except queue.Empty:
                break
            if words in seen[-1]:
                return time.monotonic() - began
        raise AssertionError(f"{words!r} did not come, but {seen}")

    def end(self) -> int:
        """Press Ctrl-C and give the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(LIMIT_S)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(LIMIT_S)
        self._thread.join(LIMIT_S)
        assert self.process.stdout is not None
        self.process.stdout.close()


@contextmanager
def watching(*args: str) -> Iterator[Watcher]:
    watcher = Watcher(*args)
    try:
        yield watcher
    finally:
        watcher.close()


def fastest(*seconds: float) -> float:
    """Give the shortest of several tries: this machine may be busy with other work."""
    return min(seconds)


def test_each_save_is_validated_soon_and_ctrl_c_ends_it_well(repository: Repository) -> None:
    repository.flow("a")
    with watching() as watcher:
        watcher.wait_for("1 flow checked, nothing wrong.")
        took = []
        for _ in range(3):
            repository.flow("a", state="liv")
            took.append(watcher.wait_for("1 flow checked: 1 error."))
            repository.flow("a")
            took.append(watcher.wait_for("1 flow checked, nothing wrong."))
        assert fastest(*took) < SOON_S
        assert watcher.end() == 0


def test_a_summary_has_the_time(repository: Repository) -> None:
    repository.flow("a")
    with watching() as watcher:
        watcher.wait_for(f"{time.strftime('%H:')}")


def test_flows_come_and_go(repository: Repository) -> None:
    repository.flow("a")
    with watching() as watcher:
        watcher.wait_for("1 flow checked")
        repository.flow("deep/er/b")
        watcher.wait_for("2 flows checked")
        (repository.root / "flows" / "a.yaml").unlink()
        watcher.wait_for("1 flow checked")
        (repository.root / "flows").rename(repository.root / "gone")
        watcher.wait_for("there is no folder flows")
        (repository.root / "gone").rename(repository.root / "flows")
        watcher.wait_for("1 flow checked, nothing wrong.")
        repository.flow("deep/er/b", state="liv")
        watcher.wait_for("1 flow checked: 1 error.")


def test_flows_that_changed_since_a_revision_are_told_anew_at_each_save(
    repository: Repository,
) -> None:
    repository.flow("a")
    commit("v1")
    with watching("--changed-since", "v1") as watcher:
        watcher.wait_for("0 flows checked, nothing wrong.")
        repository.flow("a", state="liv")
        watcher.wait_for("1 flow checked: 1 error.")
        repository.flow("a")
        watcher.wait_for("0 flows checked, nothing wrong.")


def test_flowsync_yaml_is_watched_too(repository: Repository) -> None:
    repository.flow("a", content=flow_json("${var:x}"))
    with watching() as watcher:
        watcher.wait_for("1 error")
        repository.config(local={"remote": "emulator", "vars": {"x": "y"}})
        watcher.wait_for("1 flow checked, nothing wrong.")
        (repository.root / "flowsync.yaml").write_text("version: [", "utf-8")
        watcher.wait_for("flowsync.yaml:1:")
        repository.config(local={"remote": "emulator", "vars": {"x": "y"}})
        watcher.wait_for("1 flow checked, nothing wrong.")


def test_a_file_of_its_own_may_be_half_written_replaced_or_gone(repository: Repository) -> None:
    file = Path("own.json")
    text = '{"version": "7.3", "screens": []}'
    file.write_text(text, "utf-8")
    with watching("own.json") as watcher:
        watcher.wait_for("1 file checked: 1 error.")
        file.write_text(text[:20], "utf-8")
        watcher.wait_for("[FS002")
        file.unlink()
        watcher.wait_for("there is no file own.json")
        Path("other.json").write_text(text, "utf-8")
        Path("other.json").replace(file)
        watcher.wait_for("1 file checked: 1 error.")
        assert watcher.end() == 0


def test_a_terminal_is_cleared_and_shows_excerpts(repository: Repository) -> None:
    repository.flow("a", state="liv")
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "flowsync", "validate", "--watch"],
        env=environment(TERM="xterm"),
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        shown = b""
        while b"1 error" not in shown:
            shown += os.read(ours, 65536)
        process.send_signal(signal.SIGINT)
        assert process.wait(LIMIT_S) == 0
    os.close(ours)
    assert shown.startswith(b"\x1b[H\x1b[2J")
    assert b"^^^" in shown


def test_a_key_that_means_nothing_ends_the_first_try(repository: Repository) -> None:
    repository.flow("a")
    with watching("b") as watcher:
        watcher.wait_for('no flow has the key "b"')
        assert watcher.process.wait(LIMIT_S) == 64


@pytest.mark.parametrize("args", [("-",), ("--format", "json"), ("--format", "sarif")])
def test_what_cannot_be_watched_is_wrong_usage(
    repository: Repository, args: tuple[str, ...]
) -> None:
    ran = run(repository, "validate", "--watch", *args)
    assert ran.exit_code == 64
    assert ran.stdout == ""
    assert "leave out one of the two" in ran.stderr
