"""The whole line in one place: files → definitions → observed → plan → apply.

The first part, up to what the repository asks for, is `flowsync.workspace`, which commands without
a remote use alone. Each function is one stage; the commands call them in this order and show what
they give.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace

from flowsync.applied import last_agreed, note_agreed, note_intended
from flowsync.apply.backups import Backups
from flowsync.apply.context import Progress
from flowsync.apply.execute import apply_plan
from flowsync.apply.journal import Record
from flowsync.apply.outcome import Outcome, Result, StepResult
from flowsync.apply.staleness import moved_since
from flowsync.diagnostics import nearest
from flowsync.errors import RefusedForSafety, StalePlan, UsageFailure
from flowsync.last_seen import flows_last_seen, remember_flows_seen
from flowsync.model import FlowDefinition, FlowId, FlowKey, Observed, RemoteFlow, StepKind
from flowsync.observing import check_absence, observe
from flowsync.plan.build import PlanRequest, build_plan
from flowsync.plan.contents import Contents, contents_of
from flowsync.plan.identity import match_flows
from flowsync.plan.judging import judge
from flowsync.plan.origin import Base, agreed_by, agreed_in, fields_asked_for, fields_of
from flowsync.plan.safety import find_blocks
from flowsync.plan.values import (
    Block,
    BlockKind,
    Origin,
    Plan,
    Rehearsal,
)
from flowsync.policy_rules import PolicyResult, by_subject, denials
from flowsync.policy_times import Moment
from flowsync.preflight import preflight
from flowsync.rehearsal import rehearse
from flowsync.remotes.interface import Remote
from flowsync.workspace import Workspace

# --- definitions + observed → plan ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A plan, and the Flow JSON on both sides of what it changes, for showing it.

    `observed` and `request` are what it was made of, for explaining it.
    """

    plan: Plan
    contents: Mapping[FlowKey, Contents]
    observed: Observed
    request: PlanRequest


def make_plan(
    workspace: Workspace,
    remote: Remote,
    *,
    account: str,
    allow_empty_remote: bool = False,
    stop_before_publish: bool = False,
    copied: Callable[[Observed], AbstractContextManager[Remote]] | None = None,
    moment: Moment | None = None,
    tracing: Tracing | None = None,
    with_preflight: bool = True,
) -> Planned:
    """Observe the remote, plan, and rehearse the plan; only reads.

    `copied` gives a copy of the account in memory to rehearse on, None leaves that out. With
    `allow_empty_remote` it is believed that flows which an earlier run saw are gone. `moment` is
    when the policy is asked; without it, its rules about the time are left to `check_consent`.
    Without `tracing` it is not told where changes come from. `with_preflight` asks the remote what
    would make publishing fail, where it can tell.

    Raises `RefusedForSafety` when the account lists no flow although the last run saw some,
    `UsageFailure` where only drift is wanted and it is not known what is drift.
    """
    target, definitions = workspace.target, workspace.definitions
    parallelism = target.limits.parallelism
    observed = observe(
        remote, definitions.values(), selected=workspace.selected, parallelism=parallelism
    )
    before = flows_last_seen(workspace.project.state_folder, target.name, account)
    listing = observed.listing
    if listing.is_whole and before and not listing.flows and not allow_empty_remote:
        raise RefusedForSafety(
            f'the account of "{target.name}" lists no flows, but the last run here saw '
            f"{len(before)}. If they are really gone, pass --allow-empty-remote."
        )
    request = plan_request(
        workspace, remote, account, stop_before_publish=stop_before_publish, moment=moment
    )
    if tracing is not None:
        request = _traced(request, workspace, account, observed, tracing)
    plan = build_plan(definitions.values(), observed, request)
    gone = before if allow_empty_remote else frozenset()
    if listing.is_whole and plan.rests_on_absence:
        absence = check_absence(remote, listing, before - gone, parallelism=parallelism)
        listing, gone = replace(listing, doubts=absence.doubts), gone | absence.gone
        observed = replace(observed, listing=listing)
        if absence.doubts:
            plan = build_plan(definitions.values(), observed, request)
    if listing.is_whole:
        _remember(workspace, account, (before - gone) | {flow.id for flow in listing.flows})
    if tracing is not None:
        agreed = agreed_in(plan, observed)
        note_agreed(workspace.project.state_folder, workspace.target.name, account, agreed)
    if copied is not None:
        rehearsal = Rehearsal()
        if plan.pending:
            with copied(observed) as copy:
                rehearsal = rehearse(plan, definitions, request, copy)
        plan = replace(plan, rehearsal=rehearsal)
    if with_preflight:
        found = preflight(plan, definitions, observed, remote)
        plan = replace(plan, blocks=(*plan.blocks, *found))
    return Planned(
        plan=plan,
        contents=contents_of(plan, definitions, observed),
        observed=observed,
        request=request,
    )


