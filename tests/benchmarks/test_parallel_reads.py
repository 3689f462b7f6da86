"""Reads run in parallel: a plan of 200 existing flows against a served emulator, 50 ms a request.

Run with `pytest -m benchmark -s tests/benchmarks`. The floor is one listing and the reads in rounds
of the target's parallelism; the figure is the ratio to it, the best of three in one run.
"""

from __future__ import annotations

import json
import math
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from flowsync.cli.console import Console
from flowsync.cli.opening import opened_remote, opened_target, opened_workspace
from flowsync.cli.options import Common
from flowsync.remotes.emulator.platform import Platform
from flowsync.remotes.emulator.store import Store
from flowsync.workflow import make_plan
from tests.support import Repository, flow_json

FLOWS = 200
PARALLELISM = 8
LATENCY_S = 0.050
FLOOR_S = (1 + math.ceil(FLOWS / PARALLELISM)) * LATENCY_S
WANTED_RATIO = 1.3
ACCOUNT = "100000000000001"
TOKEN = "benchmark-token"

pytestmark = pytest.mark.benchmark


@pytest.fixture
def base_url(tmp_path: Path) -> Iterator[str]:
    database = tmp_path / "served.db"
    store = Store(str(database))
    platform = Platform(store, lambda content: [])
    for number in range(FLOWS):
        flow_id = platform.create_flow(ACCOUNT, name=f"Flow-{number}", categories=["OTHER"])
        platform.upload(flow_id, json.dumps(flow_json()).encode())
        platform.publish(flow_id)
    store.close()
    latency = str(round(LATENCY_S * 1000))
    options = ["--port", "0", "--latency", latency, "--db", str(database)]
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "flowsync", "serve", *options],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "FLOWSYNC_SERVE_TOKEN": TOKEN},
    ) as server:
        try:
            assert server.stdout is not None
            found = re.search(r"http://[\d.:]+", server.stdout.readline())
            assert found
            yield found.group()
        finally:
            server.terminate()
            server.communicate(timeout=10)


def test_plan_of_many_flows_is_close_to_the_floor(repository: Repository, base_url: str) -> None:
    for number in range(FLOWS):
        repository.flow(f"flow-{number}", name=f"Flow-{number}")
    repository.config(
        served={
            "remote": "gateway",
            "base_url": base_url,
            "account": ACCOUNT,
            "token": TOKEN,
            "limits": {"parallelism": PARALLELISM},
        }
    )
    common = Common(target=None, config=None, console=Console(quiet=True))
    workspace = opened_workspace(common, (), read_only=True)
    _, target = opened_target(common, read_only=True)
    seconds = []
    for _ in range(3):
        with opened_remote(common, target, read_only=True) as opened:
            begin = time.perf_counter()
            plan = make_plan(workspace, opened.remote, account=opened.account).plan
            seconds.append(time.perf_counter() - begin)
            assert not plan.pending
            assert len(plan.changes) == FLOWS
            assert opened.clients[0].sent == {"GET": 1 + FLOWS}
    ratio = min(seconds) / FLOOR_S
    print(
        f"\nplan of {FLOWS} flows, {LATENCY_S * 1000:.0f} ms a request, parallelism {PARALLELISM}: "
        f"{min(seconds):.3f} s, floor {FLOOR_S:.3f} s, ratio {ratio:.2f} (wanted {WANTED_RATIO})"
    )
    assert ratio <= WANTED_RATIO
