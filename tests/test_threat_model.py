"""The threat model names tests that exist, and has a row for each threat that must have one."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
ROOT = TESTS.parent
DOCUMENT = (ROOT / "docs" / "threat-model.md").read_text("utf-8")
NAMED = re.compile(r"`([\w/]+\.py)::(test_\w+)`")
MODULE = re.compile(r"`((?:[a-z_]+\.)*[a-z_]+)`")

# Words of the first column of the row, for each threat that somebody asked about.
THREATS = (
    "path traversal and symlinks",
    "alias bombs",
    "deep JSON",
    "huge numbers",
    "regular-expression blow-up",
    "terminal escape sequences in names and messages",
    "markup in names inside HTML, Markdown, XML and workflow commands",
    "header injection",
    "credential sent to another host",
    "credential sent without TLS",
    "token in argv",
    "others on a shared machine read account data",
    "token or signed address in logs, journals and plans",
    "stolen, edited or outdated plan file",
    "vulnerable dependency, unsafe workflow",
)
ATTACKERS = (
    "pull request from a fork",
    "hostile or broken remote",
    "shared machine",
    "curious reader of logs",
    "stolen or forged plan file",
)


def section(title: str) -> str:
    """Give the part of the document below a heading."""
    return DOCUMENT.split(f"\n## {title}\n")[1].split("\n## ")[0]


def rows(title: str) -> dict[str, list[str]]:
    """Give the rows of the table in a section by their first cell."""
    lines = [line for line in section(title).splitlines() if line.startswith("| ")][1:]
    cells = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines]
    return {first: rest for first, *rest in cells if not first.startswith("---")}


def names_in(file: str) -> set[str]:
    tree = ast.parse((TESTS / file).read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize(("file", "name"), sorted(set(NAMED.findall(DOCUMENT))))
def test_every_test_that_the_threat_model_names_exists(file: str, name: str) -> None:
    assert name in names_in(file)


def test_every_threat_has_a_measure_and_a_test() -> None:
    found = rows("Threats")
    assert set(THREATS) <= found.keys()
    for threat, (measure, tests) in found.items():
        assert len(measure) > 20, threat
        assert NAMED.findall(tests), threat
        assert NAMED.sub("", tests).strip(", ") == "", threat  # nothing but tests


def test_every_module_that_a_measure_names_exists() -> None:
    for threat, (measure, _) in rows("Threats").items():
        for name in re.findall(r"\(([^()]*`[^()]*)\)", measure):
            for module in MODULE.findall(name):
                path = ROOT / "flowsync" / module.replace(".", "/")
                parent = path.parent.with_suffix(".py")
                is_there = path.is_dir() or path.with_suffix(".py").is_file() or parent.is_file()
                assert is_there, (threat, module)


def test_every_attacker_is_named_and_what_is_not_protected_is_said() -> None:
    boundaries = section("Who attacks, and where the trust ends")
    for attacker in ATTACKERS:
        assert attacker in boundaries
    open_ends = section("What is not protected")
    for word in ("no signature", "${env:", "If-Match", "same user", "forks", "without secrets"):
        assert word in open_ends
