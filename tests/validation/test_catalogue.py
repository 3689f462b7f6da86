"""Every id that a finding can have is in the catalogue, with examples for `flowsync rules`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

import flowsync
from flowsync.errors import UsageFailure
from flowsync.model import JsonValue
from flowsync.validation.case_files import read_cases
from flowsync.validation.catalogue import CATALOGUE, choose, group_of, in_groups
from flowsync.validation.flow_json import check_flow_json
from flowsync.validation.rules import RULES, Rule
from flowsync.validation.rules.files import FILE_RULES
from flowsync.validation.versions import ACCEPTED
from tests.support import Repository
from tests.validation.cases import CASES
from tests.validation.cases import read_cases as read_each

FILES = CASES.parent / "files"
PACKAGE = Path(flowsync.__file__).parent
KEYS = ("pass", "fail")
# No version has a day on which it will be frozen; tests/test_target_checks.py gives it one.
CANNOT_BE_BROKEN = {"FS045"}
TEXTS = {name: read_cases(name).about for name in CATALOGUE}


def test_every_id_in_the_code_is_in_the_catalogue() -> None:
    used = {
        name
        for file in PACKAGE.rglob("*.py")
        for name in re.findall(r'"(FS\d{3})"', file.read_text("utf-8"))
    }
    assert used == set(CATALOGUE)


def test_ids_are_of_files_or_of_flows_and_never_both() -> None:
    assert not set(FILE_RULES) & set(RULES)
    assert all(name.startswith("FS0") for name in FILE_RULES)
    assert list(CATALOGUE) == sorted(CATALOGUE)
    assert len({rule.summary for rule in CATALOGUE.values()}) == len(CATALOGUE)


def test_every_rule_stands_under_a_heading() -> None:
    groups = in_groups(CATALOGUE.values())
    assert sum(map(len, groups.values())) == len(CATALOGUE)
    assert not [name for name in groups if name.endswith("xx")]
    assert group_of(CATALOGUE["FS203"]) == "Screens, data models and routing"


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_rule_is_explained_in_a_few_sentences(name: str) -> None:
    text = TEXTS[name]
    assert 70 <= len(text) <= 560
    assert re.search(r"[A-Za-z0-9)}/]\.$", text)
    assert "  " not in text
    assert text[0].isupper() or re.match(r"[a-z_$-]+[{,\s]", text)


def test_no_two_rules_have_the_same_explanation() -> None:
    assert len(set(TEXTS.values())) == len(TEXTS)


@pytest.mark.parametrize("name", RULES)
def test_case_files_read_the_same_with_our_reader_and_with_pyyaml(name: str) -> None:
    text = (CASES / f"{name}.yaml").read_text("utf-8")
    ours, theirs = read_cases(name), yaml.safe_load(text)
    if " × " not in text:
        read = [[json.loads(x) if isinstance(x, str) else x for x in theirs[key]] for key in KEYS]
        assert [list(ours.passing), list(ours.failing)] == read


@pytest.mark.parametrize("name", FILE_RULES)
def test_every_rule_about_files_has_cases_that_pass_and_cases_that_fail(name: str) -> None:
    cases = read_cases(name)
    assert cases.passing
    assert bool(cases.failing) == (name not in CANNOT_BE_BROKEN)


def test_every_case_file_about_files_belongs_to_a_rule() -> None:
    assert {file.stem for file in FILES.iterdir()} == set(FILE_RULES)


def write(repository: Repository, case: object) -> None:
    assert isinstance(case, dict)
    for path, text in case["files"].items():
        file = repository.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode("utf-8"))


@pytest.mark.parametrize(
    ("name", "number"),
    [(name, number) for name in FILE_RULES for number in range(len(read_cases(name).passing))],
)
def test_repository_that_passes_has_no_finding(
    repository: Repository, name: str, number: int
) -> None:
    write(repository, read_cases(name).passing[number])
    ran = repository.run("validate")
    assert ran.exit_code == 0
    assert "nothing wrong" in ran.stdout


@pytest.mark.parametrize(
    ("name", "number"),
    [(name, number) for name in FILE_RULES for number in range(len(read_cases(name).failing))],
)
def test_repository_that_fails_has_this_finding(
    repository: Repository, name: str, number: int
) -> None:
    write(repository, read_cases(name).failing[number])
    ran = repository.run("validate", "--strict")
    assert ran.exit_code == 3
    assert re.search(rf"\[{name}[\] ]", ran.stdout)


@pytest.mark.parametrize("rule", [rule for rule in RULES.values() if rule.since != "5.1"])
def test_rule_finds_nothing_before_the_version_that_it_is_about(rule: Rule) -> None:
    flows = [case.flow for case in read_each(rule.id) if not case.should_pass]
    for version in [text for text, number in ACCEPTED.items() if number < ACCEPTED[rule.since]]:
        for flow in flows:
            said = rules_in(flow, version)
            # What does not exist yet is said already where it stands.
            assert rule.id not in said or any(RULES[name].is_structural for name in said), version
    assert any(rule.id in rules_in(flow, rule.since) for flow in flows)


def rules_in(flow: JsonValue, version: str) -> set[str]:
    assert isinstance(flow, dict)
    return {finding.rule for finding in check_flow_json({**flow, "version": version})}


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        (["FS206"], ["FS206"]),
        (["fs206", "FS206", "FS001"], ["FS001", "FS206"]),
        (["FS24x"], [name for name in RULES if name[:4] == "FS24"]),
        (["FS1xx"], [name for name in RULES if name < "FS2"]),
        (["FS"], list(CATALOGUE)),
    ],
)  # fmt: skip
def test_rules_are_chosen_by_id_or_by_its_beginning(words: list[str], ids: list[str]) -> None:
    assert [rule.id for rule in choose(words)] == ids


@pytest.mark.parametrize(
    ("word", "said"),
    [("FS999", "FS"), ("FS2O3", 'Did you mean "FS'), ("screens", "lists all"), ("", "lists all")],
)
def test_word_that_means_no_rule_is_wrong_usage(word: str, said: str) -> None:
    with pytest.raises(UsageFailure, match="there is no rule") as caught:
        choose([word])
    assert said in str(caught.value)
