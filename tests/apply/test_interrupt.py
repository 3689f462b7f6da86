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
from collections.abc import Iterator
from pathlib import Path

import pytest

from flowsync.remotes.operations import Operation
from tests.cli.serving import Served
from tests.support import TOKEN, Repository

FLOWS = 6
LATENCY_S = 0.05


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


def start_apply(repository: Repository, served: Served) -> subprocess.Popen[str]:
    for number in range(FLOWS):
        repository.flow(f"flow-{number}")
    return subprocess.Popen(
        [sys.executable, "-m", "flowsync", "apply", "--yes"],
        cwd=repository.root,
        env={**os.environ, **environment(served)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(served: Served, operation: Operation) -> None:
    deadline = time.monotonic() + 20
    while operation not in served.operations:
        assert time.monotonic() < deadline
        time.sleep(0.005)


def journal_lines(root: Path) -> list[dict[str, str]]:
    (file,) = (root / ".flowsync" / "journal").glob("*.jsonl")
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
    ids=["int", "term", "hup"],
)
@pytest.mark.parametrize("moment", [Operation.CREATE, Operation.UPLOAD, Operation.PUBLISH])
def test_signal_ends_after_the_steps_in_flight_and_the_next_apply_converges(
    repository: Repository,
    served: Served,
    number: signal.Signals,
    code: int,
    moment: Operation,
) -> None:
    with start_apply(repository, served) as process:
        wait_for(served, moment)
        process.send_signal(number)
        stdout, stderr = process.communicate(timeout=30)
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


@pytest.mark.parametrize("moment", [Operation.CREATE, Operation.UPLOAD, Operation.PUBLISH])
def test_killed_apply_leaves_nothing_that_the_next_cannot_finish(
    repository: Repository,
    served: Served,
    moment: Operation,
) -> None:
    with start_apply(repository, served) as process:
        wait_for(served, moment)
        process.kill()
        process.communicate(timeout=30)
    assert process.returncode == -signal.SIGKILL
    converge(repository, served)


def test_second_signal_ends_at_once_and_the_next_apply_converges(
    repository: Repository, served: Served
) -> None:
    go_on = threading.Event()

    def hold(operation: Operation) -> None:
        if operation is Operation.CREATE:
            go_on.wait(30)

    served.on_request = hold
    with start_apply(repository, served) as process:
        wait_for(served, Operation.CREATE)
        process.send_signal(signal.SIGINT)
        time.sleep(0.3)
        assert process.poll() is None  # the create in flight is waited for
        process.send_signal(signal.SIGINT)
        assert process.wait(5) == 130
        assert "stopped at once" in process.communicate()[1]
    go_on.set()
    converge(repository, served)


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
        assert process.wait(30) in {129, 1, 0}  # 1: the outcome could not be shown
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
        assert process.wait(30) == 0
    converge(repository, served)


def converge(repository: Repository, served: Served) -> None:
    result = repository.run("apply", "--yes", env=environment(served))
    assert result.exit_code == 0, result.output
    flows = served.emulated.platform.list_flows(served.emulated.account)
    assert sorted(flow.name for flow in flows) == [f"Flow-{n}" for n in range(FLOWS)]
    assert {flow.status for flow in flows} == {"PUBLISHED"}
    again = repository.run("plan", "--detailed-exitcode", env=environment(served))
    assert again.exit_code == 0
