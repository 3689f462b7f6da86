"""Which changes of a plan the rules of flowsync.yaml meet, and what they say."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

import pytest

from flowsync.model import FlowDefinition, JsonValue, RemoteFlow
from flowsync.plan.document import plan_digest, plan_from_json, plan_to_json
from flowsync.plan.values import Action, Plan
from flowsync.policy import Policy, PruneRule
from flowsync.policy_rules import Effect, PolicyRule, When
from flowsync.policy_times import Window, read_days, read_hours
from tests.plan.cases import ABSENT, DEPRECATED, DRAFT, a_definition, a_flow, plan_of
from tests.support import flow_json

THURSDAY_EVENING = datetime(2026, 2, 5, 19, 14, tzinfo=timezone.utc)
OLD = flow_json("Old label")


def with_phone() -> JsonValue:
    """Give a Flow JSON that asks for one thing more, and sends it."""
    flow: Any = flow_json()
    children = flow["screens"][0]["layout"]["children"]
    children.insert(0, {"type": "TextInput", "name": "phone", "label": "Phone"})
    children[-1]["on-click-action"]["payload"]["phone"] = "${form.phone}"
    return flow  # type: ignore[no-any-return]


WITH_PHONE = with_phone()


def deny(*words: str, **fields: Any) -> PolicyRule:
    when = fields.pop("when", When())
    return PolicyRule(number=1, effect=Effect.DENY, words=words, when=when, **fields)


def within(hours: str, *, days: str = "", zone: str = "UTC") -> When:
    read, on = read_hours(hours), read_days(days)
    assert read is not None
    window = Window(hours=(read,), days=(on,) if on else (), timezone=zone)
    return When(window=window, as_written=(("hours", (hours,)),))


CASES: dict[str, tuple[FlowDefinition, list[RemoteFlow]]] = {
    "create": (a_definition(), []),
    "create draft": (a_definition(state=DRAFT), []),
    "rename": (a_definition(renamed_from=("Old",), state=DRAFT), [a_flow("Old")]),
    "edit live": (a_definition(), [a_flow(status="PUBLISHED", content=OLD)]),
    "edit or replace": (a_definition(replace=True), [a_flow(status="PUBLISHED", content=OLD)]),
    "publish": (a_definition(), [a_flow()]),
    "deprecate": (a_definition(state=DEPRECATED), [a_flow(status="PUBLISHED")]),
    "delete": (a_definition(state=ABSENT), [a_flow()]),
    "replace": (a_definition(replace=True), [a_flow(status="DEPRECATED")]),
    "break": (
        a_definition(),
        [a_flow(status="PUBLISHED", content=flow_json(screen="START"))],
    ),
    "add": (a_definition(content=WITH_PHONE), [a_flow(status="PUBLISHED")]),
    "nothing": (a_definition(), [a_flow(status="PUBLISHED")]),
    "conflict": (a_definition(state=DRAFT), [a_flow(status="DEPRECATED")]),
}
MET = {
    "create": {"create", "create draft", "edit or replace", "replace"},
    "update": {"rename", "edit live", "break", "add", "edit or replace"},
    "upload": {"create", "create draft", "edit live", "break", "add", "edit or replace", "replace"},
    "publish": {"create", "edit live", "break", "add", "edit or replace", "publish", "replace"},
    "deprecate": {"deprecate", "edit or replace"},
    "delete": {"delete"},
    "replace": {"edit or replace", "replace"},
    "one-way": set(CASES) - {"create draft", "rename", "nothing", "conflict"},
    "any": set(CASES) - {"nothing", "conflict"},
}


def judged(case: str, *rules: PolicyRule, **fields: Any) -> Plan:
    definition, flows = CASES[case]
    fields.setdefault("moment", THURSDAY_EVENING)
    return plan_of([definition], flows, policy=Policy(rules=rules), **fields)


@pytest.mark.parametrize("word", MET)
def test_a_word_meets_the_changes_whose_action_or_steps_it_names(word: str) -> None:
    assert {case for case in CASES if judged(case, deny(word)).policy} == MET[word]


# A condition, a case that it meets, and one that it does not meet (of those that are changes).
CONDITIONS: dict[str, tuple[dict[str, Any], str, str]] = {
    "target": ({"targets": ("prod*", "stag*")}, "create", ""),
    "other target": ({"targets": ("production",)}, "", "create"),
    "key": ({"keys": ("x", "book*")}, "create", ""),
    "other key": ({"keys": ("BOOK*",)}, "", "create"),
    "name": ({"names": ("Book*",)}, "create", ""),
    "other name": ({"names": ("book*",)}, "", "create"),
    "category": ({"categories": ("SURVEY", "OTHER")}, "create", ""),
    "other category": ({"categories": ("SURVEY",)}, "", "create"),
    "status": ({"statuses": ("DRAFT",)}, "publish", "edit live"),
    "status of what is there": ({"statuses": ("PUBLISHED", "DRAFT")}, "edit live", "create"),
    "state": ({"states": ("deprecated", "absent")}, "delete", "create"),
    "breaking contract": ({"contracts": ("breaking",)}, "break", "edit live"),
    "unknown contract": ({"contracts": ("unknown",)}, "publish", "edit live"),
    "compatible contract": ({"contracts": ("compatible",)}, "add", "break"),
    "all of them": ({"keys": ("booking",), "statuses": ("DRAFT",)}, "publish", "edit live"),
}


@pytest.mark.parametrize(("fields", "met", "passed"), CONDITIONS.values(), ids=CONDITIONS.keys())
def test_a_rule_holds_where_all_its_conditions_do(
    fields: dict[str, Any], met: str, passed: str
) -> None:
    rule = deny("any", when=When(**fields))
    if met:
        assert judged(met, rule).policy
    if passed:
        assert not judged(passed, rule).policy


def test_a_definition_without_categories_is_judged_by_those_on_the_remote() -> None:
    definition = a_definition(state=ABSENT, categories=())
    rule = deny("delete", when=When(categories=("SHOPPING",)))
    for category, number in (("SHOPPING", 1), ("OTHER", 0)):
        flows = [a_flow(categories=(category,))]
        assert len(plan_of([definition], flows, policy=Policy(rules=(rule,))).policy) == number


@pytest.mark.parametrize(
    "when",
    [
        When(categories=("SHOPPING",)),
        When(categories=("OTHER",)),
        When(names=("Till*",)),
        When(names=("Booking",)),
    ],
)
def test_the_change_that_takes_a_flow_out_of_a_rule_is_still_judged_by_it(when: When) -> None:
    definition = a_definition(renamed_from=("Till",), categories=("OTHER",))
    flows = [a_flow("Till", categories=("SHOPPING",))]
    policy = Policy(rules=(deny("publish", when=when),))
    assert plan_of([definition], flows, policy=policy).policy


def test_a_breaking_change_is_judged_as_one_where_a_new_flow_takes_the_old_ones_place() -> None:
    policy = Policy(rules=(deny("publish", when=When(contracts=("breaking",))),))
    definition = a_definition(replace=True)
    for content, number in ((flow_json(screen="START"), 1), (OLD, 0)):
        flows = [a_flow(status="DEPRECATED", content=content)]
        plan = plan_of([definition], flows, policy=policy)
        assert len(plan.policy) == number
        assert plan.changes[0].action is Action.REPLACE


def test_a_pruned_flow_has_no_key_and_the_categories_of_the_remote() -> None:
    prune = PruneRule(match="acme*", deletes_drafts=True)
    flows = [a_flow("acme 1", categories=("SURVEY",))]
    rules = (
        deny("delete", when=When(keys=("*",))),
        deny("delete", when=When(states=("absent",))),
        replace(deny("delete", when=When(categories=("SURVEY",))), number=3),
    )
    (result,) = plan_of([], flows, policy=Policy(rules=rules, prune=prune)).policy
    assert (result.number, result.key, result.label) == (3, None, "acme 1")


def test_results_come_in_the_order_of_the_rules_then_of_the_flows() -> None:
    rules = (replace(deny("any"), number=1), replace(deny("publish"), number=2))
    definitions = [a_definition("b"), a_definition("a"), a_definition("c", state=DRAFT)]
    plan = plan_of(definitions, [], policy=Policy(rules=rules))
    assert [(result.number, result.key) for result in plan.policy] == [
        (1, "a"), (1, "b"), (1, "c"), (2, "a"), (2, "b"),
    ]  # fmt: skip


def test_a_result_names_the_words_of_the_rule_that_were_met() -> None:
    (result,) = judged("edit live", deny("delete", "publish", "update")).policy
    assert result.words == ("publish", "update")


def test_a_rule_without_a_time_says_how_it_passes_and_stops_the_plan() -> None:
    plan = judged("create", deny("publish", id="freeze"))
    (result,) = plan.denials
    assert result.rule == 'rule 1 "freeze"'
    assert result.message == "flowsync.yaml denies publish."
    assert result.way_out.startswith("No option lets it pass: change the definition, or the rule")
    assert not result.is_timed


def test_a_warning_stops_nothing() -> None:
    plan = judged("create", replace(deny("publish"), effect=Effect.WARN))
    assert [result.effect for result in plan.policy] == [Effect.WARN]
    assert plan.denials == ()
    assert plan.policy[0].way_out == ""


def test_a_rule_about_the_time_says_what_time_it_is_and_when_it_passes() -> None:
    rule = deny("publish", message="Ask us.", when=within("outside 08-18", zone="Europe/Berlin"))
    plan = judged("create", rule)
    (result,) = plan.policy
    assert result.is_timed
    assert plan.denials == ()
    assert result.message == "Ask us. It is Thu 20:14 (Europe/Berlin)."
    assert result.way_out == "It passes from Fri 2026-02-06 08:00 (Europe/Berlin) on."


def test_a_rule_about_the_time_says_nothing_at_other_times_or_without_a_clock() -> None:
    rule = deny("publish", when=within("08-18"))
    assert not judged("create", rule).policy
    assert judged("create", deny("publish", when=within("18-22"))).policy
    assert not judged("create", deny("publish", when=within("18-22")), moment=None).policy


def test_what_the_policy_says_is_not_part_of_the_digest() -> None:
    assert plan_digest(judged("create", deny("any"))) == plan_digest(judged("create"))


def test_a_plan_with_results_reads_back_equal() -> None:
    plan = judged("create", deny("any", id="x"), deny("publish", when=within("18-22")))
    assert len(plan.policy) == 2
    assert plan_from_json(plan_to_json(plan)) == plan
