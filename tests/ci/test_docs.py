"""docs/ci.md and what it is about agree: inputs, outputs, files and hooks."""

from __future__ import annotations

import re

import yaml

from flowsync.assets import ci_files
from tests.ci.runner import ROOT

PAGE = (ROOT / "docs" / "ci.md").read_text("utf-8")
ACTION = yaml.safe_load((ROOT / ".github/actions/flowsync/action.yml").read_text("utf-8"))


def names_in_table(heading: str) -> set[str]:
    table = PAGE.split(f"\n| {heading} |")[1].split("\n\n")[0]
    first = re.findall(r"^\| (`[^|]*) \|", table, re.MULTILINE)
    return {name for cell in first for name in re.findall(r"`([^`]+)`", cell)}


def test_every_input_output_and_file_is_explained_and_no_other() -> None:
    assert names_in_table("input") == set(ACTION["inputs"])
    assert names_in_table("output") == set(ACTION["outputs"])
    assert names_in_table("file") == {name for name, _ in ci_files("github")}


def test_every_hook_is_in_the_example_for_pre_commit() -> None:
    [block] = [text for text in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL) if "rev:" in text]
    [repo] = yaml.safe_load(block)["repos"]
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert {hook["id"] for hook in repo["hooks"]} == {hook["id"] for hook in hooks}
