"""What `flowsync validate` looks at: flows of the repository, Flow JSON files, and stdin.

A Flow JSON file that belongs to a definition stands for that flow. Any other is checked alone,
which needs no repository, no flowsync.yaml and no target.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from flowsync.checking_files import Found, check_file, check_text, identity_of, shown_name
from flowsync.definitions import check_together
from flowsync.diagnostics import Diagnostic, Subject, in_reading_order
from flowsync.environment import SECRET_VARIABLES
from flowsync.errors import UsageFailure
from flowsync.flows_folder import COMPANIONS, companion_file, find_definitions
from flowsync.ignoring import Ignored
from flowsync.model import FlowKey
from flowsync.project import Project
from flowsync.sources import (
    SHOWN_STDIN,
    STDIN,
    Variables,
    decode_text,
    file_like,
    is_file,
    leads_outside,
)
from flowsync.targets import Target
from flowsync.workspace import FilesWrong, Workspace, load_workspace, open_target

_FLOW_JSON = ".json"
_DEFINITION = {".yaml", ".yml"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a person asks to check: keys, globs, files, `-`; no words stand for all flows.

    `insists` tells that the target or flowsync.yaml was named on the command line, so that even
    files of no flow need it. `stdin` is what came in, where it was asked for. `today` is the day to
    judge announced changes of the platform by. `changed_since` is a git revision: of the flows that
    are meant, only those are checked which changed since. `account` is one of a target of many;
    without it flows are checked as for the first.
    """

    words: tuple[str, ...]
    config: Path | None = None
    target: str | None = None
    account: str | None = None
    insists: bool = False
    stdin: bytes | None = None
    today: date | None = None
    changed_since: str | None = None

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
        insists = self.insists or self.changed_since is not None
        return insists or bool(self.keys) or not self.words


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


def check(request: Request, env: Mapping[str, str]) -> Checked:
    """Check everything that is asked for, without a network.

    Raises `UsageFailure` for a word that means no flow and no file, or for an unknown target or
    revision, and `FlowsyncError` where git fails.
    """
    found = Found()
    files = _existing_files(request)
    opened = _opened(request, env, found)
    if opened is not None:
        files = _check_flows(request, files, *opened, env, found)
    variables = Variables(env, {}, SECRET_VARIABLES)
    if opened is not None:
        variables = Variables(env, opened[1].vars, opened[1].secret_variables)
    for file in files:
        check_file(file, variables, found)
    if STDIN in request.words:
        text = decode_text(request.stdin or b"", SHOWN_STDIN, found.problems)
        check_text(text, SHOWN_STDIN, variables, found)
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
    request: Request, env: Mapping[str, str], found: Found
) -> tuple[Project, Target] | None:
    """Give the project and the target; None where they are wrong, or not needed and not there."""
    try:
        opened = open_target(
            request.config,
            request.target,
            env,
            read_only=True,
            texts=found.texts,
            account=request.account,
            any_account=True,
        )
    except UsageFailure:
        if request.needs_project:
            raise
        return None
    if not isinstance(opened, FilesWrong):
        member = opened[1].member
        if member is not None and request.account is None:
            found.remarks.append(f'checked as for "{member}", the first account of the target.')
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
    found: Found,
) -> list[Path]:
    """Check the flows that are asked for, and give the files that belong to none."""
    inside = [file for file in files if not leads_outside(file, project.flows)]
    if not (request.needs_project or inside):
        return list(files)
    words = _as_keys(request.keys, project)
    if request.changed_since is not None:
        _check_changed(request.changed_since, request, files, project, target, env, found)
        return []
    workspace = load_workspace(
        project, target, env, words, checks_chosen_only=not inside, today=request.today
    )
    by_file = _flows_by_file(workspace) if inside else {}
    named = {key for file in inside for key in by_file.get(identity_of(file), ())}
    if not request.words or (request.keys and workspace.selected is None):
        _add_flows(workspace, list(workspace.files), workspace.diagnostics, found)
    else:
        keys = [key for key in workspace.files if key in named | (workspace.selected or set())]
        paths = {path for key in keys for path in workspace.paths[key]}
        _add_flows(workspace, keys, [d for d in workspace.diagnostics if d.path in paths], found)
    return [file for file in files if identity_of(file) not in by_file]


