"""A plan as JSON (schemas/plan.schema.json), its digest, and a plan read back from a file.

The digest is over what matters only: no times, versions or paths, and nothing of what the policy
says, which may depend on the time. So two machines that plan the same have the same digest. The
content digest is over the whole document, so that an edited file is noticed; it is no signature.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, TypeVar

from flowsync.errors import StalePlan
from flowsync.model import FlowId, FlowKey, JsonValue, StepKind, canonical_digest, canonical_json
from flowsync.plan.difference_values import (
    ContractChange,
    ContractPart,
    Difference,
    DifferenceKind,
    Subject,
)
from flowsync.plan.values import (
    FORMAT_VERSION,
    Action,
    Block,
    BlockKind,
    Change,
    FieldChange,
    Fingerprint,
    Origin,
    Plan,
    Reason,
    Rehearsal,
    RehearsalProblem,
    Step,
    UnmanagedFlow,
)
from flowsync.policy_rules import Effect, PolicyResult

T = TypeVar("T")


def plan_digest(plan: Plan) -> str:
    """Give the digest of a plan, `sha256:` and 64 hexadecimal digits."""
    material: JsonValue = {
        "format_version": FORMAT_VERSION.partition(".")[0],
        "target": plan.target,
        "remote": plan.remote,
        "account": plan.account,
        "is_partial": plan.is_partial,
        "listing_doubts": list(plan.listing_doubts),
        "blocks": to_json(plan.blocks),
        "changes": [
            {
                "key": change.key,
                "name": change.name,
                "action": change.action.value,
                "flow_id": change.flow_id,
                "status": change.status,
                "desired": change.desired,
                "conflict": change.conflict,
                "steps": to_json(change.steps),
                "fallback": to_json(change.fallback),
                "seen": to_json(change.seen),
                "definition_digest": change.definition_digest,
            }
            for change in plan.changes
        ],
    }
    return _sha256(material)


def _sha256(value: JsonValue) -> str:
    return "sha256:" + canonical_digest(value)


def plan_to_json(plan: Plan) -> dict[str, JsonValue]:
    """Give a plan as its JSON document."""
    document: dict[str, JsonValue] = {
        "format_version": FORMAT_VERSION,
        "flowsync_version": plan.flowsync_version,
        "digest": plan_digest(plan),
        "target": plan.target,
        "remote": plan.remote,
        "account": plan.account,
        "is_partial": plan.is_partial,
        "has_changes": bool(plan.pending),
        "listing_doubts": list(plan.listing_doubts),
        "summary": {action.value: number for action, number in plan.counts.items()},
        "changes": to_json(plan.changes),
        "blocks": to_json(plan.blocks),
        "unmanaged": to_json(plan.unmanaged),
        "rehearsal": None if plan.rehearsal is None else _rehearsal_to_json(plan.rehearsal),
        "policy": to_json(plan.policy),
        "since": plan.since,
    }
    return {**document, "content_digest": _sha256(document)}


def _rehearsal_to_json(rehearsal: Rehearsal) -> JsonValue:
    return {"converges": rehearsal.converges, "problems": to_json(rehearsal.problems)}


def plan_from_json(document: JsonValue) -> Plan:
    """Read a plan from its JSON document, which was checked against the schema before.

    Raises `StalePlan` when the document was edited: one of its digests no longer fits.
    """
    fields: Any = document
    content = {name: value for name, value in fields.items() if name != "content_digest"}
    if fields["content_digest"] != _sha256(content):
        raise _edited()
    plan = Plan(
        target=fields["target"],
        remote=fields["remote"],
        account=fields["account"],
        flowsync_version=fields["flowsync_version"],
        changes=_all(_change, fields["changes"]),
        unmanaged=_all(_unmanaged, fields["unmanaged"]),
        blocks=_all(_block, fields["blocks"]),
        listing_doubts=tuple(fields["listing_doubts"]),
        is_partial=fields["is_partial"],
        rehearsal=_rehearsal(fields["rehearsal"]),
        policy=_all(_policy_result, fields["policy"]),
        since=fields["since"],
    )
    if canonical_json(plan_to_json(plan)) != canonical_json(document):
        raise _edited()  # its digests were made anew, but it does not say what its steps do
    return plan


def _edited() -> StalePlan:
    return StalePlan(
        "the plan file was changed after it was written: its content does not fit its digest. "
        "Run `flowsync plan --out FILE` again."
    )


def to_json(value: Any) -> JsonValue:
    """Give a value of this package as JSON: objects by field, reasons by name, others by value."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        where = {"where": value.where} if isinstance(value, Difference) else {}
        return to_json({**where, **fields})
    if isinstance(value, Reason):
        return value.name
    if isinstance(value, Enum):
        return to_json(value.value)
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [to_json(item) for item in value]
    plain: JsonValue = value
    return plain


