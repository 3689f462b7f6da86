"""README and the program agree: commands, exit codes, variables; `test_docs` runs its examples."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

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


def test_each_variable_of_the_program_is_in_the_readme_and_the_other_way_round() -> None:
    sources = "".join(file.read_text("utf-8") for file in (ROOT / "flowsync").rglob("*.py"))
    names = (
        "TARGET|BASE_URL|ACCOUNT|DIALECT|AUTH_SCHEME|REMOTE|API_VERSION|PHONE_NUMBER|"
        "(?:READ_)?TOKEN(?:_FILE)?|SERVE_TOKEN"
    )
    pattern = rf"FLOWSYNC_(?:{names})\b"
    assert set(re.findall(r"\bFLOWSYNC_[A-Z_]+\b", section("Environment variables"))) == set(
        re.findall(pattern, sources)
    )


def test_the_second_sync_has_nothing_to_do_as_the_readme_says(repository: Repository) -> None:
    shutil.copytree(ROOT / "flows", repository.root / "flows")
    assert repository.run("apply", "--yes").exit_code == 0
    again = repository.run("apply", "--yes").stdout
    assert "Nothing to do: 7 flows in step." in " ".join(again.split())
    assert "Nothing to do: 7 flows in step." in " ".join(README.split())
