from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from flowsync.model import JsonValue
from tests.support import Repository

ROOT = Path(__file__).parent.parent
FLOWS = ROOT / "flows"
MAX_DEPTH = 10  # what the gateway's file type detection takes for JSON (G-03)


@pytest.fixture
def examples(repository: Repository) -> Repository:
    """The example flows in a repository of their own."""
    shutil.copytree(FLOWS, repository.root / "flows")
    return repository


def depth(value: JsonValue) -> int:
    if isinstance(value, dict):
        return 1 + max((depth(item) for item in value.values()), default=0)
    if isinstance(value, list):
        return 1 + max((depth(item) for item in value), default=0)
    return 0


def test_the_examples_are_valid_without_any_warning(examples: Repository) -> None:
    ran = examples.run("validate", "--strict", "--format", "json")
    document = json.loads(ran.stdout)
    assert (document["is_valid"], document["findings"]) == (True, [])
    assert ran.exit_code == 0


def test_one_apply_brings_the_examples_in_step_and_a_second_writes_nothing(
    examples: Repository,
) -> None:
    first = examples.run("apply", "--yes")
    assert first.exit_code == 0, first.output
    plan = examples.run("plan", "--detailed-exitcode")
    assert plan.exit_code == 0, plan.output
    assert "Nothing to do" in plan.stdout
    second = examples.run("apply", "--yes", "--verbose")
    assert second.exit_code == 0
    assert "POST" not in second.stderr
    assert "DELETE" not in second.stderr
    assert "GET" in second.stderr
    assert len(list((examples.root / ".flowsync/journal").iterdir())) == 1


def test_there_are_at_least_six_examples_of_draft_published_and_deprecated(
    examples: Repository,
) -> None:
    changes = json.loads(examples.run("plan", "--format", "json").stdout)["changes"]
    assert len(changes) >= 6
    assert {change["desired"] for change in changes} >= {"draft", "published", "deprecated"}
    assert not any(change["warnings"] or change["conflict"] for change in changes)


def test_the_gateway_takes_the_depth_of_every_example() -> None:
    files = sorted(FLOWS.rglob("*.json"))
    assert len(files) >= 6
    assert {file.name: depth(json.loads(file.read_text("utf-8"))) for file in files} == {
        file.name: min(depth(json.loads(file.read_text("utf-8"))), MAX_DEPTH) for file in files
    }
