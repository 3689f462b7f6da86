"""Defaults and example values of component properties, which editors offer and show.

A value under `EVERY` goes for every component that has the property, one under the name of the
component goes before it. A test checks all of them against the schemas.
"""

from __future__ import annotations

from collections.abc import Mapping

from flowsync.model import JsonValue
from flowsync.validation.flow_schema.descriptions import EVERY

# What holds when a property is left out.
DEFAULTS: Mapping[tuple[str, str], JsonValue] = {
    (EVERY, "required"): False,
    (EVERY, "enabled"): True,
    (EVERY, "visible"): True,
    (EVERY, "markdown"): False,
    (EVERY, "strikethrough"): False,
    (EVERY, "font-weight"): "normal",
    (EVERY, "media-size"): "regular",
    (EVERY, "scale-type"): "contain",
    (EVERY, "input-type"): "text",
    (EVERY, "max-chars"): 80,
    (EVERY, "max-length"): 600,
    (EVERY, "mode"): "single",
    (EVERY, "photo-source"): "camera_gallery",
    (EVERY, "min-uploaded-photos"): 0,
    (EVERY, "max-uploaded-photos"): 30,
    (EVERY, "min-uploaded-documents"): 0,
    (EVERY, "max-uploaded-documents"): 30,
    (EVERY, "max-file-size-kb"): 25600,
    ("Image", "aspect-ratio"): 1,
    ("ImageCarousel", "aspect-ratio"): "4:3",
}
NO_DEFAULT = frozenset({("Footer", "enabled")})

EXAMPLES: Mapping[tuple[str, str], tuple[JsonValue, ...]] = {
    (EVERY, "name"): ("email",),
    (EVERY, "helper-text"): ("As in your passport",),
    (EVERY, "min-date"): ("2026-01-01", "${data.min_date}"),
    (EVERY, "max-date"): ("2026-12-31", "${data.max_date}"),
    (EVERY, "unavailable-dates"): (["2026-12-25"], "${data.unavailable_dates}"),
    (EVERY, "data-source"): (
        [{"id": "small", "title": "Small"}, {"id": "large", "title": "Large"}],
        "${data.options}",
    ),
    ("TextHeading", "text"): ("Book a table", "${data.heading}"),
    ("TextBody", "text"): ("Choose a time.", "${data.intro}", ["First.", "Second."]),
    ("TextInput", "label"): ("Email",),
    ("TextInput", "pattern"): ("^[A-Z]{2}[0-9]{6}$",),
    ("TextInput", "error-message"): ("${data.email_error}",),
    ("Footer", "label"): ("Continue",),
    ("OptIn", "label"): ("I agree to the terms",),
    ("EmbeddedLink", "text"): ("Read the terms",),
    ("DatePicker", "init-value"): ("2026-06-01",),
    ("CalendarPicker", "init-value"): (
        "2026-06-01",
        {"start-date": "2026-06-01", "end-date": "2026-06-08"},
    ),
    ("CalendarPicker", "label"): ("Day", {"start-date": "Arrival", "end-date": "Departure"}),
    ("CalendarPicker", "include-days"): (["Mon", "Tue", "Wed", "Thu", "Fri"],),
    ("Image", "src"): ("${data.picture}",),
    ("ImageCarousel", "images"): ([{"src": "iVBORw0KGgo=", "alt-text": "The room"}],),
    ("NavigationList", "list-items"): (
        [{"id": "home", "main-content": {"title": "Home insurance"}}],
    ),
    ("DocumentPicker", "allowed-mime-types"): (["application/pdf"],),
    ("Form", "init-values"): ({"email": "${data.email}"}, "${data.init_values}"),
    ("Form", "error-messages"): ({"email": "${data.email_error}"}, "${data.errors}"),
    ("If", "condition"): ("${data.is_member} == true", "${form.age} >= 18"),
    ("Switch", "value"): ("${form.kind}", "${data.kind}"),
    ("Option", "id"): ("small",),
    ("Option", "title"): ("Small",),
    ("Option", "color"): ("#25D366",),
    ("Chip", "id"): ("sports",),
    ("Chip", "title"): ("Sports",),
}


def default(owner: str, name: str) -> JsonValue:
    """Give the value that a property has when left out, None where there is none."""
    if (owner, name) in NO_DEFAULT:
        return None
    return DEFAULTS.get((owner, name), DEFAULTS.get((EVERY, name)))


def examples(owner: str, name: str) -> tuple[JsonValue, ...]:
    """Give values that a property may have, of the owner itself or of all that have it."""
    return EXAMPLES.get((owner, name), EXAMPLES.get((EVERY, name), ()))
