"""A fleet on two dask workers against one process: 200 accounts × 10 flows, 50 ms a request.

Run with `pytest -m benchmark -s tests/benchmarks/test_fleet.py`. Both plan for the same served
accounts with the same --accounts-at-once, in turns; the figure is the ratio of the best times. One
request of an account at a time, so that both mostly wait: a request takes this machine about 3 ms
of its own in the client and as much in the server, and where the cores are what is short, a second
process gains nothing. Say the load of the machine with the figure.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.fleet_server import TOKEN, account_of
from tests.fleet.cluster import dask_cluster
from tests.support import Repository

ACCOUNTS = int(os.environ.get("FLEET_ACCOUNTS", "200"))
FLOWS = 10
LATENCY_MS = 50
AT_ONCE = int(os.environ.get("FLEET_AT_ONCE", "2"))
WORKERS = 2
ROUNDS = 2
WANTED_RATIO = 1.7
_ROOT = Path(__file__).parent.parent.parent
_ENV = {"PYTHONPATH": str(_ROOT), "FLOWSYNC_TOKEN": TOKEN}

pytestmark = pytest.mark.benchmark


@contextmanager
def served(flows: int) -> Iterator[str]:
    command = [sys.executable, "-m", "tests.benchmarks.fleet_server"]
    with subprocess.Popen(
        [*command, str(ACCOUNTS), str(flows), str(LATENCY_MS)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **_ENV},
        cwd=_ROOT,
    ) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().strip()
        finally:
            server.terminate()
            server.communicate(timeout=10)


def run(*more: str) -> tuple[float, dict[str, Any]]:
    """Run a command on the fleet and give its seconds and what became of each account."""
    begin = time.perf_counter()
    ran = subprocess.run(
        [sys.executable, "-m", "flowsync", *more, "--format", "json"],
        env={**os.environ, **_ENV},
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - begin
    assert ran.returncode == 0, ran.stderr + ran.stdout[-2000:]
    document = json.loads(ran.stdout)
    shown = ("result", "counts", "digest", "message")
    return seconds, {one["name"]: [one[key] for key in shown] for one in document["accounts"]}


def write(repository: Repository, url: str) -> None:
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


def test_two_workers_are_nearly_twice_as_fast_as_one_process(
    repository: Repository, tmp_path: Path
) -> None:
    with (
        served(FLOWS) as url,
        dask_cluster(tmp_path, workers=WORKERS, threads=AT_ONCE, env=_ENV) as executor,
    ):
        write(repository, url)
        at_once = ("plan", "--accounts-at-once", str(AT_ONCE))
        run(*at_once, "--executor", executor, "--accounts", "shop-?")  # workers import flowsync
        alone, together = [], []
        for _ in range(ROUNDS):
            seconds, outcome = run(*at_once)
            alone.append(seconds)
            seconds, other = run(*at_once, "--executor", executor)
            together.append(seconds)
            assert other == outcome
            assert len(outcome) == ACCOUNTS
    ratio = min(alone) / min(together)
    print(
        f"\nplan of {ACCOUNTS} accounts × {FLOWS} flows, {LATENCY_MS} ms a request, {AT_ONCE} at "
        f"once: one process {min(alone):.2f} s, {WORKERS} dask workers {min(together):.2f} s, "
        f"ratio {ratio:.2f} (wanted {WANTED_RATIO})"
    )
    print(f"load of the last minute on {os.cpu_count()} cores: {os.getloadavg()[0]:.1f}")
    assert ratio >= WANTED_RATIO
