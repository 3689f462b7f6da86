"""How the work of a plan grows with the flows: processor time, and memory.

Each plan runs in a process of its own, `python -m tests.benchmarks.speed.growing FOLDER`, which
prints the processor seconds and the kilobytes that it took at most.
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

from tests.benchmarks.speed.places import (
    ACCOUNT,
    fill,
    inside,
    made_texts,
    opened,
    run,
    small_texts,
    write_repository,
)
from tests.benchmarks.speed.rows import Measured, Row

FEW, MANY = 500, 5_000
SIZE = 50_000
ROUNDS = 1  # processor time is steady, and many flows take long enough


def _of_folder(texts: list[str]) -> tuple[float, float]:
    """Plan for a repository that is in step, and give processor seconds and megabytes."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        fill(root / "emulated.db", texts)
        write_repository(root, texts, remote="emulator", database="emulated.db", account=ACCOUNT)
        printed = run([sys.executable, "-m", __name__, name, str(len(texts))], root)
    spent, kilobytes = printed.split()[-2:]
    return float(spent), int(kilobytes) / 1000


def _growth() -> Measured:
    few = min(_of_folder(small_texts(FEW))[0] for _ in range(ROUNDS))
    many = min(_of_folder(small_texts(MANY))[0] for _ in range(ROUNDS))
    return Measured(ours=many, other=few)


@cache
def _memory() -> Measured:
    texts = made_texts(MANY, SIZE)
    copy = sum(len(text.encode()) for text in texts) / 1e6
    _, empty = _of_folder(small_texts(1))
    _, full = _of_folder(texts)
    note = f"{full:.0f} MB, of which {empty:.0f} MB also for one small flow"
    return Measured(ours=full - empty, other=copy, unit="MB", note=note)


def _plan_alone(folder: Path, flows: int) -> None:
    """Plan, and print what it took."""
    from flowsync.cli.opening import opened_remote
    from flowsync.workflow import make_plan

    begun = time.process_time()
    with inside(folder):
        common, workspace, target = opened()
        with opened_remote(common, target, read_only=True) as remote:
            plan = make_plan(workspace, remote.remote, account=remote.account).plan
    assert len(plan.changes) == flows
    assert not plan.pending
    spent = time.process_time() - begun
    print(spent, _peak())


def _peak() -> int:
    """Give the kilobytes that this process has had in memory at most.

    The kernel's own count: `ru_maxrss` of a new process begins with what its parent had.
    """
    status = Path("/proc/self/status").read_text("utf-8")
    found = re.search(r"^VmHWM:\s*(\d+) kB$", status, re.MULTILINE)
    assert found, "this row needs Linux"
    return int(found[1])


ROWS = (
    Row(
        name="growth",
        work=f"processor time of a plan, {MANY} flows",
        against=f"{FEW} flows",
        wanted=11,
        measure=_growth,
    ),
    Row(
        name="memory",
        work=f"peak memory of a plan, {MANY} flows of {SIZE // 1000} kB",
        against="their Flow JSON once",
        wanted=2.5,
        measure=_memory,
    ),
)

if __name__ == "__main__":
    _plan_alone(Path(sys.argv[1]), int(sys.argv[2]))
