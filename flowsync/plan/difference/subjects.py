"""What a difference of a property is about: a text, an option, an action, a setting."""

from __future__ import annotations

from dataclasses import replace

from flowsync.model import mapping_in
from flowsync.plan.difference.objects import label_of
from flowsync.plan.difference.properties import PropertyDifference
from flowsync.plan.difference_values import Difference, DifferenceKind, Subject

_TEXTS = {
    "alt-text",
    "center-caption",
    "description",
    "error-message",
    "error-messages",
    "helper-text",
    "label",
    "left-caption",
    "right-caption",
    "text",
    "title",
}
_OPTIONS = {"data-source", "list-items", "images"}


def difference_of(found: PropertyDifference, about: Difference) -> Difference:
    """Give what was found of a property as a difference of the component that `about` names."""
    top = str(found.path[0])
    label = about.label
    if top.startswith("on-"):
        subject = Subject.ACTION
    elif top in _OPTIONS:
        subject = Subject.OPTION
        if found.item is not None and any(str(part).startswith("on-") for part in found.path[1:]):
            subject = Subject.ACTION
        label = _option_label(found) or label
    else:
        subject = Subject.TEXT if top in _TEXTS else Subject.SETTING
    return replace(
        about,
        subject=subject,
        kind=found.kind,
        what=found.words,
        item=found.item,
        label=label,
        old=found.old,
        new=found.new,
        pointer=(*about.pointer, *found.pointer),
    )


def _option_label(found: PropertyDifference) -> str:
    """Give what people call the option that is concerned, as it was where its title changed."""
    if found.item is None:
        return ""
    if found.is_whole_item and found.kind is not DifferenceKind.RENAMED:
        return label_of(mapping_in(found.old if found.new is None else found.new))
    if found.path[-1] == "title" and isinstance(found.old, str):
        return found.old
    return label_of(mapping_in(found.entry))
