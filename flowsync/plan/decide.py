"""The planning table: what one definition needs, given the remote flow that it means.

    desired ↓ observed → | missing        | DRAFT          | PUBLISHED¹     | DEPRECATED
    draft                | create, upload | edit           | edit, note     | conflict
    published            | … and publish  | edit, publish  | edit, publish  | conflict or replace
    deprecated           | –              | conflict       | deprecate      | –
    absent               | –              | delete         | conflict       | –

¹ THROTTLED and BLOCKED as PUBLISHED, with a warning. Any other status is never written to.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from flowsync.model import (
    ContentState,
    DesiredState,
    FlowDefinition,
    FlowId,
    FlowStatus,
    RemoteFlow,
    StepKind,
    known_status,
)
from flowsync.plan.compare import content_digest, flow_json_differences, same_value
from flowsync.plan.identity import Match, next_version_name
from flowsync.plan.values import Action, Change, FieldChange, Fingerprint, Reason, Step

_LIVE = {FlowStatus.PUBLISHED, FlowStatus.THROTTLED, FlowStatus.BLOCKED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Everything that the decision about one definition rests on.

    `remote` are the details of the matched flow, None where they were not read. `clone_flow_id` is
    what `clone_from` leads to; `clone_problem` why it leads nowhere. `absence_is_sure` is false
    when the listing may not be whole.
    """

    definition: FlowDefinition
    match: Match
    remote: RemoteFlow | None
    clone_flow_id: FlowId | None
    clone_problem: str | None
    absence_is_sure: bool
    can_clear_endpoint: bool
    max_content_depth: int | None
    max_content_bytes: int | None


def decide(situation: Situation) -> Change:
    """Give the change that brings the remote flow to what its definition asks for."""
    definition, match = situation.definition, situation.match
    change = Change(
        key=definition.key,
        name=match.accepted_name,
        action=Action.NONE,
        flow_id=match.flow.id if match.flow else None,
        status=match.flow.status if match.flow else None,
        desired=definition.state.value,
        seen=_seen(situation),
        definition_digest=definition.digest,
    )
    if match.problem is not None:
        return _conflict(change, match.problem, match.way_out or "")
    if match.flow is None:
        return _missing(situation, change)
    status = known_status(match.flow.status)
    if status is None:
        return _conflict(
            change,
            f'the flow has the status "{match.flow.status}", which this flowsync does not know.',
            "Upgrade flowsync; until then nothing is written to this flow.",
        )
    if status in {FlowStatus.THROTTLED, FlowStatus.BLOCKED}:
        warning = f"Meta has set the flow to {status.value}; see its endpoint's health."
        change = replace(change, warnings=(warning,))
    match definition.state:
        case DesiredState.DEPRECATED:
            return _to_deprecated(situation, change, status)
        case DesiredState.ABSENT:
            return _to_absent(situation, change, status)
        case DesiredState.DRAFT | DesiredState.PUBLISHED:
            return _to_content(situation, change, status)


def fingerprint_of(flow: RemoteFlow) -> Fingerprint:
    """Give what apply compares later to see whether a flow was changed by somebody else."""
    content = flow.content
    digest = (
        content_digest(content.value) if content.state is ContentState.READ else content.state.value
    )
    return Fingerprint(
        id=flow.id,
        name=flow.name,
        status=flow.status,
        categories=tuple(sorted(flow.categories)),
        content=digest,
        endpoint_uri=flow.endpoint_uri,
    )


def _seen(situation: Situation) -> tuple[Fingerprint, ...]:
    listed = [*situation.match.predecessors]
    found: list[Fingerprint] = []
    if situation.remote is not None:
        found.append(fingerprint_of(situation.remote))
    elif situation.match.flow is not None:
        listed.insert(0, situation.match.flow)
    found += [
        Fingerprint(
            id=flow.id,
            name=flow.name,
            status=flow.status,
            categories=tuple(sorted(flow.categories)),
            content="unread",
        )
        for flow in listed
    ]
    return tuple(found)


def _conflict(change: Change, problem: str, way_out: str) -> Change:
    return replace(
        change,
        action=Action.CONFLICT,
        conflict=problem,
        way_out=way_out,
        steps=(),
        fallback=(),
        reasons=(),
    )


def _withheld(change: Change, what: str) -> Change:
    return _conflict(
        change,
        f"{what} is withheld, because the account's listing may not be whole.",
        "Run the command again when the remote lists all flows.",
    )


