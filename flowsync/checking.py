"""What `flowsync validate` looks at: flows of the repository, Flow JSON files, and stdin.

A Flow JSON file that belongs to a definition stands for that flow. Any other is checked alone,
which needs no repository, no flowsync.yaml and no target.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from flowsync.chosen_files import refused_link
from flowsync.diagnostics import Diagnostic, Subject, in_reading_order
from flowsync.environment import SECRET_VARIABLES
from flowsync.errors import UsageFailure
from flowsync.flow_json_file import read_flow_json
from flowsync.flows_folder import find_definitions
from flowsync.ignoring import Ignored
from flowsync.model import FlowKey, JsonValue
from flowsync.project import Project
from flowsync.sources import (
    SHOWN_STDIN,
    STDIN,
    Variables,
    decode_text,
    file_like,
    has_variable,
    leads_outside,
    read_text,
)
from flowsync.targets import Target
from flowsync.validation.findings import Finding, placed
from flowsync.validation.flow_json import check_flow_json
from flowsync.workspace import FilesWrong, Workspace, load_workspace, open_target

_FLOW_JSON = ".json"
_DEFINITION = {".yaml", ".yml"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a person asks to check: keys, globs, files, `-`; no words stand for all flows.

    `insists` tells that the target or flowsync.yaml was named on the command line, so that even
    files of no flow need it. `stdin` is what came in, where it was asked for. `today` is the day to
    judge announced changes of the platform by.
    """

    words: tuple[str, ...]
    config: Path | None = None
    target: str | None = None
    insists: bool = False
    stdin: bytes | None = None
    today: date | None = None

    @property
    def files(self) -> tuple[str, ...]:
        """Give the words that name Flow JSON files."""
        return tuple(word for word in self.words if word.lower().endswith(_FLOW_JSON))

    @property
    def keys(self) -> tuple[str, ...]:
        """Give the words that are keys or globs of flows."""
        return tuple(word for word in self.words if word != STDIN and word not in self.files)

    @property
    def needs_project(self) -> bool:
        """Tell whether flows of the repository are asked for, or a target was insisted on."""
        return self.insists or bool(self.keys) or not self.words


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was checked and found; `texts` holds what was read, by the names of the files.

    `remarks` are for display beside the findings, `ignored` the findings that were to be left out.
    `secrets` are credentials that were read on the way, never to be shown.
    """

    subjects: tuple[Subject, ...]
    diagnostics: tuple[Diagnostic, ...]
    texts: Mapping[str, str]
    remarks: tuple[str, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    secrets: frozenset[str] = field(default=frozenset(), repr=False)


@dataclass(slots=True)
class _Found:
    """Collects what checking finds, over flows and files."""

    subjects: list[Subject] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)


def check(request: Request, env: Mapping[str, str]) -> Checked:
    """Check everything that is asked for, without a network.

    Raises `UsageFailure` for a word that means no flow and no file, or for an unknown target.
    """
    found = _Found()
    files = _existing_files(request)
    opened = _opened(request, env, found)
    if opened is not None:
        files = _check_flows(request, files, *opened, env, found)
    variables = Variables(env, {}, SECRET_VARIABLES)
    if opened is not None:
        variables = Variables(env, opened[1].vars, opened[1].secret_variables)
    for file in files:
        _check_file(file, variables, found)
    if STDIN in request.words:
        text = decode_text(request.stdin or b"", SHOWN_STDIN, found.problems)
        _check_text(text, SHOWN_STDIN, variables, found)
    return Checked(
        subjects=tuple(found.subjects),
        diagnostics=in_reading_order(found.problems),
        texts=found.texts,
        remarks=tuple(found.remarks),
        ignored=tuple(found.ignored),
        secrets=frozenset() if opened is None else opened[1].secrets,
    )


# --- the repository ---


def _opened(
    request: Request, env: Mapping[str, str], found: _Found
) -> tuple[Project, Target] | None:
    """Give the project and the target; None where they are wrong, or not needed and not there."""
    try:
        opened = open_target(request.config, request.target, env, read_only=True, texts=found.texts)
    except UsageFailure:
        if request.needs_project:
            raise
        return None
    if not isinstance(opened, FilesWrong):
        return opened
    if request.needs_project:
        found.problems += opened.diagnostics
    else:
        found.remarks.append(
            "variables are not replaced, because flowsync.yaml has errors; `flowsync validate` "
            "shows them."
        )
    return None


def _check_flows(
    request: Request,
    files: Iterable[Path],
    project: Project,
    target: Target,
    env: Mapping[str, str],
    found: _Found,
) -> list[Path]:
    """Check the flows that are asked for, and give the files that belong to none."""
    inside = [file for file in files if not leads_outside(file, project.flows)]
    if not (request.needs_project or inside):
        return list(files)
    words = _as_keys(request.keys, project)
    workspace = load_workspace(
        project, target, env, words, checks_chosen_only=not inside, today=request.today
    )
    found.ignored += workspace.ignored
    found.texts.update(workspace.texts)
    by_file = _flows_by_file(workspace) if inside else {}
    named = {key for file in inside for key in by_file.get(_identity(file), ())}
    if not request.words or (request.keys and workspace.selected is None):
        keys = list(workspace.files)
        found.problems += workspace.diagnostics
    else:
        keys = [key for key in workspace.files if key in named | (workspace.selected or set())]
        paths = {path for key in keys for path in workspace.paths[key]}
        found.problems += [d for d in workspace.diagnostics if d.path in paths]
    found.subjects += [Subject(name=key, files=workspace.paths[key]) for key in keys]
    return [file for file in files if _identity(file) not in by_file]


def _as_keys(words: Iterable[str], project: Project) -> Iterator[str]:
    """Give the key of a flow in place of the path of its definition."""
    words = tuple(words)
    by_file: dict[Path, FlowKey] = {}
    if any(Path(word).suffix.lower() in _DEFINITION for word in words):
        definitions = find_definitions(project.flows, [])
        by_file = {_identity(file): key for key, file in definitions.items()}
    for word in words:
        yield by_file.get(_identity(Path(word)), word) if by_file else word


def _flows_by_file(workspace: Workspace) -> dict[Path, list[FlowKey]]:
    """Give the flows that a Flow JSON file belongs to; also beside a definition in error."""
    found: dict[Path, list[FlowKey]] = {}
    for key, definition in workspace.files.items():
        files = [Path(path) for path in workspace.paths[key] if Path(path) != definition]
        if key not in workspace.flows and not files:
            files = [definition.with_suffix(_FLOW_JSON)]
        for file in files:
            found.setdefault(_identity(file), []).append(key)
    return found


# --- files ---


def _existing_files(request: Request) -> list[Path]:
    """Give the files that the words name, each once. Raises `UsageFailure` for one not there."""
    found: dict[Path, Path] = {}
    for file in named_files(request):
        if not os.path.lexists(file):
            raise UsageFailure(f"there is no file {file}. {_hint(file)}")
        found.setdefault(_identity(file), file)
    return list(found.values())


def named_files(request: Request) -> list[Path]:
    """Give the files that the words name, patterns replaced; they need not exist."""
    names: list[str] = []
    for word in request.files:
        is_pattern = any(sign in word for sign in "*?[") and not os.path.lexists(word)
        matches = glob.glob(word) if is_pattern else []  # noqa: PTH207  # takes absolute ones too
        names += sorted(matches) or [word]
    return [Path(name) for name in names]


def _hint(missing: Path) -> str:
    """Name the file beside the missing one that was most likely meant."""
    near = file_like(missing)
    if near is None:
        return "Give the path of a Flow JSON file, or the key of a flow."
    return f'Did you mean "{near}"?'


def _check_file(file: Path, variables: Variables, found: _Found) -> None:
    shown = _shown(file)
    refused = refused_link(file)
    if refused is not None:
        found.subjects.append(Subject(name=shown, files=(shown,), is_flow=False))
        found.problems.append(replace(refused, path=shown))
        return
    _check_text(read_text(file, shown, found.problems), shown, variables, found)


def _check_text(text: str | None, shown: str, variables: Variables, found: _Found) -> None:
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


def _shown(file: Path) -> str:
    """Give the name of a file as people see it: below this folder, where it is there."""
    with suppress(FileNotFoundError, ValueError):  # this folder is gone, or another one
        return file.relative_to(Path.cwd()).as_posix()
    return file.as_posix()


def _identity(file: Path) -> Path:
    """Give the one path that a file has, however it is named."""
    try:
        return file.resolve()
    except (OSError, RuntimeError, ValueError):  # a loop of links, a name no system takes
        return file
