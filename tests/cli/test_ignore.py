"""Findings that a repository decides to live with, in its definitions and in flowsync.yaml."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from flowsync.model import JsonValue
from tests.cli.serving import parsed, run
from tests.support import Repository, flow_json

REASON = "The field is filled by hand."


def lossy(**root: JsonValue) -> Any:
    """Give a flow whose input e-mail is lost (FS612), and whose first text has markup (FS654)."""
    flow: Any = {**flow_json(), **root}
    screen = flow["screens"][0]
    screen["layout"]["children"][1]["on-click-action"]["payload"] = {}
    screen["layout"]["children"].insert(0, {"type": "TextBody", "text": "**Hello**"})
    return flow


def entry(rule: str = "FS612", **fields: JsonValue) -> dict[str, JsonValue]:
    return {"rule": rule, "reason": REASON, **fields}


def rules(repository: Repository, *args: str) -> list[str]:
    found = parsed(run(repository, "validate", "--format", "json", *args))
    return [finding["rule"] for finding in found["findings"]]


def configure(repository: Repository, everywhere: JsonValue, **target: JsonValue) -> None:
    value = {"version": 1, "targets": {"local": {"remote": "emulator", **target}}}
    value |= {} if everywhere is None else {"ignore": everywhere}
    (repository.root / "flowsync.yaml").write_text(yaml.safe_dump(value), "utf-8")


def test_warnings_are_shown_as_long_as_nothing_ignores_them(repository: Repository) -> None:
    repository.flow("a", content=lossy())
    assert sorted(rules(repository)) == ["FS612", "FS654"]
    assert run(repository, "validate", "--strict").exit_code == 3


def test_an_ignored_rule_is_left_out_of_all_output_and_of_strict(repository: Repository) -> None:
    repository.flow("a", content=lossy(), ignore=[entry(), entry("FS654")])
    assert rules(repository) == []
    assert run(repository, "validate", "--strict").exit_code == 0
    assert "FS612" not in run(repository, "plan").stderr


@pytest.mark.parametrize(
    "at",
    [
        "screens",
        "screens[0]",
        "screens[0].layout.children[1].name",
        "screens[*].layout.children[*]",
        "screens[CONTACT].layout.children[email]",
        "/screens/0/layout/children/1",
        "/screens/CONTACT/layout/children/email/name",
    ],
)
def test_a_path_means_what_it_leads_to_and_all_below(repository: Repository, at: str) -> None:
    repository.flow("a", content=lossy(), ignore=[entry(at=at)])
    assert rules(repository) == ["FS654"]


@pytest.mark.parametrize(
    "at", ["screens[1]", "screens[OTHER]", "screens[0].layout.children[0]", "screens[0].title"]
)
def test_a_path_that_leads_elsewhere_ignores_nothing_and_is_said(
    repository: Repository, at: str
) -> None:
    repository.flow("a", content=lossy(), ignore=[entry(at=at)])
    assert sorted(rules(repository)) == ["FS034", "FS612", "FS654"]


@pytest.mark.parametrize("at", ["screens[", "screens..layout", ".screens", "screens]0", "[]"])
def test_a_path_that_cannot_be_read_is_an_error(repository: Repository, at: str) -> None:
    repository.flow("a", content=lossy(), ignore=[entry(at=at)])
    assert "FS032" in rules(repository)
    assert run(repository, "validate").exit_code == 3


def test_an_unused_ignore_is_a_warning_at_its_place(repository: Repository) -> None:
    file = repository.flow("a", ignore=[entry("FS611")])
    (finding,) = parsed(run(repository, "validate", "--format", "json"))["findings"]
    assert (finding["rule"], finding["severity"]) == ("FS034", "warning")
    line = file.read_text("utf-8").splitlines()[finding["line"] - 1]
    assert line.strip("- ").startswith(("rule:", "reason:"))


def test_an_unknown_rule_is_an_error_that_names_the_nearest(repository: Repository) -> None:
    repository.flow("a", content=lossy(), ignore=[entry("fs612")])
    ran = run(repository, "validate")
    assert ran.exit_code == 3
    assert 'no rule is "fs612". Did you mean "FS612"? [FS031]' in ran.stdout


def test_a_reason_is_needed(repository: Repository) -> None:
    repository.flow("a", content=lossy(), ignore=[{"rule": "FS612"}])
    assert 'the field "reason" is missing' in run(repository, "validate").stdout
    repository.flow("a", content=lossy(), ignore=[entry(reason="  ")])
    assert "FS030" in rules(repository)


def test_an_error_of_the_platform_cannot_be_ignored(repository: Repository) -> None:
    flow: Any = flow_json()
    flow["screens"][0]["titel"] = "x"
    repository.flow("a", content=flow, ignore=[entry("FS204")])
    ran = run(repository, "validate", "--format", "json")
    assert [one["rule"] for one in parsed(ran)["findings"]] == ["FS204", "FS033"]
    assert run(repository, "plan").exit_code == 3


def test_an_error_rule_can_be_ignored_where_the_version_only_warns(repository: Repository) -> None:
    flow: Any = lossy(version="7.0")
    flow["screens"][0]["layout"]["children"].pop()  # terminal without Footer: refused from 7.3 on
    repository.flow("a", content=flow)
    assert "FS357" in rules(repository)
    repository.flow("a", content=flow, ignore=[entry("FS357")])
    assert {"FS357", "FS033", "FS034"}.isdisjoint(rules(repository))


def test_flowsync_yaml_ignores_for_the_flows_that_its_globs_name(repository: Repository) -> None:
    configure(repository, [entry(flows=["promo-*"]), entry("FS654")])
    repository.flow("promo-a", content=lossy())
    repository.flow("b", content=lossy())
    found = parsed(run(repository, "validate", "--format", "json"))["findings"]
    assert [(one["path"], one["rule"]) for one in found] == [("flows/b.json", "FS612")]


def test_an_entry_of_flowsync_yaml_that_is_of_no_use_is_said_there(repository: Repository) -> None:
    configure(repository, [entry(flows=["gone"])])
    repository.flow("a")
    (found,) = parsed(run(repository, "validate", "--format", "json"))["findings"]
    assert (found["path"], found["rule"]) == ("flowsync.yaml", "FS034")


def test_a_target_adds_to_what_is_ignored(repository: Repository) -> None:
    configure(repository, None, ignore=[entry("FS654")])
    targets: JsonValue = {"local": {"ignore": [entry()]}}
    repository.flow("a", content=lossy(), targets=targets)
    assert rules(repository) == []
    repository.flow("a", content=lossy(), targets={"local": {}}, ignore=[entry()])
    assert rules(repository) == []


def test_verbose_says_how_many_were_ignored_and_why(repository: Repository) -> None:
    repository.flow("a", content=lossy(), ignore=[entry(), entry("FS654")])
    ran = run(repository, "validate", "--verbose")
    assert f"[FS612] ignored: {REASON}" in ran.stderr
    assert "2 findings ignored." in ran.stderr
    assert "ignored" not in run(repository, "validate").stderr


def test_ignoring_changes_nothing_for_a_saved_plan(repository: Repository) -> None:
    repository.flow("a", content=lossy())
    assert run(repository, "plan", "--out", "plan.json").exit_code == 0
    repository.flow("a", content=lossy(), ignore=[entry()])
    assert run(repository, "apply", "plan.json", "--yes").exit_code == 0


def test_an_id_that_is_no_rule_is_not_answered_with_another(repository: Repository) -> None:
    repository.flow("a", ignore=[{"rule": "FS999", "reason": "x"}])
    assert 'no rule is "FS999". Use the id at the end' in run(repository, "validate").stdout


def test_what_was_ignored_is_shown_in_the_order_of_the_file(repository: Repository) -> None:
    flow = lossy()
    flow["screens"][0]["data"] = {"unused": {"type": "string", "__example__": "x"}}
    flow["screens"][0]["layout"] = flow["screens"][0].pop("layout")  # behind the data
    reasons: list[JsonValue] = [
        {"rule": rule, "reason": "x"} for rule in ("FS611", "FS612", "FS654")
    ]
    repository.flow("a", content=flow, ignore=reasons)
    lines = run(repository, "validate", "--verbose").stderr.splitlines()
    numbers = [int(line.split(":")[1]) for line in lines if "ignored: x" in line]
    assert len(numbers) == 3
    assert numbers == sorted(numbers)
