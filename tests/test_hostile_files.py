"""Files that someone made to hurt: each ends soon, in a sentence or by being ignored."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests.support import Repository, flow_json

ROOT = Path(__file__).parent.parent
DATABASE = Path(".flowsync/emulator.db")
SECRET = "a-very-secret-value"
SOON_S = 15.0  # a busy machine needs some; what these tests prevent needs minutes


def run(repository: Repository, *args: str, **env: str) -> Result:
    """Run a command; a bug shows as its own exception."""
    ran = repository.run(*args, env=env)
    if ran.exception is not None and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    return ran


def run_apart(*args: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own, which is ended when it hangs."""
    return subprocess.run(
        [sys.executable, "-m", "flowsync", *args],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


def findings(ran: Result) -> list[dict[str, Any]]:
    """Give the errors and warnings that `validate --format json` printed."""
    found: list[dict[str, Any]] = json.loads(ran.stdout)["findings"]
    return found


# --- folders and links ---


def test_a_folder_that_cannot_be_searched_is_an_error_and_not_skipped(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.flow("a")
    repository.flow("locked/b")
    scandir: Callable[..., Any] = os.scandir

    def refusing(path: Any = ".") -> Any:
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied", os.fspath(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    ran = run(repository, "validate")
    assert ran.exit_code == 3
    assert "flows/locked" in ran.output
    assert "cannot be searched: permission denied" in ran.output
    assert "[FS020]" in ran.output
    assert run(repository, "plan").exit_code == 3


def test_a_subfolder_that_is_a_link_is_an_error_and_not_skipped(repository: Repository) -> None:
    repository.flow("a")
    elsewhere = repository.root / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "b.yaml").write_text("name: B\n")
    (repository.root / "flows" / "linked").symlink_to(elsewhere)
    ran = run(repository, "validate")
    assert ran.exit_code == 3
    assert "flows/linked" in ran.output
    assert "[FS020]" in ran.output


@pytest.mark.parametrize("args", [("validate",), ("plan",), ("list",)], ids=" ".join)
def test_a_link_to_nowhere_as_flowsync_yaml_is_an_error_and_does_not_mean_the_emulator(
    repository: Repository, args: tuple[str, ...]
) -> None:
    repository.flow("a")
    (repository.root / "flowsync.yaml").symlink_to("gone.yaml")
    ran = run(repository, *args)
    assert ran.exit_code == 3
    assert "flowsync.yaml" in ran.output
    assert not DATABASE.exists()


@pytest.mark.parametrize("suffix", [".YAML", ".Yml", ".yml"])
def test_a_definition_is_found_whatever_the_letter_case_of_its_ending(
    repository: Repository, suffix: str
) -> None:
    file = repository.flow("a")
    file.rename(file.with_suffix(suffix))
    ran = run(repository, "validate")
    assert ran.exit_code == 0
    assert "1 flow checked" in ran.output


# --- pipes in the place of files ---


def in_place_of_a_definition(repository: Repository) -> Path:
    repository.flow("b")
    return repository.root / "flows" / "x.yaml"


def in_place_of_flow_json(repository: Repository) -> Path:
    file = repository.flow("x").with_suffix(".json")
    file.unlink()
    return file


def in_place_of_the_configuration(repository: Repository) -> Path:
    repository.flow("b")
    return repository.root / "flowsync.yaml"


def in_place_of_a_plan(repository: Repository) -> Path:
    repository.flow("b")
    return repository.root / "p.json"


@pytest.mark.parametrize(
    ("place", "args", "code"),
    [
        (in_place_of_a_definition, ("validate",), 3),
        (in_place_of_flow_json, ("validate",), 3),
        (in_place_of_the_configuration, ("validate",), 3),
        (in_place_of_a_plan, ("apply", "p.json", "--yes"), 64),
    ],
    ids=["definition", "flow json", "flowsync.yaml", "plan"],
)
def test_a_pipe_in_place_of_a_file_is_refused_without_waiting_for_a_writer(
    repository: Repository, place: Callable[[Repository], Path], args: tuple[str, ...], code: int
) -> None:
    pipe = place(repository)
    os.mkfifo(pipe)
    ran = run_apart(*args)
    assert ran.returncode == code, ran.stderr
    assert pipe.name in ran.stdout + ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize(
    ("name", "args"),
    [("seen/local.json", ("plan",)), ("journal/x.jsonl", ("journal",))],
    ids=["last seen", "journal"],
)
def test_a_pipe_among_what_flowsync_keeps_is_ignored_without_waiting_for_a_writer(
    repository: Repository, name: str, args: tuple[str, ...]
) -> None:
    repository.flow("a")
    pipe = repository.root / ".flowsync" / name
    pipe.parent.mkdir(parents=True)
    os.mkfifo(pipe)
    ran = run_apart(*args)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout
    assert "Traceback" not in ran.stderr


# --- bombs ---


def test_merged_mappings_that_double_at_each_level_end_soon_with_a_finding(
    repository: Repository,
) -> None:
    lines = ["a0: &a0 {k: v}"]
    lines += [f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}" for n in range(1, 26)]
    repository.flow("a").write_text("\n".join(lines) + "\n", "utf-8")
    began = time.monotonic()
    ran = run(repository, "validate")
    assert time.monotonic() - began < SOON_S
    assert ran.exit_code == 3
    assert "flows/a.yaml" in ran.output


def test_a_key_repeated_ever_so_often_ends_soon_with_few_findings(repository: Repository) -> None:
    file = repository.flow("a").with_suffix(".json")
    file.write_text("{" + ",\n".join(['"k":1'] * 50_000) + "}", "utf-8")
    began = time.monotonic()
    ran = run(repository, "validate", "--format", "json")
    assert time.monotonic() - began < SOON_S
    assert ran.exit_code == 3
    assert 1 <= len(findings(ran)) <= 50


# --- texts ---


def test_half_a_character_in_flow_json_is_a_finding_with_its_place(repository: Repository) -> None:
    file = repository.flow("a", content=flow_json("HALF")).with_suffix(".json")
    text = file.read_text("utf-8").replace("HALF", "\\ud83d")
    file.write_text(text, "utf-8")
    line = 1 + text[: text.index("\\ud83d")].count("\n")
    ran = run(repository, "validate", "--format", "json")
    assert ran.exit_code == 3
    (finding,) = findings(ran)
    assert finding["path"] == "flows/a.json"
    assert finding["line"] == line
    assert run(repository, "plan").exit_code == 3


@pytest.mark.parametrize("variable", ["FLOWSYNC_TOKEN", "FLOWSYNC_READ_TOKEN", "STAGING_KEY"])
@pytest.mark.parametrize("where", ["definition", "flow json"])
@pytest.mark.parametrize("args", [("validate",), ("plan",), ("apply", "--yes")], ids=" ".join)
def test_a_variable_that_holds_a_credential_is_refused_in_what_is_sent(
    repository: Repository, variable: str, where: str, args: tuple[str, ...]
) -> None:
    use = f"${{env:{variable}}}"
    if where == "definition":
        repository.flow("a", name=f"Flow {use}")
    else:
        repository.flow("a", content=flow_json(use))
    repository.config(
        staging={
            "remote": "gateway",
            "base_url": "http://127.0.0.1:9",
            "account": "100000000000001",
            "token": "${env:STAGING_KEY}",
        }
    )
    ran = run(repository, *args, **{"STAGING_KEY": "another-secret", variable: SECRET})
    assert ran.exit_code == 3
    assert "holds a credential" in ran.output
    assert SECRET not in ran.output


# --- what flowsync keeps ---


def keep(repository: Repository, name: str, text: str) -> None:
    file = repository.root / ".flowsync" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


@pytest.mark.parametrize("output", ["text", "json"])
def test_odd_things_in_the_journals_folder_do_not_stop_the_journal(
    repository: Repository, output: str
) -> None:
    (repository.root / ".flowsync" / "journal" / "folder.jsonl").mkdir(parents=True)
    lines = '{"event":"intent","write":[]}\n{"event":"result","write":{}}\n'
    keep(repository, "journal/20250101T000000Z-lists-1.jsonl", lines)
    keep(repository, "journal/20250101T000000Z-deep-1.jsonl", "[" * 100_000 + "\n")
    keep(repository, "journal/20250101T000000Z-\x1b[31mred-1.jsonl", lines)
    ran = run(repository, "journal", "--format", output)
    assert ran.exit_code == 0
    assert "lists-1" in ran.stdout
    assert "red-1" in ran.stdout
    assert "folder" not in ran.stdout
    assert "\x1b" not in ran.output
    last = run(repository, "journal", "--last", "--format", output)
    assert last.exit_code == 0
    chosen = run(repository, "journal", "20250101T000000Z-\x1b[31mred-1", "--format", output)
    assert chosen.exit_code == 0
    assert "\x1b" not in chosen.output


def test_a_note_of_flows_last_seen_that_is_nested_without_end_is_ignored(
    repository: Repository,
) -> None:
    repository.flow("a")
    keep(repository, "seen/local.json", "[" * 100_000)
    assert run(repository, "plan").exit_code == 0


# --- the emulator's database ---


@pytest.fixture
def filled(repository: Repository) -> Repository:
    """A repository whose emulator holds so many flows that its database has many pages."""
    for number in range(12):
        repository.flow(f"flow-{number}", state="draft")
    assert run(repository, "apply", "--yes").exit_code == 0
    return repository


def assert_damaged(repository: Repository, *args: str) -> None:
    ran = run(repository, *args)
    assert ran.exit_code == 1
    assert "error: the emulator's database" in ran.stderr
    assert "it is damaged" in ran.stderr


@pytest.mark.parametrize("args", [("plan",), ("list",), ("apply", "--yes")], ids=" ".join)
def test_a_database_with_overwritten_pages_is_said_to_be_damaged(
    filled: Repository, args: tuple[str, ...]
) -> None:
    content = DATABASE.read_bytes()
    page = 4096
    assert len(content) > 4 * page
    DATABASE.write_bytes(content[:page] + b"\xa5" * (len(content) - page))
    assert_damaged(filled, *args)


def test_a_database_with_an_impossible_version_is_said_to_be_damaged(filled: Repository) -> None:
    with closing(sqlite3.connect(DATABASE)) as db:
        db.execute("PRAGMA user_version = -1")
    assert_damaged(filled, "plan")


def test_a_database_with_categories_that_are_no_json_is_said_to_be_damaged(
    filled: Repository,
) -> None:
    with closing(sqlite3.connect(DATABASE)) as db:
        db.execute("UPDATE flows SET categories = '[['")
        db.commit()
    assert_damaged(filled, "plan")
