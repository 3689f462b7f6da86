from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from flowsync.errors import UsageFailure
from flowsync.remotes.emulator.fault_kinds import KINDS, OPERATIONS
from flowsync.remotes.emulator.faults import Fault, FaultPlan, FaultsTogether, parse_fault
from flowsync.remotes.operations import Operation


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
        ("get@1:drop", Fault("get", "drop", None, 1, 0)),
        ("any@7:rate-limit=5*3", Fault("any", "rate-limit", 5, 3, 6)),
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
        "create@:drop",
        "create@-1:drop",
        "create@1.5:drop",
        "create:drop@1",
        "create@x:drop",
        "create:slow=٣",
        "create:slow=1234567890",
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


def test_a_value_of_a_kind_that_takes_none_is_refused() -> None:
    with pytest.raises(UsageFailure, match=r"drop takes none.*create:drop\*5"):
        parse_fault("create:drop=5")


def test_calls_are_counted_from_one() -> None:
    with pytest.raises(
        UsageFailure, match=r'"create@0:drop" names call 0\. Calls are counted from 1'
    ):
        parse_fault("create@0:drop")


@pytest.mark.parametrize(
    ("spec", "met"),
    [
        ("get@1:drop", [1]),
        ("get@3:drop", [3]),
        ("get@2:drop*3", [2, 3, 4]),
        ("get@2:drop*0", []),
        ("any@4:drop*2", [4, 5]),
        ("list@1:drop", []),
    ],
)
def test_fault_of_a_call_is_met_by_that_call_and_the_next_as_often_as_said(
    spec: str, met: list[int]
) -> None:
    plan = FaultPlan([parse_fault(spec)])
    assert [number for number in range(1, 8) if plan.take("get")] == met


def test_calls_of_any_operation_are_counted_over_all() -> None:
    plan = FaultPlan([parse_fault("any@3:drop"), parse_fault("get@2:html")])
    taken = [plan.take(name) for name in ("list", "get", "list", "get", "get")]
    assert taken == [{}, {}, {"drop": None}, {"html": None}, {}]


def test_calls_are_counted_from_when_the_fault_is_put_in_force() -> None:
    plan = FaultPlan()
    plan.take("get")
    plan.add("get@2:drop")
    assert [plan.take("get") for _ in range(3)] == [{}, {"drop": None}, {}]


def test_faults_of_several_sources_come_together_and_the_first_source_wins() -> None:
    first = FaultPlan([parse_fault("get:slow=1"), parse_fault("get:drop*1")])
    second = FaultPlan([parse_fault("get:slow=2"), parse_fault("get:html")])
    together = FaultsTogether(first, second)
    assert together.take("get") == {"slow": 1, "drop": None, "html": None}
    assert together.take("get") == {"slow": 1, "html": None}
    assert together.take("list") == {}


@pytest.mark.parametrize("kind", KINDS)
def test_text_of_a_kind_names_its_default_number_and_the_operations_it_concerns(kind: str) -> None:
    about = KINDS[kind]
    assert ("VALUE" in about.meaning) is (f"(default {about.default})" in about.meaning)
    if about.default:
        assert "VALUE" in about.meaning
    if len(about.concerns) < len(OPERATIONS) - 2:
        parts = about.meaning.split("; ")  # each names the operations that it is about
        named = [
            name for part in parts if ":" in part for name in part.partition(":")[0].split(", ")
        ]
        assert set(named) == about.concerns


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
