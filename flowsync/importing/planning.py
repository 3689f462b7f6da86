"""From flows as read to files as they should be: same input, same files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flowsync.definitions import read_definition
from flowsync.diagnostics import Diagnostic
from flowsync.flow_json_file import read_flow_json
from flowsync.formatting.flow_json import canonical_flow_json, written_literally
from flowsync.importing.choosing import Choice
from flowsync.importing.definition_text import FLOW_JSON_NAME, new_definition, schema_comment
from flowsync.importing.keys import new_key
from flowsync.importing.obstacles import HoldsSecret, obstacle_in_flow, obstacle_in_listing
from flowsync.importing.proof import same_names, what_a_plan_would_do
from flowsync.importing.values import FileChange, FlowImport, Import, Verdict
from flowsync.model import (
    LIVE,
    ContentState,
    DesiredState,
    FlowDefinition,
    FlowKey,
    FlowStatus,
    Observed,
    RemoteFlow,
    known_status,
)
from flowsync.plan.build import PlanRequest
from flowsync.plan.identity import Match
from flowsync.sources import Variables, has_variable
from flowsync.validation.findings import placed
from flowsync.validation.flow_json import check_flow_json
from flowsync.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """What an import is made from: the repository, the variables, and what was read.

    `matches` are the flows that the definitions mean; `plan` is how a plan would be made right
    after.
    """

    workspace: Workspace
    variables: Variables
    choice: Choice
    matches: Mapping[FlowKey, Match]
    observed: Observed
    plan: PlanRequest
    holds_secret: HoldsSecret


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """A flow with its files, and the definition that would then be read."""

    flow: FlowImport
    definition: FlowDefinition | None = None


def plan_import(request: ImportRequest) -> Import:
    """Give what is to be written for each chosen flow, or why nothing can be.

    A flow is written only where a plan right after would have nothing to do for it.
    """
    taken = list(request.workspace.files)
    candidates: list[_Candidate] = []
    for listed in request.choice.flows:
        reason = obstacle_in_listing(listed, request.observed.listing)
        remote = request.observed.details.get(listed.id)
        blank = FlowImport(
            flow_id=listed.id,
            name=listed.name,
            status=listed.status,
            verdict=Verdict.SKIPPED,
            key=request.choice.keys.get(listed.id),
        )
        if not reason and remote is None:
            reason = "the remote did not show it. Run the command again."
        if not reason and remote is not None:
            reason = obstacle_in_flow(remote, request.holds_secret)
        if reason or remote is None:
            candidates.append(_Candidate(flow=replace(blank, reason=reason)))
            continue
        blank = replace(blank, name=remote.name, status=remote.status)
        if blank.key is not None:
            candidates.append(_existing(request, blank, blank.key))
        else:
            key = new_key(remote.name, request.workspace.project.flows, taken)
            taken.append(key)
            candidates.append(_new(request, remote, blank, key))
    without = [
        key
        for key, match in request.matches.items()
        if match.flow is None
        and request.workspace.flows[key].definition.state
        in {DesiredState.DRAFT, DesiredState.PUBLISHED}
    ]
    return Import(
        flows=tuple(_proven(request, candidates)),
        left_out=request.choice.left_out,
        without_flow=tuple(sorted(without)),
    )


def state_of(remote: RemoteFlow) -> DesiredState:
    """Give the state that a definition asks for when it wants what a flow is."""
    status = known_status(remote.status)
    if status is FlowStatus.DEPRECATED:
        return DesiredState.DEPRECATED
    return DesiredState.PUBLISHED if status in LIVE else DesiredState.DRAFT


def _new(request: ImportRequest, remote: RemoteFlow, blank: FlowImport, key: FlowKey) -> _Candidate:
    """Give a new definition and its Flow JSON in a folder of their own."""
    project = request.workspace.project
    folder = project.flows / key
    definition_file, content_file = folder / "flow.yaml", folder / FLOW_JSON_NAME
    unwritable = [text for text in (remote.name, remote.endpoint_uri or "") if has_variable(text)]
    if unwritable:
        reason = (
            f'"{unwritable[0]}" would be read as a variable of flowsync, and YAML has no way to '
            "write it otherwise. Change it in WhatsApp Manager."
        )
        return _Candidate(flow=replace(blank, reason=reason))
    problems: list[Diagnostic] = []
    files: list[FileChange] = []
    content = None
    if remote.content.state is ContentState.READ:
        text = canonical_flow_json(written_literally(remote.content.value))
        shown = content_file.as_posix()
        content = read_flow_json(text, shown, request.variables, problems)
        files.append(FileChange(path=content_file, before=None, after=text))
    text = new_definition(
        remote,
        state_of(remote),
        has_content=content is not None,
        head=schema_comment(definition_file, project.root),
    )
    files.append(FileChange(path=definition_file, before=None, after=text))
    definition = None
    if not problems:
        definition = read_definition(
            key,
            text,
            definition_file.as_posix(),
            content.flow_json if content else None,
            target=request.workspace.target.name,
            variables=request.variables,
            problems=problems,
        )
    if definition is None:
        return _Candidate(flow=replace(blank, reason=as_reason(problems)))
    findings = (
        tuple(placed(check_flow_json(content.flow_json.value), content.author)) if content else ()
    )
    flow = replace(blank, verdict=Verdict.NEW, key=key, files=tuple(files), findings=findings)
    return _Candidate(flow=flow, definition=definition)


def _existing(request: ImportRequest, blank: FlowImport, key: FlowKey) -> _Candidate:
    """Give a definition that is there already, where it says what the flow is."""
    definition = request.workspace.flows[key].definition
    return _Candidate(flow=replace(blank, verdict=Verdict.UNCHANGED), definition=definition)


def as_reason(problems: list[Diagnostic]) -> str:
    """Say in a sentence why what would be written could not be read again."""
    first = problems[0]
    return f"a file for it would not be in order: {first.message} {first.fix}".strip()


def _proven(request: ImportRequest, candidates: list[_Candidate]) -> list[FlowImport]:
    """Give the flows, those skipped for which a plan would not be empty."""
    definitions = dict(request.workspace.definitions)
    mine = {one.definition.key: one for one in candidates if one.definition is not None}
    definitions |= {key: one.definition for key, one in mine.items() if one.definition}
    reasons = dict(same_names(definitions.values()))
    for key in reasons.keys() & mine.keys():
        original = request.workspace.definitions.get(key)
        definitions.pop(key)
        definitions |= {} if original is None else {key: original}
    left = mine.keys() - reasons.keys()
    reasons |= what_a_plan_would_do(definitions.values(), request.observed, request.plan, left)
    return [
        replace(one.flow, verdict=Verdict.SKIPPED, files=(), reason=reasons[one.flow.key])
        if one.definition is not None and one.flow.key in reasons
        else one.flow
        for one in candidates
    ]
