"""What has moved in the repository or on the remote since a plan was made (only reads)."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from flowsync.apply.proof import listed_moves, what_moved
from flowsync.errors import RemoteUnavailable
from flowsync.model import FlowDefinition, FlowId, FlowKey, ListedFlow
from flowsync.plan.values import Fingerprint, Plan
from flowsync.remotes.interface import Remote


def moved_since(
    plan: Plan,
    definitions: Mapping[FlowKey, FlowDefinition],
    remote: Remote,
    *,
    parallelism: int,
) -> list[str]:
    """Give a line for everything that is no longer as the plan saw it.

    Several flows are read at a time. Raises `RemoteError` where that cannot be told.
    """
    here = _moves_in_repository(plan, definitions)
    return [*here, *_moves_on_remote(plan, remote, parallelism)]


def _moves_in_repository(plan: Plan, definitions: Mapping[FlowKey, FlowDefinition]) -> list[str]:
    moved: list[str] = []
    planned = {change.key: change for change in plan.changes if change.key is not None}
    for key, change in planned.items():
        definition = definitions.get(key)
        if definition is None:
            moved.append(f"{key}: its definition is gone")
        elif definition.digest != change.definition_digest:
            moved.append(f"{key}: its definition or Flow JSON has changed")
    if not plan.is_partial:
        moved += [f"{key}: its definition is new" for key in definitions if key not in planned]
    return moved


def _moves_on_remote(plan: Plan, remote: Remote, parallelism: int) -> list[str]:
    moved: list[str] = []
    listing = remote.list_flows()
    if not listing.is_whole:
        raise RemoteUnavailable(
            f"the account's listing may not be whole ({listing.doubts[0]}), so it cannot be told "
            "whether the plan still fits. Run the command again."
        )
    listed = {flow.id: flow for flow in listing.flows}
    names = {flow.name for flow in listing.flows}
    wanted = {seen.id for change in plan.pending for seen in change.seen if _is_read(seen, listed)}
    with ThreadPoolExecutor(parallelism, thread_name_prefix="flowsync-read") as pool:
        read = dict(zip(wanted, pool.map(remote.get_flow, wanted), strict=True))
    for change in plan.pending:
        if any(step.name in names for step in change.steps if step.flow_id is None and step.name):
            moved.append(f'{change.label}: a flow named "{change.name}" has appeared')
        for seen in change.seen:
            flow = listed.get(seen.id)
            if flow is None:
                moved.append(f"{change.label}: flow {seen.id} is gone")
            elif seen.content == "unread":
                moved += [f"{change.label}: {what}" for what in listed_moves(seen, flow)]
            else:
                moved += [f"{change.label}: {what}" for what in what_moved(seen, read[seen.id])]
    return moved


def _is_read(seen: Fingerprint, listed: Mapping[FlowId, ListedFlow]) -> bool:
    """Tell whether a listing alone does not say if a flow has moved."""
    return seen.id in listed and seen.content != "unread"
