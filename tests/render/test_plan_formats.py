"""What is wrong with a plan in the formats of CI services, SARIF and JUnit; the policy in text."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from flowsync.model import FlowKey, StepKind
from flowsync.plan.values import Plan, Rehearsal, RehearsalProblem
from flowsync.policy import Gates, Policy, PruneRule
from flowsync.policy_rules import Effect, PolicyResult, PolicyRule, When
from flowsync.policy_times import Window, read_hours
from flowsync.render.annotations import Level
from flowsync.render.html.plan import render_plan_html
from flowsync.render.plan_github import plan_annotations
from flowsync.render.plan_junit import render_plan_junit
from flowsync.render.plan_markdown import render_plan_markdown
from flowsync.render.plan_sarif import plan_to_sarif
from flowsync.render.policy_text import policy_lines
from tests.plan.cases import ABSENT, DRAFT, a_definition, a_flow, plan_of
from tests.render.golden import ALL_NASTY, NASTY, PLAIN, check_golden, check_harmless
from tests.render.test_diagnostics_formats import SARIF_VALIDATOR

EVENING = datetime(2026, 2, 5, 19, 14, tzinfo=timezone.utc)
NIGHT = read_hours("18-08")
assert NIGHT is not None
RULES = (
    PolicyRule(number=1, effect=Effect.DENY, words=("publish",), id="freeze", message="We rest."),
    PolicyRule(
        number=2,
        effect=Effect.DENY,
        words=("create",),
        when=When(
            keys=("new",), window=Window(hours=(NIGHT,)), as_written=(("hours", ("18-08",)),)
        ),
    ),
    PolicyRule(
        number=3, effect=Effect.WARN, words=("any",), message=f"Look {NASTY['markup']} twice."
    ),
)


def wrong_plan() -> Plan:
    """Give a plan with a finding of every kind but a doubtful listing."""
    definitions = [
        a_definition("new"),
        a_definition("other", name=NASTY["newline"]),
        a_definition("conflict", state=DRAFT),
        a_definition("kept", state=ABSENT, protect=True),
        a_definition("calm", state=DRAFT),
    ]
    flows = [
        a_flow("Conflict", "DEPRECATED", id="2"),
        a_flow("Kept", id="3"),
        a_flow("Calm", id="4"),
        a_flow("acme " + NASTY["command"], id="5"),
    ]
    policy = Policy(
        allow=frozenset({StepKind.PUBLISH}),
        gates=Gates(max_publish=1),
        prune=PruneRule(match="acme *", deletes_drafts=True),
        rules=RULES,
    )
    plan = plan_of(definitions, flows, policy=policy, moment=EVENING)
    problem = RehearsalProblem(label="new", step=StepKind.PUBLISH, message="It is refused.")
    return replace(plan, rehearsal=Rehearsal(problems=(problem,)))


FILES = {FlowKey(key): f"flows/{key}.yaml" for key in ("new", "other", "conflict", "kept", "calm")}


def sarif(plan: Plan, config: str | None = "flowsync.yaml") -> Any:
    document = plan_to_sarif(plan, FILES, version="1.2.3", config=config)
    SARIF_VALIDATOR.validate(document)
    return json.loads(json.dumps(document))["runs"][0]


def paths(result: Any) -> list[str]:
    return [
        location["physicalLocation"]["artifactLocation"]["uri"] for location in result["locations"]
    ]


def test_each_kind_of_finding_is_a_result_at_its_definition() -> None:
    run = sarif(wrong_plan())
    found = [(one["ruleId"], one["level"], paths(one)) for one in run["results"]]
    new, other, kept = "flows/new.yaml", "flows/other.yaml", "flows/kept.yaml"
    assert found == [
        ("plan-conflict", "error", ["flows/conflict.yaml"]),
        ("plan-rehearsal", "error", [new]),
        ("plan-protected", "warning", [kept]),
        ("plan-needs-consent", "warning", [kept]),
        ("plan-gate", "warning", [new, other]),
        ("policy-freeze", "error", [new]),
        ("policy-freeze", "error", [other]),
        ("policy-rule-2", "warning", [new]),
        ("policy-rule-3", "warning", [kept]),
        ("policy-rule-3", "warning", [new]),
        ("policy-rule-3", "warning", [other]),
        ("policy-rule-3", "warning", ["flowsync.yaml"]),
    ]
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_a_result_says_what_the_rule_says_and_how_it_passes() -> None:
    results = sarif(wrong_plan())["results"]
    assert results[5]["message"]["text"].startswith(
        'Rule 1 "freeze" denies publish of new: We rest. No option lets it pass: '
    )
    assert results[7]["message"]["text"] == (
        "Rule 2 would deny now create of new: flowsync.yaml denies create when hours are 18-08. "
        "It is Thu 19:14 (UTC). It passes from Fri 2026-02-06 08:00 (UTC) on."
    )


def test_a_fingerprint_does_not_depend_on_the_time() -> None:
    def marks(plan: Plan) -> list[str]:
        found = sarif(plan)["results"]
        return [one["partialFingerprints"]["flowsyncPlan/v1"] for one in found]

    plan = wrong_plan()
    later = replace(
        plan, policy=tuple(replace(one, message=f"{one.message} Later.") for one in plan.policy)
    )
    assert marks(later) == marks(plan)
    assert len(set(marks(plan))) == len(marks(plan))


def test_what_is_about_no_file_has_no_place_without_a_flowsync_yaml() -> None:
    assert paths(sarif(wrong_plan(), config=None)["results"][-1]) == []


def test_a_doubtful_listing_is_an_error_in_both_formats() -> None:
    plan = plan_of(
        [a_definition("calm", state=DRAFT)], [a_flow("Calm")], doubts=("a page is missing",)
    )
    (result,) = sarif(plan)["results"]
    assert (result["ruleId"], result["level"]) == ("plan-listing", "error")
    root = ElementTree.fromstring(render_plan_junit(plan, FILES))
    names = [
        (one.get("classname"), one.find("failure") is not None) for one in root.iter("testcase")
    ]
    assert names == [("flowsync.account", True), ("flowsync.flow", False)]


def test_a_plan_as_junit_reads_as_expected() -> None:
    check_golden("plan-junit.xml", render_plan_junit(wrong_plan(), FILES))


def test_a_flow_fails_its_test_exactly_where_plan_would_fail() -> None:
    root = ElementTree.fromstring(render_plan_junit(wrong_plan(), FILES))
    failed = {
        case.get("name"): [failure.get("type") for failure in case.iter("failure")]
        for case in root.iter("testcase")
    }
    assert failed == {
        "calm": [],
        "conflict": ["plan-conflict"],
        "kept": [],
        "new": ["plan-rehearsal", "policy-freeze"],
        "other": ["policy-freeze"],
        "acme " + NASTY["command"]: [],
    }
    assert (root.get("tests"), root.get("failures")) == ("6", "3")


def test_the_policy_is_told_once_for_all_flows_that_a_rule_meets() -> None:
    text = "".join(f"{line}\n" for line in policy_lines(wrong_plan().policy, PLAIN))
    check_golden("plan-policy.txt", text)
    check_harmless(text)


def test_the_comment_says_what_the_policy_denies_and_what_it_would_deny_now() -> None:
    text = render_plan_markdown(wrong_plan())
    refusing = text.partition("> **Apply will refuse:**")[2].partition("\n\n")[0]
    assert "The policy denies publish of new, other (rule" in refusing
    noted = text.partition("> [!IMPORTANT]")[2].partition("\n\n")[0]
    assert "The policy would deny now create of new (rule" in noted
    assert re.search(r"It passes from Fri `?2026-02-06`? `?08:00`? \(UTC\) on\.", noted), noted
    assert "The policy warns of any change of kept, new, other" in noted
    assert "Look `<b>|` twice." in noted  # in a code span it is no markup


def test_annotations_and_the_page_say_what_the_policy_says_at_its_level() -> None:
    said = "denies publish of new: We rest."
    (remark,) = (one for one in plan_annotations(wrong_plan(), {}, {}) if said in one.message)
    assert remark.level is Level.ERROR
    timed = "would deny now create of new: "
    (remark,) = (one for one in plan_annotations(wrong_plan(), {}, {}) if timed in one.message)
    assert remark.level is Level.WARNING
    page = render_plan_html(wrong_plan())
    denied, _, noted = page.partition("The policy has remarks")
    assert "The policy denies publish of new, other (rule 1" in denied
    assert "The policy would deny now create of new" in noted
    assert "The policy warns of any change of kept" in noted
    assert NASTY["markup"] not in page


results = st.builds(
    PolicyResult,
    effect=st.sampled_from(Effect),
    number=st.integers(1, 3),
    id=st.none() | st.text(max_size=5) | st.just(ALL_NASTY),
    key=st.sampled_from([None, FlowKey("new")]),
    label=st.text(max_size=9) | st.sampled_from(["new", ALL_NASTY]),
    words=st.sampled_from([("publish",), ("any", "one-way")]),
    message=st.text(max_size=20) | st.just(ALL_NASTY),
    way_out=st.text(max_size=20),
    is_timed=st.booleans(),
)


@settings(max_examples=40)
@given(st.lists(results, max_size=4))
def test_any_result_is_harmless_in_every_format(found: list[PolicyResult]) -> None:
    plan = replace(wrong_plan(), policy=tuple(found))
    sarif(plan)
    text = render_plan_junit(plan, FILES)
    assert text.isascii()
    ElementTree.fromstring(text)
    check_harmless("\n".join(policy_lines(plan.policy, PLAIN)))
    check_harmless(render_plan_markdown(plan))
    check_harmless(render_plan_html(plan))
