from __future__ import annotations

import pytest

from flowsync.diagnostics import Severity
from flowsync.model import JsonValue
from flowsync.validation.flow_json import check_flow_json
from flowsync.validation.rules import RULES, Rule
from flowsync.validation.versions import ACCEPTED
from tests.validation.cases import a_flow, read_cases

CASE_FLOWS = [
    case.flow
    for rule in RULES
    for case in read_cases(rule)
    if len(str(case.flow)) < 2000 and isinstance(case.flow, dict)
]


def test_same_flow_gives_same_findings_in_same_order() -> None:
    for flow in CASE_FLOWS:
        assert check_flow_json(flow) == check_flow_json(flow)


@pytest.mark.parametrize("version", ACCEPTED)
def test_small_flow_is_without_finding_in_every_accepted_version(version: str) -> None:
    flow = a_flow()
    flow["version"] = version
    assert check_flow_json(flow) == ()


@pytest.mark.parametrize("version", ["5.0", "5.2", "7.4", "8.0", 7.3, None, "", "7", "\ud800"])
def test_other_versions_give_the_version_error_alone(version: JsonValue) -> None:
    flow = a_flow()
    flow["version"] = version
    flow["screens"] = "broken"
    assert [finding.code for finding in check_flow_json(flow)] == ["INVALID_FLOW_JSON_VERSION"]


@pytest.mark.parametrize("rule", [rule for rule in RULES.values() if rule.skipped_in])
def test_fault_that_a_version_lets_pass_is_a_warning_there(rule: Rule) -> None:
    flows = [case.flow for case in read_cases(rule.id) if not case.should_pass]
    for flow in flows:
        for version in rule.skipped_in:
            assert isinstance(flow, dict)
            found = check_flow_json({**flow, "version": version})
            assert all(
                finding.severity is Severity.WARNING and finding.code is None
                for finding in found
                if finding.rule == rule.id
            )
