"""The whole line in one place: files → definitions → observed → plan → apply.

The first part, up to what the repository asks for, is `flowsync.workspace`, which commands without
a remote use alone. Each function is one stage; the commands call them in this order and show what
they give.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from flowsync.apply.context import Progress
from flowsync.apply.execute import apply_plan
from flowsync.apply.journal import Journal
from flowsync.apply.outcome import Outcome, StepResult
from flowsync.apply.staleness import moved_since
from flowsync.diagnostics import nearest
from flowsync.errors import (
    RefusedForSafety,
    RemoteError,
    RemoteUnavailable,
    StalePlan,
    UsageFailure,
)
from flowsync.last_seen import flows_last_seen, remember_flows_seen
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
from flowsync.plan.build import PlanRequest, build_plan, flows_to_read
from flowsync.plan.identity import match_flows
from flowsync.plan.safety import find_blocks
from flowsync.plan.values import BlockKind, Plan
from flowsync.remotes.interface import Remote
from flowsync.workspace import Workspace

# --- remote → observed ---


def observe(
    remote: Remote,
    definitions: Iterable[FlowDefinition],
    *,
    selected: frozenset[FlowKey] | None,
    parallelism: int,
) -> Observed:
    """List the flows, and read those that the definitions concern, several at a time."""
    listing = remote.list_flows()
    wanted = flows_to_read(tuple(definitions), listing, selected)
    return Observed(listing=listing, details=_read_details(remote, wanted, parallelism))


def _read_details(
    remote: Remote, wanted: tuple[FlowId, ...], parallelism: int
) -> dict[FlowId, RemoteFlow]:
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
