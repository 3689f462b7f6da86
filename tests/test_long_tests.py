"""The long tests stay in working order between two nights."""

from __future__ import annotations

from pathlib import Path

import pytest

import flowsync
from tests.apply.lab import definition
from tests.sizes import sample, size
from tests.soak import report, soak
from tests.support import flow_json
from tests.survival import MEASURES, Measure

PACKAGE = Path(flowsync.__file__).parent


def test_some_flows_come_to_rest_while_every_tenth_request_fails() -> None:
    definitions = [definition(f"f{n}", content=flow_json(f"Label {n}")) for n in range(40)]
    without = soak(definitions, percent=0, seed=1, parallelism=4)
    faulty = soak(definitions, percent=10, seed=1, parallelism=4)
    assert without.requests["create"] == 40
    assert without.repeated_reads == without.repeated_writes == 0
    assert sum(faulty.faults.values()) > 10
    assert faulty.repeated_reads + faulty.repeated_writes > 0
    assert "requests: all" in report(without, faulty, 40, 10)


@pytest.mark.parametrize("count", [0, 1, 7, 8, 100])
def test_a_sample_is_spread_from_the_first_to_the_last_and_all_at_night(count: int) -> None:
    cases = list(range(count))
    assert sample(cases, every=7, is_full=True) == cases
    taken = sample(cases, every=7, is_full=False)
    assert taken == sorted(set(taken))
    assert {case // 7 for case in taken} == {case // 7 for case in cases}
    assert len(taken) <= (count + 6) // 7 + 2
    assert {*cases[:1], *cases[-1:]} <= set(taken)
    assert (size(3, at_night=9, is_full=False), size(3, at_night=9, is_full=True)) == (3, 9)


@pytest.mark.parametrize("measure", MEASURES, ids=[measure.name for measure in MEASURES])
def test_each_survival_measure_is_where_it_can_be_switched_off(measure: Measure) -> None:
    assert (PACKAGE / measure.file).read_text("utf-8").count(measure.there) == 1
