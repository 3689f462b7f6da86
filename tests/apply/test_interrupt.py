"""A real `flowsync apply` that is stopped or killed in the middle; the next one converges."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import product
from pathlib import Path

import pytest

from flowsync.remotes.operations import Operation
from tests.cli.serving import Served
from tests.sizes import IS_FULL
from tests.support import TOKEN, Repository

FLOWS = 4
LATENCY_S = 0.05
LIMIT_S = 60  # of what takes moments, on a machine that is busy
HELD_S = 2 * LIMIT_S
SETTLE_S = 0.5  # until a request whose sender is gone is answered
SIGNALS = [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
MOMENTS = [Operation.CREATE, Operation.UPLOAD, Operation.PUBLISH]
ENDINGS = list(product(SIGNALS, MOMENTS) if IS_FULL else zip(SIGNALS, MOMENTS, strict=True))

# Makes the terminal on stdin its own, so that losing it sends SIGHUP, and becomes flowsync.
ON_TERMINAL = """
import fcntl, os, sys, termios
os.setsid()
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.executable, [sys.executable, "-m", "flowsync", *sys.argv[1:]])
"""


@pytest.fixture
def served() -> Iterator[Served]:
    gateway = Served()
    gateway.on_request = lambda operation: time.sleep(LATENCY_S)
    yield gateway
    gateway.close()


def environment(served: Served) -> dict[str, str]:
    return {
        "FLOWSYNC_BASE_URL": served.url,
        "FLOWSYNC_ACCOUNT": served.emulated.account,
        "FLOWSYNC_TOKEN": TOKEN,
    }


@contextmanager
def started_apply(
    repository: Repository, served: Served, stderr: int = subprocess.PIPE
) -> Iterator[subprocess.Popen[str]]:
    """Give a real apply of new flows, which does not outlive the test."""
    for number in range(FLOWS):
        repository.flow(f"flow-{number}")
    with subprocess.Popen(
        [sys.executable, "-m", "flowsync", "apply", "--yes"],
        cwd=repository.root,
        env={**os.environ, **environment(served)},
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LIMIT_S
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def wait_for(served: Served, operation: Operation) -> None:
    wait_until(lambda: operation in served.operations)


def said_by(process: subprocess.Popen[str]) -> list[str]:
    """Give the lines on stderr, which grow as they come."""
    lines: list[str] = []

    def read() -> None:
        assert process.stderr is not None
        lines.extend(iter(process.stderr.readline, ""))

    threading.Thread(target=read, daemon=True).start()
    return lines


def journal_lines(root: Path) -> list[dict[str, str]]:
    (file,) = (root / ".flowsync" / "journal").glob("*.jsonl")
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


@pytest.mark.parametrize(
    ("number", "code", "moment"), [(*ending, moment) for ending, moment in ENDINGS]
)
def test_signal_ends_after_the_steps_in_flight_and_the_next_apply_converges(
    repository: Repository,
    served: Served,
    number: signal.Signals,
    code: int,
    moment: Operation,
) -> None:
    with started_apply(repository, served) as process:
        wait_for(served, moment)
        process.send_signal(number)
        stdout, stderr = process.communicate(timeout=LIMIT_S)
    assert process.returncode in {code, 0}, stderr
    assert "Traceback" not in stderr
    lines = journal_lines(repository.root)
    assert lines[-1]["event"] == "run_finished"
    intents = sum(line["event"] == "intent" for line in lines)
    assert intents == sum(line["event"] == "result" for line in lines)
    if process.returncode == code:
        assert "stopped" in stdout
        assert "stopping: steps in flight are finished" in stderr
    converge(repository, served)


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_apply_leaves_nothing_that_the_next_cannot_finish(
    repository: Repository,
    served: Served,
    moment: Operation,
) -> None:
    with started_apply(repository, served) as process:
        wait_for(served, moment)
        process.kill()
        process.communicate(timeout=LIMIT_S)
    assert process.returncode == -signal.SIGKILL
    time.sleep(SETTLE_S)
    converge(repository, served)


@pytest.fixture
def go_on(served: Served) -> Iterator[threading.Event]:
    """Give what lets creates go on, which are held back until then."""
    go_on = threading.Event()

    def hold(operation: Operation) -> None:
        if operation is Operation.CREATE:
            go_on.wait(HELD_S)

    served.on_request = hold
    yield go_on
    go_on.set()


def test_second_signal_ends_at_once_and_the_next_apply_converges(
    repository: Repository, served: Served, go_on: threading.Event
) -> None:
    with started_apply(repository, served) as process:
        wait_for(served, Operation.CREATE)
        process.send_signal(signal.SIGINT)
        lines = said_by(process)
        wait_until(lambda: "stopping: steps in flight are finished" in "".join(lines))
        assert process.poll() is None  # the create in flight is waited for
        process.send_signal(signal.SIGINT)  # one that comes before the first was heard is the same
        assert process.wait(LIMIT_S) == 130
        wait_until(lambda: "stopped at once" in "".join(lines))
    go_on.set()
    time.sleep(SETTLE_S)
    converge(repository, served)


def test_second_signal_ends_at_once_where_stderr_takes_nothing_as_after_ctrl_s(
    repository: Repository, served: Served, go_on: threading.Event
) -> None:
    reading, writing = os.pipe()
    with started_apply(repository, served, stderr=writing) as process:
        wait_for(served, Operation.CREATE)
        os.set_blocking(writing, False)
        with suppress(BlockingIOError):
            while os.write(writing, b"x"):
                pass
        os.set_blocking(writing, True)
        deadline = time.monotonic() + LIMIT_S
        while process.poll() is None and time.monotonic() < deadline:
            process.send_signal(signal.SIGINT)
            time.sleep(0.2)
        assert process.returncode == 130
    os.close(reading)
    os.close(writing)


def test_lost_terminal_ends_after_the_steps_in_flight_and_the_next_apply_converges(
    repository: Repository, served: Served
) -> None:
    for number in range(FLOWS):
        repository.flow(f"flow-{number}")
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", ON_TERMINAL, "apply", "--yes"],
        cwd=repository.root,
        env={**os.environ, **environment(served)},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        wait_for(served, Operation.CREATE)
        os.close(ours)
        assert process.wait(LIMIT_S) in {129, 1, 0}  # 1: the outcome could not be shown
    lines = journal_lines(repository.root)
    assert lines[-1]["event"] == "run_finished"
    converge(repository, served)


def test_under_nohup_a_lost_terminal_stops_nothing(repository: Repository, served: Served) -> None:
    for number in range(FLOWS):
        repository.flow(f"flow-{number}")
    with subprocess.Popen(
        ["nohup", sys.executable, "-m", "flowsync", "apply", "--yes"],
        cwd=repository.root,
        env={**os.environ, **environment(served)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        wait_for(served, Operation.CREATE)
        process.send_signal(signal.SIGHUP)
        assert process.wait(LIMIT_S) == 0
    converge(repository, served)


def converge(repository: Repository, served: Served) -> None:
    served.on_request = lambda operation: None
    result = repository.run("apply", "--yes", env=environment(served))
    assert result.exit_code == 0, result.output
    flows = served.emulated.platform.list_flows(served.emulated.account)
    assert sorted(flow.name for flow in flows) == [f"Flow-{n}" for n in range(FLOWS)]
    assert {flow.status for flow in flows} == {"PUBLISHED"}
    again = repository.run("plan", "--detailed-exitcode", env=environment(served))
    assert again.exit_code == 0
