"""From an earlier revision to a workspace that asks for its definitions, on today's target."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from flowsync.definitions import LoadedFlow
from flowsync.errors import RefusedForSafety, UsageFailure
from flowsync.flows_folder import find_definitions, select_keys
from flowsync.model import LIVE, DesiredState, FlowKey, FlowStatus, StepKind, known_status
from flowsync.plan.values import Action, Change, Plan
from flowsync.revisions import Earlier
from flowsync.workspace import Workspace, as_planned, load_workspace

_GONE = {DesiredState.DEPRECATED.value, DesiredState.ABSENT.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class RollBack:
    """A workspace that asks for the definitions of a revision, chosen alone.

    `later` are the flows that were meant but had no definition then; they are left alone.
    """

    workspace: Workspace
    later: tuple[FlowKey, ...]


def roll_back_to(
    today: Workspace,
    earlier: Earlier,
    env: Mapping[str, str],
    patterns: tuple[str, ...],
    *,
    day: date | None = None,
) -> RollBack:
    """Give what asks for the definitions of a revision; flows renamed since are renamed back.

    Raises `UsageFailure` for a pattern that chooses no flow of then, `RefusedForSafety` where a
    definition of today cannot be read, so that nobody knows what its flow is called now.
    """
    project, shown = replace(today.project, flows=earlier.flows), earlier.revision.shown
    then = find_definitions(earlier.flows, [], earlier.files)
    if not then:
        folder = earlier.flows.as_posix()
        raise UsageFailure(f"there were no definitions in {folder} at {shown}. Name a later one.")
    meant = select_keys(patterns, {**then, **today.files})
    meant = frozenset(then) | frozenset(today.files) if meant is None else meant
    chosen = meant & then.keys()
    if not chosen:
        raise UsageFailure(
            f"at {shown} there was no definition of {', '.join(sorted(meant))}, and so nothing to "
            "go back to. Choose other flows, or a later revision."
        )
    unread = sorted(chosen & today.files.keys() - today.flows.keys())
    if unread:
        raise RefusedForSafety(
            f"nothing was written: the definition of {', '.join(unread)} cannot be read now, so it "
            "is not known whether the flow was renamed since. `flowsync validate` shows why; or "
            "choose other flows by KEY."
        )
    workspace = load_workspace(
        project,
        today.target,
        env,
        sorted(chosen),
        checks_chosen_only=True,
        today=day,
        snapshot=earlier.files,
    )
    flows = {key: _renamed_back(flow, today) for key, flow in workspace.flows.items()}
    workspace = replace(workspace, project=today.project, flows=flows)
    return RollBack(workspace=as_planned(workspace), later=tuple(sorted(meant - then.keys())))


def _renamed_back(then: LoadedFlow, today: Workspace) -> LoadedFlow:
    """Give a definition of then that also means its flow by the names that it has now.

    Today's definition of the flow has the same key, or says that the flow had its name.
    """
    definition = then.definition
    now = [
        other.name
        for key, other in today.definitions.items()
        if key == definition.key or definition.name in other.renamed_from
    ]
    names = dict.fromkeys([*now, *definition.renamed_from])
    names.pop(definition.name, None)
    if tuple(names) == definition.renamed_from:
        return then
    renamed = replace(definition, renamed_from=tuple(names))
    return LoadedFlow(renamed, then.document, then.flow_json, then.ignores)


def what_stays(plan: Plan) -> Iterator[str]:
    """Say of each flow what going back does not bring back as it was, without a full stop."""
    for change in plan.changes:
        yield from (f"{change.label}: {said}" for said in _stays(change))


def _stays(change: Change) -> Iterator[str]:
    is_live = change.status is not None and known_status(change.status) in LIVE
    if change.status == FlowStatus.DEPRECATED.value and change.desired not in _GONE:
        yield "it is deprecated, which cannot be taken back; only another flow can replace it"
    elif is_live and change.desired == DesiredState.DRAFT.value:
        yield "it was a draft then; a publish cannot be taken back, and it stays published"
    elif is_live and StepKind.PUBLISH in change.one_way:
        yield (
            "what was published since cannot be taken back; the content of then is published again "
            "as its newest"
        )
    if change.action is Action.CREATE and change.status is None:
        yield "the flow is not on the remote any more; it comes back with another id"
    if StepKind.DELETE in change.one_way:
        yield "it was not to exist then; its deletion cannot be taken back"
