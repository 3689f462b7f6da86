from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from flowsync import __version__
from flowsync.cli.main import COMMANDS, main
from tests.cli.serving import run
from tests.support import Repository

ROOT = Path(__file__).parent.parent.parent
SHARED = {"--target", "--config", "--verbose", "--quiet", "--no-color"}
WITH_A_TARGET = (
    "validate",
    "fmt",
    "upgrade",
    "plan",
    "apply",
    "rollback",
    "list",
    "show",
    "graph",
    "import",
    "ids",
    "send",
    "journal",
)


def options_of(name: str) -> set[str]:
    command = main.get_command(main.make_context("flowsync", [], resilient_parsing=True), name)
    assert command is not None
    return {option for parameter in command.params for option in parameter.opts}


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_every_command_has_help_with_examples(
    repository: Repository, name: str, option: str
) -> None:
    ran = run(repository, name, option)
    assert ran.exit_code == 0
    assert ran.stderr == ""
    assert ran.stdout.startswith(f"Usage: main {name}") or f" {name} " in ran.stdout
    assert re.search(r"^\s*Examples?:$", ran.stdout, re.MULTILINE)
    assert f"flowsync {name}" in ran.stdout
    assert max(map(len, ran.stdout.splitlines())) <= 100


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_explained(name: str) -> None:
    command = main.get_command(main.make_context("flowsync", [], resilient_parsing=True), name)
    assert command is not None
    for parameter in command.params:
        if parameter.param_type_name == "option":
            assert getattr(parameter, "help", None), f"{name} {parameter.opts}"


@pytest.mark.parametrize("name", WITH_A_TARGET)
def test_commands_that_need_a_target_share_their_options(name: str) -> None:
    assert options_of(name) >= SHARED | {"--format"}


@pytest.mark.parametrize("name", COMMANDS)
def test_an_unknown_option_is_wrong_usage_and_the_nearest_is_named(
    repository: Repository, name: str
) -> None:
    known = sorted(option for option in options_of(name) if len(option) > 5) or ["--help"]
    typo = known[0][:-2] + known[0][-1]
    ran = run(repository, name, typo)
    assert ran.exit_code == 64
    assert ran.stdout == ""
    assert known[0] in ran.stderr


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("pln", 'Did you mean "plan"?'),
        ("validat", 'Did you mean "validate"?'),
        ("xyzzy", "`flowsync --help` lists all."),
    ],
)
def test_an_unknown_command_is_wrong_usage_and_the_nearest_is_named(
    repository: Repository, word: str, said: str
) -> None:
    ran = run(repository, word)
    assert ran.exit_code == 64
    assert ran.stdout == ""
    assert f'there is no command "{word}". {said}' in ran.stderr


def test_flowsync_alone_prints_first_steps_that_are_commands(repository: Repository) -> None:
    ran = run(repository)
    assert ran.exit_code == 0
    assert ran.stderr == ""
    named = set(re.findall(r"^  flowsync (\w+)", ran.stdout, re.MULTILINE))
    assert named == {"init", "validate", "plan", "apply"}
    assert named <= set(COMMANDS)


def test_help_lists_every_command_and_every_exit_code(repository: Repository) -> None:
    text = " ".join(run(repository, "--help").stdout.split())
    for name, (_, summary) in COMMANDS.items():
        assert f"{name} {summary}" in text
    for code in (0, 1, 2, 3, 4, 5, 6, 64, 130, 143):
        assert re.search(rf"\b{code}\b", text)


def test_the_first_line_of_a_commands_help_agrees_with_the_list(repository: Repository) -> None:
    for name in COMMANDS:
        assert run(repository, name, "--help").stdout


def python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    "args", [["--help"], [], ["--version"]], ids=["--help", "alone", "version"]
)
def test_help_imports_nothing_heavy(args: list[str]) -> None:
    ran = python(
        "import sys\n"
        "before = set(sys.modules)\n"
        "from flowsync.cli.main import main\n"
        "try:\n"
        f"    main({args!r})\n"
        "except SystemExit as end:\n"
        "    print('code', end.code)\n"
        "heavy = {'requests', 'jsonschema', 'deepdiff', 'yaml', 'rich', 'werkzeug', 'waitress',"
        " 'sqlite3'}\n"
        "print('heavy', sorted(heavy & (set(sys.modules) - before)))\n"
    )
    assert ran.stderr == ""
    assert ran.stdout.endswith("code 0\nheavy []\n")


def test_the_module_runs_as_the_command(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "flowsync", "--version"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0
    assert ran.stdout == f"flowsync, version {__version__}\n"


def test_a_reader_that_goes_away_ends_the_command_quietly() -> None:
    ran = subprocess.run(
        f"{sys.executable} -m flowsync schema flow | head -c 1; echo ${{PIPESTATUS[0]}}",
        cwd=ROOT,
        shell=True,
        executable="/bin/bash",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.stderr == ""
    assert ran.stdout in {"{0\n", "{141\n"}
