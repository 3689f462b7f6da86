"""The hooks for pre-commit: which files they take, and what they then do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.ci.runner import ROOT
from tests.cli.serving import run
from tests.support import Repository

HOOKS: dict[str, dict[str, Any]] = {
    hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
}
VALIDATE, FMT, TEST = (HOOKS[f"flowsync-{name}"] for name in ("validate", "fmt", "test"))


@pytest.mark.parametrize(
    ("file", "ids"),
    [
        ("flows/a.yaml", {"flowsync-validate", "flowsync-fmt", "flowsync-test"}),
        (
            "apps/bot/flows/support/flow.json",
            {"flowsync-validate", "flowsync-fmt", "flowsync-test"},
        ),
        ("flows/b.yml", {"flowsync-validate", "flowsync-fmt", "flowsync-test"}),
        ("flowsync.yaml", {"flowsync-validate", "flowsync-test"}),
        ("flows/notes.md", set()),
        ("myflows/a.json", set()),
        ("package.json", set()),
    ],
)
def test_hooks_take_the_files_that_they_are_about(file: str, ids: set[str]) -> None:
    assert {name for name, hook in HOOKS.items() if re.search(hook["files"], file)} == ids


def test_validate_looks_at_all_flows_and_is_not_given_single_files(
    repository: Repository,
) -> None:
    repository.flow("a", name="Same")
    repository.flow("b", name="Same")
    assert VALIDATE["pass_filenames"] is False
    ran = run(repository, *VALIDATE["entry"].split()[1:])
    assert ran.exit_code == 3
    assert "Same" in ran.stdout


def test_fmt_formats_the_files_that_it_is_given_and_then_leaves_them_alone(
    repository: Repository,
) -> None:
    definition = repository.flow("a")
    given = ["flows/a.yaml", "flows/a.json"]
    definition.write_text("# kept\nstate: draft\n" + definition.read_text().split("state:")[0])
    run(repository, *FMT["entry"].split()[1:], *given)
    formatted = definition.read_text()
    assert formatted.startswith("# kept") or "# kept" in formatted
    assert "0 files formatted" in run(repository, *FMT["entry"].split()[1:], *given).stdout


def test_test_runs_the_scenarios_of_all_flows(repository: Repository) -> None:
    repository.flow("a")
    Path("flows/a.scenarios.yaml").write_text(
        "scenarios: [{name: b, steps: [{expect: {screen: OTHER}}]}]\n"
    )
    assert TEST["pass_filenames"] is False
    ran = run(repository, *TEST["entry"].split()[1:])
    assert ran.exit_code == 3
    assert "flows/a.scenarios.yaml:1:32:" in ran.stdout
