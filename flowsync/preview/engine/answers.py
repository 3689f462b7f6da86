"""Checks what a screen is about to be given, before it shows it.

The phone makes the same checks and says only that something went wrong.
"""

from __future__ import annotations

from collections.abc import Mapping

from flowsync.diagnostics import nearest
from flowsync.expressions.values import as_number
from flowsync.model import JsonValue, mapping_in
from flowsync.preview.engine.exchange import Answer
from flowsync.preview.engine.reading import why_not_routed
from flowsync.validation.examples import misfit_of
from flowsync.validation.outline import Flow, Screen
from flowsync.validation.wording import quoted, type_name

ERROR_MESSAGE = "error_message"  # a key of an answer's data that shows on the same screen
RESPONSE = "extension_message_response"


def why_not_shown(flow: Flow, current: Screen | None, answer: Answer) -> str | None:
    """Say why an answer leads to no screen, None where it does.

    `current` is the screen that asked, None when the flow opens. An answer for the same screen may
    leave out what that screen has already.
    """
    target = flow.by_id.get(answer.screen)
    if target is None:
        found = nearest(answer.screen, list(flow.by_id))
        hint = f"Did you mean {quoted(found)}?" if found else "Answer with the id of a screen."
        return (
            f"the answer leads to {quoted(answer.screen)}, which is no screen of the flow. {hint}"
        )
    if current is not None:
        unrouted = why_not_routed(flow, current.id, target.id, is_answer=True)
        if unrouted is not None:
            return f"the answer leads to {quoted(target.id)}, but {unrouted}"
    is_same = current is not None and current.id == target.id
    return why_not_taken(target, answer.data, may_lack=is_same)


def why_not_taken(
    screen: Screen, data: Mapping[str, JsonValue], *, may_lack: bool = False
) -> str | None:
    """Say why data does not fit the data model of a screen, None where it does."""
    model = screen.data or {}
    for name, field in model.items():
        if not isinstance(field, dict):
            continue
        if name not in data:
            if may_lack:
                continue
            return (
                f"screen {quoted(screen.id)} needs {quoted(name)}, and the data has none. Add it "
                "to the data, or remove it from the data model of the screen."
            )
        wrong = misfit_of(field, data[name])
        if wrong is not None:
            where = _innermost(field, data[name])
            inside = f" at {'.'.join(map(str, where))}" if where else ""
            return (
                f"{quoted(name)} does not fit the data model of screen {quoted(screen.id)}: "
                f"{wrong}{inside}. Change the data, or the data model of the screen."
            )
    return None


def as_declared(screen: Screen, data: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Give data with what people typed as numbers where the data model of a screen wants them.

    The platform takes the value of a numeric input for a number, and sends it as it was typed.
    """
    model = screen.data or {}
    wanted = {name: mapping_in(field).get("type") for name, field in model.items()}
    return {
        name: as_number(value) if wanted.get(name) in ("number", "integer") else value
        for name, value in data.items()
    }


def _innermost(schema: Mapping[str, JsonValue], value: JsonValue) -> tuple[str | int, ...]:
    """Give the path to the innermost part of a value that does not fit."""
    if isinstance(value, dict):
        inner = mapping_in(schema.get("properties"))
        parts: list[tuple[str | int, JsonValue, JsonValue]] = [
            (key, inner[key], one) for key, one in value.items() if key in inner
        ]
    elif isinstance(value, list):
        parts = [(index, schema.get("items"), one) for index, one in enumerate(value)]
    else:
        return ()
    for key, part, one in parts:
        if isinstance(part, dict) and misfit_of(part, one) is not None:
            return (key, *_innermost(part, one))
    return ()


def response_of(answer: Answer) -> dict[str, JsonValue] | str:
    """Give the parameters of the message that ends a flow, or why an answer does not end it."""
    response = answer.data.get(RESPONSE)
    params = mapping_in(response).get("params")
    if not isinstance(params, dict):
        what = f"{type_name(response)} without params" if isinstance(response, dict) else "no"
        return (
            f"the answer ends the flow, but its data has {what} {RESPONSE}. Answer with "
            f'{{"{RESPONSE}": {{"params": {{"flow_token": …}}}}}}.'
        )
    return params
