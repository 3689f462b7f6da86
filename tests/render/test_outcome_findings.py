"""How an apply ended, as findings about files: SARIF and remarks beside lines."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flowsync.apply.outcome import Result
from flowsync.diagnostics import about_file
from flowsync.model import FlowKey
from flowsync.render.diagnostics_github import render_github
from flowsync.render.diagnostics_sarif import diagnostics_to_sarif
from flowsync.render.outcome_findings import RULES, outcome_findings
from tests.render.golden import check_harmless, nasty_names
from tests.render.test_outcome_text import APPLIED, FAILED, UNCHANGED, an_outcome

QUOTE = FlowKey("quote")
PATHS = {QUOTE: ("flows/quote.yaml", "flows/quote.json")}


def test_flows_that_are_in_step_are_no_findings() -> None:
    found = outcome_findings(an_outcome(APPLIED, UNCHANGED), {}, PATHS, "flowsync.yaml")
    assert list(found) == []


def test_each_flow_that_was_left_stands_at_its_definition_behind_what_the_platform_says() -> None:
    said = about_file("flows/quote.json", "", "too long", "")
    pruned = replace(FAILED, key=None, result=Result.UNKNOWN)
    outcome = an_outcome(APPLIED, FAILED, pruned)
    found = list(outcome_findings(outcome, {QUOTE: (said,)}, PATHS, "flowsync.yaml"))
    assert [finding.path for finding in found] == [
        "flows/quote.json",
        "flows/quote.yaml",
        "flowsync.yaml",
    ]
    assert found[1].message.startswith("quote: failed. ")
    assert found[2].message.startswith(f"{FAILED.name}: unknown. ")


@nasty_names
def test_no_text_starts_a_command_or_leaves_its_field(nasty: str) -> None:
    flow = replace(FAILED, key=FlowKey(nasty), name=nasty, message=nasty)
    found = list(outcome_findings(an_outcome(flow), {}, {}, "flowsync.yaml"))
    (line,) = render_github(found).splitlines()
    assert line.startswith("::error file=flowsync.yaml,")
    check_harmless(line[2:])
    report: Any = diagnostics_to_sarif(found, RULES, version="1")
    assert report["runs"][0]["results"][0]["ruleId"] == "apply-incomplete"
