"""What the platform finds is shown by the commands at its place in the author's file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flowsync.model import JsonValue
from tests.cli.serving import Served, parsed, run
from tests.support import Repository, flow_json


def only_there(data: bytes) -> list[dict[str, JsonValue]]:
    """Find, as only the platform does, something at two values of the uploaded text."""
    text = data.decode()
    pointers: list[JsonValue] = []
    for path, word in (("children[0].label", '"E-mail"'), ("children[1].label", '"Send"')):
        line = text[: text.index(word)].count("\n") + 1
        column = text.index(word) - text.rfind("\n", 0, text.index(word))
        numbers: dict[str, JsonValue] = {
            "line_start": line,
            "line_end": line,
            "column_start": column,
        }
        pointers.append({**numbers, "column_end": 0, "path": f"screens[0].layout.{path}"})
    first = pointers[0]
    assert isinstance(first, dict)
    numbers = {name: number for name, number in first.items() if name != "path"}
    about: dict[str, JsonValue] = {"error": "ONLY_THERE", "message": "labels are not liked."}
    return [{**about, "error_type": "FLOW_JSON_ERROR", **numbers, "pointers": pointers}]


@pytest.fixture
def picky(repository: Repository, served: Served) -> Repository:
    """A flow that passes here and is found wrong there."""
    served.emulated.check = only_there
    repository.config(staging=served.target())
    repository.flow("a", content=flow_json())
    return repository


def line_of(word: str) -> int:
    lines = Path("flows/a.json").read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if word in line)


def test_apply_shows_each_place_in_the_file(picky: Repository) -> None:
    ran = run(picky, "apply", "--yes")
    assert ran.exit_code == 4
    for word in ('"E-mail"', '"Send"'):
        line = f"flows/a.json:{line_of(word)}:22: labels are not liked. [ONLY_THERE]"
        assert f"    {line}\n" in ran.stdout


def test_apply_gives_each_place_as_json(picky: Repository) -> None:
    (flow,) = parsed(run(picky, "apply", "--yes", "--format", "json"))["flows"]
    found: list[dict[str, Any]] = flow["diagnostics"]
    assert [one["pointer"] for one in found] == [
        "/screens/0/layout/children/0/label",
        "/screens/0/layout/children/1/label",
    ]
    assert {one["code"] for one in found} == {"ONLY_THERE"}


def test_show_and_list_show_the_place_in_the_file(picky: Repository) -> None:
    run(picky, "apply", "--yes")
    said = f"flows/a.json:{line_of('E-mail')}:22: labels are not liked. [ONLY_THERE]\n"
    assert said in run(picky, "show", "a").stdout
    assert said in run(picky, "list").stdout
    (found,) = parsed(run(picky, "show", "a", "--format", "json"))["findings"]
    assert found["pointer"] == "/screens/0/layout/children/0/label"


def test_show_does_not_point_into_a_file_that_has_other_content(picky: Repository) -> None:
    run(picky, "apply", "--yes")
    file = Path("flows/a.json")
    file.write_text(file.read_text("utf-8").replace("E-mail", "Other"), "utf-8")
    said = run(picky, "show", "a").stdout
    assert "flows/a.json" not in said
    assert "labels are not liked. [ONLY_THERE]" in said


def test_a_flow_without_a_definition_is_named_by_its_id(picky: Repository, served: Served) -> None:
    run(picky, "apply", "--yes")
    Path("flows/a.yaml").unlink()
    (flow,) = json.loads(run(picky, "list", "--format", "json").stdout)["flows"]
    assert f"flow {flow['id']}:" in run(picky, "list").stdout
