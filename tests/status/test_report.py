"""How a flow is doing, and the conditions under which a check fails."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from flowsync.errors import UsageFailure
from flowsync.model import FlowDefinition, FlowKey, HealthEntity, RemoteFlow
from flowsync.status.conditions import read_conditions
from flowsync.status.report import FlowReport, VersionState, report_on, version_state
from flowsync.validation.versions import LATEST, Status
from tests.plan.cases import ABSENT, UNKNOWN_CONTENT, a_definition, a_flow, observed
from tests.support import flow_json

TODAY = date(2026, 11, 1)
LIMITED = HealthEntity(kind="FLOW", can_send="LIMITED")


def report(
    flow: RemoteFlow | None, definition: FlowDefinition | None = None, *, is_read: bool = True
) -> FlowReport:
    return report_on(
        FlowKey("booking"),
        definition or a_definition(),
        observed([flow]).listing.flows[0] if flow else None,
        flow if is_read else None,
        reason="x",
        today=TODAY,
    )


def met(one: FlowReport) -> set[str]:
    words = ("throttled,blocked", "unhealthy", "errors, missing", "frozen")
    return {each.text for each in read_conditions(words) if each.holds(one)}


def flow(status: str = "PUBLISHED", **fields: Any) -> RemoteFlow:
    return a_flow(status=status, **fields)


def finding() -> tuple[Any, ...]:
    from flowsync.model import RemoteFinding

    return (RemoteFinding(code="E", message="m"),)


def test_each_condition_is_met_by_its_flow_alone() -> None:
    assert met(report(flow())) == set()
    assert met(report(flow("THROTTLED"))) == {"throttled"}
    assert met(report(flow("BLOCKED"))) == {"blocked"}
    assert met(report(flow(entities=(LIMITED,)))) == {"unhealthy"}
    assert met(report(flow(content={**flow_json(), "version": "4.0"}))) == {"frozen"}
    assert met(report(None)) == {"missing"}
    assert met(report(None, a_definition(state=ABSENT))) == set()
    assert met(report(flow("THROTTLED"), is_read=False)) == {"throttled"}
    healthy = HealthEntity(kind="WABA", can_send="AVAILABLE")
    assert met(report(flow(entities=(healthy,)))) == set()


def test_errors_count_where_nobody_changed_the_flow_json() -> None:
    assert met(report(flow(findings=finding()))) == {"errors"}
    assert met(report(flow(findings=finding(), content=flow_json("x")))) == set()
    assert met(report(flow(findings=finding(), unread=UNKNOWN_CONTENT))) == set()
    assert met(report(flow(findings=finding()), a_definition(flow_json=None))) == set()


@pytest.mark.parametrize(
    ("state", "left", "holds"),
    [
        (Status.ACCEPTED, 29, True),
        (Status.ACCEPTED, 30, False),
        (Status.ACCEPTED, None, False),
        (Status.FROZEN, None, True),
        (Status.EXPIRED, 0, True),
        (None, None, False),
    ],
)
def test_frozen_within_days(state: Status | None, left: int | None, holds: bool) -> None:
    version = VersionState(text="9.9", state=state, days_left=left)
    one = FlowReport(key=FlowKey("a"), version=version)
    (condition,) = read_conditions(["frozen<30d"])
    assert condition.holds(one) is holds


def test_the_state_of_a_version_is_that_of_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from flowsync.status import report as module
    from flowsync.validation.versions import find

    known = find(LATEST)
    assert known is not None
    dated = replace(known, freezes_on=date(2026, 11, 8))
    monkeypatch.setattr(module, "find", lambda text: dated)
    soon = version_state(LATEST, TODAY)
    assert (soon.state, soon.days_left, soon.is_frozen) == (Status.ACCEPTED, 7, False)
    due = version_state(LATEST, date(2026, 11, 8))
    assert (due.state, due.days_left, due.is_frozen) == (Status.FROZEN, 0, True)
    assert version_state(LATEST, date(2027, 1, 1)).days_left == 0


def test_a_version_that_is_not_known_has_no_state() -> None:
    assert version_state("99.9", TODAY).state is None


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("throtled", 'Did you mean "throttled"?'),
        ("frozen<30", 'Did you mean "frozen<30d"?'),
        ("frozen<-1d", "Did you mean"),
        ("zz", "There are: throttled, blocked"),
        ("", "There are:"),
    ],
)
def test_a_word_that_is_no_condition_names_the_nearest(word: str, hint: str) -> None:
    with pytest.raises(UsageFailure, match="--fail-on does not know") as caught:
        read_conditions(["blocked," + word])
    assert hint in str(caught.value)
