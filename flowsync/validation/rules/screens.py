"""The rules about the document, its version, screens, data models and routing: FS1xx and FS2xx."""

from __future__ import annotations

from flowsync.validation.rules.rule import (
    ERRORS_PAGE,
    FLOW_JSON_PAGE,
    FROM_6_3_BEFORE_7_3,
    VERSIONS_PAGE,
    Rule,
    advice,
    meaning,
    shape,
)

SCREEN_RULES: tuple[Rule, ...] = (
    # --- document and version ---
    shape("FS101", "A Flow JSON is an object", FLOW_JSON_PAGE, "INVALID_FLOW_JSON"),
    shape("FS102", "Values are not nested too deeply", FLOW_JSON_PAGE, "INVALID_FLOW_JSON"),
    shape("FS103", "The version is given", VERSIONS_PAGE, "MISSING_FLOW_JSON_VERSION"),
    shape("FS104", "The version is accepted", VERSIONS_PAGE, "INVALID_FLOW_JSON_VERSION"),
    shape("FS105", "The version is written plainly", VERSIONS_PAGE, "INVALID_PROPERTY_VALUE"),
    shape("FS106", "Top-level keys are known", FLOW_JSON_PAGE, "INVALID_PROPERTY_KEY"),
    shape("FS107", "Screens are given", FLOW_JSON_PAGE, "MISSING_REQUIRED_PROPERTY"),
    shape("FS108", "Top-level values have their type", FLOW_JSON_PAGE, "INVALID_PROPERTY_TYPE"),
    shape("FS109", "data_api_version fits the version", FLOW_JSON_PAGE, "INVALID_PROPERTY_VALUE"),
    meaning("FS110", "meta is not used", ERRORS_PAGE, "INVALID_FLOW_JSON"),
    meaning("FS111", "An endpoint needs routes", FLOW_JSON_PAGE, "MISSING_REQUIRED_PROPERTY"),
    shape("FS112", "The version is not frozen", VERSIONS_PAGE, "INVALID_FLOW_JSON_VERSION"),
    # --- screens ---
    shape("FS201", "There is at least one screen", FLOW_JSON_PAGE, "MIN_ITEMS_REQUIRED"),
    meaning("FS202", "There are at most 100 screens", ERRORS_PAGE, "MAX_SCREENS_NUMBER"),
    shape("FS203", "Screen values have their type", FLOW_JSON_PAGE, "INVALID_PROPERTY_TYPE"),
    shape("FS204", "Screen keys are known", FLOW_JSON_PAGE, "INVALID_PROPERTY_KEY"),
    shape("FS205", "A screen has its required keys", FLOW_JSON_PAGE, "MISSING_REQUIRED_PROPERTY"),
    shape("FS206", "Screen ids are letters and underscores", FLOW_JSON_PAGE, "PATTERN_MISMATCH"),
    shape("FS207", "Screen ids are not empty", FLOW_JSON_PAGE, "MIN_CHARS_REQUIRED"),
    meaning("FS208", "Screen ids are unique", FLOW_JSON_PAGE, "DUPLICATE_SCREEN_IDS"),
    meaning("FS209", "success is no screen id", FLOW_JSON_PAGE, "SCREEN_ID_IS_RESERVED_KEYWORD"),
    advice("FS210", "SUCCESS is no screen id", FLOW_JSON_PAGE),
    shape("FS211", "Screen titles are not blank", FLOW_JSON_PAGE, "PATTERN_MISMATCH"),
    meaning("FS212", "One screen is terminal", FLOW_JSON_PAGE, "MISSING_TERMINAL_SCREEN"),
    shape(
        "FS213",
        "Only terminal screens have success",
        FLOW_JSON_PAGE,
        "NOT_KEYWORD_SCHEMA_VALIDATION_FAILED",
    ),
    meaning("FS214", "One terminal screen is a success", ERRORS_PAGE, "INVALID_PROPERTY_VALUE"),
    meaning("FS215", "Refreshing needs an endpoint", FLOW_JSON_PAGE, "INVALID_PROPERTY_VALUE"),
    meaning("FS216", "sensitive names components", FLOW_JSON_PAGE, "INVALID_SENSITIVE_FIELD"),
    shape("FS217", "sensitive is not empty", FLOW_JSON_PAGE, "MIN_ITEMS_REQUIRED"),
    advice("FS218", "A screen has a layout", FLOW_JSON_PAGE),
    # --- data models ---
    shape("FS221", "Data fields are described by objects", FLOW_JSON_PAGE, "INVALID_PROPERTY_TYPE"),
    shape("FS222", "Fields have type, example", FLOW_JSON_PAGE, "MISSING_REQUIRED_PROPERTY"),
    meaning("FS223", "The type of a data field is known", FLOW_JSON_PAGE, "INVALID_ENUM_VALUE"),
    meaning("FS224", "A data field has one type", FLOW_JSON_PAGE, "INVALID_SCREEN_DATA"),
    meaning("FS225", "Arrays describe their items", FLOW_JSON_PAGE, "INVALID_SCREEN_DATA"),
    meaning("FS226", "items is an object", FLOW_JSON_PAGE, "INVALID_PROPERTY_TYPE"),
    meaning("FS227", "Only fields have __example__", FLOW_JSON_PAGE, "INVALID_SCREEN_DATA"),
    meaning(
        "FS228", "Examples have the type of their field", FLOW_JSON_PAGE, "INVALID_PROPERTY_TYPE"
    ),
    meaning("FS229", "Examples are whole", FLOW_JSON_PAGE, "MISSING_REQUIRED_PROPERTY"),
    meaning("FS230", "Examples keep the other limits", FLOW_JSON_PAGE, "INVALID_PROPERTY_VALUE"),
    meaning("FS231", "Schema keywords make sense", FLOW_JSON_PAGE, "INVALID_PROPERTY_TYPE"),
    # --- routing ---
    shape("FS241", "The routing model holds lists of ids", FLOW_JSON_PAGE, "INVALID_PROPERTY_TYPE"),
    shape("FS242", "The routing model uses screen ids", FLOW_JSON_PAGE, "PATTERN_MISMATCH"),
    meaning(
        "FS243", "Routes are between existing screens", FLOW_JSON_PAGE, "INVALID_ROUTING_MODEL"
    ),
    meaning(
        "FS244", "Every screen is in the routing model", FLOW_JSON_PAGE, "INVALID_ROUTING_MODEL"
    ),
    meaning("FS245", "No route leads to its own screen", FLOW_JSON_PAGE, "INVALID_ROUTING_MODEL"),
    meaning("FS246", "Routes only lead forward", FLOW_JSON_PAGE, "INVALID_ROUTING_MODEL"),
    meaning("FS247", "A screen has at most 10 routes", FLOW_JSON_PAGE, "INVALID_ROUTING_MODEL"),
    meaning(
        "FS248",
        "There is a screen to start with",
        FLOW_JSON_PAGE,
        "INVALID_ROUTING_MODEL",
        *FROM_6_3_BEFORE_7_3,
    ),
    meaning("FS249", "All screens are connected", FLOW_JSON_PAGE, "INVALID_ROUTING_MODEL"),
    meaning(
        "FS250",
        "Every navigation is in the routing model",
        FLOW_JSON_PAGE,
        "INVALID_ROUTING_MODEL",
        *FROM_6_3_BEFORE_7_3,
    ),
)
