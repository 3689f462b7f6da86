"""The planning table: what one definition needs, given the remote flow that it means.

    desired ↓ observed → | missing        | DRAFT          | PUBLISHED¹     | DEPRECATED
    draft                | create, upload | edit           | edit, note     | conflict
    published            | … and publish  | edit, publish  | edit, publish  | conflict or replace
    deprecated           | –              | conflict       | deprecate      | –
    absent               | –              | delete         | conflict       | –

¹ THROTTLED and BLOCKED as PUBLISHED, with a warning. Any other status is never written to.
"""

from __future__ import annotations

from dataclasses import replace

from flowsync.model import (
    ContentState,
    DesiredState,
    FlowStatus,
    RemoteFlow,
    StepKind,
)
from flowsync.plan.edits import (
    WRITES_CONTENT,
    all_fields,
    changed_fields,
    content_warnings,
    edit_contract,
    edit_steps,
    edit_warnings,
    endpoint_problem,
    frozen_problem,
    must_clear_endpoint,
    publish_problem,
)
from flowsync.plan.identity import next_version_name
from flowsync.plan.situation import Situation, fingerprints_of
from flowsync.plan.succession import creation_steps, predecessor_steps, replacement_steps
from flowsync.plan.table import Column, column_of
from flowsync.plan.values import (
    Action,
    Change,
    FieldChange,
    Reason,
    Step,
)


def decide(situation: Situation) -> Change:
    """Give the change that brings the remote flow to what its definition asks for."""
    change = _decide(situation)
    flow_json = situation.definition.flow_json
    frozen = None if flow_json is None else flow_json.frozen_version
    if frozen is None or change.action is Action.CONFLICT:
        return change
    problem, way_out = frozen_problem(frozen, situation.definition.key)
    if any(step.kind in WRITES_CONTENT for step in change.steps):
        return _conflict(change, problem, way_out)
    if situation.definition.state in {DesiredState.DRAFT, DesiredState.PUBLISHED}:
        return replace(change, warnings=(*change.warnings, f"{problem} {way_out}"))
    return change


def _decide(situation: Situation) -> Change:
    definition, match = situation.definition, situation.match
    latest = situation.remote or match.flow  # a read comes after the listing
    change = Change(
        key=definition.key,
        name=match.accepted_name,
        action=Action.NONE,
        flow_id=match.flow.id if match.flow else None,
        status=latest.status if latest else None,
        desired=definition.state.value,
        seen=fingerprints_of(situation),
        definition_digest=definition.digest,
    )
    column = column_of(situation)
    if column is Column.UNCLEAR:
        return _conflict(change, match.problem or "", match.way_out or "")
    if column is Column.MISSING:
        return _missing(situation, change)
    if column is Column.OTHER:
        return _conflict(
            change,
            f'the flow has the status "{change.status}", which this flowsync does not know.',
            "Upgrade flowsync; until then nothing is written to this flow.",
        )
    if change.status in {FlowStatus.THROTTLED.value, FlowStatus.BLOCKED.value}:
        warning = f"Meta has set the flow to {change.status}; see its endpoint's health."
        change = replace(change, warnings=(warning,))
    match definition.state:
        case DesiredState.DEPRECATED:
            return _to_deprecated(situation, change, column)
        case DesiredState.ABSENT:
            return _to_absent(situation, change, column)
        case DesiredState.DRAFT | DesiredState.PUBLISHED:
            return _to_content(situation, change, column)


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


