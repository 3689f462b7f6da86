"""Shared by tests of scenarios: example flows, and doing what a scenario says without expecting."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from flowsync.companions import Companions, read_companions
from flowsync.diagnostics import Diagnostic
from flowsync.model import JsonValue
from flowsync.preview.endpoint.playing import fixtures_endpoint
from flowsync.preview.engine import Endpoint, Session, Start
from flowsync.preview.scenarios.reading import parse_scenarios
from flowsync.preview.scenarios.recording import Act
from flowsync.preview.scenarios.running import run_scenario
from flowsync.preview.scenarios.values import Back, Close, Expect, Fill, Ran, Scenario, Tap

ROOT = Path(__file__).parents[3]
TODAY = date(2026, 11, 28)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A flow of `flows/` and what stands beside it."""

    key: str
    flow_json: JsonValue
    beside: Companions

    def endpoint(self) -> Endpoint | None:
        """Give an endpoint of the fixtures, where there are any, that has answered nothing yet."""
        fixtures = self.beside.fixtures
        return None if fixtures is None else fixtures_endpoint(fixtures, sleep=lambda _: None)

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """Give the scenarios beside it."""
        assert self.beside.scenarios is not None
        return self.beside.scenarios


def examples() -> dict[str, Example]:
    """Give all example flows by key."""
    flows = ROOT / "flows"
    found = {}
    for key in (
        "booking",
        "customer-survey",
        "insurance-quote",
        "lead-generation",
        "newsletter-2024",
        "sign-up",
        "support",
    ):
        name = "support/flow" if key == "support" else key
        problems: list[Diagnostic] = []
        beside = read_companions(flows / f"{name}.yaml", flows, problems)
        assert problems == []
        flow_json = json.loads((flows / f"{name}.json").read_text("utf-8"))
        found[key] = Example(key=key, flow_json=flow_json, beside=beside)
    return found


def acts_of(scenario: Scenario) -> tuple[Act, ...]:
    """Give what is done in a scenario."""
    return tuple(step.does for step in scenario.steps if not isinstance(step.does, Expect))


def done(
    flow_json: JsonValue,
    acts: Iterable[Act],
    *,
    start: Start | None = None,
    endpoint: Endpoint | None = None,
    today: date = TODAY,
) -> Session:
    """Give a session in which all of it was done; what is not possible raises `NotPossible`."""
    session = Session(flow_json, today=today, start=start, endpoint=endpoint)
    for act in acts:
        match act:
            case Fill(target=target, value=value, text=text):
                is_number = isinstance(value, int | float) and not isinstance(value, bool)
                session.fill(target, text if is_number else value)
            case Tap(target=target, item=item):
                session.tap(target, item)
            case Back():
                session.back()
            case Close():
                session.close()
    return session


def read(text: str) -> tuple[Scenario, ...]:
    """Give the scenarios in a whole file's text."""
    problems: list[Diagnostic] = []
    found = parse_scenarios(text, "flows/a.scenarios.yaml", problems)
    assert problems == []
    assert found is not None
    return found


def ran(text: str, flow_json: JsonValue, endpoint: Endpoint | None = None) -> Ran:
    """Give what came of the first scenario in a whole file's text."""
    return run_scenario(read(text)[0], flow_json, today=TODAY, endpoint=endpoint)
