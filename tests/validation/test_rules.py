from __future__ import annotations

import re

import pytest

from flowsync.diagnostics import Severity
from flowsync.validation.flow_json import check_flow_json
from flowsync.validation.rules import RULES
from flowsync.validation.versions import ACCEPTED
from tests.validation.cases import CASES, Case, read_cases

ALL_CASES = [case for rule in RULES for case in read_cases(rule)]


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_cases_that_pass_and_cases_that_fail(rule: str) -> None:
    verdicts = {case.should_pass for case in read_cases(rule)}
    assert verdicts == {True, False}


def test_every_case_file_belongs_to_a_rule() -> None:
    files = {file.stem for file in CASES.glob("FS*.yaml") if file.stem >= "FS100"}
    assert files <= set(RULES)


@pytest.mark.parametrize("case", [case for case in ALL_CASES if case.should_pass], ids=str)
def test_passing_case_has_no_error_and_not_this_finding(case: Case) -> None:
    found = check_flow_json(case.flow)
    assert [
        finding
        for finding in found
        if finding.severity is Severity.ERROR or finding.rule == case.rule
    ] == []


@pytest.mark.parametrize("case", [case for case in ALL_CASES if not case.should_pass], ids=str)
def test_failing_case_has_this_finding(case: Case) -> None:
    assert case.rule in {finding.rule for finding in check_flow_json(case.flow)}


@pytest.mark.parametrize("case", [case for case in ALL_CASES if not case.should_pass], ids=str)
def test_finding_is_a_sentence_with_a_fix_and_a_place_that_exists(case: Case) -> None:
    for finding in check_flow_json(case.flow):
        assert finding.message.endswith(".")
        assert re.search(r"[.?]$", finding.fix)
        value = case.flow
        for part in finding.pointer:
            if isinstance(value, dict):
                assert part in value, finding
                value = value[str(part)]
            else:
                assert isinstance(value, list)
                value = value[int(part)]


@pytest.mark.parametrize("case", [case for case in ALL_CASES if not case.should_pass], ids=str)
def test_error_has_a_platform_code_and_warning_has_none(case: Case) -> None:
    for finding in check_flow_json(case.flow):
        assert (finding.severity is Severity.ERROR) == (finding.code is not None)


def test_rule_ids_say_what_they_are_about() -> None:
    for name, rule in RULES.items():
        assert re.fullmatch(r"FS[1-6]\d\d", name)
        assert rule.id == name
        assert (rule.severity is Severity.WARNING) == (rule.code is None)
        assert rule.source.startswith("https://developers.facebook.com/docs/whatsapp/flows/")
        assert rule.summary
        assert rule.skipped_in <= set(ACCEPTED)
        assert not (rule.is_structural and rule.skipped_in)
        if name >= "FS500":
            assert rule.severity is Severity.WARNING


def test_summaries_of_rules_differ() -> None:
    assert len({rule.summary for rule in RULES.values()}) == len(RULES)
