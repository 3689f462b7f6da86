"""The script that plays the whole life of a flow shows what tests/golden/life expects."""

from __future__ import annotations

import os
from pathlib import Path

from tests.life import play, served

EXPECTED = Path(__file__).parent / "golden" / "life"


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
