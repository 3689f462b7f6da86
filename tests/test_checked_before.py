"""What was checked before is not checked again, and says the same; nothing else is believed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from platformdirs import user_cache_path

from flowsync.validation.flow_json import check_flow_json
from tests.support import Repository, flow_json

BROKEN = {**flow_json(), "version": "0.1"}


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Give a list of the Flow JSONs that were really checked."""
    seen: list[object] = []

    def watched(value: object) -> object:
        seen.append(value)
        return check_flow_json(value)  # type: ignore[arg-type]

    monkeypatch.setattr("flowsync.workspace.check_flow_json", watched)
    return seen


def kept() -> Path:
    (file,) = (user_cache_path("flowsync", appauthor=False) / "checked").iterdir()
    return file


def test_unchanged_flow_json_is_checked_once(repository: Repository, checks: list[object]) -> None:
    repository.flow("a")
    repository.flow("b", content=flow_json("Other"))
    for _ in range(2):
        assert repository.run("plan").exit_code == 0
    assert len(checks) == 2
    repository.flow("b", content=flow_json("Another"))
    assert repository.run("plan").exit_code == 0
    assert checks[2:] == [flow_json("Another")]


def test_what_was_wrong_is_said_again_in_the_same_words_and_places(repository: Repository) -> None:
    repository.flow("a", content=BROKEN)
    first, second = (repository.run("plan") for _ in range(2))
    assert first.exit_code == second.exit_code == 3
    assert first.stderr == second.stderr
    assert "a.json:2" in first.stderr


def test_verdict_of_other_rules_is_not_believed(
    repository: Repository, checks: list[object]
) -> None:
    repository.flow("a", content=BROKEN)
    repository.run("plan")
    document = json.loads(kept().read_text())
    document["found"] = {key: [] for key in document["found"]}
    kept().write_text(json.dumps({**document, "stamp": "0" * 64}))
    assert repository.run("plan").exit_code == 3
    assert len(checks) == 2


@pytest.mark.parametrize("entry", [None, "x", [1], [["FS001"]], [[*"abcd", None, None, [1]]]])
def test_damaged_entry_is_not_believed(
    repository: Repository, checks: list[object], entry: object
) -> None:
    repository.flow("a", content=BROKEN)
    repository.run("plan")
    document = json.loads(kept().read_text())
    document["found"] = dict.fromkeys(document["found"], entry)
    kept().write_text(json.dumps(document))
    assert repository.run("plan").exit_code == 3
    assert len(checks) == 2


@pytest.mark.parametrize("text", ["", "[]", "{", "null"])
def test_damaged_file_is_not_believed(repository: Repository, text: str) -> None:
    repository.flow("a", content=BROKEN)
    repository.run("plan")
    kept().write_text(text)
    assert repository.run("plan").exit_code == 3


def test_cache_that_cannot_be_written_is_no_failure(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    blocked = tmp_path / "no-folder"
    blocked.write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    repository.flow("a")
    assert repository.run("plan").exit_code == 0


def test_validate_checks_everything_each_time(repository: Repository, checks: list[object]) -> None:
    repository.flow("a")
    for _ in range(2):
        assert repository.run("validate").exit_code == 0
    assert not user_cache_path("flowsync", appauthor=False).exists()
