"""Warnings about options and states that contradict each other, so that an input cannot be used.

Source: https://developers.facebook.com/docs/whatsapp/flows/reference/components
"""

from __future__ import annotations

from collections.abc import Iterator

from flowsync.model import JsonValue
from flowsync.sources import Pointer
from flowsync.validation.outline import Component, Flow, Screen
from flowsync.validation.report import Report
from flowsync.validation.values import is_number
from flowsync.validation.wording import quoted

_CHOOSE_ONE = frozenset({"RadioButtonsGroup", "Dropdown"})
_CHOOSE_SEVERAL = frozenset({"CheckboxGroup", "ChipsSelector"})
_STATES = {"enabled": "disabled", "visible": "hidden"}


def check_choices(flow: Flow, report: Report) -> None:
    """Warn about inputs that cannot be filled in, and about first choices that do not exist."""
    for screen in flow.screens:
        for component in screen.components:
            _check_states(component, report)
            if component.type in _CHOOSE_SEVERAL:
                _check_counts(component, report)
        for component, value, at in _initial_values(screen):
            _check_initial(component, value, at, report)


def _check_states(component: Component, report: Report) -> None:
    if component.type == "Footer" and component.value.get("enabled") is False:
        report.add(
            "FS642",
            (*component.pointer, "enabled"),
            f"{component.label} is always disabled, so that nobody gets past the screen.",
            "Remove it, or bind it to a boolean that becomes true.",
        )
    for key, state in _STATES.items() if component.value.get("required") is True else ():
        if component.value.get(key) is False and component.type != "Footer":
            report.add(
                "FS641",
                (*component.pointer, key),
                f"{component.label} is required and always {state}.",
                f"Remove required, or bind {key} to a boolean.",
            )


def _initial_values(screen: Screen) -> Iterator[tuple[Component, JsonValue, Pointer]]:
    """Give what inputs start with, whether they say so or their Form does."""
    for component in screen.components:
        if "init-value" in component.value and not component.in_form:
            at: Pointer = (*component.pointer, "init-value")
            yield component, component.value["init-value"], at
        presets = component.value.get("init-values") if component.type == "Form" else None
        for name, value in presets.items() if isinstance(presets, dict) else ():
            if name in screen.named:
                yield screen.named[name], value, (*component.pointer, "init-values", name)


def _options(component: Component) -> dict[str, bool] | None:
    """Give the ids of the options, each with whether it can be chosen; None where not known."""
    entries = component.value.get("data-source")
    if not isinstance(entries, list):
        return None
    options: dict[str, bool] = {}
    for entry in entries:
        given = entry.get("id") if isinstance(entry, dict) else None
        if not isinstance(given, str):
            return None
        options[given] = isinstance(entry, dict) and entry.get("enabled") is not False
    return options


def _check_initial(component: Component, value: JsonValue, at: Pointer, report: Report) -> None:
    options = _options(component)
    if options is None:
        return
    if component.type in _CHOOSE_ONE and isinstance(value, str):
        _check_choice(component, value, options, at, report)
    elif component.type in _CHOOSE_SEVERAL and isinstance(value, list):
        for index, entry in enumerate(value):
            if isinstance(entry, str):
                _check_choice(component, entry, options, (*at, index), report)


def _check_choice(
    component: Component, choice: str, options: dict[str, bool], at: Pointer, report: Report
) -> None:
    if choice.startswith(("${", "`")) or options.get(choice):
        return
    what = "disabled" if choice in options else "not among its options"
    usable = [name for name, is_on in options.items() if is_on]
    report.add(
        "FS643",
        at,
        f"{component.label} starts with {quoted(choice)}, which is {what}.",
        report.suggest(choice, usable, "Use the id of an option."),
    )


def _check_counts(component: Component, report: Report) -> None:
    options = component.value.get("data-source")
    low, high = (component.value.get(f"{end}-selected-items") for end in ("min", "max"))
    at = (*component.pointer, "min-selected-items")
    if not is_number(low):
        return
    if isinstance(options, list) and low > len(options) > 0:  # type: ignore[operator]
        report.add(
            "FS644",
            at,
            f"{component.label} asks for {low} choices and has {len(options)} options.",
            "Lower min-selected-items, or add options.",
        )
    elif component.type == "ChipsSelector" and is_number(high) and low > high:  # type: ignore[operator]
        report.add(
            "FS644",
            at,
            f"{component.label} asks for {low} choices and allows {high}.",
            "Swap the two numbers, or change one of them.",
        )
