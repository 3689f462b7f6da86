"""A fleet on two dask workers against one process.

Both plan for the same served accounts with the same --accounts-at-once, in turns. One request of an
account at a time, so that both mostly wait: a request takes a machine some milliseconds of its own
in the client and as many in the server, and where the cores are what is short, a second process
gains nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.benchmarks.fleet_server import TOKEN, account_of
from tests.benchmarks.speed.places import ROOT, inside, seconds
from tests.benchmarks.speed.rows import Measured, Row
from tests.fleet.cluster import dask_cluster
from tests.support import Repository

ACCOUNTS = 200
FLOWS = 10
LATENCY_MS = 50
AT_ONCE = 2
WORKERS = 2
ROUNDS = 2
_ENV = {"PYTHONPATH": str(ROOT), "FLOWSYNC_TOKEN": TOKEN}


@contextmanager
def _served() -> Iterator[str]:
    command = [sys.executable, "-m", "tests.benchmarks.fleet_server"]
    with subprocess.Popen(
        [*command, str(ACCOUNTS), str(FLOWS), str(LATENCY_MS)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **_ENV},
        cwd=ROOT,
    ) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().strip()
        finally:
            server.terminate()
            server.communicate(timeout=10)


def _outcome(*more: str) -> dict[str, Any]:
    """Plan for the fleet and give what became of each account."""
    ran = subprocess.run(
        [sys.executable, "-m", "flowsync", "plan", *more, "--format", "json"],
        env={**os.environ, **_ENV},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr + ran.stdout[-2000:]
    shown = ("result", "counts", "digest", "message")
    accounts = json.loads(ran.stdout)["accounts"]
    return {one["name"]: [one[key] for key in shown] for one in accounts}


def _write(repository: Repository, url: str) -> None:
    for flow in range(FLOWS):
        repository.flow(f"flow-{flow}", name=f"Flow-{flow}")
    rows = "".join(f"{account_of(number)},shop-{number}\n" for number in range(ACCOUNTS))
    (repository.root / "accounts.csv").write_text("account,name\n" + rows)
    repository.config(
        shops={
            "remote": "gateway",
            "base_url": url,
            "token": "${env:FLOWSYNC_TOKEN}",
            "limits": {"parallelism": 1},
            "accounts": "accounts.csv",
        }
    )


def _two_workers() -> Measured:
    at_once = ("--accounts-at-once", str(AT_ONCE))
    outcomes: list[dict[str, Any]] = []
    alone, together = [], []
    with tempfile.TemporaryDirectory() as name, inside(Path(name)), _served() as url:
        folder = Path(name, "dask")
        folder.mkdir()
        _write(Repository(Path(name)), url)
        with dask_cluster(folder, workers=WORKERS, threads=AT_ONCE, env=_ENV) as executor:
            elsewhere = (*at_once, "--executor", executor)
            _outcome(*elsewhere, "--accounts", "shop-?")  # workers import flowsync
            for _ in range(ROUNDS):
                alone.append(seconds(lambda: outcomes.append(_outcome(*at_once))))
                together.append(seconds(lambda: outcomes.append(_outcome(*elsewhere))))
    assert all(outcome == outcomes[0] for outcome in outcomes)
    assert len(outcomes[0]) == ACCOUNTS
    return Measured(ours=min(together), other=min(alone), note=f"{AT_ONCE} accounts at once each")


ROWS = (
    Row(
        name="fleet",
        work=f"plan of {ACCOUNTS} accounts × {FLOWS} flows, {LATENCY_MS} ms a request, "
        f"{WORKERS} dask workers",
        against="one process",
        wanted=1.7,
        is_speedup=True,
        measure=_two_workers,
    ),
)
