"""From the chosen flows to an import: their files, and why some have none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from flowsync.errors import RemoteError
from flowsync.importing.candidates import (
    Repository,
    new_candidate,
    problem_with,
    updated_candidate,
)
from flowsync.importing.choosing import Choice
from flowsync.importing.new_keys import new_key, taken_keys
from flowsync.importing.proof import Seen, proved
from flowsync.importing.renaming import with_renaming_hints
from flowsync.importing.values import Import, ImportedFlow
from flowsync.model import (
    DesiredState,
    FlowKey,
    ListedFlow,
)
from flowsync.plan.build import PlanRequest
from flowsync.plan.identity import Match, match_flows
from flowsync.workspace import Workspace


def build_import(
    choice: Choice,
    seen: Seen,
    workspace: Workspace,
    repository: Repository,
    request: PlanRequest,
) -> Import:
    """Give what importing the chosen flows would write; nothing is written.

    `request` is what a plan would be made for.
    """
    matches = match_flows(workspace.definitions.values(), seen.listing)
    candidates = list(_candidates(choice, seen, matches, workspace, repository))
    sound = proved(candidates, seen, workspace, repository, request)
    unclear = [_unclear(key, matches[key]) for key in choice.unclear]
    gone = [
        key
        for key, match in matches.items()
        if match.flow is None
        and not match.problem
        and workspace.definitions[key].state in {DesiredState.DRAFT, DesiredState.PUBLISHED}
    ]
    flows = with_renaming_hints(sound, gone, seen, workspace)
    return Import(
        flows=(*flows, *unclear),
        left_out=tuple(flow.name for flow in choice.left_out),
        gone=tuple(gone) if seen.listing.is_whole else (),
        doubts=seen.listing.doubts,
    )


def _candidates(
    choice: Choice,
    seen: Seen,
    matches: Mapping[FlowKey, Match],
    workspace: Workspace,
    repository: Repository,
) -> Iterator[ImportedFlow]:
    """Give for each chosen flow its files, or why there are none."""
    names = Counter(flow.name for flow in seen.listing.flows)
    earlier = {flow.id: key for key, match in matches.items() for flow in match.predecessors}
    taken = taken_keys(repository.flows, workspace.files)
    shared = _shared_files(workspace)
    for flow in choice.flows:
        key = choice.keys.get(flow.id)
        read = seen.flows[flow.id]
        problem = ""
        if flow.id in earlier and key is None:
            problem = f'it is an earlier version of "{earlier[flow.id]}", which replaced it.'
        elif key is None and names[flow.name] > 1:
            problem = f"the account has {names[flow.name]} flows of this name. Rename one of them."
        elif isinstance(read, RemoteError):
            problem = f"it could not be read: {read}"
        else:
            problem = problem_with(read, repository)
        if problem or isinstance(read, RemoteError):
            yield _skipped(flow, key, problem)
        elif key is None:
            yield new_candidate(read, new_key(read.name, read.id, taken), repository)
        else:
            yield updated_candidate(read, matches[key], workspace.flows[key], shared, repository)


def _skipped(flow: ListedFlow, key: FlowKey | None, problem: str) -> ImportedFlow:
    return ImportedFlow(id=flow.id, name=flow.name, status=flow.status, key=key, problem=problem)


def _unclear(key: FlowKey, match: Match) -> ImportedFlow:
    problem = f"{match.problem} {match.way_out or ''}".rstrip()
    return ImportedFlow(id=None, name=match.accepted_name, status=None, key=key, problem=problem)


def _shared_files(workspace: Workspace) -> dict[str, FlowKey]:
    """Give the Flow JSON files that several definitions name, each with the last of them."""
    named: dict[str, list[FlowKey]] = {}
    for key, definition in workspace.definitions.items():
        if definition.flow_json is not None:
            named.setdefault(definition.flow_json.path, []).append(key)
    return {path: keys[-1] for path, keys in named.items() if len(keys) > 1}
