"""Whether an import holds what it promises: read again and planned for, it leaves nothing to do.

Every candidate is read as a definition, together with all others. One that would leave something
to do, or be in the way of another, is not imported; it is said why.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from flowsync.definitions import Reading
from flowsync.diagnostics import Diagnostic, Severity, in_reading_order
from flowsync.errors import RemoteError
from flowsync.importing.candidates import Repository
from flowsync.importing.values import ImportedFlow
from flowsync.model import FlowDefinition, FlowId, FlowKey, Listing, Observed, RemoteFlow
from flowsync.plan.build import PlanRequest, build_plan
from flowsync.plan.values import Change
from flowsync.sources import OnDisk
from flowsync.validation.findings import placed
from flowsync.validation.flow_json import check_flow_json
from flowsync.workspace import FROZEN_RULE, Workspace, load_flow


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The remote as it was read: the listing, and for each chosen flow its details or an error."""

    listing: Listing
    flows: Mapping[FlowId, RemoteFlow | RemoteError]


def proved(
    candidates: list[ImportedFlow],
    seen: Seen,
    workspace: Workspace,
    repository: Repository,
    request: PlanRequest,
) -> list[ImportedFlow]:
    """Give the candidates; those that do not work out are skipped, one or more in each round.

    Errors in the Flow JSON that is written are added, and what is left to do for an earlier flow.
    """
    while True:
        readings = {
            flow.key: _read(flow, flow.key, workspace, repository)
            for flow in candidates
            if flow.key is not None and not flow.problem
        }
        definitions = dict(workspace.definitions)
        problems = dict(_unreadable(readings, workspace))
        definitions |= {
            key: reading.flow.definition for key, reading in readings.items() if reading.flow
        }
        problems = problems or dict(_alike(readings.keys(), workspace, definitions))
        if not problems:
            changes = _planned(definitions.values(), readings.keys(), seen, request)
            problems = {key: _left_to_do(one) for key, one in changes.items() if _is_left(one)}
        if not problems:
            return [_with_remark(_with_findings(flow, readings), changes) for flow in candidates]
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
    source = OnDisk(instead)
    return load_flow(workspace.project, workspace.target, repository.variables, key, file, source)


def _unreadable(
    readings: Mapping[FlowKey, Reading], workspace: Workspace
) -> Iterator[tuple[FlowKey, str]]:
    """Say which candidates no definition can hold, and why."""
    for key, reading in readings.items():
        if reading.flow is None:
            first = reading.problems[0]
            where = "of its files" if key in workspace.files else "a definition cannot hold it"
            yield key, f"{where}: {first.message} {first.fix}".rstrip()


def _planned(
    definitions: Iterable[FlowDefinition],
    keys: Iterable[FlowKey],
    seen: Seen,
    request: PlanRequest,
) -> dict[FlowKey, Change]:
    """Give what a plan would do for the flows with these keys."""
    details = {
        flow_id: flow for flow_id, flow in seen.flows.items() if isinstance(flow, RemoteFlow)
    }
    observed = Observed(listing=seen.listing, details=details)
    plan = build_plan(definitions, observed, replace(request, selected=frozenset(keys)))
    return {change.key: change for change in plan.changes if change.key is not None}


def _is_left(change: Change) -> bool:
    """Tell whether something would be left to do for a flow itself."""
    own = [step for step in change.steps if step.flow_id in {None, change.flow_id}]
    return bool(own) or change.conflict is not None


def _left_to_do(change: Change) -> str:
    if change.conflict is not None:
        return f"{change.conflict} {change.way_out or ''}".rstrip()
    return (
        f"a plan would still have to do: {_steps(change)}, as where somebody else is at work on "
        "it. Run the command again."
    )


def _with_remark(flow: ImportedFlow, changes: Mapping[FlowKey, Change]) -> ImportedFlow:
    """Say what is left to do for the flow that this one replaced, which was left before too."""
    change = None if flow.key is None else changes.get(flow.key)
    if change is None or not change.steps or flow.problem:
        return flow
    remark = f"a plan still does to the flow that it replaced: {_steps(change)}."
    return replace(flow, remarks=(*flow.remarks, remark))


def _steps(change: Change) -> str:
    return ", ".join(step.kind.value for step in change.steps)


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
