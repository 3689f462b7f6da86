"""Streams that hold few characters: nothing fails, and documents for machines stay documents."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from flowsync.cli.encodings import PLAIN_SIGNS, fitting
from flowsync.cli.main import COMMANDS, main
from flowsync.render.width import cut
from tests.cli.terminal import LIMIT_S, on_terminal
from tests.cli.test_hostile_streams import environment
from tests.git_repository import commit
from tests.sizes import sample
from tests.support import Repository, flow_json

ENCODINGS = ["ascii", "latin-1", "cp1252", "cp437", "cp850"]
NAME = "Größe → 名前 «x» ✓ 😀 שלום ┌─┐"
SEND = ("--to", "+491701234567", "--body", "…→", "--button", "✓", "--yes")
CALLS = [
    ("--help",),
    ("init",),
    ("validate",),
    ("validate", "--excerpt"),
    *(("validate", "--format", form) for form in ("json", "markdown", "github", "sarif", "junit")),
    ("rules",),
    ("rules", "--format", "json"),
    ("rules", "FS301"),
    ("fmt", "--check"),
    ("fmt", "--check", "--format", "json"),
    ("upgrade", "--to", "7.3"),
    ("plan", "--verbose", "--before-after", "--diff", "raw"),
    ("plan", "--why", "a"),
    ("plan", "--why", "a", "--format", "json"),
    *(("plan", "--format", form) for form in ("json", "jsonl", "markdown", "github")),
    ("plan", "→✗"),
    ("apply",),
    ("apply", "--yes", "a"),
    ("apply", "--yes", "--format", "json"),
    ("rollback", "--to", "v1", "--dry-run"),
    ("restore", "--list"),
    ("import", "--force"),
    ("import", "--format", "json"),
    ("fleet", "list"),
    ("fleet", "matrix", "--shards", "2"),
    ("compare", "local", "local", "--verbose"),
    ("compare", "local", "local", "--format", "json"),
    ("list", "--verbose"),
    ("list", "--format", "json"),
    ("show", "a"),
    ("show", "a", "--format", "json"),
    *(("graph", "a", "--format", form) for form in ("mermaid", "dot", "svg")),
    ("graph", "a", "--before-after"),
    ("preview", "→✗"),
    *(("test", "--format", form) for form in ("text", "json", "junit")),
    ("status",),
    ("status", "--format", "json"),
    *(("ids", "--format", form) for form in ("text", "json", "dotenv", "python", "typescript")),
    ("send", "a", *SEND),
    ("serve", "--list-faults"),
    ("schema", "flow"),
    ("journal",),
    ("journal", "--last"),
    ("journal", "--last", "--format", "json"),
    ("ci", "comment", "none.md"),
]


@pytest.fixture
def changed(repository: Repository) -> Repository:
    """A repository whose flows, one published and one in error, have names in many scripts."""
    repository.flow("a", name=NAME, content=flow_json("Grüße 名前"))
    commit("v1")
    assert repository.run("apply", "--yes").exit_code == 0
    repository.flow("a", name=NAME, content=flow_json("Größe → 😀, which is too long for a label"))
    return repository


def run(encoding: str, *args: str) -> Result:
    ran = CliRunner(charset=encoding).invoke(main, args)
    if ran.exception is not None and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    return ran


def test_every_command_is_among_the_calls() -> None:
    """Of `preview`, which goes on until Ctrl-C, how it refuses a key."""
    assert {args[0] for args in CALLS} - {"--help"} == set(COMMANDS)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_no_command_fails_on_a_character(changed: Repository, encoding: str) -> None:
    for args in sample(CALLS, every=2):
        ran = run(encoding, *args)
        assert ran.exit_code != 1 or args[0] == "ci", (args, ran.stderr)
        if args[-1] in {"json", "sarif"} and ran.stdout:
            json.loads(ran.stdout_bytes.decode("ascii"))
        elif args[-1] == "jsonl":
            assert [json.loads(line) for line in ran.stdout_bytes.decode("ascii").splitlines()]
        elif args[-1] in {"junit", "svg"}:
            ElementTree.fromstring(ran.stdout_bytes.decode("ascii"))


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_names_of_scenarios_are_whole_in_documents(repository: Repository, encoding: str) -> None:
    repository.flow("a")
    scenario = {"name": NAME, "steps": [{"expect": {"can_continue": True}}]}
    scenarios = json.dumps({"scenarios": [scenario]}, ensure_ascii=False)
    Path("flows/a.scenarios.yaml").write_text(scenarios, "utf-8")
    text = run(encoding, "test", "--format", "json").stdout_bytes.decode("ascii")
    (flow,) = json.loads(text)["flows"]
    assert [one["name"] for one in flow["scenarios"]] == [NAME]
    text = run(encoding, "test", "--format", "junit").stdout_bytes.decode("ascii")
    cases = ElementTree.fromstring(text).iter("testcase")
    assert f"a: {NAME}" in [case.get("name") for case in cases]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_findings_of_wrong_files_are_shown(changed: Repository, encoding: str) -> None:
    changed.flow("a", name=f" {NAME}")
    for args in (("validate",), ("plan",), ("validate", "--excerpt")):
        ran = run(encoding, *args)
        assert ran.exit_code == 3
        assert "flows/a.yaml:1:" in ran.stdout + ran.stderr


REAL = [
    ("plan",),
    ("plan", "--format", "json", "--report", "markdown=r.md"),
    ("list", "→✗"),
    ("--help",),
]


def test_a_real_process_writes_in_the_encoding_of_its_streams(changed: Repository) -> None:
    for args in REAL:
        for encoding in sample(ENCODINGS, every=5):
            ran = subprocess.run(
                [sys.executable, "-m", "flowsync", *args],
                env=environment(PYTHONIOENCODING=encoding),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=LIMIT_S,
                check=False,
            )
            print(f"{encoding}: {args}")
            check_real(ran, encoding, args)


def check_real(
    ran: subprocess.CompletedProcess[bytes], encoding: str, args: tuple[str, ...]
) -> None:
    assert b"UnicodeEncodeError" not in ran.stderr
    assert b"Traceback" not in ran.stderr
    ran.stderr.decode(encoding)
    if args == ("plan",):
        text = ran.stdout.decode(encoding)
        assert text.isprintable() or "\n" in text
        assert "->" in text
        assert NAME[:2] in text
        assert "\\u540d" in text
    if "json" in args:
        (change,) = json.loads(ran.stdout.decode("ascii"))["changes"]
        assert change["name"] == NAME
        assert NAME[:9] in Path("r.md").read_text("utf-8")
        Path("r.md").unlink()


def test_what_an_encoding_has_stays_and_our_own_signs_become_plain() -> None:
    text = "Größe → «x» ✓ 😀"
    assert fitting(text, "utf-8") == text
    assert fitting(text, "cp1252") == "Größe -> «x» ok \\U0001f600"
    assert fitting(text, "ascii") == 'Gr\\xf6\\xdfe -> "x" ok \\U0001f600'
    assert json.loads(fitting(f'"{text}"', "cp1252", "json")) == text
    assert all(plain.isascii() for plain in PLAIN_SIGNS.values())


# --- terminals ---


ON_TERMINAL: list[tuple[dict[str, str], bool]] = [
    ({}, True),
    ({"NO_COLOR": "1"}, False),
    ({"NO_COLOR": ""}, True),
    ({"TERM": "dumb"}, False),
    ({"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}, False),
]


def test_colours_on_a_terminal_are_as_the_environment_asks(changed: Repository) -> None:
    for fields, has_colours in ON_TERMINAL:
        shown = on_terminal("plan", **fields)  # type: ignore[arg-type]  # none of them is an option
        assert ("\x1b[" in shown.text) is has_colours, fields


@pytest.mark.parametrize(
    ("fields", "has_colours"),
    [
        ({}, False),
        ({"CLICOLOR_FORCE": "1"}, True),
        ({"CLICOLOR_FORCE": "0"}, False),
        ({"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}, False),
        ({"CLICOLOR_FORCE": "1", "TERM": "dumb"}, False),
    ],
)
def test_colours_elsewhere_are_as_the_environment_asks(
    changed: Repository,
    monkeypatch: pytest.MonkeyPatch,
    fields: dict[str, str],
    has_colours: bool,
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    for name, value in fields.items():
        monkeypatch.setenv(name, value)
    ran = CliRunner().invoke(main, ["plan"], color=True)
    assert ("\x1b[" in ran.stdout) is has_colours


@pytest.mark.parametrize("columns", ["40", "1", "0"])
def test_narrow_terminals_are_no_trouble(
    changed: Repository, monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("LINES", columns)
    for args in sample(CALLS, every=2):
        ran = run("utf-8", *args)
        assert ran.exit_code != 1 or args[0] == "ci", (args, ran.stderr)


def test_a_line_is_cut_by_the_columns_that_it_takes() -> None:
    assert cut("名前 ab", 4) == "名前"
    assert cut("名前 ab", 3) == "名"
    assert cut("abc", 0) == cut("abc", -1) == ""
