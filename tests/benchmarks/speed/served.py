"""Plans of many flows on a remote that takes its time: the floor, pywa, and curl.

The floor is one listing and the reads in rounds of the target's parallelism; no client can be
quicker that asks for each flow by itself. The work is what `plan` does with the remote, the files
being read; beside curl and pywa it is the whole command, from its start to its end.
"""

from __future__ import annotations

import json
import math
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path

from flowsync.cli.opening import opened_remote
from flowsync.workflow import make_plan
from tests.benchmarks.speed.places import (
    ACCOUNT,
    TOKEN,
    fill,
    inside,
    opened,
    run,
    seconds,
    served,
    small_texts,
    write_repository,
)
from tests.benchmarks.speed.rows import Measured, Row

FLOWS = 500
PARALLELISM = 16
LATENCY_S = 0.100
FLOOR_S = (1 + math.ceil(FLOWS / PARALLELISM)) * LATENCY_S
ROUNDS = 3
OF_PYWA = FLOWS // 10  # the script takes 0.3 s a flow: a tenth is measured, and multiplied

PLAN = [sys.executable, "-m", "flowsync", "plan", "--quiet"]
CURL = ["-s", "-f", "-H", f"Authorization: Bearer {TOKEN}", "-H", "Accept: application/json"]


@contextmanager
def many_flows(api: str) -> Iterator[tuple[Path, str]]:
    """Serve an account that holds what a repository asks for; give its folder and the address."""
    with tempfile.TemporaryDirectory() as name:
        root, texts = Path(name), small_texts(FLOWS)
        fill(root / "served.db", texts)
        with served(root / "served.db", LATENCY_S, api=api) as url:
            write_repository(
                root,
                texts,
                remote=api,
                base_url=url,
                account=ACCOUNT,
                token=TOKEN,
                limits={"parallelism": PARALLELISM},
            )
            yield root, url


@cache
def _on_gateway() -> dict[str, float]:
    """Measure everything about the gateway in turns, the best of some rounds each."""
    found: dict[str, list[float]] = {}
    with many_flows("gateway") as (root, url), inside(root):
        paths = _paths(url, root)
        common, workspace, target = opened()
        for _ in range(ROUNDS):
            with opened_remote(common, target, read_only=True) as remote:
                found.setdefault("plan", []).append(
                    seconds(lambda: make_plan(workspace, remote.remote, account=remote.account))
                )
                assert remote.clients[0].sent == {"GET": 1 + FLOWS}
            found.setdefault("command", []).append(seconds(lambda: run(PLAN, root)))
            for each, key in (("1", "curl"), (str(math.ceil(FLOWS / PARALLELISM)), "kept")):
                found.setdefault(key, []).append(seconds(partial(_curl, url, root, paths, each)))
    return {key: min(times) for key, times in found.items()}


def _paths(url: str, root: Path) -> list[str]:
    """Give the addresses of all flows, from a listing that is not measured."""
    listed = json.loads(run(["curl", *CURL, f"{url}{_LIST}"], root))
    entries = listed["data"] if isinstance(listed, dict) else listed
    return [f"{url}{_LIST}/{entry['id']}" for entry in entries]


_LIST = f"/api/whatsapp/{ACCOUNT}/flows"


def _curl(url: str, root: Path, paths: list[str], each: str) -> None:
    """Ask for the listing, then for each flow, by curl alone."""
    run(["curl", *CURL, f"{url}{_LIST}"], root)
    command = ["xargs", "-n", each, "-P", str(PARALLELISM), "curl", *CURL]
    got = run(command, root, text="\n".join(paths))
    assert got.count('"validation_errors"') >= FLOWS, "curl has not got every flow"


def _plan_by_floor() -> Measured:
    return Measured(ours=_on_gateway()["plan"], other=FLOOR_S)


def _command_by_curl() -> Measured:
    found = _on_gateway()
    note = f"with the start of the process and the files it takes {found['command']:.3f} s"
    return Measured(ours=found["plan"], other=found["curl"], note=note)


def _command_by_kept_curl() -> Measured:
    found = _on_gateway()
    return Measured(ours=found["plan"], other=found["kept"])


@cache
def _plan_by_pywa() -> Measured:
    """Compare the command with a script on the same served Graph API."""
    with many_flows("graph") as (root, url):
        script = [sys.executable, "-m", "tests.benchmarks.speed.pywa_script", url, ACCOUNT]
        ours = min(seconds(lambda: run(PLAN, root)) for _ in range(2))
        begun = seconds(lambda: run([*script, "0"], root))
        some = seconds(lambda: run([*script, str(OF_PYWA)], root))
    other = begun + (some - begun) * FLOWS / OF_PYWA
    note = f"the script was run on {OF_PYWA} flows ({some:.1f} s), its share without the start × 10"
    return Measured(ours=ours, other=other, note=note)


_WORK = f"plan of {FLOWS} flows, {LATENCY_S * 1000:.0f} ms a request, parallelism {PARALLELISM}"
ROWS = (
    Row(
        name="plan-floor",
        work=_WORK,
        against=f"(1 + ⌈{FLOWS}/{PARALLELISM}⌉) × {LATENCY_S * 1000:.0f} ms",
        wanted=1.10,
        measure=_plan_by_floor,
    ),
    Row(
        name="plan-pywa",
        work="the same on Graph, the whole command",
        against="a sequential script with pywa",
        wanted=12,
        is_speedup=True,
        measure=_plan_by_pywa,
    ),
    Row(
        name="plan-curl",
        work="the same",
        against=f"xargs -P{PARALLELISM} curl, a process a flow",
        wanted=1.0,
        measure=_command_by_curl,
    ),
    Row(
        name="plan-curl-kept",
        work="the same",
        against=f"xargs -P{PARALLELISM} curl, connections kept",
        wanted=1.0,
        measure=_command_by_kept_curl,
    ),
)
