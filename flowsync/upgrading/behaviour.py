"""Migrations that only report: the same words do something else in the newer version."""

from __future__ import annotations

from collections.abc import Iterator

from flowsync.expressions.bindings import reference
from flowsync.model import JsonValue, mapping_in
from flowsync.sources import Pointer
from flowsync.upgrading.draft import Draft
from flowsync.validation import texts
from flowsync.validation.outline import Component, Screen
from flowsync.validation.versions import V6_0, V7_0
from flowsync.validation.wording import quoted

MAX_LIST_IMAGE_BYTES = 100 * 1024
_GROUPS = ("CheckboxGroup", "RadioButtonsGroup")


def report_missing_labels(draft: Draft) -> None:
    """Report groups without the label that 4.0 asks for."""
    for _, component in _components(draft):
        if component.type in _GROUPS and "label" not in component.value:
            message = f"{component.label} has no label, which is required from 4.0."
            draft.decide(component.pointer, message, "Add a label.")


def report_new_expressions(draft: Draft) -> None:
    """Report texts in backticks, which 6.0 takes for expressions."""
    for screen in draft.flow().screens:
        if "layout" not in screen.value:
            continue
        for at, text in draft.strings((*screen.pointer, "layout")):
            if at[-1] not in ("name", "type") and texts.is_expression(text, V6_0):
                draft.decide(
                    at,
                    f"the text {quoted(text)} begins and ends with a backtick, so from 6.0 it is "
                    "taken for an expression.",
                    "Write it in other quotes, or as an expression.",
                )


def report_actions_at_render(draft: Draft) -> None:
    """Report selection actions, which in 6.x run when the screen is shown, too."""
    if draft.to >= V7_0:
        return
    for action_at, component in _selection_actions(draft):
        draft.decide(
            action_at,
            f"in 6.x the on-select-action of {component.label} also runs when the screen is shown.",
            "Make sure that the endpoint expects that, or upgrade to 7.0 or later.",
        )


def report_actions_no_longer_at_render(draft: Draft) -> None:
    """Report selection actions that ran when the screen was shown, until 7.0."""
    if draft.since < V6_0:
        return
    for action_at, component in _selection_actions(draft):
        draft.decide(
            action_at,
            f"until 6.3 the on-select-action of {component.label} also ran when the screen was "
            "shown; from 7.0 it runs on selection only.",
            "If the screen relies on that, let the data come with the screen.",
        )


def report_large_images(draft: Draft) -> None:
    """Report images in lists that are larger than 6.0 shows."""
    for screen, component in _components(draft):
        for key, image_key in (("data-source", "image"), ("list-items", "image")):
            for at, entry in _entries(screen, component, key):
                holder, at_holder = entry, at
                if key == "list-items":
                    holder, at_holder = mapping_in(entry.get("start")), (*at, "start")
                image = holder.get(image_key)
                if isinstance(image, str) and _size(image) >= MAX_LIST_IMAGE_BYTES:
                    draft.decide(
                        (*at_holder, image_key),
                        f"an image in {component.label} has {_size(image) // 1024} KB; from 6.0 "
                        "images in lists must be below 100 KB.",
                        "Make it smaller.",
                    )


def report_several_forms(draft: Draft) -> None:
    """Report screens with more than the one Form that 7.0 allows."""
    for screen in draft.flow().screens:
        forms = [component for component in screen.components if component.type == "Form"]
        for form in forms[1:]:
            message = (
                f"screen {quoted(screen.id)} has {len(forms)} Forms; from 7.0 it may have one."
            )
            draft.decide(form.pointer, message, "Put all inputs into one Form.")


def _components(draft: Draft) -> Iterator[tuple[Screen, Component]]:
    for screen in draft.flow().screens:
        for component in screen.components:
            yield screen, component


def _selection_actions(draft: Draft) -> Iterator[tuple[Pointer, Component]]:
    for _, component in _components(draft):
        if "on-select-action" in component.value:
            yield (*component.pointer, "on-select-action"), component


def _entries(
    screen: Screen, component: Component, key: str
) -> Iterator[tuple[Pointer, dict[str, JsonValue]]]:
    """Give the entries of a list, or of the example where the list is bound to data."""
    value: JsonValue = component.value.get(key)
    at: Pointer = (*component.pointer, key)
    found = reference(value) if isinstance(value, str) else None
    if found is not None and found.source == "data" and found.screen is None:
        name = found.path[0] if found.path else ""
        value = mapping_in(mapping_in(screen.data).get(name)).get("__example__")
        at = (*screen.pointer, "data", name, "__example__")
    for index, entry in enumerate(value if isinstance(value, list) else ()):
        if isinstance(entry, dict):
            yield (*at, index), entry


def _size(base64: str) -> int:
    """Give the number of bytes that a base64 text stands for."""
    return len(base64.rstrip("=")) * 3 // 4
