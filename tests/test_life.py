"""The whole way on one machine, as a person would walk it: a served emulator and the commands."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.life import ROOT, play, served
from tests.support import Repository

EXPECTED = Path(__file__).parent / "golden" / "life"
PREFIX = {"documented": "api/whatsapp", "reference": "v1.0"}


def test_a_flow_lives_from_branch_to_drift_and_back_as_expected(tmp_path: Path) -> None:
    repository, emulator = tmp_path / "repository", tmp_path / "emulator"
    repository.mkdir()
    emulator.mkdir()
    with served(emulator) as server:
        said = play(repository, server)
    if os.environ.get("UPDATE_GOLDEN") == "1":
        for name, text in said.items():
            (EXPECTED / name).write_text(text, "utf-8")
    assert said == {file.name: file.read_text("utf-8") for file in EXPECTED.iterdir()}


@pytest.fixture(params=PREFIX)
def exports(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """What a running `flowsync serve` prints for the other terminal."""
    with served(tmp_path_factory.mktemp("emulator"), "--dialect", request.param) as server:
        yield server


def test_flows_live_from_first_plan_to_drift_and_removal(
    repository: Repository, exports: dict[str, str]
) -> None:
    shutil.copytree(ROOT / "flows", repository.root / "flows")

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
