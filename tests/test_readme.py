"""README and the program agree: commands, exit codes, variables, and the output that is shown."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from flowsync.cli.main import COMMANDS
from flowsync.errors import ExitCode
from tests.support import Repository

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def section(title: str) -> str:
    found = re.search(
        rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", README, re.DOTALL | re.MULTILINE
    )
    assert found, title
    return found[1]


def test_each_command_is_in_the_table_with_the_words_of_its_help() -> None:
    rows = re.findall(r"^\| `flowsync (\w+).*?\| (.+?) \|$", section("Commands"), re.MULTILINE)
    assert dict(rows) == {name: summary for name, (_, summary) in COMMANDS.items()}


def test_each_exit_code_is_in_the_table_and_no_other() -> None:
    rows = re.findall(r"^\| ([\d, ]+) \|", section("Exit codes"), re.MULTILINE)
    named = {int(code) for row in rows for code in row.split(",")}
    assert named == {int(code) for code in ExitCode}


@pytest.mark.parametrize("command", [name for name in COMMANDS if name != "serve"])
def test_each_option_that_the_readme_names_exists(command: str, repository: Repository) -> None:
    named = set(re.findall(rf"`?flowsync {command}[^`\n]*?(--[a-z-]+)", README))
    named |= set(re.findall(rf"`{command} (--[a-z-]+)", README))
    shown = repository.run(command, "--help").stdout
    assert named <= set(re.findall(r"--[a-z-]+", shown))


def test_each_variable_of_the_program_is_in_the_readme_and_the_other_way_round() -> None:
    sources = "".join(file.read_text("utf-8") for file in (ROOT / "flowsync").rglob("*.py"))
    names = "TARGET|BASE_URL|ACCOUNT|DIALECT|AUTH_SCHEME|(?:READ_)?TOKEN(?:_FILE)?|SERVE_TOKEN"
    pattern = rf"FLOWSYNC_(?:{names})\b"
    assert set(re.findall(r"\bFLOWSYNC_[A-Z_]+\b", section("Environment variables"))) == set(
        re.findall(pattern, sources)
    )


def test_the_first_sync_gives_the_output_that_the_readme_shows(repository: Repository) -> None:
    shutil.copytree(ROOT / "flows", repository.root / "flows")
    shown = re.search(r"^```text\n(✓ .*?)```", section("Try it"), re.DOTALL | re.MULTILINE)
    assert shown
    printed = repository.run("apply", "--yes").stdout

    def without_ids(text: str) -> list[str]:
        return re.sub(r"id \d+", "id", text).strip().splitlines()

    assert without_ids(printed)[-8:-1] == without_ids(shown[1])
    again = repository.run("apply", "--yes").stdout
    assert "Nothing to do: 7 flows in step." in " ".join(again.split())
    assert "Nothing to do: 7 flows in step." in " ".join(README.split())


def test_the_edit_of_the_readme_gives_the_plan_that_it_shows(repository: Repository) -> None:
    shutil.copytree(ROOT / "flows", repository.root / "flows")
    repository.run("apply", "--yes")
    file = repository.root / "flows" / "lead-generation.json"
    text = file.read_text("utf-8")
    assert text.count('"label": "Email"') == 1
    file.write_text(text.replace('"label": "Email"', '"label": "E-mail"'), "utf-8")
    shown = re.search(r"^```text\n(~ .*?)```", section("Try it"), re.DOTALL | re.MULTILINE)
    assert shown
    printed = re.sub(r"id \d+", "id", repository.run("plan").stdout)
    assert re.sub(r"id \d+", "id", shown[1]) in printed


def test_the_picture_of_the_readme_is_what_graph_draws(repository: Repository) -> None:
    shutil.copytree(ROOT / "flows", repository.root / "flows")
    shown = re.search(r"^```mermaid\n(.*?)```", README, re.DOTALL | re.MULTILINE)
    assert shown
    assert repository.run("graph", "lead-generation").stdout == shown[1]


def test_the_finding_of_the_readme_is_shown_as_it_says(repository: Repository) -> None:
    shutil.copytree(ROOT / "flows", repository.root / "flows")
    file = repository.root / "flows" / "booking.json"
    text = file.read_text("utf-8")
    file.write_text(text.replace('"type": "TextInput"', '"type": "TextInputt"', 1), "utf-8")
    shown = re.search(r"^```text\n(flows/.*?)```", section("Commands"), re.DOTALL | re.MULTILINE)
    assert shown
    assert repository.run("validate", "booking", "--excerpt").stdout == shown[1]
