"""A plan that finds nothing to do, on the embedded emulator, against reading the same data.

Both sides read the same files and the same rows, and parse them; the other side does nothing else:
it neither reads YAML nor checks or compares anything.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from pathlib import Path

from flowsync.cli.opening import opened_remote
from flowsync.workflow import make_plan
from tests.benchmarks.speed.places import (
    ACCOUNT,
    fill,
    inside,
    made_texts,
    opened,
    seconds,
    write_repository,
)
from tests.benchmarks.speed.rows import Measured, Row

FLOWS = 500
SIZE = 20_000
ROUNDS = 3


def _plan() -> None:
    common, workspace, target = opened()
    with opened_remote(common, target, read_only=True) as remote:
        plan = make_plan(workspace, remote.remote, account=remote.account).plan
    assert len(plan.changes) == FLOWS
    assert not plan.pending


def _plain() -> None:
    for file in Path("flows").iterdir():
        text = file.read_text("utf-8")
        if file.suffix == ".json":
            assert json.loads(text)
    database = sqlite3.connect("emulated.db")
    rows = database.execute("SELECT name, flow_json FROM flows").fetchall()
    database.close()
    parsed = {name: json.loads(content) for name, content in rows}
    assert len(parsed) == FLOWS


def _no_op() -> Measured:
    with tempfile.TemporaryDirectory() as name:
        root, texts = Path(name), made_texts(FLOWS, SIZE)
        fill(root / "emulated.db", texts)
        write_repository(root, texts, remote="emulator", database="emulated.db", account=ACCOUNT)
        with inside(root):
            times = [(seconds(_plan), seconds(_plain)) for _ in range(ROUNDS)]
    ours, other = (min(column) for column in zip(*times, strict=True))
    note = f"of {ROUNDS} runs; the first, which checks every Flow JSON, takes {times[0][0]:.3f} s"
    return Measured(ours=ours, other=other, note=note)


ROWS = (
    Row(
        name="no-op-plan",
        work=f"no-op plan, {FLOWS} flows of {SIZE // 1000} kB, embedded emulator",
        against="json and sqlite3",
        wanted=4,
        measure=_no_op,
    ),
)
