"""A real apply, killed at any line of its journal, at random moments, or out of disk space.

The next one converges each time. At night it is every line and more moments (`tests.sizes`).

Three flows are applied at once: a new one, an edit of a published one, and a deprecation.
"""

from __future__ import annotations

import json
import random
import shutil
import time
from collections.abc import Iterator
from itertools import product

import pytest

from flowsync.apply.journal import recorded_runs
from flowsync.remotes.operations import Operation
from tests.apply.launcher import Launcher, Order
from tests.cli.serving import WRITES, Served
from tests.sizes import sample, size
from tests.support import TOKEN, Repository, flow_json

RANDOM_MOMENTS = size(25, at_night=100)
LATENCY_S = 0.004
GONE = -9


class Scene:
    """An account to be changed, and a real flowsync to change and to kill."""

    def __init__(self, repository: Repository, served: Served, launcher: Launcher) -> None:
        self.repository, self.served, self.launcher = repository, served, launcher
        repository.config(staging=served.target(limits={"parallelism": 2}))
        repository.flow("new")
        repository.flow("edited", content=flow_json("Mail"))
        repository.flow("retired", state="deprecated")

    def set_up(self) -> None:
        """Bring the account to where the apply starts, and forget all earlier runs."""
        with self.served.emulated.store.transaction() as db:
            for table in ("live_versions", "flows"):
                db.execute(f"DELETE FROM {table}")
        platform, account = self.served.platform, self.served.emulated.account
        for name in ("Edited", "Retired", "unmanaged"):
            new = platform.create_flow(account, name=name, categories=["OTHER"])
            platform.upload(new, json.dumps(flow_json()).encode())
            platform.publish(new)
        shutil.rmtree(self.repository.root / ".flowsync", ignore_errors=True)

    def apply(self, **kill: object) -> int:
        """Run `flowsync apply --yes`, maybe to its death."""
        order: Order = {
            "args": ["apply", "--yes"],
            "folder": str(self.repository.root),
            "env": {"FLOWSYNC_TOKEN": TOKEN},
        }
        return self.launcher.run({**order, **kill})  # type: ignore[typeddict-item]  # as Order

    def check_converged(self) -> None:
        """Run once more: all is done, nothing twice, nothing left over, nothing lost."""
        assert self.apply() == 0
        flows = self.served.platform.list_flows(self.served.emulated.account)
        assert sorted((flow.name, flow.status) for flow in flows) == [
            ("Edited", "PUBLISHED"),
            ("New", "PUBLISHED"),
            ("Retired", "DEPRECATED"),
            ("unmanaged", "PUBLISHED"),
        ]
        contents = {flow.name: flow.content for flow in flows}
        assert contents["Edited"] == flow_json("Mail")
        assert contents["New"] == contents["unmanaged"] == flow_json()
        self.served.operations.clear()
        assert self.apply() == 0
        assert not WRITES & set(self.served.operations)


@pytest.fixture(scope="module")
def launcher() -> Iterator[Launcher]:
    """The process that forks real applies."""
    launcher = Launcher()
    yield launcher
    launcher.close()


@pytest.fixture
def scene(repository: Repository, served: Served, launcher: Launcher) -> Scene:
    return Scene(repository, served, launcher)


def test_killed_at_any_line_of_the_journal_the_next_apply_converges(scene: Scene) -> None:
    scene.set_up()
    assert scene.apply() == 0
    (whole,) = recorded_runs(scene.repository.root / ".flowsync" / "journal")
    lines = len(whole.lines)
    assert lines >= 15
    moments = product(range(1, lines + 1), ("before", "within", "after"))
    for line, moment in sample(moments, every=4):
        scene.set_up()
        assert scene.apply(line=line, moment=moment) == GONE, (line, moment)
        (died,) = recorded_runs(scene.repository.root / ".flowsync" / "journal")
        assert len(died.unfinished_writes) <= 2
        scene.check_converged()


def test_with_a_disk_that_is_full_at_any_moment_the_next_apply_converges(scene: Scene) -> None:
    scene.set_up()
    assert scene.apply() == 0
    sizes = [file.stat().st_size for file in (scene.repository.root / ".flowsync").rglob("*.jsonl")]
    codes = set()
    for limit in sample(range(0, max(sizes) + 200, 170), every=3):
        scene.set_up()
        codes.add(scene.apply(file_limit=limit))
        scene.check_converged()
    assert codes == {0, 4, 6}  # all done, some done, nothing written


def test_killed_at_random_moments_the_next_apply_converges(scene: Scene) -> None:
    def slowly(operation: Operation) -> None:
        time.sleep(LATENCY_S)

    scene.served.on_request = slowly
    scene.set_up()
    longest_s = _timed(scene)[1]  # a busy machine may have made it longer than most
    killed = 0
    for number in range(RANDOM_MOMENTS):
        scene.set_up()
        # each in a stretch of its own, so that few are spread as well as many
        after_s = 0.02 + (longest_s - 0.02) * (number + random.random()) / RANDOM_MOMENTS
        print(f"killed after {after_s:.3f} s")
        code, took_s = _timed(scene, after_s=after_s)
        if code == GONE:
            killed += 1
        else:
            assert code == 0
            longest_s = min(longest_s, took_s)
        scene.check_converged()
    assert killed > RANDOM_MOMENTS / 2


def _timed(scene: Scene, **kill: object) -> tuple[int, float]:
    """Give the exit code and the seconds that an apply took."""
    began = time.monotonic()
    return scene.apply(**kill), time.monotonic() - began
