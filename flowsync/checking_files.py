"""Checking a Flow JSON that belongs to no definition, by itself; and what checking collects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from flowsync.chosen_files import refused_link
from flowsync.diagnostics import Diagnostic, Subject
from flowsync.flow_json_file import read_flow_json
from flowsync.ignoring import Ignored
from flowsync.model import JsonValue
from flowsync.sources import Variables, has_variable, read_text
from flowsync.validation.findings import Finding, placed
from flowsync.validation.flow_json import check_flow_json


@dataclass(slots=True)
class Found:
    """Collects what checking finds, over flows and files."""

    subjects: list[Subject] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)


def check_file(file: Path, variables: Variables, found: Found) -> None:
    """Check a file of Flow JSON, unless it is a link that leads elsewhere."""
    shown = shown_name(file)
    refused = refused_link(file)
    if refused is not None:
        found.subjects.append(Subject(name=shown, files=(shown,), is_flow=False))
        found.problems.append(replace(refused, path=shown))
        return
    check_text(read_text(file, shown, found.problems), shown, variables, found)


def check_text(text: str | None, shown: str, variables: Variables, found: Found) -> None:
    """Check a Flow JSON that has no definition."""
    found.subjects.append(Subject(name=shown, files=(shown,), is_flow=False))
    if text is None:
        return
    found.texts[shown] = text
    ready = read_flow_json(text, shown, variables, found.problems, leave_unknown=True)
    if ready is None:
        return
    content, author = ready
    findings = check_flow_json(content.value)
    found.problems += placed(_can_be_judged(findings, content.value), author)


def _can_be_judged(findings: Iterable[Finding], value: JsonValue) -> Iterator[Finding]:
    """Leave out what is said of texts with variables that a target would replace."""
    for finding in findings:
        part = value
        for step in () if finding.at_key else finding.pointer:
            if isinstance(part, dict) and isinstance(step, str):
                part = part.get(step)
            elif isinstance(part, list) and isinstance(step, int) and step < len(part):
                part = part[step]
        if not (isinstance(part, str) and has_variable(part)):
            yield finding


def shown_name(file: Path) -> str:
    """Give the name of a file as people see it: below this folder, where it is there."""
    with suppress(FileNotFoundError, ValueError):  # this folder is gone, or another one
        return file.relative_to(Path.cwd()).as_posix()
    return file.as_posix()


def identity_of(file: Path) -> Path:
    """Give the one path that a file has, however it is named."""
    try:
        return file.resolve()
    except (OSError, RuntimeError, ValueError):  # a loop of links, a name no system takes
        return file
