"""Checks of actions: their shapes, and what they may do where they stand."""

from __future__ import annotations

from collections.abc import Mapping

from flowsync.expressions.bindings import starts_with_binding
from flowsync.model import JsonValue
from flowsync.validation import texts
from flowsync.validation.components import COMPONENTS
from flowsync.validation.kinds import Kind, Property
from flowsync.validation.outline import Action, Component, Flow, Screen
from flowsync.validation.report import Report
from flowsync.validation.rules import RULES
from flowsync.validation.versions import V6_0, V6_2, Version, as_text
from flowsync.validation.wording import quoted, shown_value, type_name

ACTION_SINCE: Mapping[str, Version] = {"open_url": V6_0, "update_data": V6_0}
_EXCLUSIVE = "NOT_KEYWORD_SCHEMA_VALIDATION_FAILED"
_CLICK_KEYS = ("name", "next", "payload", "url")
_SELECT_KEYS = ("name", "payload")


def check_actions(flow: Flow, report: Report) -> None:
    """Check all actions of the flow."""
    for screen in flow.screens:
        for component in screen.components:
            _check_objects(component, report)
        for action in screen.actions:
            prop = _property(action)
            if prop is None or prop.since > report.version:
                continue  # said as a key that may not be there
            _check_shape(action, prop, report)
            _check_use(flow, screen, action, report)
        check_levels(screen, report)


def _property(action: Action) -> Property | None:
    properties: Mapping[str, Property] = COMPONENTS[action.component.type].properties
    if action.is_of_entry:
        entries = properties[str(action.pointer[-3])].items
        properties = entries.properties if entries is not None else {}
    return properties.get(action.key)


def _label(action: Action) -> str:
    return f"{action.key} of {action.component.label}"


def _check_objects(component: Component, report: Report) -> None:
    """Report actions that are no objects; of entries, only those with an object around."""
    if component.type not in COMPONENTS:
        return
    for key, prop in COMPONENTS[component.type].properties.items():
        value = component.value.get(key)
        _check_object(component, key, value, prop, (*component.pointer, key), report)
        if prop.items is None or not isinstance(value, list):
            continue
        for index, entry in enumerate(value):
            if not isinstance(entry, dict):
                continue
            for inner_key, inner in prop.items.properties.items():
                at = (*component.pointer, key, index, inner_key)
                _check_object(component, inner_key, entry.get(inner_key), inner, at, report)


def _check_object(
    component: Component,
    key: str,
    value: JsonValue,
    prop: Property,
    at: tuple[str | int, ...],
    report: Report,
) -> None:
    is_action = key.startswith("on-") and prop.since <= report.version
    if is_action and value is not None and not isinstance(value, dict):
        report.add(
            "FS405",
            at,
            f"{key} of {component.label} should be an object, but is {type_name(value)}.",
            "Replace it with an action that has a name.",
            also=(_EXCLUSIVE,) if key == "on-click-action" else (),
        )


def _check_shape(action: Action, prop: Property, report: Report) -> None:
    is_click = action.key == "on-click-action"
    given_keys = _CLICK_KEYS if is_click else _SELECT_KEYS
    keys = [key for key in given_keys if key != "url" or report.version >= V6_0]
    for key in action.value:
        if key not in keys:
            report.add(
                "FS402",
                (*action.pointer, key),
                f"{_label(action)} cannot have {quoted(key)}.",
                report.suggest(key, keys, "Remove it."),
                at_key=True,
            )
    _check_name(action, prop, report)
    needed = ["name"] if is_click else ["name", "payload"]
    if is_click and action.name == "navigate":
        needed.append("next")
    if action.name == "open_url" and is_click:
        needed.append("url")
    for key in needed:
        if key not in action.value:
            report.add(
                "FS403",
                action.pointer,
                f"{_label(action)} has no {key}.",
                f"Add {quoted(key)}.",
                also=(_EXCLUSIVE,)
                if is_click and key == "name"
                else _stray_code(action, prop, report),
            )
    if is_click:
        _check_exclusions(action, prop, report)
        _check_next(action, report)
        _check_url(action, prop, report)
    if "payload" in action.value and not isinstance(action.value["payload"], dict):
        payload = action.value["payload"]
        report.add(
            "FS305" if payload is None else "FS405",
            (*action.pointer, "payload"),
            f"the payload of {_label(action)} should be an object, but is {type_name(payload)}.",
            "Replace it with an object, or leave it out.",
        )


