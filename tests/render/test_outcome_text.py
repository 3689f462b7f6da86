"""How an apply ended, as text and JSON. UPDATE_GOLDEN=1 writes tests/golden/ anew."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import jsonschema
import pytest

from flowsync.apply.outcome import FlowOutcome, Outcome, Result, StepOutcome, StepResult
from flowsync.assets import schema_text
from flowsync.model import FlowId, FlowKey, JsonValue, RemoteFinding, StepKind
from flowsync.remote_findings import findings_elsewhere
from flowsync.render.outcome_text import Located, outcome_to_json, render_outcome
from flowsync.render.style import Style
from tests.render.golden import (
    COLOURED,
    NASTY,
    PLAIN,
    check_golden,
    check_harmless,
    nasty_names,
)

SCHEMA = json.loads(schema_text("outcome"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
DIGEST = "sha256:" + "0" * 64


def step(kind: StepKind, result: StepResult = StepResult.DONE, note: str = "") -> StepOutcome:
    return StepOutcome(kind=kind, flow_id=FlowId("1"), result=result, note=note)


def an_outcome(*flows: FlowOutcome, stopped_early: bool = False) -> Outcome:
    return Outcome(
        run="20261124T101500Z-staging-a1b2c3",
        target="staging",
        plan_digest=DIGEST,
        flows=flows,
        stopped_early=stopped_early,
    )


APPLIED = FlowOutcome(
    key=FlowKey("booking"),
    name="Booking",
    action="create",
    result=Result.APPLIED,
    flow_id=FlowId("1"),
    is_new=True,
    steps=(step(StepKind.CREATE), step(StepKind.UPLOAD), step(StepKind.PUBLISH)),
)
UNCHANGED = FlowOutcome(
    key=FlowKey("survey"), name="Survey", action="none", result=Result.UNCHANGED
)
FAILED = FlowOutcome(
    key=FlowKey("quote"),
    name=NASTY["markup"],
    action="update",
    result=Result.FAILED,
    flow_id=FlowId("2"),
    steps=(
        step(StepKind.UPDATE),
        step(StepKind.UPLOAD, StepResult.FAILED, "refused"),
        step(StepKind.PUBLISH, StepResult.NOT_STARTED),
    ),
    message=f'Meta says "{NASTY["newline"]}". Correct it and apply again.',
    warnings=("the flow refuses edits for ever; it is replaced.",),
    findings=(
        RemoteFinding(code="INVALID", message=NASTY["escape"], line=3, column=5),
        RemoteFinding(code="MISSING", message="Something is missing."),
    ),
    flow_json_path="flows/quote.json",
)


def every_result() -> Outcome:
    others = [
        FlowOutcome(
            key=None if result is Result.UNKNOWN else FlowKey(f"key-{result.name.lower()}"),
            name=f"acme {NASTY['backticks']}",
            action="delete",
            result=result,
            message=f"It ended as {result.value}.",
        )
        for result in (
            Result.CONFLICT,
            Result.CHANGED_SINCE_PLAN,
            Result.UNKNOWN,
            Result.STOPPED,
            Result.NOT_STARTED,
        )
    ]
    return an_outcome(APPLIED, UNCHANGED, FAILED, *others)


def located(outcome: Outcome) -> Located:
    """Give the findings of each flow at the numbers that the remote gives."""
    return {
        flow.key: findings_elsewhere(flow.findings, flow.flow_json_path or "")
        for flow in outcome.flows
    }


def rendered(outcome: Outcome, style: Style) -> str:
    return render_outcome(outcome, style, located(outcome))


def as_json(outcome: Outcome) -> dict[str, JsonValue]:
    return outcome_to_json(outcome, located(outcome))


def without_colours(text: str) -> str:
    return re.sub(r"\x1b\[\d+m", "", text)


def test_a_complete_outcome_reads_as_expected() -> None:
    outcome = an_outcome(APPLIED, UNCHANGED)
    check_golden("outcome-complete.txt", rendered(outcome, PLAIN))


def test_an_outcome_with_every_result_reads_as_expected() -> None:
    outcome = every_result()
    assert {flow.result for flow in outcome.flows} == set(Result)
    plain = rendered(outcome, PLAIN)
    check_golden("outcome.txt", plain)
    check_golden("outcome-colours.txt", rendered(outcome, COLOURED))
    assert without_colours(rendered(outcome, COLOURED)) == plain
    check_harmless(plain)


def test_an_outcome_of_nothing_is_complete() -> None:
    assert rendered(an_outcome(), PLAIN).startswith("Apply complete: no flows.\n")


def test_an_interrupted_outcome_is_not_complete() -> None:
    text = rendered(an_outcome(APPLIED, stopped_early=True), PLAIN)
    assert "Apply incomplete: 1 applied." in text
    assert "Run `flowsync plan`" in text


@pytest.mark.parametrize("result", list(Result))
def test_only_applied_and_unchanged_flows_are_complete(result: Result) -> None:
    outcome = an_outcome(replace(APPLIED, result=result))
    is_fine = result in {Result.APPLIED, Result.UNCHANGED}
    assert ("Apply complete" in rendered(outcome, PLAIN)) is is_fine
    assert as_json(outcome)["exit_code"] == (0 if is_fine else 4)


def test_unchanged_flows_are_counted_and_not_listed() -> None:
    text = rendered(an_outcome(UNCHANGED), PLAIN)
    assert "survey" not in text
    assert "1 unchanged" in text


@pytest.mark.parametrize(
    "outcome",
    [an_outcome(), every_result(), an_outcome(APPLIED, stopped_early=True)],
    ids=["nothing", "every result", "stopped early"],
)
def test_an_outcome_fits_its_schema(outcome: Outcome) -> None:
    document = as_json(outcome)
    VALIDATOR.validate(document)
    assert json.loads(json.dumps(document)) == document


def test_an_outcome_counts_each_result_and_keeps_names_as_they_are() -> None:
    document = as_json(every_result())
    assert document["summary"] == {result.value: 1 for result in Result}
    flows = document["flows"]
    assert isinstance(flows, list)
    assert [flow["name"] for flow in flows if isinstance(flow, dict)][2] == NASTY["markup"]


def test_the_schema_has_every_word_that_an_outcome_can_hold() -> None:
    flow, of_step = (SCHEMA["$defs"][name]["properties"] for name in ("flow", "step"))
    assert set(flow["result"]["enum"]) == {result.value for result in Result}
    assert set(of_step["result"]["enum"]) == {result.value for result in StepResult}
    assert set(of_step["kind"]["enum"]) == {kind.value for kind in StepKind}


@nasty_names
@pytest.mark.parametrize("result", [Result.APPLIED, Result.FAILED])
def test_no_name_steers_the_terminal_or_the_log(nasty: str, result: Result) -> None:
    flow = replace(
        FAILED,
        key=None,
        name=nasty,
        result=result,
        message=f"refused: {nasty}",
        warnings=(nasty,),
        findings=(RemoteFinding(code=nasty, message=nasty),),
        flow_json_path=f"flows/{nasty}",
    )
    keyed = replace(flow, key=FlowKey(nasty))
    check_harmless(rendered(an_outcome(flow, keyed), PLAIN))
    VALIDATOR.validate(as_json(an_outcome(flow, keyed)))
