"""What the rows are measured on: repositories of flows, and accounts that hold the same."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from flowsync.cli.console import Console
from flowsync.cli.opening import opened_target, opened_workspace
from flowsync.cli.options import Common
from flowsync.model import JsonValue
from flowsync.remotes.emulator.platform import Platform
from flowsync.remotes.emulator.store import Store
from flowsync.targets import Target
from flowsync.workspace import Workspace
from tests.benchmarks.made_flows import FlowMaker
from tests.support import Repository, flow_json

ROOT = Path(__file__).parent.parent.parent.parent
ACCOUNT = "100000000000001"
TOKEN = "benchmark-token"


def small_texts(count: int) -> list[str]:
    """Give Flow JSONs of less than a kilobyte, each with a label of its own."""
    return [json.dumps(flow_json(f"Label {number}"), indent=2) for number in range(count)]


def made_texts(count: int, size: int, *, kinds: int = 50) -> list[str]:
    """Give Flow JSONs of about `size` bytes; there are `kinds` of them, with names that differ."""
    made = [FlowMaker(number).flow(size) for number in range(min(kinds, count))]
    return [made[number % kinds].replace("Your ", f"Your {number} ", 1) for number in range(count)]


def write_repository(root: Path, texts: Sequence[str], **target: JsonValue) -> None:
    """Write a definition for each text, to be published, and flowsync.yaml with one target."""
    flows = root / "flows"
    flows.mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(texts):
        (flows / f"flow-{number}.json").write_text(text, "utf-8")
        (flows / f"flow-{number}.yaml").write_text(
            f"name: Flow-{number}\ncategories: [OTHER]\nflow_json: flow-{number}.json\n"
            "state: published\n",
            "utf-8",
        )
    Repository(root).config(main=target)


def fill(database: Path, texts: Sequence[str]) -> None:
    """Put published flows with these texts into an emulator's database."""
    store = Store(str(database))
    platform = Platform(store, lambda content: [])
    for number, text in enumerate(texts):
        flow_id = platform.create_flow(ACCOUNT, name=f"Flow-{number}", categories=["OTHER"])
        platform.upload(flow_id, text.encode())
        platform.publish(flow_id)
    store.close()


def environment() -> dict[str, str]:
    """Give the environment for processes that run this very tree."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "FLOWSYNC_SERVE_TOKEN": TOKEN}


@contextmanager
def served(database: Path, latency_s: float, *, api: str = "gateway") -> Iterator[str]:
    """Serve the emulator in a process of its own, and give its address."""
    latency = str(round(latency_s * 1000))
    options = ["--port", "0", "--latency", latency, "--db", str(database), "--api", api]
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "flowsync", "serve", *options],
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
    ) as server:
        try:
            assert server.stdout is not None
            found = re.search(r"http://[\d.:]+", server.stdout.readline())
            assert found, "the emulator did not say where it listens"
            yield found.group()
        finally:
            server.terminate()
            server.communicate(timeout=20)


@contextmanager
def inside(folder: Path) -> Iterator[None]:
    """Work in another folder for a time."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def opened(*, read_only: bool = True) -> tuple[Common, Workspace, Target]:
    """Read the repository of the current folder as a command does."""
    common = Common(target=None, config=None, console=Console(quiet=True))
    workspace = opened_workspace(common, (), read_only=read_only)
    _, target = opened_target(common, read_only=read_only)
    return common, workspace, target


def seconds(work: Callable[[], object]) -> float:
    """Give how long a piece of work takes on the clock."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def run(args: Sequence[str], folder: Path, *, text: str | None = None) -> str:
    """Run a process that must end well, and give what it prints."""
    ran = subprocess.run(
        args, cwd=folder, env=environment(), input=text, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-2000:]
    return ran.stdout
