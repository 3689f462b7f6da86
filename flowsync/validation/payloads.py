"""Checks of payloads against the data model of the screen that receives them."""

from __future__ import annotations

from itertools import islice

from flowsync.expressions.bindings import reference
from flowsync.validation import texts
from flowsync.validation.outline import Action, Flow, JsonObject, Screen
from flowsync.validation.payload_values import PayloadChecker
from flowsync.validation.report import Report
from flowsync.validation.scope import Scope
from flowsync.validation.versions import V6_0, V7_3
from flowsync.validation.wording import MAX_LISTED, listed, quoted


def check_payloads(flow: Flow, report: Report) -> None:
    """Check the payloads of all actions, each against what receives it."""
    values = PayloadChecker(Scope(flow, report), report)
    for screen in flow.screens:
        for action in screen.actions:
            if "payload" in action.value and not isinstance(action.value["payload"], dict):
                continue
            if action.target is not None and action.target != screen.id:
                following = flow.by_id.get(action.target)
                if following is not None:
                    _check_navigation(values, action, screen, following, report)
            elif action.name == "update_data":
                _check_update(values, action, screen, report)
            elif action.name in ("complete", "data_exchange"):
                values.check_expressions_in(action, screen)


def _check_navigation(
    values: PayloadChecker, action: Action, screen: Screen, following: Screen, report: Report
) -> None:
    if "data" in following.value and following.data is None:
        return
    model = following.data or {}
    where = f"{action.component.label} navigates to {quoted(following.id)}"
    if model and "payload" not in action.value:
        report.add(
            "FS413",
            action.pointer,
            f"{where}, which needs data, without a payload.",
            f"Add a payload with {listed(model, len(model))}.",
            is_enforced=action.is_collected,
        )
        return
    for key in action.payload:
        if key in model:
            values.check_value(action, screen, following, key, model[key])
        else:
            values.check_unreceived(action, following, key)
            _refuse_unknown(action, following, key, where, report)
    _check_missing(action, model, where, report)


def _refuse_unknown(
    action: Action, following: Screen, key: str, where: str, report: Report
) -> None:
    value = action.payload[key]
    is_literal = not (isinstance(value, str) and texts.is_dynamic(value, report.version))
    is_seen_as_literal = is_literal and following.data is not None and V6_0 <= report.version < V7_3
    report.add(
        "FS418" if is_seen_as_literal else "FS411",
        (*action.pointer, "payload", key),
        f"{where} with {quoted(key)}, which its data does not declare.",
        report.suggest(
            key, (following.data or {}).keys(), f"Declare it in the data of {quoted(following.id)}."
        ),
        at_key=True,
        also=("INVALID_NAVIGATE_ACTION_STATIC_DATA",)
        if is_literal and following.data is not None and report.version >= V7_3
        else (),
        is_enforced=action.is_collected,
    )


def _check_missing(action: Action, model: JsonObject, where: str, report: Report) -> None:
    known = sum(key in model for key in action.payload)
    missing = len(model) - known
    if missing:
        names = list(islice((key for key in model if key not in action.payload), MAX_LISTED))
        report.add(
            "FS412",
            (*action.pointer, "payload"),
            f"{where} without {listed(names, missing)}.",
            "Add what is missing to the payload.",
            is_enforced=action.is_collected,
        )


def _check_update(values: PayloadChecker, action: Action, screen: Screen, report: Report) -> None:
    if "data" in screen.value and screen.data is None:
        return
    model = screen.data or {}
    for key, value in action.payload.items():
        at = (*action.pointer, "payload", key)
        if key not in model:
            values.check_unreceived(action, screen, key)
            report.add(
                "FS414",
                at,
                f"{action.component.label} updates {quoted(key)}, which the data of screen "
                f"{quoted(screen.id)} does not declare.",
                report.suggest(key, model.keys(), "Declare it in the data of the screen."),
                at_key=True,
            )
            continue
        found = reference(value) if isinstance(value, str) else None
        is_own = found is not None and found.screen is None and found.source == "data"
        if is_own and found is not None and found.path[:1] == (key,):
            report.add(
                "FS415",
                at,
                f"{action.component.label} updates {quoted(key)} with its own value.",
                "Remove it from the payload, or give it another value.",
            )
        else:
            values.check_value(action, screen, screen, key, model[key])