AskedBefore = Callable[[frozenset[FlowKey]], Mapping[FlowKey, Iterable[Mapping[str, str]]]]
"""Gives the digests of what earlier revisions asked for, of some flows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracing:
    """How it is told where changes come from.

    `base` is what both sides had, as of a revision; without it, as earlier runs here have noted it.
    `asked_before` is asked about flows that seem to be changed on the remote: where they have what
    an earlier revision asked for, an apply has not come through, or another machine's has. With
    `prefers_repository` a change on both sides is no conflict; with `only_drift` only flows are
    chosen that somebody changed on the remote.
    """

    base: Base | None = None
    asked_before: AskedBefore = lambda keys: {}
    prefers_repository: bool = False
    only_drift: bool = False


def _traced(
    request: PlanRequest, workspace: Workspace, account: str, observed: Observed, tracing: Tracing
) -> PlanRequest:
    """Give the request with the base, and with what follows from where changes come from.

    What was noted here is sure, so that only a change on both sides is doubted: it may have come
    from another machine. What a revision asked for need not have become of it.
    """
    noted = last_agreed(workspace.project.state_folder, workspace.target.name, account)
    base = tracing.base or noted
    if base is None and tracing.only_drift:
        raise UsageFailure(
            "what is drift is not known: no earlier run here has noted what both sides had. Name "
            "the revision that was applied last, with --base REV."
        )
    request = replace(request, base=base, prefers_repository=tracing.prefers_repository)
    if base is None:
        return request
    origins = {Origin.BOTH, Origin.REMOTE} if tracing.base else {Origin.BOTH}
    asked = tracing.asked_before(_changed_by(origins, request, workspace, observed))
    flows = {key: base.flows[key].with_ours(more) for key, more in asked.items()}
    request = replace(request, base=replace(base, flows={**base.flows, **flows}))
    if not tracing.only_drift:
        return request
    drift = _changed_by({Origin.BOTH, Origin.REMOTE}, request, workspace, observed)
    return replace(request, selected=drift)


def _changed_by(
    origins: set[Origin], request: PlanRequest, workspace: Workspace, observed: Observed
) -> frozenset[FlowKey]:
    plan = build_plan(workspace.definitions.values(), observed, request)
    return frozenset(one.key for one in plan.changes if one.key and one.origin in origins)


def plan_request(
    workspace: Workspace,
    remote: Remote,
    account: str,
    *,
    stop_before_publish: bool = False,
    moment: Moment | None = None,
) -> PlanRequest:
    """Give what a plan is made for: the chosen flows of a target, and what its remote can do."""
    target, capabilities = workspace.target, remote.capabilities
    return PlanRequest(
        target=target.name,
        remote=target.remote,
        account=account,
        policy=target.policy,
        can_clear_endpoint=capabilities.can_clear_endpoint,
        creates_with_content=capabilities.creates_with_content,
        max_content_depth=capabilities.max_content_depth,
        max_content_bytes=capabilities.max_content_bytes,
        selected=workspace.selected,
        stop_before_publish=stop_before_publish,
        moment=moment,
    )


def _remember(workspace: Workspace, account: str, flows: Iterable[FlowId]) -> None:
    remember_flows_seen(workspace.project.state_folder, workspace.target.name, account, flows)


# --- plan → apply ---


def check_not_stale(plan: Plan, workspace: Workspace, remote: Remote, *, account: str) -> None:
    """Refuse a saved plan that no longer fits the repository or the remote (only reads).

    Raises `StalePlan` with everything that moved.
    """
    target = workspace.target
    if (plan.target, plan.remote, plan.account) != (target.name, target.remote, account):
        raise StalePlan(
            f'the plan was made for target "{plan.target}" ({plan.remote}, account {plan.account}),'
            f' not for "{target.name}" ({target.remote}, account {account}). Name its target with '
            "--target, or plan again."
        )
    parallelism = workspace.target.limits.parallelism
    moved = moved_since(plan, workspace.definitions, remote, parallelism=parallelism)
    if moved:
        listed = "".join(f"\n  - {line}" for line in moved)
        raise StalePlan(
            f'the plan was made from another state of "{target.name}" or of the repository:'
            f"{listed}\nRun `flowsync plan --out FILE` again."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What was agreed to beforehand: one-way steps by name, and gates up to a number."""

    allow: frozenset[str] = frozenset()
    accepted_gates: Mapping[str, float] = field(default_factory=dict)

    def covers(self, block: Block) -> bool:
        """Tell whether a plan may pass this block."""
        if block.kind is BlockKind.NEEDS_CONSENT:
            return block.subject in self.allow
        accepted = self.accepted_gates.get(block.subject, -1.0)
        return block.kind is BlockKind.GATE and accepted >= block.count - 1e-9


