"""Checks of layouts: component types, where they stand, and how many there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from flowsync.model import JsonValue
from flowsync.sources import Pointer
from flowsync.validation.components import (
    COMPONENTS,
    MAX_PER_SCREEN,
    MEDIA_PICKERS,
    ONLY_IN_FORM,
)
from flowsync.validation.outline import Component, Flow, Parent, Screen
from flowsync.validation.report import Report
from flowsync.validation.versions import V6_0, V6_3, V7_0, V7_1, Version, as_text
from flowsync.validation.wording import listed, quoted, shown_value, type_name

MAX_COMPONENTS = 100
RECOMMENDED_COMPONENTS = 50
MAX_IF_DEPTH = 3
MAX_CAROUSELS_PER_FLOW = 3
LAYOUT_TYPE = "SingleColumnLayout"
PICKERS = "PhotoPicker and DocumentPicker together"


def check_placement(flow: Flow, report: Report) -> None:
    """Check layouts, component types and places, nesting and counts."""
    for screen in flow.screens:
        _check_layout(screen, report)
        for component in screen.components:
            _check_type(component, report)
        _check_nesting(screen, report)
        _check_counts(screen, report)
        _check_alone(screen, report)
    _check_form_use(flow, report)
    _check_carousels(flow, report)


def _check_layout(screen: Screen, report: Report) -> None:
    if "layout" not in screen.value:
        return  # said with the keys of the screen
    at: Pointer = (*screen.pointer, "layout")
    layout = screen.value["layout"]
    named = f"the layout of screen {quoted(screen.id)}"
    if not isinstance(layout, dict):
        message = f"{named} should be an object, but is {type_name(layout)}."
        report.add("FS306", at, message, "Replace it with an object that has type and children.")
        return
    for key in layout:
        if key not in ("type", "children"):
            report.add(
                "FS303",
                (*at, key),
                f"{named} has the unknown key {quoted(key)}.",
                report.suggest(key, ("type", "children"), "Remove it."),
                at_key=True,
            )
    for key in ("type", "children"):
        if key not in layout:
            report.add("FS304", at, f"{named} has no {key}.", f"Add {quoted(key)}.")
    if "type" in layout and layout["type"] != LAYOUT_TYPE:
        report.add(
            "FS319",
            (*at, "type"),
            f"{named} has the type {shown_value(layout['type'])}.",
            f'Use "{LAYOUT_TYPE}".',
        )
    if "children" in layout:
        _check_children(layout["children"], (*at, "children"), named, report)


def _check_children(children: JsonValue, at: Pointer, named: str, report: Report) -> None:
    if not isinstance(children, list):
        message = f"the children of {named} should be an array, but are {type_name(children)}."
        report.add("FS306", at, message, "Replace them with an array of components.")
        return
    for index, child in enumerate(children):
        if not isinstance(child, dict):
            report.add(
                "FS305" if child is None else "FS306",
                (*at, index),
                f"child {index + 1} of {named} is {type_name(child)}, not a component.",
                "Replace it with a component, or remove it.",
            )


def _check_type(component: Component, report: Report) -> None:
    if "type" not in component.value:
        report.add(
            "FS304",
            component.pointer,
            f"{component.label} has no type.",
            'Add "type".',
            also=("INVALID_PROPERTY_KEY",) if component.value else (),
        )
        return
    at: Pointer = (*component.pointer, "type")
    if component.type not in COMPONENTS:
        in_branch = component.parent in (Parent.IF, Parent.SWITCH)
        report.add(
            "FS301",
            at,
            f"{shown_value(component.value['type'])} on screen {quoted(component.screen_id)} is "
            "no component type.",
            report.suggest(component.type, COMPONENTS.keys(), "Use a type of the platform."),
            code="ONE_OF_SCHEMA_VALIDATION_FAILED" if in_branch else None,
        )
        return
    since = allowed_since(component)
    if since is None:
        report.add(
            "FS302",
            at,
            f"{component.label} cannot stand {component.parent.value}.",
            "Move it to another place on the screen.",
        )
    elif since > report.version:
        report.add(
            "FS302",
            at,
            f"{component.label} cannot stand {component.parent.value} before Flow JSON version "
            f"{as_text(since)}.",
            f"Remove it, or use version {as_text(since)} or later.",
        )


def allowed_since(component: Component) -> Version | None:
    """Give the version from which a component of a known type may stand where it stands."""
    found = COMPONENTS[component.type]
    places = {
        Parent.LAYOUT: found.in_layout,
        Parent.FORM: found.in_form,
        Parent.IF: found.in_if,
        Parent.SWITCH: found.in_switch,
    }
    return places[component.parent]


def _check_nesting(screen: Screen, report: Report) -> None:
    for component in screen.components:
        if component.type == "If" and component.if_depth == MAX_IF_DEPTH:
            report.add(
                "FS349",
                component.pointer,
                f"{component.label} is nested in {MAX_IF_DEPTH} others.",
                "Join the conditions of some of them with &&.",
            )
        if component.type in ("If", "Switch"):
            _check_branches(component, report)


def _check_branches(component: Component, report: Report) -> None:
    key = "then" if component.type == "If" else "cases"
    value = component.value.get(key)
    if value == ([] if component.type == "If" else {}):
        condition = component.value.get("condition")
        is_backticks = isinstance(condition, str) and condition.startswith("`")
        report.add(
            "FS352",
            (*component.pointer, key),
            f"{component.label} has nothing in {key}.",
            "Put a component into it, or remove the whole.",
            is_enforced=component.type == "Switch" or not (is_backticks or report.version == V7_1),
        )
    with_footer = [any(part.type == "Footer" for part in branch) for branch in component.branches]
    covers_all = component.type == "Switch" or len(with_footer) > 1
    if any(with_footer) and not (all(with_footer) and covers_all):
        report.add(
            "FS358",
            component.pointer,
            f"{component.label} has a Footer in one branch and none in another.",
            "Put a Footer into every branch, or one outside.",
        )


def _most_at_once(components: Iterable[Component]) -> Counter[str]:
    """Count types, of branches that exclude each other the largest number."""
    counts: Counter[str] = Counter()
    for component in components:
        counts[component.type] += 1
        counts[PICKERS] += component.type in MEDIA_PICKERS
        inner = [_most_at_once(branch) for branch in component.branches]
        if component.type == "Form":
            for count in inner:
                counts.update(count)
        else:
            most: Counter[str] = Counter()
            for count in inner:
                most |= count
            counts.update(most)
    return counts


def _check_counts(screen: Screen, report: Report) -> None:
    counted = [component for component in screen.components if component.type != "Form"]
    total = len(counted)
    if total > MAX_COMPONENTS:
        report.add(
            "FS348",
            counted[MAX_COMPONENTS].pointer,
            f"screen {quoted(screen.id)} has {total} components, more than {MAX_COMPONENTS}.",
            "Split it into several screens.",
        )
    elif total > RECOMMENDED_COMPONENTS:
        report.add(
            "FS502",
            screen.pointer,
            f"screen {quoted(screen.id)} has {total} components; the documentation allows "
            f"{RECOMMENDED_COMPONENTS}.",
            "Split it into several screens.",
        )
    counts = _most_at_once(screen.children)
    limits = dict(MAX_PER_SCREEN)
    if report.version >= V7_0 and not screen.has("If", "Switch"):
        limits["Form"] = 1
    for kind, limit in limits.items():
        if counts[kind] > limit:
            _too_many(screen, kind, counts[kind], limit, report)
    if counts[PICKERS] > 1 and all(counts[kind] <= 1 for kind in MEDIA_PICKERS):
        _too_many(screen, PICKERS, counts[PICKERS], 1, report)


def _too_many(screen: Screen, kind: str, count: int, limit: int, report: Report) -> None:
    kinds = MEDIA_PICKERS if kind == PICKERS else {kind}
    found = [component for component in screen.components if component.type in kinds]
    report.add(
        "FS347",
        (*found[limit].pointer, "type"),
        f"screen {quoted(screen.id)} has {count} of {kind}, more than {limit}.",
        "Remove some, or move them to another screen.",
        also=("INVALID_COMPONENT_PLACEMENT",) if kind == "NavigationList" else (),
    )


def _check_alone(screen: Screen, report: Report) -> None:
    rich = [part for part in screen.components if part.type == "RichText"]
    links = [part for part in screen.components if part.type == "NavigationList"]
    if rich:
        allowed = ("RichText", "Footer") if report.version >= V6_3 else ("RichText",)
        footers = sum(part.type == "Footer" for part in screen.components)
        others = any(part.type not in allowed for part in screen.components)
        if len(rich) > 1 or others or footers > 1:
            report.add(
                "FS346",
                (*rich[0].pointer, "type"),
                f"{rich[0].label} shares its screen with other components.",
                "Give it a screen of its own"
                + (", with at most a Footer." if report.version >= V6_3 else "."),
                code="INVALID_RICHTEXT_PLACEMENT" if report.version < V6_0 else None,
            )
    if links and any(part.type not in ("NavigationList", "Form") for part in screen.components):
        report.add(
            "FS346",
            (*links[0].pointer, "type"),
            f"{links[0].label} shares its screen with other components.",
            "Give it a screen of its own.",
        )


def _check_form_use(flow: Flow, report: Report) -> None:
    for screen in flow.screens:
        if not screen.has("Form"):
            continue
        outside = [
            part for part in screen.components if part.type in ONLY_IN_FORM and not part.in_form
        ]
        for part in outside:
            report.add(
                "FS350",
                part.pointer,
                f"{part.label} is outside the Form of its screen.",
                "Move it into the Form, or take all inputs out and remove the Form.",
            )


def _check_carousels(flow: Flow, report: Report) -> None:
    found = [
        part
        for screen in flow.screens
        for part in screen.components
        if part.type == "ImageCarousel"
    ]
    if len(found) > MAX_CAROUSELS_PER_FLOW:
        names = {part.screen_id: None for part in found}
        report.add(
            "FS340",
            found[MAX_CAROUSELS_PER_FLOW].pointer,
            f"the flow has {len(found)} image carousels, more than {MAX_CAROUSELS_PER_FLOW}, on "
            f"{listed(names, len(names))}.",
            "Remove some of them.",
        )
