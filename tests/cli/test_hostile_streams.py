"""Streams that are closed, full or nobody's: a sentence where one can be read, and no work lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.serving import embedded, statuses
from tests.cli.terminal import LIMIT_S, ROOT, on_terminal
from tests.sizes import sample
from tests.support import Repository

FULL = Path("/dev/full")

needs_full = pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")


def environment(**fields: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **fields}


def shell(words: str) -> subprocess.CompletedProcess[str]:
    """Run flowsync from a shell, with redirections."""
    return subprocess.run(
        ["sh", "-c", f'"$0" -m flowsync {words}', sys.executable],
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )


# --- closed ---


def test_a_closed_stdout_is_no_bug(repository: Repository) -> None:
    repository.flow("a")
    for words in sample(["list", "plan", "validate", "--help", "plan --format json"], every=3):
        ran = shell(f"{words} >&-")
        assert ran.returncode == 0, words
        assert "Traceback" not in ran.stderr, words
        assert "Exception ignored" not in ran.stderr, words


@pytest.mark.parametrize("words", ["plan", "list", "validate"])
def test_a_closed_stderr_leaves_the_answer_as_it_is(repository: Repository, words: str) -> None:
    repository.flow("a")
    ran = shell(f"{words} 2>&-")
    assert ran.returncode == 0
    assert ran.stdout == shell(words).stdout
    assert ran.stdout


def test_a_closed_stderr_leaves_the_exit_code_as_it_is(repository: Repository) -> None:
    repository.flow("a", state="liv")
    assert shell("plan 2>&-").returncode == 3
    assert shell("plan --nonsense 2>&-").returncode == 64


def test_apply_with_a_closed_stdin_is_refused_and_writes_nothing(repository: Repository) -> None:
    repository.flow("a")
    ran = shell("apply <&-")
    assert ran.returncode == 6
    assert "there is no terminal to ask on" in ran.stderr
    assert "Traceback" not in ran.stderr
    with embedded() as platform:
        assert statuses(platform) == {}


# --- full ---


ASKED = [
    "",
    "--help",
    "--version",
    "plan --help",
    "plan",
    "plan --format json",
    "list",
    "list --format json",
    "validate",
    "validate --format json",
    "journal",
    "schema flow",
]


@needs_full
def test_a_full_stdout_ends_in_one_sentence(repository: Repository) -> None:
    repository.flow("a")
    for words in sample(ASKED, every=3):
        ran = shell(f"{words} >{FULL}")
        assert ran.returncode == 1, words
        (said,) = ran.stderr.splitlines()
        assert said.startswith("error: the output cannot be written: "), words
        assert "no space left on device" in said.lower(), words


# --- work goes on ---


def assert_published(count: int) -> None:
    with embedded() as platform:
        found = statuses(platform)
    assert found == {f"Flow-{number}": "PUBLISHED" for number in range(count)}


@needs_full
def test_apply_finishes_although_stderr_is_full(repository: Repository) -> None:
    for number in range(3):
        repository.flow(f"flow-{number}")
    ran = shell(f"apply --yes 2>{FULL}")
    assert ran.returncode == 0
    assert_published(3)


def test_apply_finishes_although_nobody_reads_stderr(repository: Repository) -> None:
    for number in range(3):
        repository.flow(f"flow-{number}")
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ran = subprocess.run(
            [sys.executable, "-m", "flowsync", "apply", "--yes"],
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=writing,
            timeout=LIMIT_S,
            check=False,
        )
    finally:
        os.close(writing)
    assert ran.returncode == 0
    assert_published(3)


# --- terminals ---


@pytest.mark.parametrize("args", [("plan",), ("list",), ("validate",), ("apply", "--yes")])
def test_a_dumb_terminal_gets_no_colours(repository: Repository, args: tuple[str, ...]) -> None:
    repository.flow("a")
    shown = on_terminal(*args, TERM="dumb")
    assert shown.exit_code == 0
    assert "\x1b" not in shown.text


def test_a_dumb_terminal_is_told_the_progress_line_by_line(repository: Repository) -> None:
    repository.flow("a")
    assert "a: publish" in on_terminal("apply", "--yes", TERM="dumb").text.splitlines()


def test_another_terminal_gets_colours(repository: Repository) -> None:
    repository.flow("a")
    assert "\x1b[" in on_terminal("plan", TERM="xterm").text


def run_unread(*args: str) -> subprocess.CompletedProcess[str]:
    """Run a command whose stdout nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        return subprocess.run(
            [sys.executable, "-m", "flowsync", *args],
            stdin=subprocess.DEVNULL,
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    finally:
        os.close(writing)


def test_a_plan_that_nobody_can_read_is_not_applied(repository: Repository) -> None:
    repository.flow("a")
    ran = run_unread("apply", "--yes")
    assert ran.returncode == 141
    assert "Traceback" not in ran.stderr
    assert not Path(".flowsync/journal").exists()


def test_an_apply_whose_outcome_nobody_reads_is_complete(repository: Repository) -> None:
    repository.flow("a")
    ran = run_unread("apply", "--yes", "--format", "json")
    assert ran.returncode == 141
    (file,) = Path(".flowsync/journal").glob("*.jsonl")
    assert "run_finished" in file.read_text("utf-8")
    assert repository.run("plan", "--detailed-exitcode").exit_code == 0
