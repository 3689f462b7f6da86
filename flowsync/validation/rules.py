"""The rules of Flow JSON as data: what each id stands for, how much it matters, its source.

The checks that apply them are in the other modules of this package. Ids are stable and never used
again for something else: FS1xx document and version, FS2xx screens, data models and routing, FS3xx
components and layout, FS4xx actions and bindings, FS5xx limits that the platform does not enforce,
FS6xx what it takes and what then goes wrong for people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flowsync.diagnostics import Severity

_DOCS = "https://developers.facebook.com/docs/whatsapp/flows/"
FLOW_JSON_PAGE = f"{_DOCS}reference/flowjson"
COMPONENTS_PAGE = f"{_DOCS}reference/components"
MEDIA_PAGE = f"{_DOCS}reference/media_upload"
ERRORS_PAGE = f"{_DOCS}reference/error-codes"
VERSIONS_PAGE = f"{_DOCS}reference/versioning"
CHANGES_PAGE = f"{_DOCS}changelogs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule.

    `code` is what the platform answers when it is broken, None where it accepts the flow. With
    `is_structural` it is among the checks that the platform makes first: when any of them fails, it
    does not look for the others. `skipped_in` are the versions in which the platform lets the fault
    pass; there the finding is a warning. `since` is the version in which what the rule is about
    first appeared, the oldest accepted one where it was there before.
    """

    id: str
    summary: str
    severity: Severity
    source: str
    code: str | None
    is_structural: bool = False
    skipped_in: frozenset[str] = frozenset()
    since: str = "5.1"


def _shape(id: str, summary: str, source: str, code: str, *, since: str = "5.1") -> Rule:
    return Rule(
        id=id,
        summary=summary,
        severity=Severity.ERROR,
        source=source,
        code=code,
        is_structural=True,
        since=since,
    )


def _meaning(
    id: str, summary: str, source: str, code: str, *skipped_in: str, since: str = "5.1"
) -> Rule:
    return Rule(
        id=id,
        summary=summary,
        severity=Severity.ERROR,
        source=source,
        code=code,
        skipped_in=frozenset(skipped_in),
        since=since,
    )


def _advice(id: str, summary: str, source: str) -> Rule:
    return Rule(id=id, summary=summary, severity=Severity.WARNING, source=source, code=None)


_BEFORE_7_3 = ("5.1", "6.0", "6.1", "6.2", "6.3", "7.0", "7.1", "7.2")
_BEFORE_7_0 = ("5.1", "6.0", "6.1", "6.2", "6.3")
_FROM_6_0_BEFORE_7_3 = ("6.0", "6.1", "6.2", "6.3", "7.0", "7.1", "7.2")
_FROM_6_3_BEFORE_7_3 = ("6.3", "7.0", "7.1", "7.2")

