"""What would make publishing fail, asked of the remote before anything is written (only reads).

The platform says it of drafts, in their health, and of accounts. What it does not say beforehand,
such as an endpoint of a flow that does not exist yet, is only known when it is published.

Source: https://developers.facebook.com/docs/whatsapp/flows/reference/flowsapi
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flowsync.model import (
    AccountHealth,
    FlowDefinition,
    FlowKey,
    FlowStatus,
    HealthEntity,
    Observed,
    StepKind,
)
from flowsync.plan.values import Block, BlockKind, Change, Plan
from flowsync.remotes.interface import Remote

_OF_ACCOUNT = frozenset({"WABA", "BUSINESS", "APP"})
_BLOCKED = "BLOCKED"
# Health also repeats what a plan is about to mend: these checks are about the flow itself.
_MENDED_BY_PLAN = ("endpoint_uri", "The flow has no Flow JSON", "The Flow JSON has")


def preflight(
    plan: Plan, definitions: Mapping[FlowKey, FlowDefinition], observed: Observed, remote: Remote
) -> tuple[Block, ...]:
    """Give what the remote says would make publishing fail; nothing where it cannot tell.

    Raises `RemoteError` where it cannot be asked.
    """
    publishing = [change for change in plan.pending if _publishes(change)]
    if not publishing:
        return ()
    uses_endpoint = any(_uses_endpoint(change, definitions) for change in publishing)
    health = remote.account_health(with_keys=uses_endpoint)
    if health is None:
        return ()
    return (
        *_of_account(plan.account, health, uses_endpoint),
        *(block for change in publishing for block in _of_flow(change, observed)),
    )


def _publishes(change: Change) -> bool:
    return any(step.kind is StepKind.PUBLISH for step in change.steps)


def _uses_endpoint(change: Change, definitions: Mapping[FlowKey, FlowDefinition]) -> bool:
    definition = definitions.get(change.key) if change.key else None
    flow_json = definition.flow_json if definition else None
    return flow_json is not None and flow_json.uses_endpoint


def _of_account(account: str, health: AccountHealth, uses_endpoint: bool) -> Iterator[Block]:
    about = f"the account {account}"
    for entity in health.entities:
        if entity.kind in _OF_ACCOUNT and entity.can_send == _BLOCKED:
            yield _in_the_way(account, f"{about}: {entity.kind} is blocked{_said(entity)}")
    if health.phone_numbers == 0 and not any(not one.is_available for one in health.entities):
        yield _in_the_way(
            account, f"{about} has no phone number, without which nothing is published."
        )
    if uses_endpoint and not health.has_signed_key:
        yield _in_the_way(
            account,
            f"{about} has no phone number with a signed public key, which flows with an endpoint "
            "need.",
        )


def _of_flow(change: Change, observed: Observed) -> Iterator[Block]:
    flow = observed.details.get(change.flow_id) if change.flow_id else None
    if flow is None or flow.status != FlowStatus.DRAFT.value:
        return
    for entity in flow.entities:
        if entity.kind != "FLOW" or entity.can_send != _BLOCKED:
            continue
        wrong = [one for one in entity.errors if not one.message.startswith(_MENDED_BY_PLAN)]
        if wrong:
            said = "; ".join(one.message.rstrip(".") for one in wrong)
            yield _in_the_way(change.label, f"publishing {change.label} would fail: {said}.")


def _said(entity: HealthEntity) -> str:
    text = "; ".join(error.message.rstrip(".") for error in entity.errors)
    return f": {text}." if text else "."


def _in_the_way(subject: str, message: str) -> Block:
    return Block(
        kind=BlockKind.PREFLIGHT,
        subject=subject,
        message=message,
        way_out="Mend it at Meta and plan again, or pass --no-preflight if you know better.",
    )
