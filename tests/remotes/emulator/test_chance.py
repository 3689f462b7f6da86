"""Faults by chance: repeatable, as frequent as asked, and never the end of an account."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from flowsync.errors import ExitCode, RemoteError
from flowsync.model import FlowDefinition
from flowsync.remotes.emulator.chance import PASSING, ChanceFaults
from flowsync.remotes.emulator.fault_kinds import KINDS, OPERATIONS
from tests.remotes.support import definition, plan_and_apply
from tests.support import EmulatedGateway, flow_json


def drawn(chance: ChanceFaults, operation: str, calls: int) -> list[dict[str, int | None]]:
    return [chance.take(operation) for _ in range(calls)]


def test_same_seed_draws_the_same_faults_on_every_machine() -> None:
    chance = ChanceFaults(7, 30, kinds=("drop", "html", "server-error"))
    assert [next(iter(fault), "") for fault in drawn(chance, "create", 8)] == [
        "html",
        "",
        "html",
        "",
        "html",
        "server-error",
        "",
        "",
    ]


def test_draw_of_a_call_depends_on_nothing_that_other_operations_do() -> None:
    chance = ChanceFaults(1, 50)
    found = []
    for number in range(100):
        found.append(chance.take("get"))
        chance.take(OPERATIONS[number % 9] if number % 9 != 1 else "list")
    assert found == drawn(ChanceFaults(1, 50), "get", 100)
    assert {} in found


def test_threads_together_meet_the_same_faults_as_one_alone() -> None:
    expected = Counter(str(fault) for fault in drawn(ChanceFaults(3, 40), "get", 400))
    chance = ChanceFaults(3, 40)
    with ThreadPoolExecutor(16) as pool:
        found = Counter(str(fault) for fault in pool.map(chance.take, ["get"] * 400))
    assert found == expected


def test_other_seeds_and_operations_draw_other_faults() -> None:
    faults = [
        drawn(ChanceFaults(seed, 50), operation, 40)
        for seed in (1, 2)
        for operation in ("update", "publish")
    ]
    assert all(one != other for one in faults for other in faults if one is not other)


@pytest.mark.parametrize("percent", [0, 5, 50, 100])
def test_as_many_calls_meet_a_fault_as_the_percentage_says(percent: float) -> None:
    met = sum(map(bool, drawn(ChanceFaults(11, percent), "update", 2000)))
    assert abs(met / 20 - percent) < 4
    assert percent not in (0, 100) or met == 20 * percent


@pytest.mark.parametrize("operation", OPERATIONS)
def test_each_kind_that_passes_and_concerns_the_operation_is_drawn(operation: str) -> None:
    kinds = {kind for fault in drawn(ChanceFaults(5, 100), operation, 1500) for kind in fault}
    assert kinds == {kind for kind in PASSING if operation in KINDS[kind].concerns}


def test_no_kind_by_default_refuses_a_credential_hangs_or_lets_somebody_else_write() -> None:
    assert set(KINDS) - set(PASSING) == {
        "hang",
        "hang-after",
        "bad-meta-token",
        "no-meta-token",
        "unauthenticated",
        "forbidden",
        "second-writer",
        "second-writer-after",
    }


def test_operation_that_no_chosen_kind_concerns_meets_none() -> None:
    assert drawn(ChanceFaults(1, 100, kinds=("page-lost",)), "get", 5) == [{}] * 5


@pytest.mark.parametrize("seed", range(12))
def test_account_is_brought_in_step_by_asking_again_whatever_chance_did(
    seed: int, tmp_path: Path
) -> None:
    gateway = EmulatedGateway()
    wanted = [
        definition("a", name="A"),
        definition("b", name="B", content=flow_json("Other")),
        definition("c", name="C", categories=("SURVEY",)),
    ]
    gateway.app.faults = ChanceFaults(seed, 30)
    assert any(_is_done(gateway, tmp_path, wanted) for _ in range(60))
    flows = sorted(gateway.platform.list_flows(gateway.account), key=lambda flow: flow.name)
    assert [(f.name, f.status, f.categories, f.content) for f in flows] == [
        ("A", "PUBLISHED", ("OTHER",), flow_json()),
        ("B", "PUBLISHED", ("OTHER",), flow_json("Other")),
        ("C", "PUBLISHED", ("SURVEY",), flow_json()),
    ]
    gateway.store.close()


def _is_done(gateway: EmulatedGateway, folder: Path, wanted: list[FlowDefinition]) -> bool:
    """Plan and apply once, and tell whether apply says that all is done."""
    try:
        return plan_and_apply(gateway.client(), folder, *wanted).exit_code is ExitCode.DONE
    except RemoteError:
        return False
