"""Saving what was done in the preview as a scenario, and saying what it lacks to pass again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from flowsync.companions import Companions
from flowsync.diagnostics import Diagnostic
from flowsync.errors import FlowsyncError
from flowsync.model import JsonValue
from flowsync.preview.endpoint.playing import fixtures_endpoint
from flowsync.preview.engine import NotPossible
from flowsync.preview.scenarios.appending import append_scenario
from flowsync.preview.scenarios.reading import read_scenarios
from flowsync.preview.scenarios.recording import recorded_scenario
from flowsync.preview.scenarios.running import run_scenario
from flowsync.preview.studio import Moment


def save_scenario(moment: Moment, name: str, beside: Companions, flows: Path) -> str:
    """Add what was done to the scenarios beside a definition, and say where it stands now.

    What answered the flow, such as a real endpoint or a fault, may be in no fixture; the sentence
    then says which step fails without it. Raises `NotPossible` where there is nothing to save, or
    the file cannot be written.
    """
    flow, session = moment.flow, moment.session
    if flow is None or session is None:
        raise NotPossible("there is no flow to save a scenario of.")
    file = beside.scenarios_file
    try:
        text = recorded_scenario(name, moment.deeds, session, flow.flow_json)
        given = append_scenario(file, text, flows=flows)
    except FlowsyncError as exc:
        raise NotPossible(str(exc)) from exc
    said = f'saved as "{given}" in {file.as_posix()}; `flowsync test {flow.key}` runs it.'
    return f"{said} {_lacking(given, flow.flow_json, beside, flows)}".rstrip()


def _lacking(name: str, flow_json: JsonValue, beside: Companions, flows: Path) -> str:
    """Say why a scenario does not pass with the fixtures that are there, nothing where it does."""
    problems: list[Diagnostic] = []
    there = read_scenarios(beside.scenarios_file, flows, problems) or ()
    scenario = next((one for one in there if one.name == name), None)
    if scenario is None:
        return ""
    fixtures = beside.fixtures
    endpoint = fixtures_endpoint(fixtures, sleep=lambda seconds: None) if fixtures else None
    ran = run_scenario(scenario, flow_json, today=date.today(), endpoint=endpoint)
    if ran.failure is None:
        return ""
    return (
        f"It does not pass with {beside.fixtures_file.name} alone: line {ran.failure.line}: "
        f"{ran.failure.message} Write there what answered."
    )
