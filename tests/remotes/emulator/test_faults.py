from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from flowsync.errors import UsageFailure
from flowsync.remotes.emulator.fault_kinds import KINDS, OPERATIONS
from flowsync.remotes.emulator.faults import Fault, FaultPlan, parse_fault
from flowsync.remotes.gateway.dialects import Operation


def test_operations_are_those_of_the_gateway() -> None:
    assert set(OPERATIONS) == {operation.value for operation in Operation}


@pytest.mark.parametrize(
    ("spec", "fault"),
    [
        ("create:drop", Fault("create", "drop")),
        ("create:drop-after*1", Fault("create", "drop-after", None, 1)),
        ("any:slow=200", Fault("any", "slow", 200)),
        ("get:rate-limit=5*3", Fault("get", "rate-limit", 5, 3)),
        ("get:slow=0*0", Fault("get", "slow", 0, 0)),
    ],
)
def test_fault_is_read_as_written(spec: str, fault: Fault) -> None:
    assert parse_fault(spec) == fault


@pytest.mark.parametrize("operation", [*OPERATIONS, "any"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_taken_for_every_operation(operation: str, kind: str) -> None:
    assert parse_fault(f"{operation}:{kind}").kind == kind


@pytest.mark.parametrize(
    "spec",
    [
        "",
        "drop",
        "create",
        "create:",
        ":drop",
        "create:drop*",
        "create:slow=",
        "create:slow=x",
        "create:drop*-1",
        "create:drop*1*2",
        "create drop",
        "CREATE:drop",
        "create:drop\n",
    ],
)
def test_fault_of_another_form_is_refused(spec: str) -> None:
    with pytest.raises(UsageFailure, match=r"not of the form OPERATION\[@N\]:KIND"):
        parse_fault(spec)


def test_unknown_operation_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageFailure, match=r'unknown operation "make".*create.*any') as caught:
        parse_fault("make:drop")
    assert caught.value.exit_code == 64


def test_unknown_kind_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageFailure, match=r'unknown kind "explode".*drop-after'):
        parse_fault("create:explode")


def test_fault_is_taken_as_often_as_said() -> None:
    plan = FaultPlan([parse_fault("get:drop*2")])
    assert [plan.take("get") for _ in range(3)] == [{"drop": None}, {"drop": None}, {}]


def test_fault_without_a_count_stays() -> None:
    plan = FaultPlan([parse_fault("get:slow=5")])
    assert [plan.take("get") for _ in range(3)] == [{"slow": 5}] * 3


def test_fault_concerns_its_operation_alone() -> None:
    plan = FaultPlan([parse_fault("get:drop*1")])
    assert plan.take("list") == {}
    assert plan.take("get") == {"drop": None}


def test_fault_of_any_operation_is_counted_over_all() -> None:
    plan = FaultPlan([parse_fault("any:drop*2")])
    assert [bool(plan.take(name)) for name in ("get", "list", "get")] == [True, True, False]


def test_faults_come_together() -> None:
    plan = FaultPlan([parse_fault("get:slow=5"), parse_fault("any:drop*1")])
    assert plan.take("get") == {"slow": 5, "drop": None}


def test_faults_can_be_added_and_cleared() -> None:
    plan = FaultPlan()
    plan.add("get:drop")
    assert plan.take("get") == {"drop": None}
    plan.clear()
    assert plan.take("get") == {}
    with pytest.raises(UsageFailure):
        plan.add("nonsense")


def test_threads_together_take_a_fault_no_more_often_than_said() -> None:
    plan = FaultPlan([parse_fault("get:drop*50")])
    with ThreadPoolExecutor(16) as pool:
        assert sum(map(bool, pool.map(plan.take, ["get"] * 200))) == 50
