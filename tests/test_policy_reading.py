"""`policy` of flowsync.yaml: what is read, and what is found wrong with it, each at its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flowsync.assets import schema_text
from flowsync.diagnostics import Diagnostic
from flowsync.policy_rules import WORDS, Effect, PolicyRule
from flowsync.project import load_project
from tests.support import Repository

HEAD = "version: 1\ntargets:\n  staging: {remote: emulator}\n  production: {remote: emulator}\n"

pytestmark = pytest.mark.usefixtures("repository")


def read(*rules: str) -> tuple[tuple[PolicyRule, ...], list[str]]:
    """Give the rules of a flowsync.yaml, and what is found in it as `line:column: message fix`."""
    text = HEAD + "policy:\n" + "".join(f"- {rule}\n" for rule in rules)
    Path("flowsync.yaml").write_text(text, "utf-8")
    problems: list[Diagnostic] = []
    project = load_project(None, {}, problems)
    assert (project is None) == bool(problems)
    found = [
        f"{one.span.line}:{one.span.column}: {one.message} {one.fix} [{one.rule}]"
        for one in sorted(problems, key=lambda one: (one.span.line, one.span.column))
    ]
    return (project.rules if project else ()), found


def the_rule(text: str) -> PolicyRule:
    (rule,), problems = read(text)
    assert problems == []
    return rule


def test_a_rule_without_conditions_always_holds() -> None:
    rule = the_rule("deny: publish")
    assert (rule.effect, rule.number, rule.words) == (Effect.DENY, 1, ("publish",))
    assert (rule.id, rule.message, rule.when.window) == (None, None, None)
    assert rule.when.concerns_target("anything")
    assert rule.text == "denies publish"


def test_every_condition_takes_one_value_or_a_list() -> None:
    names = {
        "target": ["staging", "prod*"],
        "key": ["a", "2024"],
        "name": ["A *", "true"],
        "category": ["SURVEY", "OTHER"],
        "status": ["DRAFT", "BLOCKED"],
        "state": ["draft", "absent"],
        "contract": ["breaking", "compatible"],
        "hours": ["08-18", "outside 20-24"],
        "days": ["mon", "outside mon-fri"],
    }
    for name, (first, second) in names.items():
        alone = the_rule(f"{{warn: any, when: {{{name}: {first}}}}}").when
        both = the_rule(f"{{warn: any, when: {{{name}: [{first}, {second}]}}}}").when
        assert alone.as_written == ((name, (first,)),)
        assert both.as_written == ((name, (first, second)),)


def test_a_rule_is_told_in_words() -> None:
    rule = the_rule(
        "{warn: [one-way, any], when: {target: production, category: [OTHER, SURVEY],"
        " hours: 08-18}}"
    )
    assert rule.text == (
        "warns of one-way steps and any change when target is production and category is OTHER or "
        "SURVEY and hours are 08-18"
    )


def test_a_message_becomes_one_line_that_ends() -> None:
    assert the_rule("{deny: any, message: ' Ask\n    the team '}").message == "Ask the team."
    assert the_rule("{deny: any, message: Really?}").message == "Really?"
    assert the_rule("{deny: any, message: 17}").message == "17."
    assert the_rule("{deny: any, message: ' '}").message is None


WRONG = {
    "neither": ("when: {key: a}", "6:3: policy › entry 1 has none of deny and warn. Give it"),
    "both": ("{deny: any, warn: any}", "6:3: policy › entry 1 has more than one of deny and warn."),
    "word": ("deny: pubish", '6:9: policy › entry 1 › deny cannot be "pubish". Did you mean "pub'),
    "word in list": ("deny: [any, replce]", '6:15: policy › entry 1 › deny › entry 2 cannot be "r'),
    "no word": ("deny: []", "6:9: policy › entry 1 › deny must not be empty."),
    "no rule": ("deny", "6:3: policy › entry 1 must be a mapping, not text."),
    "field": ("{deny: any, wen: {}}", '6:15: unknown field "wen". Did you mean "when"?'),
    "condition": ("{deny: any, when: {kye: a}}", '6:22: unknown field "kye". Did you mean "key"?'),
    "no condition": ("{deny: any, when: {}}", "6:21: policy › entry 1 › when must not be empty."),
    "id": ("{deny: any, id: a b}", '6:19: "a b" is not a usable name.'),
    "category": (
        "{deny: any, when: {category: [OTHER, SHOPING]}}",
        '6:40: policy › entry 1 › when › category › entry 2 cannot be "SHOPING". Did you mean "SHO',
    ),
    "status": ("{deny: any, when: {status: LIVE}}", "6:30: policy › entry 1 › when › status cann"),
    "state": ("{deny: any, when: {state: gone}}", "6:29: policy › entry 1 › when › state cannot"),
    "a list in a list": (
        "{deny: any, when: {key: [[a]]}}",
        "6:28: policy › entry 1 › when › key ›",
    ),
    "target": (
        "{deny: any, when: {target: [staging, produktion]}}",
        '6:40: no target is meant by "produktion". Did you mean "production"? [FS015]',
    ),
    "glob of targets": ("{deny: any, when: {target: x-*}}", '6:30: no target is meant by "x-*"'),
    "hours": ("{deny: any, when: {hours: 8am}}", '6:29: "8am" are no hours. Write them as "08-18"'),
    "days": ("{deny: any, when: {days: [fri, mo]}}", '6:34: "mo" are no days. Write them as fri,'),
    "zone": (
        "{deny: any, when: {days: fri, timezone: Europe/Brelin}}",
        '6:43: no time zone is called "Europe/Brelin". Did you mean "Europe/Berlin"? [FS015]',
    ),
    "zone alone": (
        "{deny: any, when: {key: a, timezone: UTC}}",
        "6:40: a time zone means nothing without hours or days. Add `hours: …` or",
    ),
}


@pytest.mark.parametrize(("rule", "found"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_with_a_rule_is_told_at_its_place(rule: str, found: str) -> None:
    rules, problems = read(rule)
    assert rules == ()
    assert problems[0].startswith(found)


def test_all_mistakes_are_told_at_once() -> None:
    _, problems = read("{id: a, deny: any, when: {hours: x, days: y}}", "{id: a, warn: any}")
    assert [problem.partition(" ")[0] for problem in problems] == ["6:36:", "6:45:", "7:8:"]
    assert 'rule 1 has the id "a" too.' in problems[2]


def test_a_target_from_the_environment_may_be_meant_where_it_is_not_set() -> None:
    assert the_rule("{deny: any, when: {target: env}}").when.targets == ("env",)


def test_without_a_policy_there_are_no_rules() -> None:
    Repository(Path()).config(local={"remote": "emulator"})
    project = load_project(None, {}, [])
    assert project is not None
    assert project.rules == ()


def test_the_schema_has_the_words_and_categories_of_the_program() -> None:
    schema: Any = json.loads(schema_text("flowsync"))["$defs"]["policy"]["items"]["properties"]
    flow: Any = json.loads(schema_text("flow"))["$defs"]
    plan: Any = json.loads(schema_text("plan"))["$defs"]
    when = schema["when"]["properties"]
    for part, choices in (
        (schema["deny"], list(WORDS)),
        (schema["warn"], list(WORDS)),
        (when["category"], flow["categories"]["items"]["enum"]),
        (when["state"], flow["state"]["enum"]),
    ):
        assert part["items"]["enum"] == part["then"]["enum"] == choices
    assert plan["policy_result"]["properties"]["words"]["items"]["enum"] == list(WORDS)