def _add_flows(
    workspace: Workspace, keys: Iterable[FlowKey], findings: Iterable[Diagnostic], found: Found
) -> None:
    for key in keys:
        _check_beside(workspace.files[key], workspace.project.flows, found)
    found.subjects += [Subject(name=key, files=workspace.paths[key]) for key in keys]
    found.problems += findings
    found.ignored += workspace.ignored
    found.texts.update(workspace.texts)


def _check_changed(
    word: str,
    request: Request,
    files: Iterable[Path],
    project: Project,
    target: Target,
    env: Mapping[str, str],
    found: Found,
) -> None:
    """Check those of the flows that are asked for which changed since a revision.

    Findings about two flows together are kept though only the other changed; those about
    flowsync.yaml where it changed. Raises `UsageFailure` for a file of no flow.
    """
    from flowsync.changed_files import ChangedFiles

    since = ChangedFiles(word, env)

    def narrow(read: Workspace) -> frozenset[FlowKey]:
        by_file = _flows_by_file(read)
        meant = read.selected
        for file in files:
            if identity_of(file) not in by_file:
                raise UsageFailure(
                    f"{shown_name(file)} is the Flow JSON of no definition, and --changed-since "
                    "chooses among the flows of the repository. Leave out one of the two."
                )
            meant = (meant or frozenset()) | frozenset(by_file[identity_of(file)])
        return since.chosen(read, meant)

    workspace = load_workspace(
        project,
        target,
        env,
        _as_keys(request.keys, project),
        checks_chosen_only=True,
        today=request.today,
        narrow=narrow,
    )
    chosen = workspace.selected or frozenset()
    of_chosen = {path for key in chosen for path in workspace.paths[key]}
    of_flows = {path for paths in workspace.paths.values() for path in paths}
    config = None if project.document is None else project.document.path
    together = set(check_together(workspace.flows.values()))

    def is_meant(finding: Diagnostic) -> bool:
        if finding.path in of_flows or request.words:
            return finding.path in of_chosen or finding in together
        return finding.path != config or since.has_other_config

    keys = [key for key in workspace.files if key in chosen]
    _add_flows(workspace, keys, filter(is_meant, workspace.diagnostics), found)
    found.remarks += since.remarks


def _check_beside(definition: Path, flows: Path, found: Found) -> None:
    """Check the fixtures and scenarios beside a definition, where there are any."""
    if not any(is_file(companion_file(definition, kind)) for kind in COMPANIONS):
        return
    from flowsync.companions import read_companions  # takes milliseconds, and most have none

    read_companions(definition, flows, found.problems)


def _as_keys(words: Iterable[str], project: Project) -> Iterator[str]:
    """Give the key of a flow in place of the path of its definition."""
    words = tuple(words)
    by_file: dict[Path, FlowKey] = {}
    if any(Path(word).suffix.lower() in _DEFINITION for word in words):
        definitions = find_definitions(project.flows, [])
        by_file = {identity_of(file): key for key, file in definitions.items()}
    for word in words:
        yield by_file.get(identity_of(Path(word)), word) if by_file else word


def _flows_by_file(workspace: Workspace) -> dict[Path, list[FlowKey]]:
    """Give the flows that a Flow JSON file belongs to; also beside a definition in error."""
    found: dict[Path, list[FlowKey]] = {}
    for key, definition in workspace.files.items():
        files = [Path(path) for path in workspace.paths[key] if Path(path) != definition]
        if key not in workspace.flows and not files:
            files = [definition.with_suffix(_FLOW_JSON)]
        for file in files:
            found.setdefault(identity_of(file), []).append(key)
    return found


# --- files ---


def _existing_files(request: Request) -> list[Path]:
    """Give the files that the words name, each once. Raises `UsageFailure` for one not there."""
    found: dict[Path, Path] = {}
    for file in named_files(request):
        if not os.path.lexists(file):
            raise UsageFailure(f"there is no file {file}. {_hint(file)}")
        found.setdefault(identity_of(file), file)
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
