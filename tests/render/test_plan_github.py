"""A plan as remarks beside the lines of a pull request."""

from __future__ import annotations

import json

from flowsync.diagnostics import Span
from flowsync.model import FlowKey, JsonValue
from flowsync.render.annotations import render_annotations
from flowsync.render.plan_github import plan_annotations
from flowsync.sources import parse_json
from tests.plan.cases import a_definition, a_flow, plan_of
from tests.plan.test_difference import a_choice, a_screen, an_input, flow
from tests.render.golden import check_golden, check_harmless, nasty_names
from tests.render.test_plan_text import nasty_plan, rich_plan

FILES = {FlowKey("survey"): ("flows/survey.yaml", "flows/survey.json")}


def remarks(old: JsonValue, new: JsonValue) -> str:
    """Give the remarks on a flow whose Flow JSON changes, indented by two spaces."""
    document = parse_json(json.dumps(new, indent=2), "flows/survey.json", [])
    assert document is not None
    plan = plan_of(
        [a_definition("survey", content=new)],
        [a_flow("Survey", "PUBLISHED", id="2", content=old)],
    )
    places = {FlowKey("survey"): document.span}
    return render_annotations(plan_annotations(plan, FILES, places))


def test_a_changed_line_gets_one_remark_with_all_that_changes_on_its_screen() -> None:
    old = flow(a_screen("A", an_input()), a_screen("B", a_choice("am")))
    new = flow(a_screen("A", an_input(label="Mail", required=True)), a_screen("B", a_choice("am")))
    lines = json.dumps(new, indent=2).splitlines()
    line = next(i for i, text in enumerate(lines, 1) if '"label": "Mail"' in text)
    assert remarks(old, new) == (
        f"::notice file=flows/survey.json,line={line},endLine={line},col=22,endColumn=28,"
        'title=flowsync%3A survey%3A screen A "Title of A"::'
        '~ text field "email": label "E-mail" → "Mail"%0A+ text field "Mail": now required\n'
    )


def test_what_breaks_other_systems_is_a_warning() -> None:
    old = flow(a_screen("A", an_input()), a_screen("B", a_choice("am")))
    warning, notice, _ = remarks(old, flow(a_screen("A", an_input()))).split("\n")
    assert warning.startswith("::warning file=flows/survey.json,line=1,")
    assert 'breaking, screens "B"' in warning
    assert notice.endswith("::- screen removed")


def test_conflicts_are_errors_and_what_apply_will_refuse_is_a_warning() -> None:
    keys = [change.key for change in rich_plan().changes if change.key]
    files = {key: (f"flows/{key}.yaml",) for key in keys}
    somewhere = Span(line=2, column=1, end_line=2, end_column=3)
    places = {key: lambda pointer: somewhere for key in keys}
    text = render_annotations(plan_annotations(rich_plan(), files, places))
    check_golden("plan-github.txt", text)
    assert text.count("::error file=flows/conflict.yaml,line=1,") == 1
    assert text.count("Apply will refuse") == 4


@nasty_names
def test_no_text_starts_another_command(nasty: str) -> None:
    text = render_annotations(plan_annotations(nasty_plan(nasty), {}, {}))
    for line in text.splitlines():
        assert line.startswith(("::error ", "::warning ", "::notice "))
        check_harmless(line[2:])
