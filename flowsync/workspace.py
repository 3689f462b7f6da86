"""The repository as read for one target: files → definitions → validation.

Each function is one stage; the commands call them in this order and show what they give.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from flowsync.checked_before import CheckedBefore
from flowsync.definitions import LoadedFlow, Reading, check_together, load_definition
from flowsync.diagnostics import Diagnostic, Severity, in_reading_order, reading_place
from flowsync.errors import UsageFailure
from flowsync.fleet.account import FleetAccount
from flowsync.fleet.account_project import project_of
from flowsync.fleet.accounts import account_named, is_fleet, read_accounts
from flowsync.flow_json_file import Content, KnownFacts
from flowsync.flows_folder import find_definitions, select_keys
from flowsync.ignoring import Ignored, Ignoring
from flowsync.model import FlowDefinition, FlowKey
from flowsync.project import (
    Project,
    choose_target,
    ignores_for,
    inside_repository,
    load_project,
)
from flowsync.remotes.capabilities import OF_REMOTES
from flowsync.sources import Files, OnDisk, Snapshot, Variables
from flowsync.target_checks import TargetFacts, check_for_target
from flowsync.targets import Target, resolve_target
from flowsync.validation.findings import placed
from flowsync.validation.remembered import findings_of
from flowsync.written_tokens import written_tokens

FROZEN_RULE = "FS112"


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """The repository as read for one target: flows that are in order, and all findings.

    `selected` are the keys that were chosen, None when all were meant. `texts` holds the texts of
    the files that were read, by the names that findings give them, `paths` the names of each flow's
    files, also where they cannot be read. `ignored` are the findings that the repository asks to
    leave out; they are not among the `diagnostics`.
    """

    project: Project
    target: Target
    files: Mapping[FlowKey, Path]
    flows: Mapping[FlowKey, LoadedFlow]
    diagnostics: tuple[Diagnostic, ...]
    selected: frozenset[FlowKey] | None
    texts: Mapping[str, str]
    paths: Mapping[FlowKey, tuple[str, ...]]
    ignored: tuple[Ignored, ...] = ()

    @property
    def definitions(self) -> dict[FlowKey, FlowDefinition]:
        """Give the definitions by key."""
        return {key: flow.definition for key, flow in self.flows.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesWrong:
    """What is given instead of a workspace when not even the target can be read."""

    diagnostics: tuple[Diagnostic, ...]


def open_target(
    config: Path | None,
    target: str | None,
    env: Mapping[str, str],
    *,
    read_only: bool,
    texts: dict[str, str] | None = None,
    account: str | None = None,
    any_account: bool = False,
) -> tuple[Project, Target] | FilesWrong:
    """Read flowsync.yaml and give the project and the target to work on.

    The file's text is added to `texts`, for excerpts. Of a target of many `account` names the one
    that is meant; with `any_account` its first will do.

    Raises `UsageFailure` where it is not clear which target and account are meant.
    """
    problems: list[Diagnostic] = []
    project = load_project(config, env, problems, texts)
    if project is None:
        return FilesWrong(diagnostics=in_reading_order(problems))
    name = choose_target(project, target)
    if not is_fleet(project, name):
        if account is not None:
            check_account_fits(project, name)
        resolved = resolve_target(project, name, env, problems, read_only=read_only)
        if resolved is None:
            return FilesWrong(diagnostics=in_reading_order(problems))
        return project, resolved
    accounts = read_accounts(project, name, problems, texts)
    if problems or not accounts:
        return FilesWrong(diagnostics=in_reading_order(problems))
    if account is None and not any_account:
        raise UsageFailure(
            f'the target "{name}" has {len(accounts)} accounts, and this works on one. Name it '
            f"with --account, for example --account {accounts[0].name}; `flowsync fleet list` has "
            "all."
        )
    chosen = accounts[0] if account is None else account_named(accounts, name, account)
    return open_account(project, name, chosen, env, problems, read_only=read_only)


def check_account_fits(project: Project, target: str) -> None:
    """Raise `UsageFailure` where a target is not one of many, so that none can be named."""
    if not is_fleet(project, target):
        raise UsageFailure(
            f'the target "{target}" has a single account, so that --account has no meaning for '
            "it. Leave the option out."
        )


def open_account(
    project: Project,
    target: str,
    account: FleetAccount,
    env: Mapping[str, str],
    problems: list[Diagnostic],
    *,
    read_only: bool,
) -> tuple[Project, Target] | FilesWrong:
    """Give the project and the target as they are for one account of a target of many."""
    derived = inside_repository(project_of(project, target, account), problems)
    if derived is not None:
        resolved = resolve_target(
            derived, target, env, problems, read_only=read_only, account=account
        )
        if resolved is not None:
            return derived, resolved
    return FilesWrong(diagnostics=in_reading_order(problems))


def load_flow(
    project: Project,
    target: Target,
    variables: Variables,
    key: FlowKey,
    file: Path,
    source: Files | None = None,
    known: KnownFacts | None = None,
) -> Reading:
    """Read one definition of a project for a target, from the disk or another `source`.

    Of another time it may name targets that there are no more. A Flow JSON that is `known` is not
    parsed.
    """
    is_today = not isinstance(source, Snapshot)
    return load_definition(
        key,
        file,
        project.flows,
        target=target.name,
        known_targets=project.targets if project.document and is_today else None,
        variables=variables,
        source=source,
        known=known,
    )


def load_workspace(
    project: Project,
    target: Target,
    env: Mapping[str, str],
    patterns: Iterable[str],
    *,
    checks_chosen_only: bool = False,
    today: date | None = None,
    snapshot: Snapshot | None = None,
    narrow: Callable[[Workspace], frozenset[FlowKey]] | None = None,
    checked_before: CheckedBefore | None = None,
) -> Workspace:
    """Read and check all definitions; `patterns` are keys or globs that choose some of them.

    What is to be ignored is left out here, for all commands. With `checks_chosen_only` the Flow
    JSON of the others is read but not checked. `today` is the day to judge announced changes of
    the platform by. With a `snapshot` the definitions are those of another time, for the target of
    today. `narrow` is given all as it was read, before anything is checked, and gives what is then
    the choice. With `checked_before` a Flow JSON that an earlier run has checked is not checked
    again.

    Raises `UsageFailure` for a pattern that chooses nothing.
    """
    problems: list[Diagnostic] = []
    texts = {project.document.path: project.document.text} if project.document else {}
    files = find_definitions(project.flows, problems, snapshot)
    selected = select_keys(patterns, files) if not problems or files else None
    variables = Variables(env, target.vars, target.secret_variables)
    facts = _facts(target, today)
    problems += target.remarks
    if project.document is not None:
        problems += written_tokens(project.document)
    ignores = list(ignores_for(project, target.name, problems))
    ignoring = Ignoring()
    source = snapshot or OnDisk()
    known = checked_before.facts if checked_before else None
    readings = {
        key: load_flow(project, target, variables, key, file, source, known)
        for key, file in files.items()
    }
    paths: dict[FlowKey, tuple[str, ...]] = {}
    for key, read in readings.items():
        texts.update(read.texts)
        named = (files[key].as_posix(), *read.texts, *(finding.path for finding in read.problems))
        paths[key] = tuple(dict.fromkeys(named))
    workspace = Workspace(
        project=project,
        target=target,
        files=files,
        flows={key: read.flow for key, read in readings.items() if read.flow is not None},
        diagnostics=(),
        selected=selected,
        texts=texts,
        paths=paths,
    )
    if narrow is not None:
        selected = narrow(workspace)
    checked: list[LoadedFlow] = []
    for key, read in readings.items():
        flow, found = read.flow, list(read.problems)
        is_checked = selected is None or key in selected or not checks_chosen_only
        about_content = _findings_in(read.content, checked_before) if is_checked else []
        if flow is not None:
            if is_checked:
                checked.append(flow)
                found += [*about_content, *check_for_target(flow, facts)]
            found = ignoring.kept(found, key, [*flow.ignores, *ignores], flow.documents)
            for document in flow.documents:
                document.let_go()
        else:  # what it asks to ignore is not known
            found += [one for one in about_content if one.severity is Severity.ERROR]
        problems += found
    if checked_before is not None:
        checked_before.save()
    if len(checked) < len(files):
        ignores = []  # a flow that was not checked may need them
    ignores += [entry for flow in checked for entry in flow.ignores]
    problems += [*check_together(workspace.flows.values()), *ignoring.findings(ignores)]
    return replace(
        workspace,
        diagnostics=in_reading_order(problems),
        selected=selected,
        ignored=tuple(sorted(ignoring.ignored, key=lambda one: reading_place(one.finding))),
    )


def as_planned(workspace: Workspace) -> Workspace:
    """Give a workspace in which a frozen version is no error: the plan tells what it stops."""
    lowered = (
        replace(finding, severity=Severity.WARNING) if finding.rule == FROZEN_RULE else finding
        for finding in workspace.diagnostics
    )
    return replace(workspace, diagnostics=tuple(lowered))


def _facts(target: Target, today: date | None) -> TargetFacts:
    limits = OF_REMOTES.get(target.remote)
    return TargetFacts(
        name=target.name,
        max_content_depth=limits.max_content_depth if limits else None,
        max_content_bytes=limits.max_content_bytes if limits else None,
        today=today,
    )


def _findings_in(content: Content | None, before: CheckedBefore | None) -> list[Diagnostic]:
    if content is None:
        return []
    return before.findings(content, _check) if before else _check(content)


def _check(content: Content) -> list[Diagnostic]:
    found = list(placed(findings_of(content.flow_json), content.author))
    content.author.let_go()
    return found
