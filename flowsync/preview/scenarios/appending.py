"""Adds a recorded scenario to the file beside its definition; what stands there stays as it is."""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from itertools import count
from pathlib import Path

from flowsync.assets import schema_beside
from flowsync.diagnostics import Diagnostic
from flowsync.errors import FlowsyncError
from flowsync.formatting.writing import create_file, replace_file
from flowsync.preview.scenarios.reading import parse_scenarios, read_scenarios
from flowsync.preview.scenarios.values import Scenario
from flowsync.preview.scenarios.written import name_line
from flowsync.sources import parse_yaml

_DASH = re.compile(r"( *)- +")


def append_scenario(file: Path, text: str, *, flows: Path, root: Path = Path()) -> str:
    """Add the text of a scenario (of `recorded_scenario`) to a file, and give its name there.

    A name that is taken gets a number. A file that is missing is made, with the schema for editors
    where the repository at `root` keeps it. Raises `FlowsyncError`; the file is then as it was.
    """
    scenario = _only(text)
    if not os.path.lexists(file):
        schema = schema_beside(root, file.parent, "scenarios")
        first = f"# yaml-language-server: $schema={schema}\n" if schema else ""
        create_file(file, f"{first}scenarios:\n{text}")
        return scenario.name
    problems: list[Diagnostic] = []
    there = read_scenarios(file, flows, problems)
    if there is None:
        raise _refused(file, problems)
    name = _free_name(scenario.name, {one.name for one in there})
    before = file.read_bytes().decode("utf-8")
    after = _with(before, _renamed(text, name), file)
    read = parse_scenarios(after, file.as_posix(), problems)
    if read is None or read[:-1] != there or read[-1].name != name:
        raise FlowsyncError(_by_hand(file))
    replace_file(file, before, after)
    return name


def _only(text: str) -> Scenario:
    problems: list[Diagnostic] = []
    read = parse_scenarios(f"scenarios:\n{text}", "the recorded scenario", problems)
    if read is None:
        raise FlowsyncError(f"the recorded scenario cannot be written: {problems[0].message}")
    return read[0]


def _refused(file: Path, problems: list[Diagnostic]) -> FlowsyncError:
    first = problems[0]
    where = f"{first.path}:{first.span.line}:{first.span.column}"
    return FlowsyncError(
        f"nothing was added to {file.as_posix()}, which has a mistake: {where}: {first.message} "
        f"{first.fix}".rstrip()
    )


def _by_hand(file: Path) -> str:
    return (
        f"nothing was added to {file.as_posix()}, as it cannot be done without changing what is "
        "there. Write its scenarios as a list with a dash and a name on a line each."
    )


def _free_name(name: str, taken: Collection[str]) -> str:
    if name not in taken:
        return name
    return next(free for number in count(2) if (free := f"{name} ({number})") not in taken)


def _renamed(text: str, name: str) -> str:
    _, _, others = text.partition("\n")
    return f"  - {name_line(name)}\n{others}"


def _with(before: str, text: str, file: Path) -> str:
    """Give the text of a file with an entry more, indented as the first one there.

    Raises `FlowsyncError` for entries that are not written with dashes.
    """
    document = parse_yaml(before, file.as_posix(), [])
    assert document is not None
    span = document.span(("scenarios", 0))
    line = before.split("\n")[span.line - 1]
    dash = _DASH.fullmatch(line[: span.column - 1])
    if dash is None:
        raise FlowsyncError(_by_hand(file))
    entry = "".join(f"{dash[1]}{line[2:]}\n" for line in text.splitlines())
    start = before if before.endswith("\n") else f"{before}\n"
    end = "\r\n" if "\r\n" in before else "\n"
    return f"{start}{end}{entry.replace(chr(10), end)}"
