"""The whole line in one place: files → definitions → observed → plan → apply.

Each function is one stage; the commands call them in this order and show what they give.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from flowsync.definitions import LoadedFlow, check_together, load_definition
from flowsync.diagnostics import Diagnostic, Severity, in_reading_order, nearest
from flowsync.errors import (
    RefusedForSafety,
    RemoteError,
    RemoteUnavailable,
    StalePlan,
    UsageFailure,
)
from flowsync.flows_folder import find_definitions, select_keys
from flowsync.ignoring import Ignored, Ignoring
from flowsync.model import (
    Content,
    ContentState,
    FlowDefinition,
    FlowId,
    FlowKey,
    Observed,
    RemoteFlow,
    StepKind,
)
from flowsync.project import Project, choose_target, ignores_for, load_project
from flowsync.remotes.interface import GATEWAY
from flowsync.sources import Variables
from flowsync.target_checks import TargetFacts, check_for_target
from flowsync.targets import Target, resolve_target
from flowsync.validation.findings import placed
from flowsync.validation.flow_json import check_flow_json

if TYPE_CHECKING:  # the later stages are loaded when a command gets there
    import threading

    from flowsync.apply.flow_run import Progress
    from flowsync.apply.journal import Journal
    from flowsync.apply.outcome import Outcome
    from flowsync.plan.values import Plan
    from flowsync.remotes.interface import Remote

FROZEN_RULE = "FS112"


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """The repository as read for one target: flows that are in order, and all findings.

    `selected` are the keys that were chosen, None when all were meant. `texts` holds the texts of
    the files that were read, by the names that findings give them. `ignored` are the findings that
    the repository asks to leave out; they are not among the `diagnostics`.
    """

    project: Project
    target: Target
    files: Mapping[FlowKey, Path]
    flows: Mapping[FlowKey, LoadedFlow]
    diagnostics: tuple[Diagnostic, ...]
    selected: frozenset[FlowKey] | None
    texts: Mapping[str, str]
    ignored: tuple[Ignored, ...] = ()

    def files_of(self, key: FlowKey) -> tuple[str, ...]:
        """Give the files of a flow, as findings name them."""
        shown = self.files[key].as_posix()
        flow = self.flows.get(key)
        document = flow.flow_json if flow else None
        return (shown,) if document is None else (shown, document.path)

    @property
    def definitions(self) -> dict[FlowKey, FlowDefinition]:
        """Give the definitions by key."""
        return {key: flow.definition for key, flow in self.flows.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesWrong:
    """What is given instead of a workspace when not even the target can be read."""

    diagnostics: tuple[Diagnostic, ...]


# --- files → definitions → validation ---


def open_target(
    config: Path | None,
    target: str | None,
    env: Mapping[str, str],
    *,
    read_only: bool,
    texts: dict[str, str] | None = None,
) -> tuple[Project, Target] | FilesWrong:
    """Read flowsync.yaml and give the project and the target to work on.

    The file's text is added to `texts`, for excerpts.
    """
    problems: list[Diagnostic] = []
    project = load_project(config, env, problems, texts)
    if project is None:
        return FilesWrong(diagnostics=in_reading_order(problems))
    name = choose_target(project, target)
    resolved = resolve_target(project, name, env, problems, read_only=read_only)
    if resolved is None:
        return FilesWrong(diagnostics=in_reading_order(problems))
    return project, resolved


def load_workspace(
    project: Project,
    target: Target,
    env: Mapping[str, str],
    patterns: Iterable[str],
    *,
    checks_chosen_only: bool = False,
    today: date | None = None,
) -> Workspace:
    """Read and check all definitions; `patterns` are keys or globs that choose some of them.

    What is to be ignored is left out here, for all commands. With `checks_chosen_only` the Flow
    JSON of the others is read but not checked. `today` is the day to judge announced changes of
    the platform by.

    Raises `UsageFailure` for a pattern that chooses nothing.
    """
    problems: list[Diagnostic] = []
    texts = {project.document.path: project.document.text} if project.document else {}
    files = find_definitions(project.flows, problems)
    selected = select_keys(patterns, files) if not problems or files else None
    variables = Variables(env, target.vars, target.secret_variables)
    facts = _facts(target, today)
    ignores = list(ignores_for(project, target.name, problems))
    ignoring = Ignoring()
    loaded: dict[FlowKey, LoadedFlow] = {}
    checked: list[LoadedFlow] = []
    for key, file in files.items():
        found: list[Diagnostic] = []
        flow = load_definition(
            key,
            file,
            project.flows,
            target=target.name,
            known_targets=project.targets if project.document else None,
            variables=variables,
            problems=found,
            texts=texts,
        )
        if flow is not None:
            loaded[key] = flow
            if selected is None or key in selected or not checks_chosen_only:
                checked.append(flow)
                found += [*_flow_json_findings(flow), *check_for_target(flow, facts)]
            found = ignoring.kept(found, key, [*flow.ignores, *ignores], flow.documents)
        problems += found
    if len(checked) < len(files):
        ignores = []  # a flow that was not checked may need them
    ignores += [entry for flow in checked for entry in flow.ignores]
    problems += [*check_together(loaded.values()), *ignoring.findings(ignores)]
    return Workspace(
        project=project,
        target=target,
        files=files,
        flows=loaded,
        diagnostics=in_reading_order(problems),
        selected=selected,
        texts=texts,
        ignored=tuple(ignoring.ignored),
    )


def as_planned(workspace: Workspace) -> Workspace:
    """Give a workspace in which a frozen version is no error: the plan tells what it stops."""
    lowered = (
        replace(finding, severity=Severity.WARNING) if finding.rule == FROZEN_RULE else finding
        for finding in workspace.diagnostics
    )
    return replace(workspace, diagnostics=tuple(lowered))


def _facts(target: Target, today: date | None) -> TargetFacts:
    limits = GATEWAY if target.remote == "gateway" else None
    return TargetFacts(
        name=target.name,
        max_content_depth=limits.max_content_depth if limits else None,
        max_content_bytes=limits.max_content_bytes if limits else None,
        today=today,
    )


def _flow_json_findings(flow: LoadedFlow) -> Iterable[Diagnostic]:
    content = flow.definition.flow_json
    if content is None or flow.flow_json is None:
        return ()
    return placed(check_flow_json(content.value), flow.flow_json)


# --- remote → observed ---


def observe(
    remote: Remote,
    definitions: Iterable[FlowDefinition],
    *,
    selected: frozenset[FlowKey] | None,
    parallelism: int,
) -> Observed:
    """List the flows, and read those that the definitions concern, several at a time."""
    from flowsync.plan.build import flows_to_read

    listing = remote.list_flows()
    wanted = flows_to_read(tuple(definitions), listing, selected)
    return Observed(listing=listing, details=_read_details(remote, wanted, parallelism))


def _read_details(
    remote: Remote, wanted: tuple[FlowId, ...], parallelism: int
) -> dict[FlowId, RemoteFlow]:
    from concurrent.futures import ThreadPoolExecutor

    details: dict[FlowId, RemoteFlow] = {}
    failed: list[RemoteError] = []

    def read(flow_id: FlowId) -> RemoteFlow | RemoteError:
        try:
            return remote.get_flow(flow_id)
        except RemoteError as exc:
            return exc

    with ThreadPoolExecutor(parallelism, thread_name_prefix="flowsync-read") as pool:
        for found in pool.map(read, wanted):
            if isinstance(found, RemoteError):
                failed.append(found)
            else:
                details[found.id] = found
    if failed and len(failed) == len(wanted):
        raise failed[0]
    stops = [error for error in failed if not isinstance(error, RemoteUnavailable)]
    if stops:
        raise stops[0]
    if failed:  # then HTTP 500 is no sign of an empty draft (G-06)
        details = {flow_id: _distrusted(flow) for flow_id, flow in details.items()}
    return details


def _distrusted(flow: RemoteFlow) -> RemoteFlow:
    """Give a flow whose emptiness was only concluded as one with unknown content."""
    if flow.content.state is ContentState.NONE and flow.content.note:
        note = "the remote fails to show it, and other flows too"
        return replace(flow, content=Content(state=ContentState.UNKNOWN, note=note))
    return flow


# --- definitions + observed → plan ---


def make_plan(
    workspace: Workspace,
    remote: Remote,
    *,
    account: str,
    allow_empty_remote: bool = False,
    stop_before_publish: bool = False,
) -> Plan:
    """Observe the remote and plan; only reads.

    Raises `RefusedForSafety` when the account lists no flow although the last run saw some.
    """
    from flowsync.last_seen import flows_last_seen, remember_flows_seen
    from flowsync.plan.build import PlanRequest, build_plan

    target, state = workspace.target, workspace.project.state_folder
    definitions = workspace.definitions
    observed = observe(
        remote,
        definitions.values(),
        selected=workspace.selected,
        parallelism=target.limits.parallelism,
    )
    if observed.listing.is_whole:
        before = flows_last_seen(state, target.name, account)
        if before and not observed.listing.flows and not allow_empty_remote:
            raise RefusedForSafety(
                f'the account of "{target.name}" lists no flows, but the last run here saw '
                f"{before}. If they are really gone, pass --allow-empty-remote."
            )
        remember_flows_seen(state, target.name, account, len(observed.listing.flows))
    capabilities = remote.capabilities
    request = PlanRequest(
        target=target.name,
        remote=target.remote,
        account=account,
        policy=target.policy,
        can_clear_endpoint=capabilities.can_clear_endpoint,
        max_content_depth=capabilities.max_content_depth,
        max_content_bytes=capabilities.max_content_bytes,
        selected=workspace.selected,
        stop_before_publish=stop_before_publish,
    )
    return build_plan(definitions.values(), observed, request)


# --- plan → apply ---


def check_not_stale(plan: Plan, workspace: Workspace, remote: Remote, *, account: str) -> None:
    """Refuse a saved plan that no longer fits the repository or the remote (only reads).

    Raises `StalePlan` with everything that moved.
    """
    from flowsync.apply.staleness import moved_since

    target = workspace.target
    if (plan.target, plan.remote, plan.account) != (target.name, target.remote, account):
        raise StalePlan(
            f'the plan was made for target "{plan.target}" ({plan.remote}, account {plan.account}),'
            f' not for "{target.name}" ({target.remote}, account {account}).'
        )
    moved = moved_since(plan, workspace.definitions, remote)
    if moved:
        listed = "".join(f"\n  - {line}" for line in moved)
        raise StalePlan(
            f'the plan was made from another state of "{target.name}" or of the repository:'
            f"{listed}\nRun `flowsync plan --out FILE` again."
        )


def check_consent(
    plan: Plan, workspace: Workspace, *, allow: frozenset[str], accepted_gates: Mapping[str, float]
) -> None:
    """Refuse a plan whose protections, one-way steps or gates were not accepted by name.

    They are judged by the policy of today, which a saved plan may be older than.
    """
    from flowsync.plan.safety import find_blocks
    from flowsync.plan.values import BlockKind

    open_blocks = []
    for block in find_blocks(plan.changes, workspace.definitions, workspace.target.policy):
        is_allowed = block.kind is BlockKind.NEEDS_CONSENT and block.subject in allow
        accepted = accepted_gates.get(block.subject, -1.0)
        is_accepted = block.kind is BlockKind.GATE and accepted >= block.count - 1e-9
        if not (is_allowed or is_accepted):
            open_blocks.append(f"\n  - {block.message} {block.way_out}")
    if open_blocks:
        raise RefusedForSafety(f"nothing was written, because:{''.join(open_blocks)}")


def carry_out(
    plan: Plan,
    workspace: Workspace,
    remote: Remote,
    journal: Journal,
    *,
    stop: threading.Event,
    tell: Callable[[Progress], None],
) -> Outcome:
    """Apply a plan: exactly what it shows."""
    from flowsync.apply.execute import apply_plan

    outcome = apply_plan(
        plan,
        workspace.definitions,
        remote,
        journal,
        parallelism=workspace.target.limits.parallelism,
        stop=stop,
        tell=tell,
    )
    _remember_outcome(outcome, plan, workspace)
    return outcome


def _remember_outcome(outcome: Outcome, plan: Plan, workspace: Workspace) -> None:
    """Count the flows that an apply has made and removed, for the next run's listing."""
    from flowsync.apply.outcome import StepResult
    from flowsync.last_seen import flows_last_seen, remember_flows_seen

    state, target = workspace.project.state_folder, workspace.target.name
    removed = [
        step
        for flow in outcome.flows
        for step in flow.steps
        if step.kind is StepKind.DELETE and step.result is StepResult.DONE
    ]
    made = sum(flow.is_new for flow in outcome.flows)
    before = flows_last_seen(state, target, plan.account)
    remember_flows_seen(state, target, plan.account, before + made - len(removed))


def read_flow(
    remote: Remote, wanted: str, definitions: Iterable[FlowDefinition]
) -> tuple[FlowKey | None, RemoteFlow]:
    """Give the flow that a key, an id or a name means, and its key if it has one; only reads.

    Raises `UsageFailure` when there is no such flow.
    """
    from flowsync.plan.identity import match_flows

    listing = remote.list_flows()
    by_key = match_flows(definitions, listing)
    match = by_key.get(FlowKey(wanted))
    if match is not None:
        if match.problem:
            raise UsageFailure(f"{match.problem} {match.way_out}")
        if match.flow is None:
            raise UsageFailure(f'"{wanted}" is not on the remote yet. Run `flowsync apply` first.')
        return FlowKey(wanted), remote.get_flow(match.flow.id)
    keys = {match.flow.id: key for key, match in by_key.items() if match.flow}
    for flow in listing.flows:
        if wanted in {flow.id, flow.name}:
            return keys.get(flow.id), remote.get_flow(flow.id)
    near = nearest(wanted, [*by_key, *(flow.name for flow in listing.flows)])
    hint = f'Did you mean "{near}"?' if near else "`flowsync list` shows all flows."
    raise UsageFailure(f'no flow has the key, id or name "{wanted}". {hint}')
