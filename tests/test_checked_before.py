"""What was checked before is not checked again, and says the same; nothing else is believed."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest
from platformdirs import user_cache_path

from flowsync import workspace
from flowsync.model import FlowJson
from flowsync.validation.findings import Finding
from flowsync.validation.flow_json import check_flow_json
from tests.support import Repository, flow_json

BROKEN = {**flow_json(), "version": "0.1"}


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Give a list of the Flow JSONs that were really checked."""
    seen: list[object] = []

    def watched(content: FlowJson) -> tuple[Finding, ...]:
        seen.append(content.value)
        return check_flow_json(content.value)

    monkeypatch.setattr(workspace, "findings_of", watched)
    return seen


def kept() -> Path:
    (file,) = (user_cache_path("flowsync", appauthor=False) / "checked").iterdir()
    return file


def written(*, stamp: str | None = None, digest: str | None = None, **fields: object) -> None:
    """Write the file anew, as flowsync would, with other `fields` for each Flow JSON."""
    was, _, text = kept().read_text().split("\n", 2)
    entries = {key: {**entry, **fields} for key, entry in json.loads(text).items()}
    text = json.dumps(entries)
    digest = digest or _digest(text)
    kept().write_text("\n".join((stamp or was, digest, text)))


def _digest(text: str) -> str:
    return hashlib.sha256(hashlib.sha256(text.encode()).digest()).hexdigest()


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
    written(findings=[])
    assert repository.run("plan").exit_code == 0  # so it is believed where nothing is odd
    written(findings=[], stamp="0" * 64)
    assert repository.run("plan").exit_code == 3
    assert len(checks) == 2


@pytest.mark.parametrize("entry", [None, "x", [1], [["FS001"]], [[*"abcd", None, None, [1]]]])
def test_damaged_findings_are_not_believed(
    repository: Repository, checks: list[object], entry: object
) -> None:
    repository.flow("a", content=BROKEN)
    repository.run("plan")
    written(findings=entry)
    assert repository.run("plan").exit_code == 3
    assert len(checks) == 2


def test_file_that_was_cut_or_changed_is_not_believed(
    repository: Repository, checks: list[object]
) -> None:
    repository.flow("a", content=BROKEN)
    repository.run("plan")
    written(findings=[], digest="0" * 64)
    assert repository.run("plan").exit_code == 3
    assert len(checks) == 2


@pytest.mark.parametrize("facts", [None, [], [True, "7.3", None], [1, None, None, "0"]])
def test_damaged_facts_are_not_believed(repository: Repository, facts: object) -> None:
    repository.flow("a")
    assert repository.run("apply", "--yes").exit_code == 0
    written(facts=facts)
    assert repository.run("plan", "--detailed-exitcode").exit_code == 0


def test_a_flow_of_which_all_is_known_is_still_compared(repository: Repository) -> None:
    repository.flow("a")
    assert repository.run("apply", "--yes").exit_code == 0
    repository.flow("a", content=flow_json("Other"))
    for _ in range(2):
        assert repository.run("plan", "--detailed-exitcode").exit_code == 2
    shown = repository.run("plan", "--diff", "raw")
    assert "Other" in shown.stdout


def test_text_with_variables_is_read_anew_for_their_values(repository: Repository) -> None:
    repository.config(main={"remote": "emulator", "vars": {"label": "One"}})
    repository.flow("a", content=flow_json("${var:label}"))
    assert repository.run("apply", "--yes").exit_code == 0
    assert repository.run("plan", "--detailed-exitcode").exit_code == 0
    repository.config(main={"remote": "emulator", "vars": {"label": "Two"}})
    assert repository.run("plan", "--detailed-exitcode").exit_code == 2


@pytest.mark.parametrize("text", ["", "[]", "{", "null"])
def test_damaged_file_is_not_believed(repository: Repository, text: str) -> None:
    repository.flow("a", content=BROKEN)
    repository.run("plan")
    kept().write_text(text)
    assert repository.run("plan").exit_code == 3


@pytest.mark.skipif(os.name != "posix", reason="files of others are told by their number")
def test_file_of_another_user_is_not_believed(
    repository: Repository, checks: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.flow("a", content=BROKEN)
    repository.run("plan")
    written(findings=[])
    monkeypatch.setattr("os.geteuid", lambda: kept().stat().st_uid + 1)
    assert repository.run("plan").exit_code == 3
    assert len(checks) == 2


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
