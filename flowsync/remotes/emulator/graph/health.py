"""The health of a flow and of an account, as the Graph API tells it.

Source: https://developers.facebook.com/docs/whatsapp/cloud-api/health-status
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flowsync.model import FlowStatus, JsonValue
from flowsync.remotes.emulator.publishing import TROUBLES, refusals_to_publish
from flowsync.remotes.emulator.refusals import PlatformError
from flowsync.remotes.emulator.stored import StoredFlow

_WORST_LAST = ("AVAILABLE", "LIMITED", "BLOCKED")
_FAILED_CHECK = 131000
_OF_ACCOUNT = {"no-phone-number": 141006, "integrity": 141010}


def health_of_flow(flow: StoredFlow, troubles: Sequence[str], account: JsonValue) -> JsonValue:
    """Give the health of a flow; `account` are the entities of its account."""
    can_send, errors = _of_flow(flow, troubles)
    return _whole([_entity("FLOW", flow.id, can_send, errors), *_listed(account)])


def health_of_account(account: str, troubles: Iterable[str]) -> list[JsonValue]:
    """Give the entities of an account: itself, the business, and the app."""
    named = set(troubles)
    return [
        _part("WABA", account, named & {"no-phone-number"}),
        _part("BUSINESS", f"{account}9", named & {"integrity"}),
        _part("APP", f"{account}8", named & {"no-app"}),
    ]


def whole_health(entities: Sequence[JsonValue]) -> JsonValue:
    """Give entities as a health status, which is as bad as the worst of them."""
    return _whole(list(entities))


def _part(kind: str, node_id: str, troubles: set[str]) -> JsonValue:
    errors: list[JsonValue] = [
        _error(
            _OF_ACCOUNT.get(name, _FAILED_CHECK), TROUBLES[name].meaning, TROUBLES[name].solution
        )
        for name in sorted(troubles)
    ]
    return _entity(kind, node_id, "BLOCKED" if errors else "AVAILABLE", errors)


def _of_flow(flow: StoredFlow, troubles: Sequence[str]) -> tuple[str, list[JsonValue]]:
    if flow.status == FlowStatus.DRAFT.value:
        errors = [
            _error(_FAILED_CHECK, refusal.message, _solution(refusal))
            for refusal in refusals_to_publish(flow, troubles)
        ]
        return ("BLOCKED" if errors else "AVAILABLE"), errors
    if flow.status == FlowStatus.PUBLISHED.value:
        return "AVAILABLE", []
    can_send = "LIMITED" if flow.status == FlowStatus.THROTTLED.value else "BLOCKED"
    text = f"The flow is {flow.status.lower()}."
    return can_send, [_error(_FAILED_CHECK, text, "Look at the health of its endpoint.")]


def _solution(refusal: PlatformError) -> str:
    known = (one.solution for one in TROUBLES.values() if one.refusal is refusal)
    return next(known, "Correct the flow, then publish it.")


def _whole(entities: list[JsonValue]) -> JsonValue:
    found = [entity["can_send_message"] for entity in entities if isinstance(entity, dict)]
    worst = max(found, key=lambda one: _WORST_LAST.index(str(one)), default="AVAILABLE")
    return {"can_send_message": worst, "entities": entities}


def _entity(kind: str, node_id: str, can_send: str, errors: list[JsonValue]) -> JsonValue:
    entity: dict[str, JsonValue] = {
        "entity_type": kind,
        "id": node_id,
        "can_send_message": can_send,
    }
    return {**entity, "errors": errors} if errors else entity


def _error(code: int, description: str, solution: str) -> JsonValue:
    return {
        "error_code": code,
        "error_description": description,
        "possible_solution": solution,
    }


def _listed(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []
