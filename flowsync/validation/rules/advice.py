"""What the platform takes, and what then goes wrong: FS5xx and FS6xx."""

from __future__ import annotations

from flowsync.validation.rules.rule import (
    CHANGES_PAGE,
    COMPONENTS_PAGE,
    FLOW_JSON_PAGE,
    Rule,
    advice,
)

ADVICE: tuple[Rule, ...] = (
    # --- soft limits ---
    advice("FS501", "Texts fit on the screen", COMPONENTS_PAGE),
    advice("FS502", "A screen has at most 50 components", FLOW_JSON_PAGE),
    advice("FS503", "Lists have as many entries as can be shown", COMPONENTS_PAGE),
    advice("FS504", "Entries of a list have ids of their own", COMPONENTS_PAGE),
    advice("FS505", "A binding among other text is not replaced", FLOW_JSON_PAGE),
    # --- beyond the platform: what it takes and what then goes wrong ---
    advice("FS601", "Routes do not lead in a circle", FLOW_JSON_PAGE),
    advice("FS602", "Every screen leads to an ending", FLOW_JSON_PAGE),
    advice("FS603", "Every screen can be reached", FLOW_JSON_PAGE),
    advice("FS604", "Links of a list are in the routing model", FLOW_JSON_PAGE),
    advice("FS611", "Declared data is used", FLOW_JSON_PAGE),
    advice("FS612", "Answers are used", FLOW_JSON_PAGE),
    advice("FS621", "Personal data is marked as sensitive", FLOW_JSON_PAGE),
    advice("FS631", "Images are base64 and nothing else", COMPONENTS_PAGE),
    advice("FS632", "Images are PNG or JPEG", COMPONENTS_PAGE),
    advice("FS633", "Images are small enough", COMPONENTS_PAGE),
    advice("FS634", "Images of an endpoint are small enough", COMPONENTS_PAGE),
    advice("FS641", "What is required can be filled in", COMPONENTS_PAGE),
    advice("FS642", "The Footer can be pressed", COMPONENTS_PAGE),
    advice("FS643", "The first choice is an option", COMPONENTS_PAGE),
    advice("FS644", "There are enough options to choose", COMPONENTS_PAGE),
    advice("FS651", "Links of a list are alike", COMPONENTS_PAGE),
    advice("FS652", "Dates are in the calendar", COMPONENTS_PAGE),
    advice("FS653", "Texts fit their own limits", COMPONENTS_PAGE),
    advice("FS654", "Markup is switched on", COMPONENTS_PAGE),
    advice("FS655", "Links are https addresses", COMPONENTS_PAGE),
    advice("FS656", "Selecting acts only when somebody selects", CHANGES_PAGE),
)
