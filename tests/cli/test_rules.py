from __future__ import annotations

import json
import re
from typing import Any

import pytest

from flowsync.validation.catalogue import CATALOGUE
from flowsync.validation.versions import VERSIONS
from tests.support import Repository


def read(repository: Repository, *args: str) -> Any:
    ran = repository.run("rules", *args, "--format", "json")
    assert ran.exit_code == 0
    assert ran.stderr == ""
    return json.loads(ran.stdout)


def test_rules_alone_lists_every_rule_under_headings(repository: Repository) -> None:
    ran = repository.run("rules")
    assert ran.exit_code == 0
    assert ran.stderr == ""
    listed = re.findall(r"^  (FS\d{3})  (error|warning) +(.*?)(?:  +[A-Z_]+)?$", ran.stdout, re.M)
    assert listed == [(name, rule.severity.value, rule.summary) for name, rule in CATALOGUE.items()]
    assert "\nComponents and layout\n" in ran.stdout


def test_a_rule_is_explained_with_its_very_message_and_place(repository: Repository) -> None:
    ran = repository.run("rules", "FS206")
    assert ran.exit_code == 0
    text = ran.stdout
    assert "SCREEN_1 is the commonest mistake" in " ".join(text.split())
    assert 'flow.json:5:13: the screen id "ASK_1" is not made of' in text
    assert '    5 |       "id": "ASK_1",\n      |             ^^^^^^^\n' in text
    assert "This passes, in flow.json:\n" in text
    assert '    5 |       "id": "ASK_name",\n' in text
    assert "can be ignored  no: the platform refuses it" in text


def test_message_of_an_explanation_is_the_one_that_validate_gives(repository: Repository) -> None:
    (one,) = read(repository, "FS301")
    (finding,) = one["failing"]["findings"]
    repository.flow("broken")
    lines = "\n".join(one["failing"]["lines"])
    assert one["failing"]["first_line"] == 1
    (repository.root / "flows" / "broken.json").write_text(lines, "utf-8")
    ran = repository.run("validate", "--format", "json")
    (found,) = json.loads(ran.stdout)["findings"]
    kept = ("rule", "code", "message", "fix", "line", "column", "severity")
    assert {key: found[key] for key in kept} == {key: finding[key] for key in kept}


def test_versions_that_let_a_fault_pass_are_named(repository: Repository) -> None:
    text = repository.run("rules", "FS250").stdout
    assert "a warning in 6.3, 7.0, 7.1, 7.2, which let it pass" in text
    assert "only in the versions that let it pass" in text
    assert "from 6.1 on" in repository.run("rules", "FS335").stdout


def test_rules_about_files_are_explained_too(repository: Repository) -> None:
    text = repository.run("rules", "fs004").stdout
    assert 'flows/ask.yaml:5:15: the variable "host" is not defined' in text
    assert "no: the files could not be used" in text


def test_several_ids_and_beginnings_are_explained_each_once(repository: Repository) -> None:
    text = repository.run("rules", "FS42", "FS505", "FS421").stdout
    assert re.findall(r"^(FS\d{3})  ", text, re.M) == [
        *(name for name in CATALOGUE if name.startswith("FS42")),
        "FS505",
    ]


def test_unknown_id_is_wrong_usage_and_the_nearest_is_named(repository: Repository) -> None:
    ran = repository.run("rules", "FS2066")
    assert ran.exit_code == 64
    assert ran.stdout == ""
    assert 'there is no rule "FS2066". Did you mean "FS206"?' in ran.stderr


def test_json_gives_the_same_as_the_text(repository: Repository) -> None:
    assert [rule["id"] for rule in read(repository)] == list(CATALOGUE)
    (one,) = read(repository, "FS357")
    assert one["code"] == "MISSING_FOOTER_ON_TERMINAL_SCREEN"
    assert one["passes_in"] == ["5.1", "6.0", "6.1", "6.2", "6.3", "7.0", "7.1", "7.2"]
    assert one["failing"]["findings"][0]["rule"] == "FS357"
    assert one["passing"]["findings"] == []
    assert one["can_be_ignored"] is False


def test_versions_are_listed_with_their_status(repository: Repository) -> None:
    text = repository.run("rules", "--versions").stdout
    assert re.search(r"^5\.0 +frozen +2024-08-13  ", text, re.M)
    assert re.search(r"^7\.3 +accepted +2025-09-10  ", text, re.M)
    assert re.search(r"^7\.4 +internal +-  ", text, re.M)
    assert "      breaking: data_channel_uri is removed" in text
    given = read(repository, "--versions")
    assert [version["version"] for version in given] == [version.text for version in VERSIONS]
    assert given[-2]["data_api_versions"] == ["3.0", "4.0"]


def test_versions_and_ids_together_are_wrong_usage(repository: Repository) -> None:
    assert repository.run("rules", "--versions", "FS206").exit_code == 64


@pytest.mark.parametrize("args", [["FS206"], [], ["--versions"]])
def test_colours_are_left_out_on_request(repository: Repository, args: list[str]) -> None:
    forced = {"CLICOLOR_FORCE": "1"}
    assert "\x1b[" in repository.run("rules", *args, env=forced).stdout
    assert "\x1b[" not in repository.run("rules", *args, "--no-color", env=forced).stdout


def test_a_code_of_the_platform_means_the_rules_that_have_it(repository: Repository) -> None:
    found = read(repository, "invalid_routing_model")
    assert len(found) > 1
    assert {rule["code"] for rule in found} == {"INVALID_ROUTING_MODEL"}
    assert repository.run("rules", "INVALID_ROUTING_MODELS").exit_code == 64
