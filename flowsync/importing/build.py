"""From the chosen flows to an import that holds what it promises: the plan behind it is empty.

Every candidate is read again as a definition, together with all others, and planned for. One that
would leave something to do, or be in the way of another, is not imported; it is said why.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from flowsync.definitions import LoadedFlow, Reading
from flowsync.diagnostics import Diagnostic, Severity, in_reading_order
from flowsync.errors import RemoteError
from flowsync.importing.candidates import (
    Repository,
    new_candidate,
    problem_with,
    updated_candidate,
)
from flowsync.importing.choosing import Choice
from flowsync.importing.new_keys import new_key, taken_keys
from flowsync.importing.values import Import, ImportedFlow
from flowsync.model import (
    DesiredState,
    FlowDefinition,
    FlowId,
    FlowKey,
    ListedFlow,
    Listing,
    Observed,
    RemoteFlow,
)
from flowsync.plan.build import PlanRequest, build_plan
from flowsync.plan.compare import same_value
from flowsync.plan.identity import Match, match_flows
from flowsync.plan.values import Change
from flowsync.validation.findings import placed
from flowsync.validation.flow_json import check_flow_json
from flowsync.workspace import FROZEN_RULE, Workspace, load_flow


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The remote as it was read: the listing, and for each chosen flow its details or an error."""

    listing: Listing
    flows: Mapping[FlowId, RemoteFlow | RemoteError]


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
    proved = _proved(candidates, seen, workspace, repository, request)
    unclear = [_unclear(key, matches[key]) for key in choice.unclear]
    gone = [
        key
        for key, match in matches.items()
        if match.flow is None
        and not match.problem
        and workspace.definitions[key].state in {DesiredState.DRAFT, DesiredState.PUBLISHED}
    ]
    flows = _with_hints(proved, gone, seen, workspace)
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


# --- does the import hold what it promises? ---


def _proved(
    candidates: list[ImportedFlow],
    seen: Seen,
    workspace: Workspace,
    repository: Repository,
    request: PlanRequest,
) -> list[ImportedFlow]:
    """Give the candidates; those that do not work out are skipped, one or more in each round."""
    while True:
        readings = {
            flow.key: _read(flow, flow.key, workspace, repository)
            for flow in candidates
            if flow.key is not None and not flow.problem
        }
        problems = dict(_problems(readings, seen, workspace, request))
        if not problems:
            return [_with_findings(flow, readings) for flow in candidates]
        candidates = [
            replace(flow, problem=problems[flow.key], files=(), remarks=())
            if flow.key in problems and not flow.problem
            else flow
            for flow in candidates
        ]


def _read(
    flow: ImportedFlow, key: FlowKey, workspace: Workspace, repository: Repository
) -> Reading:
    """Read the definition of a candidate as it would be."""
    instead = {change.path: change.after for change in flow.files}
    instead |= {Path(os.path.normpath(path)): text for path, text in instead.items()}
    named = (change.path for change in flow.files if change.path.suffix == ".yaml")
    file = workspace.files.get(key) or next(named)
    return load_flow(workspace.project, workspace.target, repository.variables, key, file, instead)


def _problems(
    readings: Mapping[FlowKey, Reading], seen: Seen, workspace: Workspace, request: PlanRequest
) -> Iterator[tuple[FlowKey, str]]:
    """Say which candidates do not work out, and why."""
    definitions = dict(workspace.definitions)
    wrong = False
    for key, reading in readings.items():
        if reading.flow is None:
            wrong = True
            first = reading.problems[0]
            where = "a definition cannot hold it" if key not in workspace.files else "of its files"
            yield key, f"{where}: {first.message} {first.fix}".rstrip()
        else:
            definitions[key] = reading.flow.definition
    if wrong:
        return
    alike = dict(_alike(readings.keys(), workspace, definitions))
    yield from alike.items()
    if alike:
        return
    details = {
        flow_id: flow for flow_id, flow in seen.flows.items() if isinstance(flow, RemoteFlow)
    }
    observed = Observed(listing=seen.listing, details=details)
    plan = build_plan(
        definitions.values(), observed, replace(request, selected=frozenset(readings))
    )
    for change in plan.changes:
        if change.key is not None and (change.fields or change.conflict is not None):
            yield change.key, _left_to_do(change)


def _left_to_do(change: Change) -> str:
    if change.conflict is not None:
        return f"{change.conflict} {change.way_out or ''}".rstrip()
    names = ", ".join(field.name for field in change.fields)
    return (
        f"a plan would still change its {names}, as where somebody else is at work on it. Run the "
        "command again."
    )


def _alike(
    keys: Iterable[FlowKey], workspace: Workspace, definitions: Mapping[FlowKey, FlowDefinition]
) -> Iterator[tuple[FlowKey, str]]:
    """Find candidates whose name is another definition's, letter case not counted (G-12)."""
    by_name: dict[str, list[FlowKey]] = {}
    for key, definition in definitions.items():
        by_name.setdefault(definition.name.casefold(), []).append(key)
    for key in keys:
        before = workspace.definitions.get(key)
        name = definitions[key].name
        others = [other for other in by_name[name.casefold()] if other != key]
        if others and (before is None or before.name != name):
            other = definitions[others[0]]
            yield (
                key,
                f'"{other.name}" has the same name but for letter case, and definitions take no '
                "two such. Rename one of them, or import one of them by its id.",
            )


def _with_findings(flow: ImportedFlow, readings: Mapping[FlowKey, Reading]) -> ImportedFlow:
    """Add what is wrong with a Flow JSON that is written."""
    reading = None if flow.key is None else readings.get(flow.key)
    writes_content = any(change.path.suffix == ".json" for change in flow.files)
    if reading is None or reading.content is None or flow.problem or not writes_content:
        return flow
    content, author = reading.content
    errors = [
        finding
        for finding in placed(check_flow_json(content.value), author)
        if finding.severity is Severity.ERROR and not _is_kept_as_it_is(finding)
    ]
    return replace(flow, findings=in_reading_order(errors))


def _is_kept_as_it_is(finding: Diagnostic) -> bool:
    """Tell whether a finding does not stop a plan that changes nothing: the version is frozen."""
    return finding.rule == FROZEN_RULE


# --- flows that were renamed ---


def _with_hints(
    flows: list[ImportedFlow], gone: list[FlowKey], seen: Seen, workspace: Workspace
) -> list[ImportedFlow]:
    """Add a remark where a new flow may be the one that a definition has lost.

    Only where exactly one definition and one new flow have the same content: nothing is guessed.
    """
    pairs = [
        (key, flow.key)
        for flow in flows
        if flow.is_new and flow.files and flow.id is not None and flow.key is not None
        for key in gone
        if _same_content(workspace.flows[key], seen.flows[flow.id])
    ]
    lost, found = Counter(key for key, _ in pairs), Counter(new for _, new in pairs)
    hints = {
        new: f'it has the very content of "{key}", whose flow is gone: if it was renamed, set '
        f"its name in {workspace.files[key].as_posix()} instead, and remove this new folder."
        for key, new in pairs
        if lost[key] == 1 and found[new] == 1
    }
    return [
        replace(flow, remarks=(*flow.remarks, hints[flow.key])) if flow.key in hints else flow
        for flow in flows
    ]


def _same_content(flow: LoadedFlow, remote: RemoteFlow | RemoteError) -> bool:
    flow_json = flow.definition.flow_json
    return (
        flow_json is not None
        and isinstance(remote, RemoteFlow)
        and same_value(flow_json.value, remote.content.value)
    )
