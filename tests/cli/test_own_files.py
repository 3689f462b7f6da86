"""What a report or a plan never replaces: the files of the authors, and each other."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.serving import run
from tests.support import Repository, flow_json


def check_refused(repository: Repository, *args: str) -> str:
    """Check that a command is wrong usage and leaves every file as it is."""
    before = {file: file.read_bytes() for file in Path().rglob("*") if file.is_file()}
    ran = run(repository, *args)
    assert ran.exit_code == 64, ran.output
    assert {file: file.read_bytes() for file in before} == before
    return ran.stderr


@pytest.mark.parametrize("command", ["validate", "plan", "apply"])
@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ("flows/a.json", "it holds a Flow JSON, which would be lost."),
        ("flows/../flows/a.json", "it holds a Flow JSON, which would be lost."),
        ("flows/a.yaml", "it has the ending of a definition"),
        ("flowsync.yaml", "it has the ending of a definition"),
        ("new.YML", "it has the ending of a definition"),
        ("link.json", "it is not a plain file."),
        ("flows", "it is not a plain file."),
    ],
)
def test_a_report_replaces_no_file_of_an_author(
    repository: Repository, command: str, file: str, reason: str
) -> None:
    repository.flow("a")
    repository.config(local={"remote": "emulator"})
    Path("link.json").symlink_to("flows/a.json")
    assert reason in check_refused(repository, command, "--report", f"json={file}")


@pytest.mark.parametrize("text", ['\ufeff {"version": "7.3", "screens": [', '{"screens" :[}'])
def test_a_report_replaces_no_flow_json_that_its_author_has_yet_to_correct(
    repository: Repository, text: str
) -> None:
    repository.flow("a")
    Path("flows/a.json").write_text(text, "utf-8")
    check_refused(repository, "validate", "--report", "json=flows/a.json")


def test_a_plan_replaces_no_file_of_an_author(repository: Repository) -> None:
    repository.flow("a")
    repository.config(local={"remote": "emulator"})
    for file in ("flows/a.json", "flows/a.yaml", "flowsync.yaml"):
        said = check_refused(repository, "plan", "--out", file)
        assert f"the plan cannot be saved as {file}: it " in said


def test_reports_of_an_earlier_run_are_replaced_whatever_they_quote(repository: Repository) -> None:
    repository.flow("a")
    run(repository, "apply", "--yes")
    repository.flow("a", content=flow_json("Changed"))
    formats = ("text", "json", "markdown", "html", "sarif", "junit")
    reports = [word for name in formats for word in ("--report", f"{name}=report.{name}")]
    for _ in range(2):
        ran = run(repository, "plan", "--diff", "raw", "--out", "plan.json", *reports)
        assert ran.exit_code == 0, ran.stderr


def test_a_report_is_no_other_file_of_the_same_command(repository: Repository) -> None:
    repository.flow("a")
    run(repository, "plan", "--out", "plan.json")
    os.link("plan.json", "same.json")
    for file in ("plan.json", "./plan.json", "same.json"):
        check_refused(repository, "plan", "--out", "plan.json", "--report", f"json={file}")
        said = check_refused(repository, "apply", "plan.json", "--yes", "--report", f"json={file}")
        assert f"{Path(file)} is the saved plan; give the report another file." in said
    words = ("--report", "json=plan.json", "--report", "markdown=same.json")
    assert "named twice" in check_refused(repository, "plan", *words)
