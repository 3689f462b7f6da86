"""Faults of what is read: listings and contents that are old, incomplete, or otherwise written."""

from __future__ import annotations

import json
from collections.abc import Callable

from werkzeug.wrappers import Response

from flowsync.model import JsonValue
from flowsync.remotes.emulator.call import Call
from flowsync.remotes.emulator.framework import json_answer
from flowsync.remotes.emulator.refusals import unknown_flow
from flowsync.remotes.operations import Operation

_EXACT_AS_FLOAT = 2**53  # larger integers would lose digits


def stale(call: Call, milliseconds: int) -> Response | None:
    """Answer as if the latest write had not been noticed yet; None if it is too long ago."""
    past = call.latest_write.within(milliseconds / 1000)
    if past is None:
        return None
    if call.operation is Operation.LIST:
        flows = {flow.id: flow for flow in call.platform.list_flows(call.account)}
        flows.pop(past.flow_id, None)
        if past.flow is not None:
            flows[past.flow_id] = past.flow
        return call.form.listing(call, (flows[key] for key in sorted(flows, key=int)))
    if call.flow_id != past.flow_id:
        return None
    if past.flow is None:
        return call.form.refusal(call, unknown_flow(call.flow_id))
    return call.form.details(call, past.flow)


def page_lost(entries: list[JsonValue], count: int) -> list[JsonValue]:
    """Leave the last entries out."""
    return entries[: max(0, len(entries) - count)]


def page_repeated(entries: list[JsonValue], count: int) -> list[JsonValue]:
    """Give the last entries twice."""
    return entries + entries[max(0, len(entries) - count) :]


def page_reordered(entries: list[JsonValue], count: int) -> list[JsonValue]:
    """Give the entries in the opposite order."""
    return entries[::-1]


def page_blank(entries: list[JsonValue], count: int) -> list[JsonValue]:
    """Give the last entries empty."""
    kept = page_lost(entries, count)
    return kept + [{} for _ in entries[len(kept) :]]


def page_empty(entries: list[JsonValue], count: int) -> list[JsonValue]:
    """Give no entries."""
    return []


def in_list(
    change: Callable[[list[JsonValue], int], list[JsonValue]],
) -> Callable[[Call, Response, int], Response]:
    """Give the effect that changes the entries of a listing."""

    def effect(call: Call, response: Response, value: int) -> Response:
        body = json.loads(response.get_data())
        if isinstance(body.get("data"), list):
            body["data"] = change(body["data"], value)
        return json_answer(response.status_code, body)

    return effect


def in_other_words(value: JsonValue) -> JsonValue:
    """Give the same value: keys in the opposite order, whole numbers as floats."""
    if isinstance(value, dict):
        return {key: in_other_words(value[key]) for key in reversed(value)}
    if isinstance(value, list):
        return [in_other_words(item) for item in value]
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _EXACT_AS_FLOAT:
        return float(value)
    return value
