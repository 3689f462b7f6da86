"""What stands beside a definition to try its flow with: fixtures of its endpoint, and scenarios."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flowsync.diagnostics import Diagnostic
from flowsync.flows_folder import companion_file
from flowsync.preview.endpoint.fixtures import Fixtures
from flowsync.preview.endpoint.reading import read_fixtures
from flowsync.preview.scenarios.reading import read_scenarios
from flowsync.preview.scenarios.values import Scenario
from flowsync.sources import OnDisk


@dataclass(frozen=True, slots=True, kw_only=True)
class Companions:
    """The files beside a definition, and what those hold that are there and can be read."""

    fixtures_file: Path
    scenarios_file: Path
    fixtures: Fixtures | None = None
    scenarios: tuple[Scenario, ...] | None = None


def read_companions(definition: Path, flows: Path, problems: list[Diagnostic]) -> Companions:
    """Read what stands beside a definition; what is wrong in it goes to the problems."""
    disk = OnDisk()
    fixtures = companion_file(definition, "fixtures")
    scenarios = companion_file(definition, "scenarios")
    return Companions(
        fixtures_file=fixtures,
        scenarios_file=scenarios,
        fixtures=read_fixtures(fixtures, flows, problems) if disk.has(fixtures) else None,
        scenarios=read_scenarios(scenarios, flows, problems) if disk.has(scenarios) else None,
    )