def policy_results(plan: Plan, workspace: Workspace, moment: Moment) -> tuple[PolicyResult, ...]:
    """Give what the rules of today say about a plan at a moment; a saved plan may be older."""
    policy = workspace.target.policy
    return judge(
        plan.changes,
        workspace.definitions,
        policy.rules,
        target=workspace.target.name,
        moment=moment,
    )


def check_consent(plan: Plan, workspace: Workspace, consent: Consent, *, moment: Moment) -> None:
    """Refuse a plan whose rehearsal, protections, one-way steps, gates or rules stop it.

    They are judged by the policy of today, which a saved plan may be older than, and at the moment
    of the apply. Consent does not reach what a rule denies.
    """
    open_blocks = [
        f"\n  - {problem.label} does not come to rest: {problem.message} Correct its definition, "
        "or pass --no-rehearse if you know better."
        for problem in (plan.rehearsal.problems if plan.rehearsal else ())
    ]
    blocks = (
        *find_blocks(plan.changes, workspace.definitions, workspace.target.policy),
        *(block for block in plan.blocks if block.kind is BlockKind.PREFLIGHT),
    )
    open_blocks += [
        f"\n  - {block.message} {block.way_out}" for block in blocks if not consent.covers(block)
    ]
    open_blocks += [
        f"\n  - the policy denies {subject}: {result.message} {result.way_out}"
        for subject, result in by_subject(denials(policy_results(plan, workspace, moment)))
    ]
    if open_blocks:
        raise RefusedForSafety(f"nothing was written, because:{''.join(open_blocks)}")


def carry_out(
    plan: Plan,
    workspace: Workspace,
    remote: Remote,
    journal: Record,
    *,
    stop: threading.Event,
    tell: Callable[[Progress], None],
    backups: Backups,
    rolls_back: bool = False,
    wait_s: Callable[[float], None] | None = None,
) -> Outcome:
    """Apply a plan: exactly what it shows.

    `backups` keeps what is written over. With `rolls_back` the earlier Flow JSON of a flow that
    cannot be published is uploaded again. `wait_s` replaces waiting.
    """
    folder, definitions = workspace.project.state_folder, workspace.definitions
    intended = {
        key: fields_asked_for(definitions[key])
        for key in (change.key for change in plan.pending)
        if key in definitions
    }
    note_intended(folder, plan.target, plan.account, intended)
    outcome = apply_plan(
        plan,
        definitions,
        remote,
        journal,
        parallelism=workspace.target.limits.parallelism,
        stop=stop,
        tell=tell,
        backups=backups,
        rolls_back=rolls_back,
        wait_s=wait_s,
    )
    _remember_outcome(outcome, plan, workspace)
    ended = {flow.key for flow in outcome.flows if flow.key and flow.result is Result.APPLIED}
    agreed = {
        change.key: agreed_by(change, definitions[change.key])
        for change in plan.pending
        if change.key in ended and change.key in definitions
    }
    note_agreed(folder, plan.target, plan.account, agreed)
    return outcome


def note_imported(workspace: Workspace, account: str, flows: Mapping[FlowKey, RemoteFlow]) -> None:
    """Note that the files now hold what these flows have on the remote."""
    agreed = {key: fields_of(flow) for key, flow in flows.items()}
    note_agreed(workspace.project.state_folder, workspace.target.name, account, agreed)


def _remember_outcome(outcome: Outcome, plan: Plan, workspace: Workspace) -> None:
    """Note the flows that an apply has made and removed, for the next run's listing."""
    seen = flows_last_seen(workspace.project.state_folder, plan.target, plan.account)
    made = {flow.flow_id for flow in outcome.flows if flow.is_new and flow.flow_id}
    removed = {
        step.flow_id
        for flow in outcome.flows
        for step in flow.steps
        if step.kind is StepKind.DELETE and step.result is StepResult.DONE and step.flow_id
    }
    _remember(workspace, plan.account, (seen | made) - removed)


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