def _check_name(action: Action, prop: Property, report: Report) -> None:
    if "name" not in action.value:
        return
    given = action.value["name"]
    at = (*action.pointer, "name")
    allowed = [
        name for name in prop.choices if ACTION_SINCE.get(name, report.version) <= report.version
    ]
    if given is None:
        report.add("FS305", at, f"the name of {_label(action)} is null.", "Name an action.")
    elif given not in allowed:
        since = ACTION_SINCE.get(given) if isinstance(given, str) else None
        names = f"Use one of {', '.join(allowed)}."
        if since is not None and since > report.version and given in prop.choices:
            names = f"Use Flow JSON version {as_text(since)} or later, or another action."
        elif isinstance(given, str):
            names = report.suggest(given, allowed, names)
        also: tuple[str, ...] = () if isinstance(given, str) else ("INVALID_PROPERTY_TYPE",)
        report.add(
            "FS401",
            at,
            f"{_label(action)} cannot be {shown_value(given)}.",
            names,
            code="INVALID_PROPERTY_VALUE" if prop.kind is Kind.SELECT else None,
            also=("PATTERN_MISMATCH",) if given == "" else also,
        )


def _stray_code(action: Action, prop: Property, report: Report) -> tuple[str, ...]:
    """Give the code for the name that the platform adds to another fault of an open_url action.

    From 6.2 it also compares such an action with the kind that has no address.
    """
    is_compared = report.version >= V6_2 and "open_url" in prop.choices
    return ("INVALID_ENUM_VALUE",) if is_compared and action.name == "open_url" else ()


def _check_exclusions(action: Action, prop: Property, report: Report) -> None:
    if not action.name:
        return
    for key, only_with in (("next", "navigate"), ("url", "open_url")):
        if (
            key in action.value
            and action.name != only_with
            and report.version >= (V6_0 if key == "url" else report.version)
        ):
            report.add(
                "FS404",
                (*action.pointer, key),
                f"{_label(action)} has {key}, which does not go with {quoted(action.name)}.",
                f"Remove it, or use the action {only_with}.",
                at_key=True,
                also=_stray_code(action, prop, report),
            )
    if action.name == "open_url" and "payload" in action.value:
        report.add(
            "FS404",
            (*action.pointer, "payload"),
            f"{_label(action)} has a payload, which does not go with open_url.",
            'Remove it; the address belongs in "url".',
            at_key=True,
            also=_stray_code(action, prop, report),
        )


def _check_next(action: Action, report: Report) -> None:
    following = action.value.get("next")
    at = (*action.pointer, "next")
    if "next" not in action.value:
        return
    if not isinstance(following, dict):
        report.add(
            "FS305" if following is None else "FS405",
            at,
            f"next of {_label(action)} should be an object, but is {type_name(following)}.",
            'Write it as {"type": "screen", "name": …}.',
        )
        return
    for key, value in following.items():
        if key not in ("type", "name"):
            report.add(
                "FS402",
                (*at, key),
                f"next of {_label(action)} cannot have {quoted(key)}.",
                report.suggest(key, ("type", "name"), "Remove it."),
                at_key=True,
            )
        elif not isinstance(value, str):
            report.add(
                "FS305" if value is None else "FS405",
                (*at, key),
                f"{key} in next of {_label(action)} should be a text, but is {type_name(value)}.",
                "Replace it with a text.",
            )
        elif key == "type" and texts.is_blank(value):
            report.add(
                "FS406",
                (*at, key),
                f"type in next of {_label(action)} is blank.",
                'Write "screen".',
            )
    for key in ("type", "name"):
        if key not in following:
            report.add(
                "FS403", at, f"next of {_label(action)} has no {key}.", f"Add {quoted(key)}."
            )
    name = following.get("name")
    if not isinstance(name, str) or texts.is_screen_id(name, report.version):
        return
    if not starts_with_binding(name) and not texts.is_expression(name, report.version):
        report.add(
            "FS406",
            (*at, "name"),
            f"{_label(action)} leads to {quoted(name)}, which cannot be the id of a screen.",
            "Use the id of a screen: letters and underscores.",
        )


