"""Checks of options, links and images together, and of minimums against maximums."""

from __future__ import annotations

from flowsync.model import JsonValue
from flowsync.validation import texts
from flowsync.validation.outline import Component, Flow, JsonObject, Screen
from flowsync.validation.report import Report
from flowsync.validation.values import is_number
from flowsync.validation.versions import V6_2, V7_1, V7_3

MAX_IMAGES = 3
_BASE64_CHARS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
_PAIRS = {
    "TextInput": ("min-chars", "max-chars"),
    "CheckboxGroup": ("min-selected-items", "max-selected-items"),
    "PhotoPicker": ("min-uploaded-photos", "max-uploaded-photos"),
    "DocumentPicker": ("min-uploaded-documents", "max-uploaded-documents"),
}


def check_lists(flow: Flow, report: Report) -> None:
    """Check what the entries of one component say together."""
    for screen in flow.screens:
        for component in screen.components:
            _check_pair(component, report)
            if component.type in ("CheckboxGroup", "RadioButtonsGroup", "Dropdown"):
                _check_media(component, report)
            elif component.type == "NavigationList" and report.version >= V6_2:
                _check_links(screen, component, report)
            elif component.type == "ImageCarousel" and report.version >= V7_1:
                _check_images(component, report)


def _entries(component: Component, key: str) -> list[tuple[int, JsonObject]]:
    entries = component.value.get(key)
    found = enumerate(entries if isinstance(entries, list) else ())
    return [(index, entry) for index, entry in found if isinstance(entry, dict)]


def _check_pair(component: Component, report: Report) -> None:
    low_key, high_key = _PAIRS.get(component.type, ("", ""))
    low, high = component.value.get(low_key), component.value.get(high_key)
    if is_number(low) and is_number(high) and low > high:  # type: ignore[operator]
        report.add(
            "FS331",
            (*component.pointer, low_key),
            f"{low_key} of {component.label} is greater than its {high_key}.",
            "Swap the two, or change one of them.",
        )


def _check_media(component: Component, report: Report) -> None:
    options = _entries(component, "data-source")
    with_image = any("image" in option for _, option in options)
    with_colour = any("color" in option for _, option in options)
    if with_image and with_colour:
        report.add(
            "FS332",
            (*component.pointer, "data-source"),
            f"some options of {component.label} have an image, some a color.",
            "Use images or colours for all options.",
        )


def _check_links(screen: Screen, component: Component, report: Report) -> None:
    links = _entries(component, "list-items")
    is_literal = isinstance(component.value.get("list-items"), list)
    has_own = "on-click-action" in component.value
    with_action = [index for index, link in links if "on-click-action" in link]
    if has_own and with_action:
        report.add(
            "FS342",
            (*component.pointer, "on-click-action"),
            f"{component.label} has on-click-action itself and at its items.",
            "Keep it in one of the two places.",
        )
    elif not has_own and (is_literal and len(with_action) < len(links)):
        report.add(
            "FS341",
            component.pointer,
            f"{component.label} has items without an on-click-action, and none itself.",
            "Add on-click-action to the component, or to every item.",
        )
    is_large = component.value.get("media-size") == "large"
    for index, link in links:
        end = link.get("end")
        at = (*component.pointer, "list-items", index, "end")
        if "end" in link and is_large:
            report.add(
                "FS343",
                at,
                f"item {index + 1} of {component.label} has end, which does not go with large "
                "media.",
                'Remove end, or use "media-size": "regular".',
            )
        if isinstance(end, dict) and not 1 <= len(end) <= 2:
            report.add(
                "FS342",
                at,
                f"end in item {index + 1} of {component.label} has {len(end)} keys.",
                "Give it one or two of title, description and metadata.",
            )
    badges = [index for index, link in links if "badge" in link]
    if len(badges) > 1:
        report.add(
            "FS344",
            (*component.pointer, "list-items"),
            f"{len(badges)} items of {component.label} have a badge, more than one.",
            "Keep one badge.",
        )
    if screen.is_terminal:
        report.add(
            "FS345",
            screen.pointer,
            f"{component.label} is on a terminal screen.",
            "Remove terminal from the screen, or move the list to another.",
            also=("MISSING_FOOTER_ON_TERMINAL_SCREEN",)
            if report.version >= V7_3 and not screen.has("Footer")
            else (),
        )


def _check_images(component: Component, report: Report) -> None:
    images = component.value.get("images")
    if not isinstance(images, list):
        return
    if len(images) > MAX_IMAGES:
        report.add(
            "FS340",
            (*component.pointer, "images"),
            f"{component.label} has {len(images)} images, more than {MAX_IMAGES}.",
            "Remove some of them.",
        )
    for index, image in _entries(component, "images"):
        source = image.get("src")
        if isinstance(source, str) and not _is_base64(source, report):
            report.add(
                "FS340",
                (*component.pointer, "images", index, "src"),
                f"image {index + 1} of {component.label} is not written in base64.",
                "Put the base64 of the file there, without a data: prefix.",
            )


def _is_base64(source: JsonValue, report: Report) -> bool:
    assert isinstance(source, str)
    if texts.is_dynamic(source, report.version):
        return True
    digits = source.rstrip("=")
    has_whole_bytes = len(digits) % 4 != 1 and len(source) - len(digits) <= 2
    return has_whole_bytes and set(digits) <= _BASE64_CHARS
