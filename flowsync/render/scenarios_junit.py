"""What came of the scenarios of flows as JUnit XML: a test for each scenario."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flowsync.preview.scenarios.values import Ran, Tested
from flowsync.render.junit import Case, Fault, junit_text
from flowsync.render.scenarios_text import unreached_lines

_SUITE = "flowsync test"


def render_tested_junit(tested: Iterable[Tested]) -> str:
    """Give a suite with a test for each scenario; what none reaches is output of the suite too."""
    tested = tuple(tested)
    return junit_text(
        _SUITE,
        [case for one in tested for case in _cases(one)],
        output=[f"{one.key}: {line}" for one in tested for line in unreached_lines(one.unreached)],
    )


def _cases(tested: Tested) -> Iterator[Case]:
    """Give a test for each scenario, and one for what they reach where that counts."""
    yield from (_case(tested, ran) for ran in tested.ran)
    if tested.must_reach:
        lines = tuple(unreached_lines(tested.unreached))
        fault = Fault(type="unreached", message="not all is reached.", lines=lines)
        yield Case(
            name=f"{tested.key}: all is reached",
            kind="scenario",
            file=tested.path,
            failures=(fault,) if lines else (),
        )


def _case(tested: Tested, ran: Ran) -> Case:
    failure = ran.failure
    faults = (
        ()
        if failure is None
        else (Fault(type="scenario", message=failure.message, lines=(failure.text,)),)
    )
    return Case(
        name=f"{tested.key}: {ran.scenario.name}",
        kind="scenario",
        file=tested.path,
        failures=faults,
    )
