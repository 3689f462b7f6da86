"""Brings a thousand flows into step while 5 % of all requests fail: `python -m tests.soak`.

The same is done once without faults, to compare the requests. Nothing really waits: the seconds
that apply waited are those of the emulator's clock. Fails when the account does not converge, has a
flow twice, or when a request was answered by nothing but a fault.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from flowsync.apply.backups import Backups
from flowsync.apply.journal import Journal, recorded_runs
from flowsync.errors import FlowsyncError
from flowsync.model import FlowDefinition
from flowsync.remotes.emulator.chance import PASSING, ChanceFaults
from flowsync.workflow import carry_out, make_plan
from flowsync.workspace import Workspace
from tests.apply.lab import definition, workspace_in
from tests.support import EmulatedGateway, flow_json

MOST_RUNS = 12
KINDS = tuple(kind for kind in PASSING if kind != "oversized")  # 65 MiB each: too slow to send


@dataclass
class Soak:
    """What became of one account: requests by operation, faults met, repetitions, runs."""

    requests: Counter[str] = field(default_factory=Counter)
    repeated_reads: int = 0
    repeated_writes: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    runs: int = 0
    failed_plans: int = 0
    waited_s: float = 0.0


class CountedFaults(ChanceFaults):
    """Faults by chance that are counted as they are met."""

    def __init__(self, seed: int, percent: float, met: Counter[str]) -> None:
        super().__init__(seed, percent, KINDS)
        self._met = met

    def take(self, operation: str) -> dict[str, int | None]:
        """Give the faults of a call."""
        found = super().take(operation)
        self._met.update(found.keys())
        return found


def soak(definitions: list[FlowDefinition], *, percent: float, seed: int, parallelism: int) -> Soak:
    """Apply until nothing is left to do, and check the account."""
    result = Soak()
    faults = CountedFaults(seed, percent, result.faults) if percent else None
    gateway = EmulatedGateway("documented", faults=faults)
    gateway.check = lambda content: []  # the same Flow JSON a thousand times
    retried: list[object] = []
    with tempfile.TemporaryDirectory() as folder:
        workspace = workspace_in(
            Path(folder), gateway.account, definitions, parallelism=parallelism
        )
        while result.runs < MOST_RUNS:
            result.runs += 1
            try:
                if not _run(workspace, gateway, retried):
                    break
            except FlowsyncError:
                result.failed_plans += 1
        for run in recorded_runs(Path(folder) / "journal"):
            intents = [line for line in run.lines if line["event"] == "intent"]
            result.repeated_writes += sum(line["attempt"] != 1 for line in intents)
    flows = gateway.platform.list_flows(gateway.account)
    gateway.store.close()
    wanted = sorted((one.name, "PUBLISHED") for one in definitions)
    assert sorted((flow.name, flow.status) for flow in flows) == wanted, "did not converge"
    assert result.runs < MOST_RUNS
    result.requests, result.waited_s = gateway.counts, sum(gateway.sleeps)
    result.repeated_reads = len(retried)
    return result


def _run(workspace: Workspace, gateway: EmulatedGateway, retried: list[object]) -> bool:
    """Plan and apply once; tell whether there was anything to do."""
    remote = gateway.client(on_retry=retried.append)
    plan = make_plan(workspace, remote, account=gateway.account).plan
    if not plan.pending and not plan.listing_doubts and not plan.conflicts:
        return False
    if plan.listing_doubts:
        return True
    folder = workspace.project.root
    journal = Journal(folder / "journal", "test")
    try:
        carry_out(
            plan,
            workspace,
            remote,
            journal,
            stop=threading.Event(),
            tell=lambda progress: None,
            backups=Backups(folder / "backups", target="test", account=gateway.account),
            wait_s=gateway.sleep,
        )
    finally:
        journal.close()
    return True


def report(without: Soak, faulty: Soak, flows: int, percent: float) -> str:
    """Give the comparison as text."""
    lines = [
        f"{flows} flows, {percent:g} % of requests meet a fault "
        f"({sum(faulty.faults.values())} faults of {len(faulty.faults)} kinds)",
        "",
        f"{'':24}{'fault-free':>12}{'with faults':>12}{'ratio':>8}",
    ]
    for operation in sorted(without.requests | faulty.requests):
        before, after = without.requests[operation], faulty.requests[operation]
        ratio = f"{after / before:8.2f}" if before else ""
        lines.append(f"{'requests: ' + operation:24}{before:12}{after:12}{ratio}")
    before, after = sum(without.requests.values()), sum(faulty.requests.values())
    lines.append(f"{'requests: all':24}{before:12}{after:12}{after / before:8.2f}")
    for name, title in (
        ("repeated_reads", "reads repeated"),
        ("repeated_writes", "writes repeated"),
        ("runs", "runs to rest"),
        ("failed_plans", "plans that failed"),
    ):
        lines.append(f"{title:24}{getattr(without, name):12}{getattr(faulty, name):12}")
    waited = f"{without.waited_s:12.0f}{faulty.waited_s:12.0f}"
    lines.append(f"{'seconds waited':24}{waited}")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Soak and print the comparison."""
    parser = argparse.ArgumentParser(description="Bring flows into step under faults.")
    parser.add_argument("--flows", type=int, default=1000)
    parser.add_argument("--percent", type=float, default=5.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--parallelism", type=int, default=8)
    words = parser.parse_args()
    definitions = [
        definition(f"flow-{number:04}", content=flow_json(f"Label {number}"))
        for number in range(words.flows)
    ]
    common = {"seed": words.seed, "parallelism": words.parallelism}
    without = soak(definitions, percent=0, **common)
    faulty = soak(definitions, percent=words.percent, **common)
    print(report(without, faulty, words.flows, words.percent))


if __name__ == "__main__":
    main()
