"""Checks of a component's keys and values against the component table."""

from __future__ import annotations

from flowsync.validation.components import COMPONENTS
from flowsync.validation.kinds import Kind, Property
from flowsync.validation.outline import Component, Flow
from flowsync.validation.placement import allowed_since
from flowsync.validation.report import Report
from flowsync.validation.value_kinds import CHECKS
from flowsync.validation.values import ValueChecker
from flowsync.validation.versions import V6_2, as_text
from flowsync.validation.wording import Subject, quoted, shown_value


def check_properties(flow: Flow, report: Report) -> None:
    """Check the keys and values of all components whose type exists in this version."""
    checker = ValueChecker(report, CHECKS)
    for screen in flow.screens:
        for component in screen.components:
            if _is_placed(component, report):
                _check_keys(component, report)
                _check_values(component, checker)
                _check_captions(component, report)
                _check_pattern(component, report)


def _is_placed(component: Component, report: Report) -> bool:
    """Tell whether a component may stand where it does; if not, that is all there is to say."""
    since = allowed_since(component) if component.type in COMPONENTS else None
    return since is not None and since <= report.version


def _check_keys(component: Component, report: Report) -> None:
    properties = COMPONENTS[component.type].properties
    for key in component.value:
        if key == "type":
            continue
        problem = _problem_with_key(component, properties.get(key), report)
        if problem is None:
            continue
        fix = problem or report.suggest(key, properties.keys(), "Remove it.")
        report.add(
            "FS303",
            (*component.pointer, key),
            f"{component.label} cannot have {quoted(key)}.",
            fix,
            at_key=True,
        )
    for key, prop in properties.items():
        if prop.required and key not in component.value:
            report.add(
                "FS304",
                component.pointer,
                f"{component.label} has no {quoted(key)}.",
                f"Add {quoted(key)}.",
            )


def _problem_with_key(component: Component, prop: Property | None, report: Report) -> str | None:
    """Give how to mend a key that may not be there, empty to look for a name like it."""
    if prop is None:
        return ""
    if prop.since > report.version:
        return f"Remove it, or use Flow JSON version {as_text(prop.since)} or later."
    if prop.outside_form and component.in_form:
        return "Set it in the Form's init-values or error-messages."
    return None


def _check_values(component: Component, checker: ValueChecker) -> None:
    for key, prop in COMPONENTS[component.type].properties.items():
        if key not in component.value or _problem_with_key(component, prop, checker.report):
            continue
        subject = Subject(key, component)
        checker.check(component.value[key], prop, (*component.pointer, key), subject)


def _check_captions(component: Component, report: Report) -> None:
    if component.type != "Footer":
        return
    left, centre, right = (
        f"{side}-caption" in component.value for side in ("left", "center", "right")
    )
    if left != right:
        there, missing = ("left", "right") if left else ("right", "left")
        report.add(
            "FS316",
            component.pointer,
            f"{component.label} has a {there}-caption but no {missing}-caption.",
            f"Add {missing}-caption, or use center-caption alone.",
        )
    if centre and (left or right):
        report.add(
            "FS317",
            component.pointer,
            f"{component.label} has a center-caption beside another caption.",
            "Keep center-caption alone, or left-caption and right-caption.",
        )


_PATTERN_TYPES = ("text", "number", "password", "passcode")
assert COMPONENTS["TextInput"].properties["pattern"].kind is Kind.REGEX


def _check_pattern(component: Component, report: Report) -> None:
    if component.type != "TextInput" or report.version < V6_2:
        return
    if "pattern" not in component.value:
        return
    kind = component.value.get("input-type", "text")
    if kind in ("email", "phone"):
        report.add(
            "FS320",
            (*component.pointer, "input-type"),
            f"{component.label} has a pattern, which does not go with input-type "
            f"{shown_value(kind)}.",
            f"Remove the pattern, or use one of {', '.join(_PATTERN_TYPES)}.",
            also=("ONE_OF_SCHEMA_VALIDATION_FAILED",),
        )
    if "helper-text" not in component.value:
        report.add(
            "FS321",
            component.pointer,
            f"{component.label} has a pattern but no helper-text that explains it.",
            'Add "helper-text".',
        )