_RULES = (
    # --- document and version ---
    _shape("FS101", "A Flow JSON is an object", FLOW_JSON_PAGE, "INVALID_FLOW_JSON"),
    _shape("FS102", "Values are not nested too deeply", FLOW_JSON_PAGE, "INVALID_FLOW_JSON"),
    _shape("FS103", "The version is given", VERSIONS_PAGE, "MISSING_FLOW_JSON_VERSION"),
    _shape("FS104", "The version is accepted", VERSIONS_PAGE, "INVALID_FLOW_JSON_VERSION"),
    _shape("FS105", "The version is written plainly", VERSIONS_PAGE, "INVALID_PROPERTY_VALUE"),
    _shape("FS106", "Top-level keys are known", FLOW_JSON_PAGE, "INVALID_PROPERTY_KEY"),
    _shape("FS107", "Screens are given", FLOW_JSON_PAGE, "MISSING_REQUIRED_PROPERTY"),
    _shape("FS108", "Top-level values have their type", FLOW_JSON_PAGE, "INVALID_PROPERTY_TYPE"),
    _shape("FS109", "data_api_version fits the version", FLOW_JSON_PAGE, "INVALID_PROPERTY_VALUE"),
    _meaning("FS110", "meta is not used", ERRORS_PAGE, "INVALID_FLOW_JSON"),
    _meaning("FS111", "An endpoint needs routes", FLOW_JSON_PAGE, "MISSING_REQUIRED_PROPERTY"),
    _shape("FS112", "The version is not frozen", VERSIONS_PAGE, "INVALID_FLOW_JSON_VERSION"),
    # --- screens ---
    _shape("FS201", "There is at least one screen", FLOW_JSON_PAGE, "MIN_ITEMS_REQUIRED"),
    _meaning("FS202", "There are at most 100 screens", ERRORS_PAGE, "MAX_SCREENS_NUMBER"),
    _shape("FS203", "Screen values have their type", FLOW_JSON_PAGE, "INVALID_PROPERTY_TYPE"),
    _shape("FS204", "Screen keys are known", FLOW_JSON_PAGE, "INVALID_PROPERTY_KEY"),
    _shape("FS205", "A screen has its required keys", FLOW_JSON_PAGE, "MISSING_REQUIRED_PROPERTY"),
    _shape("FS206", "Screen ids are letters and underscores", FLOW_JSON_PAGE, "PATTERN_MISMATCH"),
    _shape("FS207", "Screen ids are not empty", FLOW_JSON_PAGE, "MIN_CHARS_REQUIRED"),
    _meaning("FS208", "Screen ids are unique", FLOW_JSON_PAGE, "DUPLICATE_SCREEN_IDS"),
    _meaning("FS209", "success is no screen id", FLOW_JSON_PAGE, "SCREEN_ID_IS_RESERVED_KEYWORD"),
    _advice("FS210", "SUCCESS is no screen id", FLOW_JSON_PAGE),
    _shape("FS211", "Screen titles are not blank", FLOW_JSON_PAGE, "PATTERN_MISMATCH"),
    _meaning("FS212", "One screen is terminal", FLOW_JSON_PAGE, "MISSING_TERMINAL_SCREEN"),
    _shape(
        "FS213",
        "Only terminal screens have success",
        FLOW_JSON_PAGE,
        "NOT_KEYWORD_SCHEMA_VALIDATION_FAILED",
    ),
    _meaning("FS214", "One terminal screen is a success", ERRORS_PAGE, "INVALID_PROPERTY_VALUE"),
    _meaning("FS215", "Refreshing needs an endpoint", FLOW_JSON_PAGE, "INVALID_PROPERTY_VALUE"),
    _meaning("FS216", "sensitive names components", FLOW_JSON_PAGE, "INVALID_SENSITIVE_FIELD"),
    _shape("FS217", "sensitive is not empty", FLOW_JSON_PAGE, "MIN_ITEMS_REQUIRED"),
    _advice("FS218", "A screen has a layout", FLOW_JSON_PAGE),
    # --- data models ---
    _shape(
        "FS221", "Data fields are described by objects", FLOW_JSON_PAGE, "INVALID_PROPERTY_TYPE"
    ),
    _shape("FS222", "Fields have type, example", FLOW_JSON_PAGE, "MISSING_REQUIRED_PROPERTY"),
    _meaning("FS223", "The type of a data field is known", FLOW_JSON_PAGE, "INVALID_ENUM_VALUE"),
    _meaning("FS224", "A data field has one type", FLOW_JSON_PAGE, "INVALID_SCREEN_DATA"),
    _meaning("FS225", "Arrays describe their items", FLOW_JSON_PAGE, "INVALID_SCREEN_DATA"),
    _meaning("FS226", "items is an object", FLOW_JSON_PAGE, "INVALID_PROPERTY_TYPE"),
    _meaning("FS227", "Only fields have __example__", FLOW_JSON_PAGE, "INVALID_SCREEN_DATA"),
    _meaning(
        "FS228", "Examples have the type of their field", FLOW_JSON_PAGE, "INVALID_PROPERTY_TYPE"
    ),
    _meaning("FS229", "Examples are whole", FLOW_JSON_PAGE, "MISSING_REQUIRED_PROPERTY"),
    _meaning("FS230", "Examples keep the other limits", FLOW_JSON_PAGE, "INVALID_PROPERTY_VALUE"),
    _meaning("FS231", "Schema keywords make sense", FLOW_JSON_PAGE, "INVALID_PROPERTY_TYPE"),
    # --- routing ---
    _shape(
        "FS241", "The routing model holds lists of ids", FLOW_JSON_PAGE, "INVALID_PROPERTY_TYPE"
    ),
    _shape("FS242", "The routing model uses screen ids", FLOW_JSON_PAGE, "PATTERN_MISMATCH"),
    _meaning(
        "FS243", "Routes are between existing screens", FLOW_JSON_PAGE, "INVALID_ROUTING_MODEL"
    ),
    _meaning(
        "FS244", "Every screen is in the routing model", FLOW_JSON_PAGE, "INVALID_ROUTING_MODEL"
    ),
    _meaning("FS245", "No route leads to its own screen", FLOW_JSON_PAGE, "INVALID_ROUTING_MODEL"),
    _meaning("FS246", "Routes only lead forward", FLOW_JSON_PAGE, "INVALID_ROUTING_MODEL"),
    _meaning("FS247", "A screen has at most 10 routes", FLOW_JSON_PAGE, "INVALID_ROUTING_MODEL"),
    _meaning(
        "FS248",
        "There is a screen to start with",
        FLOW_JSON_PAGE,
        "INVALID_ROUTING_MODEL",
        *_FROM_6_3_BEFORE_7_3,
    ),
    _meaning("FS249", "All screens are connected", FLOW_JSON_PAGE, "INVALID_ROUTING_MODEL"),
    _meaning(
        "FS250",
        "Every navigation is in the routing model",
        FLOW_JSON_PAGE,
        "INVALID_ROUTING_MODEL",
        *_FROM_6_3_BEFORE_7_3,
    ),
    # --- components: types, keys and values ---
    _shape("FS301", "Component types exist", COMPONENTS_PAGE, "INVALID_PROPERTY_VALUE"),
    _shape(
        "FS302",
        "Components stand where they may",
        COMPONENTS_PAGE,
        "ONE_OF_SCHEMA_VALIDATION_FAILED",
    ),
    _shape("FS303", "Component keys are known", COMPONENTS_PAGE, "INVALID_PROPERTY_KEY"),
    _shape("FS304", "Required keys are given", COMPONENTS_PAGE, "MISSING_REQUIRED_PROPERTY"),
    _shape("FS305", "Nothing in a component is null", COMPONENTS_PAGE, "INVALID_FLOW_JSON"),
    _shape("FS306", "Component values have their type", COMPONENTS_PAGE, "INVALID_PROPERTY_TYPE"),
    _shape("FS307", "Texts are not blank", CHANGES_PAGE, "PATTERN_MISMATCH"),
    _shape("FS308", "Required texts are not empty", COMPONENTS_PAGE, "MIN_CHARS_REQUIRED"),
    _shape("FS309", "Values come from their list", COMPONENTS_PAGE, "INVALID_ENUM_VALUE"),
    _shape("FS310", "Texts have the form they need", COMPONENTS_PAGE, "PATTERN_MISMATCH"),
    _shape("FS311", "Numbers are not too small", COMPONENTS_PAGE, "MINIMUM_VALUE_REQUIRED"),
    _shape("FS312", "Numbers are not too large", COMPONENTS_PAGE, "MAXIMUM_VALUE_REQUIRED"),
    _shape("FS313", "Lists are not too short", COMPONENTS_PAGE, "MIN_ITEMS_REQUIRED"),
    _shape("FS314", "Lists are not too long", COMPONENTS_PAGE, "MAX_ITEMS_REQUIRED"),
    _shape(
        "FS315",
        "Patterns and addresses can be read",
        COMPONENTS_PAGE,
        "INVALID_PROPERTY_VALUE_FORMAT",
    ),
    _shape("FS316", "Captions come in pairs", COMPONENTS_PAGE, "INVALID_DEPENDENCIES"),
    _shape(
        "FS317",
        "Captions do not exclude each other",
        COMPONENTS_PAGE,
        "NOT_KEYWORD_SCHEMA_VALIDATION_FAILED",
    ),
    _meaning(
        "FS318",
        "A binding is the whole value",
        COMPONENTS_PAGE,
        "INVALID_PROPERTY_VALUE",
        since="6.0",
    ),
    _shape("FS319", "A layout is a SingleColumnLayout", FLOW_JSON_PAGE, "INVALID_PROPERTY_VALUE"),
    _shape(
        "FS320",
        "Only some input types have a pattern",
        COMPONENTS_PAGE,
        "INVALID_ENUM_VALUE",
        since="6.2",
    ),
    _meaning(
        "FS321",
        "A pattern needs a helper text",
        COMPONENTS_PAGE,
        "MISSING_REQUIRED_PROPERTY",
        since="6.2",
    ),
    # --- components: what they mean together ---
    _meaning(
        "FS331", "A minimum is at most its maximum", COMPONENTS_PAGE, "MIN_VALUE_GREATER_THAN_MAX"
    ),
    _meaning(
        "FS332",
        "Options have images or colours",
        COMPONENTS_PAGE,
        "DATA_SOURCE_ITEMS_HAVE_BOTH_IMAGE_AND_COLOR",
    ),
    _meaning("FS333", "Dates are well formed and in order", COMPONENTS_PAGE, "INVALID_DATE_RANGE"),
    _meaning("FS334", "Calendar values fit the mode", COMPONENTS_PAGE, "INVALID_TYPE", since="6.1"),
    _meaning(
        "FS335",
        "Keys of a range are all there",
        COMPONENTS_PAGE,
        "MISSING_CALENDAR_PICKER_RANGE_MODE_PROP",
        since="6.1",
    ),
    _meaning(
        "FS336",
        "Keys of a range are known",
        COMPONENTS_PAGE,
        "UNEXPECTED_CALENDAR_PICKER_RANGE_MODE_PROP",
        since="6.1",
    ),
    _meaning(
        "FS337",
        "Calendar keys fit the mode",
        COMPONENTS_PAGE,
        "INVALID_PROPERTY_NAME_FOR_CONDITION",
        since="6.1",
    ),
    _meaning(
        "FS338",
        "min-days is at most max-days",
        COMPONENTS_PAGE,
        "INVALID_MIN_MAX_DAYS",
        since="6.1",
    ),
    _meaning(
        "FS339",
        "The first date is well formed",
        COMPONENTS_PAGE,
        "INVALID_DATE_SINGLE_INIT_VALUE_FORMAT",
        since="6.1",
    ),
    _meaning(
        "FS340",
        "A carousel has at most 3 images",
        COMPONENTS_PAGE,
        "INVALID_PROPERTY_VALUE",
        since="7.1",
    ),
    _meaning(
        "FS341",
        "Lists of links have an action",
        COMPONENTS_PAGE,
        "MISSING_REQUIRED_PROPERTY",
        since="6.2",
    ),
    _meaning(
        "FS342",
        "Lists of links have one kind of action",
        COMPONENTS_PAGE,
        "DUPLICATE_PROPETY_FOR_CONDITION",
        since="6.2",
    ),
    _meaning(
        "FS343",
        "end does not go with large media",
        COMPONENTS_PAGE,
        "INVALID_PROPERTY_VALUE_FOR_CONDITION",
        since="6.2",
    ),
    _meaning("FS344", "One link has a badge", COMPONENTS_PAGE, "MAX_ITEMS_REQUIRED", since="6.2"),
    _meaning(
        "FS345",
        "No list of links ends a flow",
        COMPONENTS_PAGE,
        "INVALID_PROPERTY_KEY",
        since="6.2",
    ),
    _meaning(
        "FS346", "Some components stand alone", COMPONENTS_PAGE, "INVALID_COMPONENT_PLACEMENT"
    ),
    _meaning(
        "FS347",
        "A screen has few of some types",
        ERRORS_PAGE,
        "COMPONENT_TYPE_MAX_NUMBER_PER_SCREEN",
    ),
    _meaning(
        "FS348",
        "A screen has at most 100 components",
        ERRORS_PAGE,
        "MAX_ALLOWED_COMPONENTS_PER_SCREEN",
    ),
    _meaning("FS349", "If is nested at most 3 deep", COMPONENTS_PAGE, "MAXIMUM_IF_NESTING"),
    _meaning("FS350", "Inputs are inside the Form", COMPONENTS_PAGE, "COMPONENTS_OUTSIDE_FORM"),
    _meaning(
        "FS351", "Names are unique on a screen", ERRORS_PAGE, "DUPLICATE_FORM_COMPONENT_NAMES"
    ),
    _meaning(
        "FS352", "Branches and cases are not empty", COMPONENTS_PAGE, "INVALID_PROPERTY_VALUE"
    ),
    _meaning(
        "FS353",
        "A condition is not a constant",
        COMPONENTS_PAGE,
        "INVALID_FLOW_JSON",
        "7.1",
        since="6.0",
    ),
    _meaning(
        "FS354", "Media are not set in advance", MEDIA_PAGE, "NATIVE_COMPONENT_IN_FORM_INIT_VALUES"
    ),
    _meaning(
        "FS355",
        "A Form sets components of its screen",
        COMPONENTS_PAGE,
        "INVALID_PROPERTY_VALUE",
        *_BEFORE_7_0,
    ),
    _meaning(
        "FS356", "Lists of texts hold no bindings", COMPONENTS_PAGE, "INVALID_TEXT_DYNAMIC_DATA"
    ),
    _meaning(
        "FS357",
        "A terminal screen has a Footer",
        FLOW_JSON_PAGE,
        "MISSING_FOOTER_ON_TERMINAL_SCREEN",
        *_BEFORE_7_3,
    ),
    _advice("FS358", "Footers are in all branches or none", COMPONENTS_PAGE),
    _meaning(
        "FS359",
        "What a Form presets exists",
        COMPONENTS_PAGE,
        "INVALID_FLOW_JSON",
        *_BEFORE_7_0,
    ),
    # --- actions ---
    _shape("FS401", "Action names are known and allowed", FLOW_JSON_PAGE, "INVALID_ENUM_VALUE"),
    _shape("FS402", "Action keys are known", FLOW_JSON_PAGE, "INVALID_PROPERTY_KEY"),
    _shape(
        "FS403", "Actions have their required keys", FLOW_JSON_PAGE, "MISSING_REQUIRED_PROPERTY"
    ),
    _shape(
        "FS404",
        "Action keys fit the action",
        FLOW_JSON_PAGE,
        "NOT_KEYWORD_SCHEMA_VALIDATION_FAILED",
    ),
    _shape("FS405", "Action values have their type", FLOW_JSON_PAGE, "INVALID_PROPERTY_TYPE"),
    _shape("FS406", "Targets have the form of an id", FLOW_JSON_PAGE, "PATTERN_MISMATCH"),
    _meaning("FS407", "An exchange needs an endpoint", FLOW_JSON_PAGE, "MISSING_REQUIRED_PROPERTY"),
    _meaning("FS408", "Only terminal screens complete", FLOW_JSON_PAGE, "INVALID_COMPLETE_ACTION"),
    _meaning(
        "FS409",
        "A terminal Footer ends the flow",
        FLOW_JSON_PAGE,
        "INVALID_PROPERTY_VALUE",
        *_BEFORE_7_3,
    ),
    _meaning(
        "FS410",
        "Navigation leads to another screen",
        FLOW_JSON_PAGE,
        "INVALID_NAVIGATE_ACTION_NEXT_SCREEN_NAME",
    ),
    _meaning(
        "FS411",
        "A payload has only fields of the next screen",
        FLOW_JSON_PAGE,
        "INVALID_NAVIGATE_ACTION_PAYLOAD",
        *_FROM_6_0_BEFORE_7_3,
    ),
    _meaning(
        "FS412",
        "A payload has all fields of the next screen",
        FLOW_JSON_PAGE,
        "INVALID_NAVIGATE_ACTION_PAYLOAD",
        *_FROM_6_0_BEFORE_7_3,
    ),
    _meaning(
        "FS413",
        "A payload is given where one is needed",
        FLOW_JSON_PAGE,
        "MISSING_NAVIGATION_ACTION_PAYLOAD",
        *_FROM_6_0_BEFORE_7_3,
    ),
    _meaning(
        "FS414",
        "An update changes fields of its screen",
        FLOW_JSON_PAGE,
        "INVALID_UPDATE_DATA_ACTION_PAYLOAD",
        "7.1",
        since="6.0",
    ),
    _meaning(
        "FS415",
        "An update does not copy a field to itself",
        FLOW_JSON_PAGE,
        "INVALID_UPDATE_DATA_ACTION_PAYLOAD",
        since="6.0",
    ),
    _meaning(
        "FS416",
        "Selection actions stand at one level",
        FLOW_JSON_PAGE,
        "INVALID_UPDATE_DATA_ACTION_PAYLOAD",
        since="6.0",
    ),
    _meaning(
        "FS417",
        "Payload literals have the type of their field",
        FLOW_JSON_PAGE,
        "INVALID_NAVIGATE_ACTION_STATIC_DATA",
        "7.1",
    ),
    _meaning(
        "FS418",
        "Payload literals are for declared fields",
        FLOW_JSON_PAGE,
        "INVALID_NAVIGATE_ACTION_STATIC_DATA",
        "7.1",
    ),
    # --- bindings ---
    _meaning(
        "FS421",
        "Bindings of components refer to something",
        FLOW_JSON_PAGE,
        "INVALID_SCREEN_DYNAMIC_DATA",
        "7.1",
    ),
    _meaning(
        "FS422",
        "Bindings of payloads refer to something",
        FLOW_JSON_PAGE,
        "INVALID_ON_CLICK_ACTION_PAYLOAD",
        "7.1",
    ),
    _meaning(
        "FS423",
        "Own values are bound without the screen",
        FLOW_JSON_PAGE,
        "INVALID_SCREEN_DYNAMIC_DATA",
        "7.1",
    ),
    _meaning(
        "FS424",
        "Media are sent only at the top of a payload",
        MEDIA_PAGE,
        "INVALID_ON_CLICK_ACTION_PAYLOAD",
        "7.1",
    ),
    _meaning(
        "FS425",
        "Media of a response are few and small",
        MEDIA_PAGE,
        "INVALID_ON_CLICK_ACTION_PAYLOAD",
        "7.1",
    ),
    # --- types of bindings, expressions ---
    _meaning(
        "FS431",
        "Bindings have the type of their property",
        FLOW_JSON_PAGE,
        "INVALID_SCREEN_DYNAMIC_DATA",
        "7.1",
    ),
    _meaning("FS432", "Expressions can be read", FLOW_JSON_PAGE, "INVALID_PROPERTY_VALUE"),
    _meaning(
        "FS433",
        "Expressions give the type that is needed",
        FLOW_JSON_PAGE,
        "INVALID_PROPERTY_VALUE",
    ),
    _meaning(
        "FS434", "Names in expressions refer to something", FLOW_JSON_PAGE, "INVALID_PROPERTY_VALUE"
    ),
    _meaning(
        "FS435", "Conditions are true or false", FLOW_JSON_PAGE, "INVALID_PROPERTY_VALUE", "7.1"
    ),
    _meaning(
        "FS436",
        "Backslashes stand where they can be read",
        FLOW_JSON_PAGE,
        "INVALID_PROPERTY_VALUE",
    ),
    _meaning(
        "FS437",
        "Payload bindings have the type of their field",
        FLOW_JSON_PAGE,
        "INVALID_NAVIGATE_ACTION_PAYLOAD",
        "7.1",
    ),
    # --- soft limits ---
    _advice("FS501", "Texts fit on the screen", COMPONENTS_PAGE),
    _advice("FS502", "A screen has at most 50 components", FLOW_JSON_PAGE),
    _advice("FS503", "Lists have as many entries as can be shown", COMPONENTS_PAGE),
    _advice("FS504", "Entries of a list have ids of their own", COMPONENTS_PAGE),
    _advice("FS505", "A binding among other text is not replaced", FLOW_JSON_PAGE),
    # --- beyond the platform: what it takes and what then goes wrong ---
    _advice("FS601", "Routes do not lead in a circle", FLOW_JSON_PAGE),
    _advice("FS602", "Every screen leads to an ending", FLOW_JSON_PAGE),
    _advice("FS603", "Every screen can be reached", FLOW_JSON_PAGE),
    _advice("FS604", "Links of a list are in the routing model", FLOW_JSON_PAGE),
    _advice("FS611", "Declared data is used", FLOW_JSON_PAGE),
    _advice("FS612", "Answers are used", FLOW_JSON_PAGE),
    _advice("FS621", "Personal data is marked as sensitive", FLOW_JSON_PAGE),
    _advice("FS631", "Images are base64 and nothing else", COMPONENTS_PAGE),
    _advice("FS632", "Images are PNG or JPEG", COMPONENTS_PAGE),
    _advice("FS633", "Images are small enough", COMPONENTS_PAGE),
    _advice("FS634", "Images of an endpoint are small enough", COMPONENTS_PAGE),
    _advice("FS641", "What is required can be filled in", COMPONENTS_PAGE),
    _advice("FS642", "The Footer can be pressed", COMPONENTS_PAGE),
    _advice("FS643", "The first choice is an option", COMPONENTS_PAGE),
    _advice("FS644", "There are enough options to choose", COMPONENTS_PAGE),
    _advice("FS651", "Links of a list are alike", COMPONENTS_PAGE),
    _advice("FS652", "Dates are in the calendar", COMPONENTS_PAGE),
    _advice("FS653", "Texts fit their own limits", COMPONENTS_PAGE),
    _advice("FS654", "Markup is switched on", COMPONENTS_PAGE),
    _advice("FS655", "Links are https addresses", COMPONENTS_PAGE),
    _advice("FS656", "Selecting acts only when somebody selects", CHANGES_PAGE),
)

# Errors that may be ignored all the same: the plan looks again at what they are about.
IGNORABLE_ERRORS = frozenset({"FS112"})
RULES: Mapping[str, Rule] = {rule.id: rule for rule in _RULES}
assert len(RULES) == len(_RULES), "rule ids are unique"