def _missing(situation: Situation, change: Change) -> Change:
    definition = situation.definition
    if definition.state in {DesiredState.DEPRECATED, DesiredState.ABSENT}:
        return replace(change, reasons=(Reason.ALREADY_GONE,))
    if not situation.absence_is_sure:
        return _withheld(change, "creating the flow")
    if situation.clone_problem is not None:
        return _conflict(change, situation.clone_problem, "Correct or remove `clone_from`.")
    endpoint_problem = _endpoint_problem(definition, definition.endpoint_uri)
    if endpoint_problem is not None:
        return _conflict(change, *endpoint_problem)
    steps = _creation(definition, definition.name, situation.clone_flow_id)
    return replace(
        change,
        action=Action.CREATE,
        reasons=(Reason.MISSING_ON_REMOTE,),
        steps=steps,
        fields=_all_fields(definition),
        warnings=(*change.warnings, *_content_warnings(situation)),
    )


def _creation(
    definition: FlowDefinition, name: str, clone_flow_id: FlowId | None
) -> tuple[Step, ...]:
    steps = [
        Step(
            kind=StepKind.CREATE,
            name=name,
            categories=definition.categories,
            endpoint_uri=definition.endpoint_uri,
            clone_flow_id=clone_flow_id,
        ),
        Step(kind=StepKind.UPLOAD),
    ]
    if definition.state is DesiredState.PUBLISHED:
        steps.append(Step(kind=StepKind.PUBLISH))
    return tuple(steps)


def _all_fields(definition: FlowDefinition) -> tuple[FieldChange, ...]:
    fields = [
        FieldChange(name="name", new=definition.name),
        FieldChange(name="categories", new=list(definition.categories)),
    ]
    if definition.endpoint_uri is not None:
        fields.append(FieldChange(name="endpoint_uri", new=definition.endpoint_uri))
    if definition.flow_json is not None:
        fields.append(FieldChange(name="flow_json", new=definition.flow_json.path))
    return tuple(fields)


def _to_deprecated(situation: Situation, change: Change, status: FlowStatus) -> Change:
    if status is FlowStatus.DEPRECATED:
        return replace(change, reasons=(Reason.ALREADY_DEPRECATED,))
    if status is FlowStatus.DRAFT:
        return _conflict(
            change,
            "the flow is a draft, and only a published flow can be deprecated.",
            "Use `state: absent` to delete a draft that was never published, or publish it first.",
        )
    if not situation.absence_is_sure:
        return _withheld(change, "deprecating the flow")
    return replace(
        change,
        action=Action.DEPRECATE,
        reasons=(Reason.STATE_DEPRECATED,),
        steps=(Step(kind=StepKind.DEPRECATE, flow_id=change.flow_id),),
    )


def _to_absent(situation: Situation, change: Change, status: FlowStatus) -> Change:
    if status is not FlowStatus.DRAFT:
        return _conflict(
            change,
            f"the flow is {status.value}, and only a draft can be deleted.",
            "Nothing is left to do."
            if status is FlowStatus.DEPRECATED
            else "Use `state: deprecated`.",
        )
    if not situation.absence_is_sure:
        return _withheld(change, "deleting the flow")
    warning = "if this draft is an edit of a published flow, deleting it is refused by the platform"
    return replace(
        change,
        action=Action.DELETE,
        reasons=(Reason.STATE_ABSENT,),
        steps=(Step(kind=StepKind.DELETE, flow_id=change.flow_id),),
        warnings=(*change.warnings, warning + ", or ends the live version."),
    )


def _to_content(situation: Situation, change: Change, status: FlowStatus) -> Change:
    """Plan for a definition that wants a draft or a published flow with certain content."""
    definition, remote = situation.definition, situation.remote
    if status is FlowStatus.DEPRECATED:
        return _frozen(situation, change)
    if remote is None:
        return _conflict(
            change,
            "the flow is listed, but could not be read.",
            "Run the command again; nothing is written over what was not seen.",
        )
    if remote.content.state is ContentState.UNKNOWN:
        return _conflict(
            change,
            f"the flow's content is unknown: {remote.content.note}.",
            "Run the command again; unknown content is never written over.",
        )
    if _must_clear_endpoint(definition, remote) and not situation.can_clear_endpoint:
        return _conflict(
            change,
            f"the definition wants no endpoint, the flow has {remote.endpoint_uri}, and this kind "
            "of remote cannot remove it (G-11).",
            "Remove it in WhatsApp Manager, or leave `endpoint_uri` out of the definition.",
        )
    fields = _changed_fields(definition, remote, situation.match.accepted_name)
    steps = list(_edits(fields, definition, remote))
    is_live = status in _LIVE
    wants_live = definition.state is DesiredState.PUBLISHED
    if wants_live and (steps or not is_live):
        problem = _publish_problem(definition, remote, fields)
        if problem is not None:
            return _conflict(change, *problem)
        steps.append(Step(kind=StepKind.PUBLISH, flow_id=remote.id))
    fallback = _replacement(situation, remote.id) if is_live and steps else ()
    leftovers = _predecessor_steps(situation)
    if leftovers and not situation.absence_is_sure:
        return _withheld(change, "deprecating the flow that was replaced")
    return replace(
        change,
        action=_action(fields, steps, leftovers),
        reasons=_reasons(situation, remote, fields, steps, is_live, leftovers),
        fields=fields,
        steps=(*steps, *leftovers),
        fallback=(*fallback, *leftovers) if fallback else (),
        warnings=(
            *change.warnings,
            *_edit_warnings(situation, remote, fields, is_live),
        ),
    )


