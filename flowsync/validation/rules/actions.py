"""The rules about actions, bindings and expressions: FS4xx."""

from __future__ import annotations

from flowsync.validation.rules.rule import (
    BEFORE_7_3,
    FLOW_JSON_PAGE,
    FROM_6_0_BEFORE_7_3,
    MEDIA_PAGE,
    Rule,
    meaning,
    shape,
)

ACTION_RULES: tuple[Rule, ...] = (
    # --- actions ---
    shape("FS401", "Action names are known and allowed", FLOW_JSON_PAGE, "INVALID_ENUM_VALUE"),
    shape("FS402", "Action keys are known", FLOW_JSON_PAGE, "INVALID_PROPERTY_KEY"),
    shape("FS403", "Actions have their required keys", FLOW_JSON_PAGE, "MISSING_REQUIRED_PROPERTY"),
    shape(
        "FS404",
        "Action keys fit the action",
        FLOW_JSON_PAGE,
        "NOT_KEYWORD_SCHEMA_VALIDATION_FAILED",
    ),
    shape("FS405", "Action values have their type", FLOW_JSON_PAGE, "INVALID_PROPERTY_TYPE"),
    shape("FS406", "Targets have the form of an id", FLOW_JSON_PAGE, "PATTERN_MISMATCH"),
    meaning("FS407", "An exchange needs an endpoint", FLOW_JSON_PAGE, "MISSING_REQUIRED_PROPERTY"),
    meaning("FS408", "Only terminal screens complete", FLOW_JSON_PAGE, "INVALID_COMPLETE_ACTION"),
    meaning(
        "FS409",
        "A terminal Footer ends the flow",
        FLOW_JSON_PAGE,
        "INVALID_PROPERTY_VALUE",
        *BEFORE_7_3,
    ),
    meaning(
        "FS410",
        "Navigation leads to another screen",
        FLOW_JSON_PAGE,
        "INVALID_NAVIGATE_ACTION_NEXT_SCREEN_NAME",
    ),
    meaning(
        "FS411",
        "A payload has only fields of the next screen",
        FLOW_JSON_PAGE,
        "INVALID_NAVIGATE_ACTION_PAYLOAD",
        *FROM_6_0_BEFORE_7_3,
    ),
    meaning(
        "FS412",
        "A payload has all fields of the next screen",
        FLOW_JSON_PAGE,
        "INVALID_NAVIGATE_ACTION_PAYLOAD",
        *FROM_6_0_BEFORE_7_3,
    ),
    meaning(
        "FS413",
        "A payload is given where one is needed",
        FLOW_JSON_PAGE,
        "MISSING_NAVIGATION_ACTION_PAYLOAD",
        *FROM_6_0_BEFORE_7_3,
    ),
    meaning(
        "FS414",
        "An update changes fields of its screen",
        FLOW_JSON_PAGE,
        "INVALID_UPDATE_DATA_ACTION_PAYLOAD",
        "7.1",
        since="6.0",
    ),
    meaning(
        "FS415",
        "An update does not copy a field to itself",
        FLOW_JSON_PAGE,
        "INVALID_UPDATE_DATA_ACTION_PAYLOAD",
        since="6.0",
    ),
    meaning(
        "FS416",
        "Selection actions stand at one level",
        FLOW_JSON_PAGE,
        "INVALID_UPDATE_DATA_ACTION_PAYLOAD",
        since="6.0",
    ),
    meaning(
        "FS417",
        "Payload literals have the type of their field",
        FLOW_JSON_PAGE,
        "INVALID_NAVIGATE_ACTION_STATIC_DATA",
        "7.1",
    ),
    meaning(
        "FS418",
        "Payload literals are for declared fields",
        FLOW_JSON_PAGE,
        "INVALID_NAVIGATE_ACTION_STATIC_DATA",
        "7.1",
    ),
    # --- bindings ---
    meaning(
        "FS421",
        "Bindings of components refer to something",
        FLOW_JSON_PAGE,
        "INVALID_SCREEN_DYNAMIC_DATA",
        "7.1",
    ),
    meaning(
        "FS422",
        "Bindings of payloads refer to something",
        FLOW_JSON_PAGE,
        "INVALID_ON_CLICK_ACTION_PAYLOAD",
        "7.1",
    ),
    meaning(
        "FS423",
        "Own values are bound without the screen",
        FLOW_JSON_PAGE,
        "INVALID_SCREEN_DYNAMIC_DATA",
        "7.1",
    ),
    meaning(
        "FS424",
        "Media are sent only at the top of a payload",
        MEDIA_PAGE,
        "INVALID_ON_CLICK_ACTION_PAYLOAD",
        "7.1",
    ),
    meaning(
        "FS425",
        "Media of a response are few and small",
        MEDIA_PAGE,
        "INVALID_ON_CLICK_ACTION_PAYLOAD",
        "7.1",
    ),
    # --- types of bindings, expressions ---
    meaning(
        "FS431",
        "Bindings have the type of their property",
        FLOW_JSON_PAGE,
        "INVALID_SCREEN_DYNAMIC_DATA",
        "7.1",
    ),
    meaning("FS432", "Expressions can be read", FLOW_JSON_PAGE, "INVALID_PROPERTY_VALUE"),
    meaning(
        "FS433",
        "Expressions give the type that is needed",
        FLOW_JSON_PAGE,
        "INVALID_PROPERTY_VALUE",
    ),
    meaning(
        "FS434", "Names in expressions refer to something", FLOW_JSON_PAGE, "INVALID_PROPERTY_VALUE"
    ),
    meaning(
        "FS435", "Conditions are true or false", FLOW_JSON_PAGE, "INVALID_PROPERTY_VALUE", "7.1"
    ),
    meaning(
        "FS436",
        "Backslashes stand where they can be read",
        FLOW_JSON_PAGE,
        "INVALID_PROPERTY_VALUE",
    ),
    meaning(
        "FS437",
        "Payload bindings have the type of their field",
        FLOW_JSON_PAGE,
        "INVALID_NAVIGATE_ACTION_PAYLOAD",
        "7.1",
    ),
)
