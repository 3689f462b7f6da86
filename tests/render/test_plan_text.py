"""A plan as text. UPDATE_GOLDEN=1 writes tests/golden/ anew."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsync.model import FlowDefinition, FlowId, FlowKey, RemoteFlow, StepKind
from flowsync.plan.difference_values import (
    ContractChange,
    ContractPart,
    Difference,
    DifferenceKind,
    Subject,
)
from flowsync.plan.values import (
    Action,
    Block,
    BlockKind,
    Change,
    FieldChange,
    Plan,
    Reason,
    Step,
    UnmanagedFlow,
)
from flowsync.policy import Gates, Policy, PruneRule
from flowsync.render.plan_text import render_plan, render_plan_summary
from flowsync.render.width import display_width
from tests.plan.cases import (
    ABSENT,
    DEPRECATED,
    DRAFT,
    a_definition,
    a_flow,
    plan_of,
)
from tests.render.golden import (
    ALL_NASTY,
    COLOURED,
    NASTY,
    PLAIN,
    check_golden,
    check_harmless,
    nasty_names,
)
from tests.support import flow_json

OLD = flow_json("Old label")


def rich_plan() -> Plan:
    """Give a plan with each action, block and kind of warning, and with nasty names."""
    definitions = [
        a_definition("create", endpoint_uri="https://e.example", manages_endpoint=True),
        a_definition("update", categories=("SURVEY",), replace=True),
        a_definition("publish", name=NASTY["markup"]),
        a_definition("deprecate", state=DEPRECATED),
        a_definition("delete", state=ABSENT, protect=True, name=NASTY["backticks"]),
        a_definition("replace", replace=True, name=NASTY["escape"]),
        a_definition("none", state=DRAFT),
        a_definition("noted", state=DRAFT),
        a_definition("conflict", state=DRAFT, name=NASTY["command"]),
        a_definition("renamed", state=DRAFT, renamed_from=(NASTY["turned"],)),
        a_definition("content", state=DRAFT, content=flow_json(ALL_NASTY[:60])),
    ]
    flows = [
        a_flow("Update", "PUBLISHED", id="2", content=OLD),
        a_flow(NASTY["markup"], "DRAFT", id="3"),
        a_flow("Deprecate", "THROTTLED", id="4"),
        a_flow(NASTY["backticks"], "DRAFT", id="5"),
        a_flow(NASTY["escape"], "DEPRECATED", id="6"),
        a_flow("None", "DRAFT", id="7"),
        a_flow("Noted", "BLOCKED", id="8"),
        a_flow(NASTY["command"], "DEPRECATED", id="9"),
        a_flow(NASTY["turned"], "DRAFT", id="10"),
        a_flow("Content", "PUBLISHED", id="11", content=OLD),
        a_flow(NASTY["newline"], "PUBLISHED", id="12"),
        a_flow("acme " + NASTY["newline"], "DRAFT", id="13"),
    ]
    policy = Policy(
        allow=frozenset({StepKind.PUBLISH}),
        gates=Gates(max_delete=1, max_changed_percent=None),
        prune=PruneRule(match="acme *", deletes_drafts=True),
    )
    return plan_of(definitions, flows, policy=policy)


def without_colours(text: str) -> str:
    return re.sub(r"\x1b\[\d+m", "", text)


def test_a_plan_with_everything_reads_as_expected() -> None:
    plan = rich_plan()
    assert {change.action for change in plan.changes} == set(Action)
    check_golden("plan.txt", render_plan(plan, PLAIN))
    check_golden("plan-verbose.txt", render_plan(plan, PLAIN, verbose=True))


def test_a_plan_in_colours_reads_as_expected() -> None:
    check_golden("plan-colours.txt", render_plan(rich_plan(), COLOURED))


def wide_plan() -> Plan:
    """Give a plan with long names and values, narrow and wide characters."""
    label = "Wie dürfen wir Sie erreichen, wenn sich an Ihrem Termin noch etwas ändert? " * 2
    definitions = [
        a_definition("long", name="A very long name " * 9 + "end", content=flow_json(label)),
        a_definition("wide", name="予約" * 30, endpoint_uri=f"https://e.example/{'path/' * 40}"),
        a_definition("word", content=flow_json("x" * 300)),
    ]
    flows = [
        a_flow("A very long name " * 9 + "end", "PUBLISHED", content=flow_json(label[:60])),
        a_flow("予約" * 30, "PUBLISHED", id="2", content=flow_json("ご連絡先" * 20)),
        a_flow("Word", "BLOCKED", id="3", content=OLD),
    ]
    changes = plan_of(definitions, flows).changes
    return replace(rich_plan(), changes=(*rich_plan().changes, *changes))


@pytest.mark.parametrize("columns", [80, 200])
def test_a_plan_fits_the_terminal_it_is_read_on(columns: int) -> None:
    text = render_plan(wide_plan(), PLAIN, verbose=True, columns=columns)
    check_golden(f"plan-{columns}.txt", text)
    assert max(map(display_width, text.splitlines())) <= columns
    coloured = render_plan(wide_plan(), COLOURED, verbose=True, columns=columns)
    assert without_colours(coloured) == text


def test_a_terminal_narrower_than_40_columns_gets_what_one_of_40_gets() -> None:
    plan = rich_plan()
    assert render_plan(plan, PLAIN, columns=1) == render_plan(plan, PLAIN, columns=40)


@pytest.mark.parametrize("columns", [None, 80, 100])
def test_long_texts_are_shown_from_where_they_differ(columns: int | None) -> None:
    same = "We write to you about your appointment and about nothing else, as we promised. " * 2
    old = flow_json(f"{same}Call us before noon.")
    new = a_definition("a", content=flow_json(f"{same}Call us after noon."))
    text = render_plan(plan_of([new], [a_flow("A", content=old)]), PLAIN, columns=columns)
    assert "before" in text
    assert "after" in text
    assert "We write" not in text


def test_colours_add_nothing_but_colours() -> None:
    for verbose in (False, True):
        plain = render_plan(rich_plan(), PLAIN, verbose=verbose)
        coloured = render_plan(rich_plan(), COLOURED, verbose=verbose)
        assert without_colours(coloured) == plain
        check_harmless(plain)


def test_a_plan_in_doubt_reads_as_expected() -> None:
    doubts = ("page 2 was " + NASTY["newline"],)
    definitions = [a_definition("new"), a_definition("old", state=DRAFT)]
    plan = plan_of(definitions, [a_flow("Old", content=OLD)], doubts=doubts)
    text = render_plan(plan, PLAIN)
    check_golden("plan-in-doubt.txt", text)
    check_harmless(text)


def test_a_plan_with_nothing_to_do_reads_as_expected() -> None:
    definitions = [a_definition("a", state=DRAFT), a_definition("b", state=ABSENT)]
    flows = [a_flow("A"), a_flow("Elsewhere", id="2")]
    plan = plan_of(definitions, flows, selected=frozenset({FlowKey("a")}))
    check_golden("plan-nothing.txt", render_plan(plan, PLAIN, verbose=True))
    assert "Digest" not in render_plan(plan, PLAIN)
    assert "a: no change" not in render_plan(plan, PLAIN)


def test_each_one_way_step_is_marked_wherever_it_stands() -> None:
    text = render_plan(rich_plan(), PLAIN)
    steps = re.findall(r"^    steps: (.*)$", text, re.MULTILINE)
    assert len(steps) >= 8
    for line in steps:
        for step in line.split(" → "):
            is_one_way = step.split()[0] in {"publish", "deprecate", "delete"}
            assert step.endswith("(one-way)") is is_one_way


def test_a_long_list_of_differences_is_cut_and_says_so() -> None:
    differences = tuple(
        Difference(
            subject=Subject.TEXT,
            kind=DifferenceKind.CHANGED,
            screen=f"S{i}",
            what="title",
            old="a",
            new="b",
        )
        for i in range(42)
    )
    field = FieldChange(name="flow_json", new="f.json", differences=differences)
    change = Change(key=FlowKey("a"), name="A", action=Action.UPDATE, fields=(field,))
    text = render_plan(a_plan(change), PLAIN)
    assert "screen S39:" in text
    assert "screen S40:" not in text
    assert "… and 2 more differences; --format json has them all" in text


def a_plan(*changes: Change, **fields: object) -> Plan:
    plan = Plan(
        target="staging",
        remote="gateway",
        account="1",
        flowsync_version="1",
        changes=changes,
    )
    return replace(plan, **fields)  # type: ignore[arg-type]  # the fields of a plan


def summary(*actions: Action) -> str:
    changes = [Change(key=FlowKey("a"), name="A", action=action) for action in actions]
    return render_plan_summary(a_plan(*changes), PLAIN)


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        ([], "Nothing to do: there are no definitions."),
        ([Action.NONE], "Nothing to do: 1 flow in step."),
        ([Action.CREATE, Action.CREATE], "Plan: 2 to create."),
        ([Action.CONFLICT], "Plan: 1 conflict."),
        (
            [Action.CONFLICT, Action.CONFLICT, Action.NONE, Action.DELETE, Action.UPDATE],
            "Plan: 1 to update, 1 to delete, 2 conflicts, 1 unchanged.",
        ),
    ],
)
def test_a_summary_counts_what_is_planned(actions: list[Action], expected: str) -> None:
    assert summary(*actions) == expected


def nasty_plan(nasty: str) -> Plan:
    """Give a plan with one text everywhere that people or remotes can write."""
    differences = tuple(
        Difference(
            subject=subject,
            kind=kind,
            screen=nasty,
            screen_title=nasty,
            component=f"{nasty} {nasty}",
            what=what,
            item=nasty,
            label=nasty,
            old=nasty,
            new=[nasty],
        )
        for subject in Subject
        for kind in DifferenceKind
        for what in ("", nasty, "type", "order", "place", f"on-click-action.payload.{nasty}")
    )
    fields = (
        FieldChange(name="name", old=nasty, new=nasty),
        FieldChange(name="flow_json", new=nasty),
        FieldChange(name="flow_json", new=nasty, differences=differences),
    )
    step = Step(kind=StepKind.CREATE, name=nasty)
    change = Change(
        key=None,
        name=nasty,
        action=Action.UPDATE,
        reasons=(Reason.RENAMED,),
        flow_id=FlowId("1"),
        status=nasty,
        fields=fields,
        steps=(step,),
        fallback=(step,),
        contract=tuple(
            ContractChange(part=part, is_breaking=True, subject=nasty, message=nasty)
            for part in ContractPart
        ),
        warnings=(f"warned of {nasty}",),
    )
    conflict = replace(
        change,
        key=FlowKey(nasty),
        action=Action.CONFLICT,
        conflict=f"it is {nasty}",
        way_out=f"Not {nasty}",
    )
    block = Block(
        kind=BlockKind.PROTECTED, subject=nasty, message=f"{nasty} is", way_out=f"Use {nasty}"
    )
    return a_plan(
        change,
        conflict,
        target=nasty,
        account=nasty,
        unmanaged=(UnmanagedFlow(id=FlowId("2"), name=nasty, status=nasty),),
        blocks=(block,),
        listing_doubts=(nasty,),
    )


@nasty_names
def test_no_name_steers_the_terminal_or_the_log(nasty: str) -> None:
    check_harmless(render_plan(nasty_plan(nasty), PLAIN, verbose=True))


names = st.text(
    st.one_of(st.characters(), st.sampled_from("".join(NASTY.values()))), min_size=1, max_size=8
)


@settings(max_examples=100, deadline=None)
@given(name=names, other=names)
def test_any_names_are_shown_harmlessly(name: str, other: str) -> None:
    check_harmless(render_plan(nasty_plan(name), PLAIN, verbose=True))
    definitions: list[FlowDefinition] = [a_definition("a", name=name, state=DRAFT)]
    flows: list[RemoteFlow] = [a_flow(other, "PUBLISHED", id="1")]
    check_harmless(render_plan(plan_of(definitions, flows), PLAIN, verbose=True))
