"""A plan as Markdown for a comment. UPDATE_GOLDEN=1 writes tests/golden/ anew."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsync.model import FlowKey, JsonValue, StepKind
from flowsync.plan.difference_values import Difference
from flowsync.plan.values import (
    Action,
    Block,
    BlockKind,
    Change,
    FieldChange,
    Plan,
    Reason,
    Rehearsal,
    RehearsalProblem,
    Step,
)
from flowsync.render.comment_size import COMMENT_LIMIT, REPORT_LIMIT, size
from flowsync.render.flow_markdown import Attachment
from flowsync.render.plan_markdown import plan_headline, render_plan_markdown
from tests.plan.cases import DRAFT, a_definition, a_flow, plan_of
from tests.render.gfm import check_inert
from tests.render.golden import check_golden, check_harmless
from tests.render.test_markdown import EVERY, every_nasty, texts
from tests.render.test_plan_text import OLD, a_plan, nasty_plan, rich_plan
from tests.support import flow_json

CREATE = Change(
    key=FlowKey("a"),
    name="A",
    action=Action.CREATE,
    reasons=(Reason.MISSING_ON_REMOTE,),
    steps=(Step(kind=StepKind.CREATE, name="A"), Step(kind=StepKind.PUBLISH)),
)
GRAPH = Attachment(title="Screens", language="mermaid", text="graph LR\n  A --> B\n" * 20)


def differing(most: int) -> tuple[Difference, ...]:
    """Give differences as the planner makes them, as many as asked for."""

    def content(label: str) -> dict[str, JsonValue]:
        screens: list[JsonValue] = []
        for number in range(most):
            one = flow_json(label, screen=f"S_{chr(65 + number)}")["screens"]
            screens += one if isinstance(one, list) else []
        return {"version": "7.3", "screens": screens}

    definition = a_definition("a", content=content("New"))
    plan = plan_of([definition], [a_flow("A", content=content("Old"))])
    return plan.changes[0].fields[-1].differences


def an_update(number: int, differences: tuple[Difference, ...] = (), name: str = "") -> Change:
    return Change(
        key=FlowKey(f"flow-{number:03}{name}"),
        name=f"Flow {number}{name}",
        action=Action.UPDATE,
        reasons=(Reason.CONTENT_DIFFERS,),
        fields=(FieldChange(name="flow_json", new="f.json", differences=differences),),
        steps=(Step(kind=StepKind.UPLOAD), Step(kind=StepKind.PUBLISH)),
    )


def test_a_plan_with_everything_reads_as_expected() -> None:
    plan = replace(
        rich_plan(),
        rehearsal=Rehearsal(
            problems=(
                RehearsalProblem(
                    label=EVERY["mention"], step=StepKind.PUBLISH, message=EVERY["html"]
                ),
            )
        ),
    )
    text = render_plan_markdown(plan)
    check_golden("plan.md", text)
    check_inert(text)
    check_harmless(text)


def test_a_plan_in_doubt_reads_as_expected() -> None:
    doubts = ("page 2 was " + EVERY["newline"],)
    text = render_plan_markdown(
        plan_of([a_definition("old", state=DRAFT)], [a_flow("Old", content=OLD)], doubts=doubts)
    )
    check_golden("plan-in-doubt.md", text)
    check_inert(text)


@every_nasty
def test_no_name_becomes_anything_but_a_name(nasty: str) -> None:
    text = render_plan_markdown(nasty_plan(nasty))
    page = check_inert(text)
    check_harmless(text)
    assert len({len(row) for row in page.rows}) == 1


@settings(max_examples=10)
@given(name=texts, other=texts)
def test_any_names_are_harmless(name: str, other: str) -> None:
    check_inert(render_plan_markdown(nasty_plan(name)))
    definitions = [a_definition("a", name=name, content=flow_json(other))]
    check_inert(render_plan_markdown(plan_of(definitions, [a_flow(name, "PUBLISHED")])))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([], "**Nothing to do: there are no definitions** – `staging`"),
        ([Action.NONE], "**Nothing to do: 1 flow in step** – `staging`"),
        ([Action.CONFLICT, Action.NONE], "**1 conflict, 1 unchanged** – `staging`"),
    ],
)
def test_the_first_line_counts(changes: list[Action], expected: str) -> None:
    plan = a_plan(*(Change(key=FlowKey("a"), name="A", action=action) for action in changes))
    assert plan_headline(plan) == expected
    assert render_plan_markdown(plan).startswith(expected + "\n")


def test_the_first_line_says_what_cannot_be_taken_back() -> None:
    plan = replace(a_plan(CREATE), is_partial=True)
    assert plan_headline(plan) == (
        "**1 to create** – `staging`, chosen flows only; cannot be taken back: 1 × publish"
    )


def test_the_table_has_no_column_without_a_use() -> None:
    draft = replace(CREATE, steps=CREATE.steps[:1])
    assert "| flow | what happens | why |\n" in render_plan_markdown(a_plan(draft))
    assert "| why | cannot be taken back |\n" in render_plan_markdown(a_plan(CREATE, draft))


def test_how_to_apply_is_a_command_that_a_shell_takes() -> None:
    text = render_plan_markdown(replace(a_plan(CREATE), target="a'; rm -rf ~"), digest="sha256:0")
    assert """`flowsync apply --target 'a'"'"'; rm -rf ~' --expect-digest sha256:0`""" in text


# --- the length of a comment ---


def test_attachments_are_left_out_first() -> None:
    plan = a_plan(an_update(1, differing(30)))
    attachments = {FlowKey("flow-001"): (GRAPH,)}
    whole = render_plan_markdown(plan, attachments=attachments)
    assert "graph LR" in whole
    assert "Left out" not in whole
    text = render_plan_markdown(plan, attachments=attachments, limit=size(whole) - 1)
    assert "graph LR" not in text
    assert text.count("New") == whole.count("New")
    assert "Left out, so that this fits into a comment: graphs and raw differences." in text


def test_then_differences_beyond_some_of_a_flow() -> None:
    plan = a_plan(an_update(1, differing(40)))
    whole = render_plan_markdown(plan)
    text = render_plan_markdown(plan, limit=size(whole) - 1)
    assert text.count("New") == 20
    assert "… and 20 more differences" in text
    assert "20 differences, beyond 20 a flow" in text
    assert render_plan_markdown(plan, limit=size(text) - 1).count("New") == 5


def test_then_the_details_of_flows_the_longest_first() -> None:
    plan = a_plan(*(an_update(n, differing(5 if n == 2 else 1)) for n in range(9)))
    whole = render_plan_markdown(plan)
    text = render_plan_markdown(plan, limit=size(whole) - 1)
    assert "<code>flow-002</code>" not in text
    assert "<code>flow-003</code>" in text
    assert "the details of 1 flow" in text
    assert "| `flow-002` |" in text


def test_then_rows_of_the_table_but_no_conflict() -> None:
    conflict = replace(CREATE, action=Action.CONFLICT, steps=(), conflict="it is", way_out="Stop.")
    plan = a_plan(*(an_update(n) for n in range(200)), replace(conflict, key=FlowKey("z")))
    text = render_plan_markdown(plan, limit=8_000)
    assert size(text) <= 8_000
    assert "| `flow-000` |" in text
    assert "| `flow-199` |" not in text
    assert "> - Conflict: `z` it is Stop." in text
    assert "the details of 201 flows" in text
    shown = text.count("| `flow-")
    assert f"… and {201 - shown} more flows." in text
    assert f"{201 - shown} rows of the table" in text
    assert "sha256:" in text


def test_at_last_conflicts_but_never_the_summary_and_the_digest() -> None:
    conflict = replace(CREATE, action=Action.CONFLICT, steps=(), conflict="it is", way_out="Stop.")
    many = [replace(conflict, key=FlowKey(f"z{n}")) for n in range(500)]
    text = render_plan_markdown(a_plan(CREATE, *many), limit=5_000)
    assert size(text) <= 5_000
    assert text.startswith("**1 to create, 500 conflicts**")
    assert "> - Conflict: `z0` it is Stop." in text
    assert "more" in text
    assert "sha256:" in text


def a_long_plan(names: list[str], flows: int) -> Plan:
    """Give a plan for many flows, whose names are 1,000 characters long."""
    name = (" ".join(names) * 1_000)[:1_000]
    plan = nasty_plan(name)
    changes = [replace(plan.changes[n % 2], key=FlowKey(f"{n}{name}")) for n in range(flows)]
    block = Block(kind=BlockKind.GATE, subject=name, message=name, way_out=name)
    return replace(plan, changes=tuple(changes), blocks=(block,) * 100)


def check_short_enough(text: str) -> None:
    assert size(text) <= REPORT_LIMIT < COMMENT_LIMIT
    check_inert(text)  # the tags are balanced
    assert text.startswith("**")
    assert "sha256:" in text


@settings(max_examples=8)
@given(
    names=st.lists(st.sampled_from(sorted(EVERY.values())), min_size=1, max_size=3),
    flows=st.integers(1, 40),
)
def test_whatever_the_plan_the_text_is_below_the_limit(names: list[str], flows: int) -> None:
    check_short_enough(render_plan_markdown(a_long_plan(names, flows)))


def test_of_500_flows_with_names_of_1000_characters_too() -> None:
    check_short_enough(render_plan_markdown(a_long_plan(sorted(EVERY.values()), 500)))


def test_the_text_is_the_same_each_time() -> None:
    plan: Plan = rich_plan()
    assert render_plan_markdown(plan, limit=6_000) == render_plan_markdown(plan, limit=6_000)
