"""Two applies on different machines, which no lock can keep apart: the loser notices and stops."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from flowsync.remotes.operations import Operation
from tests.cli.serving import Served, run, statuses
from tests.support import TOKEN, Repository, flow_json


@pytest.fixture
def theirs(repository: Repository, served: Served, tmp_path: Path) -> Repository:
    """Another clone, with the same flow as ours, which is published already."""
    repository.config(staging=served.target())
    repository.flow("a")
    assert run(repository, "apply", "--yes").exit_code == 0
    repository.flow("a", content=flow_json("Ours"))
    clone = Repository(tmp_path / "their-clone")
    clone.root.mkdir()
    clone.config(staging=served.target())
    clone.flow("a", content=flow_json("Theirs"))
    return clone


class Held:
    """Stops the nth request of an operation of the other machine until it is let go."""

    def __init__(self, served: Served, operation: Operation, number: int) -> None:
        self._operation, self._left = operation, number
        self._reached, self._go_on = threading.Event(), threading.Event()
        served.on_request = self._hold

    def _hold(self, operation: Operation) -> None:
        if operation is self._operation and not self._reached.is_set():
            self._left -= 1
            if self._left == 0:
                self._reached.set()
                self._go_on.wait(30)

    def wait(self) -> None:
        assert self._reached.wait(30)

    def let_go(self) -> None:
        self._go_on.set()


def on_another_machine(clone: Repository) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "flowsync", "apply", "--yes"],
        cwd=clone.root,
        env={
            **os.environ,
            "FLOWSYNC_TOKEN": TOKEN,
            "XDG_STATE_HOME": str(clone.root / "another-home"),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def content(served: Served) -> object:
    (flow,) = served.platform.list_flows(served.emulated.account)
    return flow.content


def test_what_was_applied_between_a_plan_and_its_first_write_is_not_written_over(
    repository: Repository, served: Served, theirs: Repository
) -> None:
    held = Held(served, Operation.GET, 2)  # the first was for the plan, this one is before a write
    with on_another_machine(theirs) as other:
        held.wait()
        assert run(repository, "apply", "--yes").exit_code == 0
        held.let_go()
        stdout, _ = other.communicate(timeout=30)
    assert other.returncode == 4
    assert "a: changed since the plan" in stdout
    assert content(served) == flow_json("Ours")
    assert statuses(served.platform) == {"A": "PUBLISHED"}


def test_what_was_applied_while_an_upload_is_proved_is_noticed(
    repository: Repository, served: Served, theirs: Repository
) -> None:
    held = Held(served, Operation.GET, 3)  # the proof of the upload
    with on_another_machine(theirs) as other:
        held.wait()
        assert content(served) == flow_json("Theirs")
        assert run(repository, "apply", "--yes").exit_code == 4  # it was changed on both sides
        assert content(served) == flow_json("Theirs")
        assert run(repository, "apply", "--yes", "--prefer", "repository").exit_code == 0
        held.let_go()
        stdout, _ = other.communicate(timeout=30)
    assert other.returncode == 4
    assert "changed since the plan" in stdout
    assert content(served) == flow_json("Ours")
    assert statuses(served.platform) == {"A": "PUBLISHED"}


def test_a_new_flow_is_made_once_by_two_machines(
    repository: Repository, served: Served, theirs: Repository
) -> None:
    for clone in (repository, theirs):
        clone.flow("new")
    held = Held(served, Operation.CREATE, 1)
    with on_another_machine(theirs) as other:
        held.wait()
        ran = run(repository, "apply", "new", "--yes")
        assert ran.exit_code == 0
        held.let_go()
        stdout, _ = other.communicate(timeout=30)
    assert other.returncode == 4
    assert "new: changed since the plan" in stdout
    assert statuses(served.platform) == {"A": "PUBLISHED", "New": "PUBLISHED"}
