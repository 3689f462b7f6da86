"""docs/policy.md and docs/policy.rego: their rules are read, and their paths exist in a plan."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from flowsync.assets import schema_text
from flowsync.project import load_project
from tests.cli.serving import run
from tests.support import Repository, flow_json

DOCS = Path(__file__).parent.parent / "docs"
PAGE = (DOCS / "policy.md").read_text("utf-8")
REGO = (DOCS / "policy.rego").read_text("utf-8")
PLAN: Any = json.loads(schema_text("plan"))
CONFIG: Any = json.loads(schema_text("flowsync"))["$defs"]["policy"]["items"]["properties"]


def test_the_rules_of_the_page_can_be_read_and_are_of_every_kind(repository: Repository) -> None:
    shown = re.search(r"^```yaml\n(version.*?)```", PAGE, re.DOTALL | re.MULTILINE)
    assert shown
    Path("flowsync.yaml").write_text(shown[1], "utf-8")
    problems: list[Any] = []
    project = load_project(None, {}, problems)
    assert problems == []
    assert project is not None
    assert {rule.effect.value for rule in project.rules} == {"deny", "warn"}


def test_the_tables_of_the_page_have_every_field_word_and_condition() -> None:
    rows = re.findall(r"^\| (`.+?) \|", PAGE, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`([a-z-]+)`", row)}
    words = set(CONFIG["deny"]["items"]["enum"])
    assert named == set(CONFIG) | words | set(CONFIG["when"]["properties"])


def resolved(part: Any) -> Any:
    return PLAN["$defs"][part["$ref"].rpartition("/")[2]] if "$ref" in part else part


def test_every_path_of_the_rego_exists_in_a_plan() -> None:
    scope = {"input": PLAN}
    lines = [line for line in REGO.splitlines() if not line.startswith("#")]
    used = 0
    for line in lines:
        if binding := re.search(r"some (\w+) in (\w+)\.(\w+)", line):
            name, parent, field = binding.groups()
            scope[name] = resolved(resolved(scope[parent]["properties"][field])["items"])
        for name, path in re.findall(r"\b(input|change|step|field|point|result)((?:\.\w+)+)", line):
            part = scope[name]
            for field in path.strip(".").split("."):
                assert field in part["properties"], f"{name}{path}"
                part = resolved(part["properties"][field])
            used += 1
    assert used > 20


def judged(document: Any) -> dict[str, list[str]]:
    """Evaluate the example over a plan, as conftest does."""
    regopy = pytest.importorskip("regopy", reason="has no wheel for this system")
    interpreter = regopy.Interpreter()
    interpreter.add_module("policy", REGO)
    interpreter.set_input(document)
    return {
        name: [json.loads(said) for said in interpreter.query(f"x = data.main.{name}").binding("x")]
        for name in ("deny", "warn")
    }


def test_the_rego_judges_plans_as_it_says(repository: Repository) -> None:
    def plan(*words: str) -> Any:
        return json.loads(run(repository, "plan", "--format", "json", *words).stdout)

    repository.flow("a")
    repository.flow("b", endpoint_uri="https://elsewhere.example", content=flow_json(endpoint=True))
    found = judged(plan("--no-rehearse"))
    assert sorted(found["deny"]) == [
        "b: the endpoint https://elsewhere.example is not on flows.example.com",
        "the plan was not rehearsed, or does not converge",
    ]
    assert judged(plan("a")) == {"deny": [], "warn": []}
    assert run(repository, "apply", "--yes").exit_code == 0
    repository.flow("a", content=flow_json(screen="START"))
    repository.flow("b", state="deprecated")
    Path("flowsync.yaml").write_text("version: 1\npolicy: [{warn: publish, message: Look}]\n")
    found = judged(plan())
    assert found["deny"] == ["B is PUBLISHED, and the plan would deprecate it"]
    assert any(warning.startswith("a: breaking for screens: CONTACT") for warning in found["warn"])
    assert "warn a: Look." in found["warn"]