def _check_url(action: Action, prop: Property, report: Report) -> None:
    url = action.value.get("url")
    if "url" not in action.value or report.version < V6_0:
        return
    at = (*action.pointer, "url")
    if not isinstance(url, str):
        report.add(
            "FS305" if url is None else "FS405",
            at,
            f"url of {_label(action)} should be a text, but is {type_name(url)}.",
            "Replace it with an address.",
            also=() if url is None else _stray_code(action, prop, report),
        )
    elif not _is_address(url, report.version):
        report.add(
            "FS315",
            at,
            f"url of {_label(action)} is {quoted(url)}, which is no address.",
            "Write it in full, starting with https://.",
            also=("PATTERN_MISMATCH", *_stray_code(action, prop, report)),
        )


def _is_address(url: str, version: Version) -> bool:
    return starts_with_binding(url) or texts.is_expression(url, version) or texts.is_uri(url)


def _check_use(flow: Flow, screen: Screen, action: Action, report: Report) -> None:
    at = (*action.pointer, "name")
    if action.name == "data_exchange" and not flow.has_endpoint:
        report.add(
            "FS407",
            at,
            f"{_label(action)} exchanges data, but the flow has no data_api_version.",
            "Add data_api_version and a routing_model, or use another action.",
            is_enforced=action.is_collected,
        )
    if action.name == "complete" and screen.value.get("terminal", False) is False:
        report.add(
            "FS408",
            at,
            f"{_label(action)} completes the flow, but its screen is not terminal.",
            'Set "terminal": true on the screen, or use another action.',
        )
    if action.component.type == "Footer" and screen.is_terminal:
        _check_terminal_footer(flow, action, report)
    if action.target is not None:
        _check_target(flow, screen, action, action.target, report)


def _check_terminal_footer(flow: Flow, action: Action, report: Report) -> None:
    allowed = ("complete", "data_exchange") if flow.has_endpoint else ("complete",)
    if action.name in ("navigate", "complete", "data_exchange") and action.name not in allowed:
        if action.name == "data_exchange":
            return  # said already, for want of an endpoint
        report.add(
            "FS409",
            (*action.pointer, "name"),
            f"{_label(action)} is {quoted(action.name)}, but its screen is terminal.",
            f"Use {' or '.join(allowed)}.",
        )


def _check_target(flow: Flow, screen: Screen, action: Action, target: str, report: Report) -> None:
    at = (*action.pointer, "next", "name")
    if target == screen.id:
        report.add(
            "FS410",
            at,
            f"{_label(action)} leads to its own screen, {quoted(target)}.",
            "Choose another screen.",
            is_enforced=action.is_collected,
        )
    elif target not in flow.by_id and flow.is_whole and texts.is_screen_id(target, report.version):
        report.add(
            "FS410",
            at,
            f"{_label(action)} leads to {quoted(target)}, which is no screen of the flow.",
            report.suggest(target, flow.by_id.keys(), "Use the id of a screen."),
            also=_codes_of_lost_route(flow, screen, action, report),
            is_enforced=action.is_collected,
        )


def _codes_of_lost_route(
    flow: Flow, screen: Screen, action: Action, report: Report
) -> tuple[str, ...]:
    """Give the codes that the platform adds where a target is missing: of route and payload."""
    codes: list[str] = []
    is_routed = "routing_model" in flow.value
    is_checked = as_text(report.version) not in RULES["FS250"].skipped_in
    has_links = screen.has("NavigationList")
    if (is_routed and is_checked and not has_links) or (not is_routed and len(flow.screens) > 1):
        codes.append("INVALID_ROUTING_MODEL")  # no such route, or a screen without any
    if action.payload and as_text(report.version) not in RULES["FS411"].skipped_in:
        codes.append("INVALID_NAVIGATE_ACTION_PAYLOAD")
    return tuple(codes)


def check_levels(screen: Screen, report: Report) -> None:
    """Report selection actions at a component that its options have too."""
    own = {(id(a.component), a.key) for a in screen.actions if not a.is_of_entry}
    said: set[tuple[int, str]] = set()
    for action in screen.actions:
        mark = (id(action.component), action.key)
        if action.is_of_entry and action.is_collected and mark in own and mark not in said:
            said.add(mark)
            report.add(
                "FS416",
                (*action.component.pointer, action.key),
                f"{action.component.label} has {action.key} itself and at its options.",
                "Keep it in one of the two places.",
            )