def _all(read: Callable[[Any], T], items: Any) -> tuple[T, ...]:
    return tuple(read(item) for item in items)


def _change(fields: Any) -> Change:
    return Change(
        key=None if fields["key"] is None else FlowKey(fields["key"]),
        name=fields["name"],
        action=Action(fields["action"]),
        reasons=_all(lambda name: Reason[name], fields["reasons"]),
        flow_id=_flow_id(fields["flow_id"]),
        status=fields["status"],
        desired=fields["desired"],
        fields=_all(_field, fields["fields"]),
        steps=_all(_step, fields["steps"]),
        fallback=_all(_step, fields["fallback"]),
        warnings=tuple(fields["warnings"]),
        conflict=fields["conflict"],
        way_out=fields["way_out"],
        seen=_all(_fingerprint, fields["seen"]),
        definition_digest=fields["definition_digest"],
        contract=_all(_contract_change, fields["contract"]),
        origin=_origin(fields["origin"]),
    )


def _origin(value: Any) -> Origin | None:
    return None if value is None else Origin(value)


def _contract_change(fields: Any) -> ContractChange:
    return ContractChange(
        part=ContractPart(fields["part"]),
        is_breaking=fields["is_breaking"],
        subject=fields["subject"],
        message=fields["message"],
    )


def _field(fields: Any) -> FieldChange:
    return FieldChange(
        name=fields["name"],
        old=fields["old"],
        new=fields["new"],
        differences=_all(_difference, fields["differences"]),
        origin=_origin(fields["origin"]),
    )


def _difference(fields: Any) -> Difference:
    return Difference(
        subject=Subject(fields["subject"]),
        kind=DifferenceKind(fields["kind"]),
        screen=fields["screen"],
        screen_title=fields["screen_title"],
        component=fields["component"],
        what=fields["what"],
        item=fields["item"],
        label=fields["label"],
        old=fields["old"],
        new=fields["new"],
        pointer=tuple(fields["pointer"]),
    )


def _step(fields: Any) -> Step:
    categories = fields["categories"]
    return Step(
        kind=StepKind(fields["kind"]),
        flow_id=_flow_id(fields["flow_id"]),
        name=fields["name"],
        categories=None if categories is None else tuple(categories),
        endpoint_uri=fields["endpoint_uri"],
        clone_flow_id=_flow_id(fields["clone_flow_id"]),
        clears_endpoint=fields["clears_endpoint"],
        with_create=fields["with_create"],
    )


def _fingerprint(fields: Any) -> Fingerprint:
    return Fingerprint(
        id=FlowId(fields["id"]),
        name=fields["name"],
        status=fields["status"],
        categories=tuple(fields["categories"]),
        content=fields["content"],
        endpoint_uri=fields["endpoint_uri"],
    )


def _block(fields: Any) -> Block:
    return Block(
        kind=BlockKind(fields["kind"]),
        subject=fields["subject"],
        message=fields["message"],
        way_out=fields["way_out"],
        count=fields["count"],
    )


def _unmanaged(fields: Any) -> UnmanagedFlow:
    return UnmanagedFlow(id=FlowId(fields["id"]), name=fields["name"], status=fields["status"])


def _rehearsal(fields: Any) -> Rehearsal | None:
    if fields is None:
        return None
    return Rehearsal(
        problems=_all(
            lambda item: RehearsalProblem(
                label=item["label"],
                step=None if item["step"] is None else StepKind(item["step"]),
                message=item["message"],
            ),
            fields["problems"],
        )
    )


def _policy_result(fields: Any) -> PolicyResult:
    return PolicyResult(
        effect=Effect(fields["effect"]),
        number=fields["number"],
        id=fields["id"],
        key=None if fields["key"] is None else FlowKey(fields["key"]),
        label=fields["label"],
        words=tuple(fields["words"]),
        message=fields["message"],
        way_out=fields["way_out"],
        is_timed=fields["is_timed"],
    )


def _flow_id(value: Any) -> FlowId | None:
    return None if value is None else FlowId(value)
