"""How an apply ended, as Markdown and JUnit. UPDATE_GOLDEN=1 writes tests/golden/ anew."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings

from flowsync.apply.outcome import FlowOutcome, Result
from flowsync.model import FlowKey, StepKind
from flowsync.render.comment_size import REPORT_LIMIT, size
from flowsync.render.outcome_junit import render_outcome_junit
from flowsync.render.outcome_markdown import render_outcome_markdown
from tests.render.gfm import check_inert
from tests.render.golden import check_golden, check_harmless
from tests.render.test_markdown import EVERY, every_nasty, texts
from tests.render.test_outcome_text import (
    APPLIED,
    FAILED,
    UNCHANGED,
    an_outcome,
    every_result,
    located,
    step,
)


def nasty_flow(nasty: str, number: int = 0) -> FlowOutcome:
    return replace(
        FAILED,
        key=FlowKey(f"{number}{nasty}"),
        message=nasty,
        warnings=(nasty,),
        steps=(replace(step(StepKind.UPLOAD), note=nasty),),
        findings=tuple(replace(finding, message=nasty, code=nasty) for finding in FAILED.findings),
    )


def test_an_incomplete_outcome_reads_as_expected() -> None:
    outcome = replace(every_result(), unrecorded=f"{EVERY['mention']}: no space left")
    text = render_outcome_markdown(outcome, located(outcome))
    check_golden("outcome.md", text)
    check_inert(text)
    check_harmless(text)


def test_a_complete_outcome_is_a_table_without_more() -> None:
    outcome = an_outcome(APPLIED, UNCHANGED)
    text = render_outcome_markdown(outcome, located(outcome))
    assert text.startswith("**Apply complete: 1 applied, 1 unchanged** – `staging`\n")
    assert "| `booking` | applied | `1` (new) | create, upload, publish |" in text
    assert "<details>" not in text
    assert "flowsync plan" not in text


def test_an_apply_that_was_stopped_says_so() -> None:
    text = render_outcome_markdown(an_outcome(UNCHANGED, stopped_early=True), {})
    assert text.startswith("**Apply incomplete: 1 unchanged**, stopped early")


@every_nasty
def test_no_name_becomes_anything_but_a_name(nasty: str) -> None:
    outcome = replace(an_outcome(nasty_flow(nasty)), target=nasty, run=nasty, unrecorded=nasty)
    text = render_outcome_markdown(outcome, located(outcome))
    check_inert(text)
    check_harmless(text)


@settings(max_examples=10)
@given(nasty=texts)
def test_any_name_is_harmless(nasty: str) -> None:
    outcome = an_outcome(nasty_flow(nasty))
    check_inert(render_outcome_markdown(outcome, located(outcome)))
    ElementTree.fromstring(render_outcome_junit(outcome, located(outcome)))


def test_what_is_left_out_of_a_long_outcome_is_said_and_failures_stay_longest() -> None:
    many = [replace(APPLIED, key=FlowKey(f"flow-{n}"), warnings=("slow",)) for n in range(300)]
    outcome = an_outcome(*many, FAILED)
    whole = render_outcome_markdown(outcome, located(outcome), limit=10**6)
    text = render_outcome_markdown(outcome, located(outcome), limit=size(whole) - 1)
    assert "<code>quote</code>" not in text  # the longest details
    assert "<code>flow-7</code>" in text
    assert "the details of 1 flow" in text
    text = render_outcome_markdown(outcome, located(outcome), limit=6_000)
    assert size(text) <= 6_000
    assert "> - `quote` failed: Meta says" in text
    assert "the details of 301 flows" in text
    assert "rows of the table" in text
    assert "journal `20261124T101500Z-staging-a1b2c3`" in text


def test_findings_beyond_five_of_a_flow_are_left_out_first() -> None:
    outcome = an_outcome(replace(FAILED, findings=FAILED.findings * 4))
    whole = render_outcome_markdown(outcome, located(outcome))
    assert "more" not in whole.split("Findings:")[1]
    text = render_outcome_markdown(outcome, located(outcome), limit=size(whole) - 1)
    assert "- … and 3 more" in text
    assert "3 findings, beyond 5 a flow" in text


@pytest.mark.parametrize("flows", [1, 400])
def test_whatever_the_outcome_the_text_is_below_the_limit(flows: int) -> None:
    name = (" ".join(EVERY.values()) * 9)[:1_000]
    outcome = an_outcome(*(nasty_flow(name, number) for number in range(flows)))
    text = render_outcome_markdown(outcome, located(outcome))
    assert size(text) <= REPORT_LIMIT
    check_inert(text)
    assert text.startswith(f"**Apply incomplete: {flows} failed**")


# --- JUnit ---


def test_each_flow_is_a_test_that_fails_where_it_could_not_be_brought_in_step() -> None:
    outcome = every_result()
    text = render_outcome_junit(outcome, located(outcome))
    check_golden("outcome-junit.xml", text)
    root = ElementTree.fromstring(text)
    assert root.attrib == {
        "name": "flowsync apply",
        "tests": "8",
        "failures": "5",
        "errors": "0",
        "skipped": "1",
    }
    failed = {
        case.get("name") for case in root.iter("testcase") if case.find("failure") is not None
    }
    assert {"quote", "key-conflict", "key-stopped"} <= failed
    assert "booking" not in failed
    types = {failure.get("type") for failure in root.iter("failure")}
    fine = {Result.APPLIED, Result.UNCHANGED, Result.NOT_STARTED}
    assert types == {result.value for result in Result if result not in fine}