def _action(
    fields: tuple[FieldChange, ...], steps: list[Step], leftovers: tuple[Step, ...]
) -> Action:
    if fields:
        return Action.UPDATE
    if steps:
        return Action.PUBLISH
    return Action.DEPRECATE if leftovers else Action.NONE


def _reasons(
    situation: Situation,
    remote: RemoteFlow,
    fields: tuple[FieldChange, ...],
    steps: list[Step],
    is_live: bool,
    leftovers: tuple[Step, ...],
) -> tuple[Reason, ...]:
    found: list[Reason] = []
    if situation.match.reason is not None:
        found.append(situation.match.reason)
    if any(field.name != "flow_json" for field in fields):
        found.append(Reason.FIELDS_DIFFER)
    if any(field.name == "flow_json" for field in fields):
        is_empty = remote.content.state is ContentState.NONE
        found.append(Reason.CONTENT_MISSING if is_empty else Reason.CONTENT_DIFFERS)
    if any(step.kind is StepKind.PUBLISH for step in steps) and not is_live:
        found.append(Reason.NOT_YET_PUBLISHED)
    if leftovers:
        found.append(Reason.PREDECESSOR_LEFT)
    if not steps and not leftovers:
        stays = is_live and situation.definition.state is DesiredState.DRAFT
        found.append(Reason.STAYS_PUBLISHED if stays else Reason.UNCHANGED)
    return tuple(found)


def _frozen(situation: Situation, change: Change) -> Change:
    if situation.definition.state is not DesiredState.PUBLISHED or not situation.definition.replace:
        return _conflict(
            change,
            "the flow is deprecated, which is for ever.",
            "Use `state: deprecated`, another `name` for a new flow, or `replace: true` with "
            "`state: published` to let a new flow take its place.",
        )
    if not situation.absence_is_sure:
        return _withheld(change, "replacing the flow")
    problem = _endpoint_problem(situation.definition, situation.definition.endpoint_uri)
    if problem is not None:
        return _conflict(change, *problem)
    steps = _creation(
        situation.definition,
        next_version_name(situation.definition.name, situation.match.accepted_name),
        change.flow_id,
    )
    return replace(
        change,
        action=Action.REPLACE,
        reasons=(Reason.FROZEN,),
        steps=(*steps, *_predecessor_steps(situation)),
        fields=_all_fields(situation.definition),
        warnings=(*change.warnings, *_content_warnings(situation)),
    )


def _replacement(situation: Situation, flow_id: FlowId) -> tuple[Step, ...]:
    """Give the steps that replace a live flow which turns out to refuse edits for ever."""
    definition = situation.definition
    if not definition.replace or not situation.absence_is_sure:
        return ()
    name = next_version_name(definition.name, situation.match.accepted_name)
    creation = _creation(definition, name, flow_id)
    if definition.state is not DesiredState.PUBLISHED:
        return creation
    return (*creation, Step(kind=StepKind.DEPRECATE, flow_id=flow_id))


def _predecessor_steps(situation: Situation) -> tuple[Step, ...]:
    if situation.definition.state is not DesiredState.PUBLISHED:
        return ()
    return tuple(
        Step(kind=StepKind.DEPRECATE, flow_id=flow.id)
        for flow in situation.match.predecessors
        if known_status(flow.status) in _LIVE
    )


def _must_clear_endpoint(definition: FlowDefinition, remote: RemoteFlow) -> bool:
    return (
        definition.manages_endpoint
        and definition.endpoint_uri is None
        and bool(remote.endpoint_uri)
    )