def _content_unknown(change: Change, remote: RemoteFlow, what: str) -> Change:
    return _conflict(
        change,
        f"the flow's content is unknown: {remote.content.note}.",
        f"Run the command again; unknown content is never {what}.",
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
    problem = endpoint_problem(definition, definition.endpoint_uri)
    if problem is not None:
        return _conflict(change, *problem)
    steps = creation_steps(
        definition,
        definition.name,
        situation.clone_flow_id,
        with_content=situation.creates_with_content,
    )
    return replace(
        change,
        action=Action.CREATE,
        reasons=(
            Reason.MISSING_UNDER_ALL_NAMES if definition.renamed_from else Reason.MISSING_ON_REMOTE,
        ),
        steps=steps,
        fields=all_fields(definition, definition.name),
        warnings=(*change.warnings, *content_warnings(situation)),
    )


def _to_deprecated(situation: Situation, change: Change, column: Column) -> Change:
    leftovers = predecessor_steps(situation)
    if column is Column.DEPRECATED and not leftovers:
        return replace(change, reasons=(Reason.ALREADY_DEPRECATED,))
    if column is Column.DRAFT:
        return _conflict(
            change,
            "the flow is a draft, and only a published flow can be deprecated.",
            "Use `state: absent` to delete a draft that was never published, or publish it first.",
        )
    if not situation.absence_is_sure:
        return _withheld(change, "deprecating the flow")
    own = Step(kind=StepKind.DEPRECATE, flow_id=change.flow_id)
    return replace(
        change,
        action=Action.DEPRECATE,
        reasons=(Reason.STATE_DEPRECATED,),
        steps=leftovers if column is Column.DEPRECATED else (own, *leftovers),
    )


def _to_absent(situation: Situation, change: Change, column: Column) -> Change:
    if column is Column.DEPRECATED:
        return replace(change, reasons=(Reason.STAYS_DEPRECATED,))
    if column is not Column.DRAFT:
        return _conflict(
            change,
            f"the flow is {change.status}, and only a draft can be deleted.",
            "Use `state: deprecated`.",
        )
    remote = situation.remote
    if remote is not None and remote.content.state is ContentState.UNKNOWN:
        return _content_unknown(change, remote, "deleted")
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


def _to_content(situation: Situation, change: Change, column: Column) -> Change:
    """Plan for a definition that wants a draft or a published flow with certain content."""
    definition, remote = situation.definition, situation.remote
    if column is Column.DEPRECATED:
        return _frozen(situation, change)
    if remote is None:
        return _conflict(
            change,
            "the flow is listed, but could not be read.",
            "Run the command again; nothing is written over what was not seen.",
        )
    if remote.content.state is ContentState.UNKNOWN:
        return _content_unknown(change, remote, "written over")
    if must_clear_endpoint(definition, remote) and not situation.can_clear_endpoint:
        return _conflict(
            change,
            f"the definition wants no endpoint, the flow has {remote.endpoint_uri}, and this kind "
            "of remote cannot remove it (G-11).",
            "Remove it in WhatsApp Manager, or leave `endpoint_uri` out of the definition.",
        )
    fields = changed_fields(definition, remote, situation.match.accepted_name)
    steps = list(edit_steps(fields, definition, remote))
    is_live = column is Column.LIVE
    wants_live = definition.state is DesiredState.PUBLISHED
    if wants_live and (steps or not is_live):
        problem = publish_problem(definition, remote, fields)
        if problem is not None:
            return _conflict(change, *problem)
        steps.append(Step(kind=StepKind.PUBLISH, flow_id=remote.id))
    fallback = replacement_steps(situation, remote.id) if is_live and steps else ()
    leftovers = predecessor_steps(situation)
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
            *edit_warnings(situation, remote, fields, is_live),
        ),
        contract=edit_contract(definition, remote, fields),
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
    problem = endpoint_problem(situation.definition, situation.definition.endpoint_uri)
    if problem is not None:
        return _conflict(change, *problem)
    match = situation.match
    name = next_version_name(situation.definition.name, match.accepted_name, match.taken)
    remote, fields = situation.remote, all_fields(situation.definition, name)
    steps = creation_steps(
        situation.definition,
        name,
        change.flow_id,
        with_content=situation.creates_with_content,
    )
    return replace(
        change,
        action=Action.REPLACE,
        reasons=(Reason.FROZEN,),
        steps=(*steps, *predecessor_steps(situation)),
        fields=fields,
        warnings=(*change.warnings, *content_warnings(situation)),
        contract=edit_contract(situation.definition, remote, fields) if remote else (),
    )
