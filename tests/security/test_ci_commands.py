"""Names and messages that are commands to a CI service are read as text by it."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsync.remotes.emulator.gateway_app import DOCUMENTED_ACCOUNT
from flowsync.render.ci_commands import without_commands
from tests.cli.serving import Served, run
from tests.sizes import IS_FULL
from tests.support import Repository, flow_json

NAMES = {
    "GitHub": "::set-output name=a::b",
    "old GitHub": "Flow ##[set-env name=PATH]/tmp",
    "add-mask": "##[add-mask]a",
    "stop": "::stop-commands::x",
    "Azure": "Flow ##vso[task.setvariable variable=a]b",
    "TeamCity": "##teamcity[buildStatus status='SUCCESS']",
    "encoded": "%0A::error::x%0D%0A",
    "markup": '<b>|`x`</testcase>]]>&"',
}
SERVICES = ["CI", "GITHUB_ACTIONS", "TF_BUILD", "TEAMCITY_VERSION"]
OUTPUTS = ["text", "json"]
PLACES = {  # each name in both outputs, each service with several names
    f"{name}, {service}, {output}": (NAMES[name], service, output)
    for turn, name in enumerate(NAMES)
    for step, output in enumerate(OUTPUTS)
    for service in (SERVICES if IS_FULL else [SERVICES[(turn + step) % len(SERVICES)]])
}


def obeyed(text: str) -> list[str]:
    """Give the lines that a CI service would obey, as their sources say."""
    found = re.compile(r"\s*::|.*##(vso|teamcity)?\[")
    return [line for line in re.split(r"[\r\n]", text) if found.match(line)]


@pytest.mark.parametrize(("name", "service", "output"), PLACES.values(), ids=PLACES.keys())
def test_no_name_is_a_command_in_what_a_command_prints(
    repository: Repository,
    served: Served,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    service: str,
    output: str,
) -> None:
    monkeypatch.setenv(service, "true")
    repository.flow("a", name=name, renamed_from=[f"::{name}"], content=flow_json(name))
    for other in (f"::{name}", f"::x {name}"):
        new = served.platform.create_flow(DOCUMENTED_ACCOUNT, name=other, categories=["OTHER"])
        served.platform.upload(new, json.dumps(flow_json(name)).encode())
    repository.config(staging=served.target(prune={"match": "*", "draft": "delete"}))
    for args in (
        ("plan", "--verbose"),
        ("list", "--verbose"),
        ("apply", "--yes", "--verbose"),
        ("show", "a", "--verbose"),
        ("journal", "--last"),
    ):
        ran = run(repository, *args, "--format", output)
        assert ran.exit_code == 0, ran.output
        assert obeyed(ran.stdout) == obeyed(ran.stderr) == [], args
        if output == "json" and args[0] == "show":
            assert json.loads(ran.stdout)["name"] == name
    shown = run(repository, "show", "a", "--flow-json")
    assert obeyed(shown.stdout) == []
    assert name in json.dumps(json.loads(shown.stdout)).replace('\\"', '"')


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_no_text_of_a_file_is_a_command_in_findings_excerpts_and_diffs(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    repository.flow("a", content={"version": name, "screens": [{"id": name, name: 1}]})
    definition = repository.flow("b", name=name)
    definition.write_text(definition.read_text() + f"# a\n# {name}\n{name[:1]}x\n", "utf-8")
    repository.flow("c").write_text(f"name: |\n  {name}\n  {name}\nstate:    draft\n")
    for args in (
        ("validate", "--excerpt"),
        ("fmt", "--diff"),
        ("plan",),
        ("validate", "--format", "junit"),
        ("validate", "--format", "sarif"),
        ("validate", "--format", "json"),
    ):
        ran = run(repository, *args)
        assert obeyed(ran.stdout) == obeyed(ran.stderr) == [], args
        assert ran.output
        if "junit" in args:
            ElementTree.fromstring(ran.stdout)
        elif "--format" in args:
            json.loads(ran.stdout)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_annotations_are_the_only_commands_and_each_is_ours(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    repository.flow("a", content={"version": name, "screens": [{"id": f"\n{name}", name: 1}]})
    ran = run(repository, "validate", "--format", "github")
    lines = ran.stdout.splitlines()
    assert lines
    for line in lines:
        assert re.match(r"::(error|warning) file=flows/a\.json,line=\d+,", line), line
        assert "\r" not in line
    assert obeyed(ran.stderr) == []


def test_away_from_ci_texts_stay_as_they_are(repository: Repository) -> None:
    repository.flow("a", name="::Flow ##[b]")
    assert "::Flow ##[b]" in run(repository, "plan").stdout


@given(st.text(alphabet="#:[ ]\n\tavsot", max_size=40))
def test_whatever_the_text_nothing_is_obeyed_and_nothing_else_changes(text: str) -> None:
    shown = without_commands(text)
    assert obeyed(shown) == []
    assert shown.replace("\\u003a", ":").replace("\\u0023", "#") == text


def test_the_flow_json_that_is_uploaded_is_not_changed(
    repository: Repository, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    repository.flow("a", content=flow_json("##[b]"))
    repository.config(staging=served.target())
    assert run(repository, "apply", "--yes").exit_code == 0
    (flow,) = served.platform.list_flows(DOCUMENTED_ACCOUNT)
    assert "##[b]" in json.dumps(flow.content)
    assert "\\u0023" not in Path("flows/a.json").read_text()
