"""What components there are, with their properties and places, as data.

Source: https://developers.facebook.com/docs/whatsapp/flows/reference/components
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flowsync.validation.component_properties import (
    BASE64,
    BODY,
    BOOL,
    CHIP,
    CHOICES,
    DATE,
    DATES,
    DAYS,
    ERROR_TEXT,
    EXCHANGE,
    FEWEST,
    HEADING,
    LINK,
    MEDIA_SIZE,
    MIME_TYPES,
    MOST,
    NAME,
    NUMBER,
    PICKER,
    SCALE,
    SELECT,
    STATES,
    STRINGS,
    TEXT,
    UPDATE,
    VARIANT,
    click_with,
    filled_text_up_to,
    label_up_to,
    options,
    range_of,
    text_up_to,
)
from flowsync.validation.kinds import ComponentType, Kind, Property
from flowsync.validation.versions import V6_1, V6_2, V6_3, V7_1

COMPONENTS: Mapping[str, ComponentType] = {
    "TextHeading": ComponentType(properties=HEADING),
    "TextSubheading": ComponentType(properties=HEADING),
    "TextBody": ComponentType(properties=BODY),
    "TextCaption": ComponentType(properties=BODY),
    "RichText": ComponentType(
        in_form=None,
        in_if=None,
        in_switch=None,
        properties={"text": Property(Kind.RICH_TEXT, required=True), "visible": BOOL},
    ),
    "TextInput": ComponentType(
        properties={
            "name": NAME,
            "label": label_up_to(20),
            "input-type": Property(
                Kind.LITERAL_CHOICE,
                choices=("text", "number", "email", "password", "passcode", "phone"),
            ),
            "pattern": Property(Kind.REGEX, since=V6_2),
            **STATES,
            "min-chars": NUMBER,
            "max-chars": NUMBER,
            "helper-text": text_up_to(80),
            "label-variant": VARIANT,
            "init-value": ERROR_TEXT,
            "error-message": replace(ERROR_TEXT, limit=30),
        },
    ),
    "TextArea": ComponentType(
        properties={
            "name": NAME,
            "label": text_up_to(20, required=True),
            "max-length": Property(Kind.INTEGER),
            "helper-text": text_up_to(80),
            "label-variant": VARIANT,
            **STATES,
            "init-value": ERROR_TEXT,
            "error-message": ERROR_TEXT,
        },
    ),
    "CheckboxGroup": ComponentType(
        properties={
            **CHOICES,
            # «small» and bindings are not documented, but taken by the platform.
            "media-size": Property(Kind.CHOICE, choices=("regular", "large", "small")),
            "min-selected-items": Property(Kind.NUMBER, minimum=0),
            "max-selected-items": Property(Kind.NUMBER, minimum=2),
            "init-value": STRINGS,
        },
    ),
    "RadioButtonsGroup": ComponentType(properties={**CHOICES, "init-value": ERROR_TEXT}),
    "Dropdown": ComponentType(
        properties={
            "name": NAME,
            "label": label_up_to(20),
            "data-source": options((1, 200)),
            **STATES,
            "on-select-action": SELECT,
            "on-unselect-action": UPDATE,
            "init-value": ERROR_TEXT,
            "error-message": ERROR_TEXT,
        },
    ),
    "ChipsSelector": ComponentType(
        in_layout=V6_3,
        in_form=V6_3,
        in_if=V7_1,
        in_switch=V7_1,
        properties={
            "name": NAME,
            "label": text_up_to(80, required=True),
            "data-source": options((2, 20), CHIP),
            "description": text_up_to(300),
            "min-selected-items": Property(Kind.NUMBER, minimum=0),
            "max-selected-items": Property(Kind.NUMBER, minimum=1),
            **STATES,
            "on-select-action": replace(SELECT, since=V7_1),
            "on-unselect-action": replace(UPDATE, since=V7_1),
            "init-value": STRINGS,
            "error-message": ERROR_TEXT,
        },
    ),
    "Footer": ComponentType(
        properties={
            "label": label_up_to(35),
            "on-click-action": click_with("navigate", "data_exchange", "complete", required=True),
            "left-caption": text_up_to(15),
            "center-caption": text_up_to(15),
            "right-caption": text_up_to(15),
            "enabled": BOOL,
        },
    ),
    "OptIn": ComponentType(
        properties={
            "name": NAME,
            "label": label_up_to(120),
            "required": BOOL,
            "visible": BOOL,
            "on-click-action": click_with("data_exchange", "navigate", "open_url"),
            "on-select-action": UPDATE,
            "on-unselect-action": UPDATE,
            "init-value": Property(Kind.BOOLEAN, outside_form=True),
        },
    ),
    "EmbeddedLink": ComponentType(
        properties={
            "text": filled_text_up_to(25),
            "on-click-action": click_with("data_exchange", "navigate", "open_url", required=True),
            "visible": BOOL,
        },
    ),
    "DatePicker": ComponentType(
        properties={
            "name": NAME,
            "label": label_up_to(40),
            "min-date": DATE,
            "max-date": DATE,
            "unavailable-dates": DATES,
            "helper-text": text_up_to(80),
            **STATES,
            "on-select-action": EXCHANGE,
            "init-value": replace(DATE, outside_form=True),
            "error-message": replace(ERROR_TEXT, limit=80),
        },
    ),
    "CalendarPicker": ComponentType(
        in_layout=V6_1,
        in_form=V6_1,
        in_if=V6_1,
        in_switch=V6_1,
        properties={
            "name": NAME,
            "label": range_of(text_up_to(20), required=True),
            "mode": Property(Kind.CHOICE, choices=("single", "range")),
            "title": text_up_to(80),
            "description": text_up_to(300),
            "helper-text": range_of(text_up_to(80)),
            "required": range_of(BOOL),
            "min-date": DATE,
            "max-date": DATE,
            "unavailable-dates": DATES,
            "include-days": Property(
                Kind.LIST,
                minimum=1,
                items=Property(Kind.CHOICE, choices=DAYS),
            ),
            "min-days": Property(Kind.INTEGER),
            "max-days": Property(Kind.INTEGER),
            "enabled": BOOL,
            "visible": BOOL,
            "on-select-action": EXCHANGE,
            "init-value": range_of(DATE, outside_form=True),
            "error-message": range_of(text_up_to(80), outside_form=True),
        },
    ),
    "Image": ComponentType(
        properties={
            "src": BASE64,
            "width": NUMBER,
            "height": NUMBER,
            "scale-type": SCALE,
            "aspect-ratio": NUMBER,
            "alt-text": TEXT,
            "visible": BOOL,
        },
    ),
    "ImageCarousel": ComponentType(
        in_layout=V7_1,
        in_form=V7_1,
        in_if=None,
        in_switch=None,
        properties={
            "images": Property(
                Kind.LIST,
                required=True,
                minimum=1,
                items=Property(
                    Kind.OBJECT,
                    properties={"src": BASE64, "alt-text": replace(TEXT, required=True)},
                ),
            ),
            "aspect-ratio": Property(Kind.LITERAL_CHOICE, choices=("4:3", "16:9")),
            "scale-type": SCALE,
            "visible": BOOL,
        },
    ),
    "NavigationList": ComponentType(
        in_layout=V6_2,
        in_form=V6_2,
        in_if=None,
        in_switch=None,
        properties={
            "name": NAME,
            "list-items": options((1, 20), LINK),
            "label": text_up_to(80),
            "description": text_up_to(300),
            "media-size": MEDIA_SIZE,
            "on-click-action": click_with("data_exchange", "navigate"),
        },
    ),
    "PhotoPicker": ComponentType(
        properties={
            **PICKER,
            "photo-source": Property(
                Kind.LITERAL_CHOICE, choices=("camera_gallery", "camera", "gallery")
            ),
            "min-uploaded-photos": FEWEST,
            "max-uploaded-photos": MOST,
        },
    ),
    "DocumentPicker": ComponentType(
        properties={
            **PICKER,
            "min-uploaded-documents": FEWEST,
            "max-uploaded-documents": MOST,
            "allowed-mime-types": Property(
                Kind.LITERAL_LIST,
                minimum=1,
                items=Property(Kind.LITERAL_CHOICE, choices=MIME_TYPES),
            ),
        },
    ),
    "Form": ComponentType(
        in_form=None,
        in_if=None,
        in_switch=None,
        properties={
            "name": Property(Kind.LITERAL_TEXT, required=True, non_empty=True),
            "children": Property(Kind.COMPONENTS, required=True),
            "init-values": Property(Kind.FREE_OBJECT),
            "error-messages": Property(Kind.MESSAGES),
        },
    ),
    "If": ComponentType(
        in_switch=None,
        properties={
            "condition": Property(Kind.CONDITION, required=True),
            "then": Property(Kind.COMPONENTS, required=True),
            "else": Property(Kind.COMPONENTS),
        },
    ),
    "Switch": ComponentType(
        in_switch=None,
        properties={
            "value": Property(Kind.SWITCH_VALUE, required=True),
            "cases": Property(Kind.CASES, required=True),
        },
    ),
}

# How many of a type a screen may have: the most over the branches that exclude each other.
MAX_PER_SCREEN: Mapping[str, int] = {
    "Footer": 1,
    "Image": 3,
    "EmbeddedLink": 2,
    "OptIn": 5,
    "PhotoPicker": 1,
    "DocumentPicker": 1,
    "NavigationList": 2,
    "ImageCarousel": 2,
}
MEDIA_PICKERS = frozenset({"PhotoPicker", "DocumentPicker"})
# Inputs that must be inside the Form of their screen; newer inputs need not.
ONLY_IN_FORM = frozenset(
    {
        "CheckboxGroup",
        "RadioButtonsGroup",
        "TextArea",
        "TextInput",
        "OptIn",
        "Dropdown",
        "DatePicker",
        "PhotoPicker",
        "DocumentPicker",
    }
)
