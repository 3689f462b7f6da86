"""The whole way on one machine, as a person would walk it: a served emulator and the commands."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.support import Repository

FLOWS = Path(__file__).parent.parent / "flows"
PREFIX = {"documented": "api/whatsapp", "reference": "v1.0"}


@pytest.fixture(params=["documented", "reference"])
def exports(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """What a running `flowsync serve` prints for the other terminal."""
    command = [sys.executable, "-u", "-m", "flowsync", "serve", "--port", "0"]
    with subprocess.Popen(
        [*command, "--dialect", request.param], stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout is not None
            lines = [server.stdout.readline() for _ in range(9)]
            yield dict(re.findall(r"^export (\w+)=(.*)$", "".join(lines), re.MULTILINE))
        finally:
            server.terminate()
            server.communicate(timeout=10)
    assert server.returncode == 0


def test_flows_live_from_first_plan_to_drift_and_removal(
    repository: Repository, exports: dict[str, str]
) -> None:
    shutil.copytree(FLOWS, repository.root / "flows")

    def run(*args: str) -> tuple[int, str]:
        result = repository.run(*args, env=exports)
        return result.exit_code, result.stdout

    assert run("plan", "--detailed-exitcode")[0] == 2
    assert run("apply", "--yes")[0] == 0
    assert run("plan", "--detailed-exitcode")[0] == 0
    listed = json.loads(run("list", "--format", "json")[1])["flows"]
    flow_id = next(flow["id"] for flow in listed if flow["key"] == "lead-generation")

    file = repository.root / "flows" / "lead-generation.json"
    file.write_text(file.read_text("utf-8").replace('"Email"', '"E-mail"'), "utf-8")
    plan = run("plan")[1]
    assert plan.count("→") == 2  # the label, and upload → publish
    assert 'text field "email": label "Email" → "E-mail"' in plan
    code, applied = run("apply", "--yes")
    assert code == 0
    assert f"✓ lead-generation: id {flow_id}  upload, publish" in applied

    dialect = exports.get("FLOWSYNC_DIALECT", "documented")
    address = f"{exports['FLOWSYNC_BASE_URL']}/{PREFIX[dialect]}/{exports['FLOWSYNC_ACCOUNT']}"
    headers = {
        "Accept": "application/json",
        "Authorization": f"Bearer {exports['FLOWSYNC_TOKEN']}",
    }
    by_hand = requests.post(
        f"{address}/flows/{flow_id}", json={"categories": ["SURVEY"]}, headers=headers, timeout=10
    )
    assert by_hand.json()["success"] is True
    assert 'categories: ["SURVEY"] → ["LEAD_GENERATION"]' in run("plan")[1]
    assert run("apply", "--yes")[0] == 0

    for gone in (repository.root / "flows").glob("sign-up.*"):
        gone.unlink()
    code, plan = run("plan", "--verbose", "--detailed-exitcode")
    assert code == 0
    assert '"Climbing centre membership"' in plan
    assert "left alone" in plan
