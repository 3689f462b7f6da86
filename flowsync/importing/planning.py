"""From flows as read to files as they should be: same input, same files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from flowsync.definitions import read_definition
from flowsync.diagnostics import Diagnostic
from flowsync.flow_json_file import read_flow_json
from flowsync.formatting.flow_json import canonical_flow_json, written_literally
from flowsync.importing.choosing import Choice
from flowsync.importing.definition_text import FLOW_JSON_NAME, new_definition, schema_comment
from flowsync.importing.keys import new_key
from flowsync.importing.obstacles import HoldsSecret, obstacle_in_flow, obstacle_in_listing
from flowsync.importing.proof import same_names, what_a_plan_would_do
from flowsync.importing.renaming import with_renaming_hints
from flowsync.importing.updating import update_flow
from flowsync.importing.values import FileChange, FlowImport, Import, Verdict
from flowsync.importing.yaml_edits import CannotEdit
from flowsync.model import (
    ContentState,
    DesiredState,
    FlowDefinition,
    FlowId,
    FlowKey,
    Observed,
    RemoteFlow,
)
from flowsync.plan.build import PlanRequest
from flowsync.plan.identity import Match
from flowsync.sources import MAX_FILE_BYTES, Variables, has_variable
from flowsync.validation.findings import placed
from flowsync.validation.flow_json import check_flow_json
from flowsync.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """What an import is made from: the repository, the variables, and what was read.

    `matches` are the flows that the definitions mean; `unread` says of flows why they could not be
    read; `plan` is how a plan would be made right after.
    """

    workspace: Workspace
    variables: Variables
    choice: Choice
    matches: Mapping[FlowKey, Match]
    observed: Observed
    unread: Mapping[FlowId, str]
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
            reason = f"it could not be read: {request.unread[listed.id]}"
        if not reason and remote is not None:
            reason = obstacle_in_flow(remote, request.holds_secret)
        if reason or remote is None:
            candidates.append(_Candidate(flow=replace(blank, reason=reason)))
            continue
        blank = replace(blank, name=remote.name, status=remote.status)
        if blank.key is not None:
            candidates.append(_existing(request, remote, blank, blank.key))
        else:
            key = new_key(remote.name, request.workspace.project.flows, taken)
            taken.append(key)
            candidates.append(_new(request, remote, blank, key))
    without = [
        key
        for key, match in request.matches.items()
        if match.flow is None
        and match.problem is None
        and request.workspace.flows[key].definition.state
        in {DesiredState.DRAFT, DesiredState.PUBLISHED}
    ]
    flows = with_renaming_hints(
        _proven(request, candidates),
        without,
        request.workspace.definitions,
        request.observed.details,
    )
    return Import(
        flows=tuple(flows), left_out=request.choice.left_out, without_flow=tuple(sorted(without))
    )


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
    files: list[FileChange] = []
    content = None
    if remote.content.state is ContentState.READ:
        content = canonical_flow_json(written_literally(remote.content.value))
        files.append(FileChange(path=content_file, before=None, after=content))
    head = schema_comment(definition_file, project.root)
    text = new_definition(remote, has_content=content is not None, head=head)
    files.append(FileChange(path=definition_file, before=None, after=text))
    flow = replace(blank, verdict=Verdict.NEW, key=key, files=tuple(files))
    return _as_read(request, flow, key, (definition_file, text), content_file, content)


def _existing(
    request: ImportRequest, remote: RemoteFlow, blank: FlowImport, key: FlowKey
) -> _Candidate:
    """Give a definition that is there already, brought to what the flow is."""
    loaded = request.workspace.flows[key]
    accepted = request.matches[key].accepted_name
    target = request.workspace.target.name
    try:
        update = update_flow(
            loaded, remote, accepted, target, request.variables, request.workspace.project.targets
        )
    except CannotEdit as exc:
        return _Candidate(flow=replace(blank, reason=str(exc)))
    changed = {file.path for file in update.files}
    others = [
        other
        for other, definition in request.workspace.definitions.items()
        if other != key and definition.flow_json and Path(definition.flow_json.path) in changed
    ]
    if others:
        reason = (
            f"its Flow JSON is also that of {', '.join(others)}, which would change too. Give each "
            "a file of its own, and import again."
        )
        return _Candidate(flow=replace(blank, reason=reason))
    flow = replace(
        blank,
        verdict=Verdict.UPDATED if update.files else Verdict.UNCHANGED,
        files=update.files,
        remarks=update.remarks,
    )
    definition_file = Path(loaded.document.path)
    written = (definition_file, update.definition)
    content_file = update.content_file or definition_file
    return _as_read(request, flow, key, written, content_file, update.content)


def _as_read(
    request: ImportRequest,
    flow: FlowImport,
    key: FlowKey,
    definition: tuple[Path, str],
    content_file: Path,
    content_text: str | None,
) -> _Candidate:
    """Give a flow with the definition that its files would be read as, or skip it."""
    problems: list[Diagnostic] = []
    content = None
    size = len((content_text or "").encode("utf-8", "surrogatepass"))
    if size > MAX_FILE_BYTES:
        reason = (
            f"its Flow JSON would be a file of {size:,} bytes, more than the {MAX_FILE_BYTES:,} "
            "that flowsync reads. Make it smaller in WhatsApp Manager."
        )
        return _Candidate(flow=_skipped(flow, reason))
    if content_text is not None:
        shown = content_file.as_posix()
        content = read_flow_json(content_text, shown, request.variables, problems)
    read = None
    if not problems:
        read = read_definition(
            key,
            definition[1],
            definition[0].as_posix(),
            content.flow_json if content else None,
            target=request.workspace.target.name,
            variables=request.variables,
            problems=problems,
        )
    if read is None:
        return _Candidate(flow=_skipped(flow, _as_reason(problems)))
    if content is not None and any(file.path == content_file for file in flow.files):
        findings = placed(check_flow_json(content.flow_json.value), content.author)
        flow = replace(flow, findings=tuple(findings))
    return _Candidate(flow=flow, definition=read)


def _as_reason(problems: list[Diagnostic]) -> str:
    """Say in a sentence why what would be written could not be read again."""
    first = problems[0]
    return f"a file for it would not be in order: {first.message} {first.fix}".strip()


def _proven(request: ImportRequest, candidates: list[_Candidate]) -> list[FlowImport]:
    """Give the flows, those skipped for which a plan would not be empty."""
    definitions = dict(request.workspace.definitions)
    mine = {one.definition.key: one for one in candidates if one.definition is not None}
    definitions |= {key: one.definition for key, one in mine.items() if one.definition}
    reasons = {
        key: reason
        for key, reason in same_names(definitions.values()).items()
        if not _had_its_name(request.workspace, definitions[key])
    }
    for key in reasons.keys() & mine.keys():
        original = request.workspace.definitions.get(key)
        definitions.pop(key)
        definitions |= {} if original is None else {key: original}
    left = mine.keys() - reasons.keys()
    rest = what_a_plan_would_do(definitions.values(), request.observed, request.plan, left)
    reasons |= rest.obstacles
    return [
        _skipped(one.flow, reasons[one.definition.key])
        if one.definition is not None and one.definition.key in reasons
        else _with_remark(one.flow, rest.remarks)
        for one in candidates
    ]


def _with_remark(flow: FlowImport, remarks: Mapping[FlowKey, str]) -> FlowImport:
    remark = None if flow.key is None else remarks.get(flow.key)
    return flow if remark is None else replace(flow, remarks=(*flow.remarks, remark))


def _had_its_name(workspace: Workspace, definition: FlowDefinition) -> bool:
    """Tell whether a definition stood here under its name before, so that a newcomer gives way."""
    before = workspace.definitions.get(definition.key)
    return before is not None and before.name == definition.name


def _skipped(flow: FlowImport, reason: str) -> FlowImport:
    """Give a flow for which nothing is written; one that is new then has no key."""
    key = None if flow.verdict is Verdict.NEW else flow.key
    none = replace(flow, verdict=Verdict.SKIPPED, key=key, files=(), remarks=(), findings=())
    return replace(none, reason=reason)