def _changed_fields(
    definition: FlowDefinition, remote: RemoteFlow, accepted_name: str
) -> tuple[FieldChange, ...]:
    fields: list[FieldChange] = []
    if remote.name != accepted_name:
        fields.append(FieldChange(name="name", old=remote.name, new=accepted_name))
    if set(definition.categories) != set(remote.categories):
        before, after = sorted(set(remote.categories)), sorted(definition.categories)
        fields.append(FieldChange(name="categories", old=[*before], new=[*after]))
    if definition.manages_endpoint and (definition.endpoint_uri or None) != (
        remote.endpoint_uri or None
    ):
        fields.append(
            FieldChange(name="endpoint_uri", old=remote.endpoint_uri, new=definition.endpoint_uri)
        )
    if definition.flow_json is not None:
        new, content = definition.flow_json.value, remote.content
        if content.state is ContentState.NONE:
            fields.append(FieldChange(name="flow_json", new=definition.flow_json.path))
        elif not same_value(content.value, new):
            differences = flow_json_differences(content.value, new)
            fields.append(
                FieldChange(
                    name="flow_json", new=definition.flow_json.path, differences=differences
                )
            )
    return tuple(fields)


def _edits(
    fields: tuple[FieldChange, ...], definition: FlowDefinition, remote: RemoteFlow
) -> tuple[Step, ...]:
    names = {field.name for field in fields}
    steps: list[Step] = []
    if names - {"flow_json"}:
        new_name = next((str(field.new) for field in fields if field.name == "name"), None)
        steps.append(
            Step(
                kind=StepKind.UPDATE,
                flow_id=remote.id,
                name=new_name,
                categories=definition.categories if "categories" in names else None,
                endpoint_uri=definition.endpoint_uri if "endpoint_uri" in names else None,
            )
        )
    if "flow_json" in names:
        upload = Step(kind=StepKind.UPLOAD, flow_id=remote.id)
        is_unreadable = remote.content.state is ContentState.NONE
        steps.insert(0 if is_unreadable else len(steps), upload)  # it can be read once it has some
    return tuple(steps)


def _publish_problem(
    definition: FlowDefinition, remote: RemoteFlow, fields: tuple[FieldChange, ...]
) -> tuple[str, str] | None:
    endpoint = definition.endpoint_uri if definition.manages_endpoint else remote.endpoint_uri
    problem = _endpoint_problem(definition, endpoint)
    if problem is not None:
        return problem
    uploads = any(field.name == "flow_json" for field in fields)
    if remote.findings and not uploads:
        first = remote.findings[0]
        return (
            f"the platform finds {len(remote.findings)} error(s) in this very Flow JSON, the first "
            f"{first.code}: {first.message}",
            "Correct the Flow JSON; the platform publishes nothing with errors.",
        )
    return None


def _endpoint_problem(definition: FlowDefinition, endpoint: str | None) -> tuple[str, str] | None:
    """Say why a flow with an endpoint must not be published without its address (G-15)."""
    wants_live = definition.state is DesiredState.PUBLISHED
    flow_json = definition.flow_json
    if wants_live and flow_json is not None and flow_json.uses_endpoint and not endpoint:
        return (
            "the Flow JSON has a data_api_version, so it uses an endpoint, but no endpoint_uri is "
            "set; a gateway would publish it with an address of its own.",
            "Add `endpoint_uri: https://…` to the definition, or remove data_api_version.",
        )
    return None


def _edit_warnings(
    situation: Situation,
    remote: RemoteFlow,
    fields: tuple[FieldChange, ...],
    is_live: bool,
) -> tuple[str, ...]:
    found: list[str] = []
    if fields and is_live:
        if situation.definition.state is DesiredState.DRAFT:
            found.append(
                "this edit makes the published flow a draft; its live version stays up, and can "
                "only be replaced by publishing."
            )
    if any(field.name == "flow_json" for field in fields):
        found += _content_warnings(situation)
        if remote.content.state is ContentState.NONE and remote.content.note:
            found.append(f"{remote.content.note}.")
    elif remote.findings:
        found.append(f"the platform finds {len(remote.findings)} error(s) in this Flow JSON.")
    return tuple(found)


def _content_warnings(situation: Situation) -> tuple[str, ...]:
    """Warn of limits of the remote that valid Flow JSON can exceed (G-03)."""
    flow_json = situation.definition.flow_json
    if flow_json is None:
        return ()
    found: list[str] = []
    depth, size = _depth(flow_json.value), len(flow_json.text.encode("utf-8", "surrogatepass"))
    if situation.max_content_depth is not None and depth > situation.max_content_depth:
        found.append(
            f"{flow_json.path} is nested {depth} levels deep; this kind of remote may refuse more "
            f"than {situation.max_content_depth} (a Form adds two)."
        )
    if situation.max_content_bytes is not None and size > situation.max_content_bytes:
        found.append(
            f"{flow_json.path} has {size:,} bytes; this kind of remote may refuse more than "
            f"{situation.max_content_bytes:,}."
        )
    return tuple(found)


def _depth(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max((_depth(item) for item in value.values()), default=0)
    if isinstance(value, list):
        return 1 + max((_depth(item) for item in value), default=0)
    return 0
