"""What components there are, with their properties and places, as data.

Source: https://developers.facebook.com/docs/whatsapp/flows/reference/components
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flowsync.validation.kinds import ComponentType, Kind, Property
from flowsync.validation.versions import V6_0, V6_1, V6_2, V6_3, V7_0, V7_1

_BOOL = Property(Kind.BOOLEAN)
_TEXT = Property(Kind.TEXT)
_NAME = Property(Kind.NAME, required=True)
_NUMBER = Property(Kind.NUMBER)
_DATE = Property(Kind.DATE)
_DATES = Property(Kind.LIST, items=Property(Kind.DATE))
_FILLED = Property(Kind.FILLED_TEXT)
_ERROR_TEXT = Property(Kind.TEXT, outside_form=True)
_BASE64 = Property(Kind.ANY_TEXT, required=True)
_MEDIA_SIZE = Property(Kind.LITERAL_CHOICE, choices=("regular", "large"))
_SCALE = Property(Kind.LITERAL_CHOICE, choices=("cover", "contain"))
_VARIANT = Property(Kind.LITERAL_CHOICE, choices=("large",), since=V7_0)
URL = Property(Kind.TEXT)  # of the action open_url
_UPDATE = Property(Kind.SELECT, choices=("update_data",), since=V6_0)


def _text(limit: int, *, required: bool = False) -> Property:
    return Property(Kind.TEXT, required=required, limit=limit)


def _label(limit: int) -> Property:
    return Property(Kind.TEXT, required=True, non_empty=True, limit=limit)


def _filled(limit: int) -> Property:
    return Property(Kind.FILLED_TEXT, required=True, limit=limit)


def _click(*names: str, required: bool = False) -> Property:
    return Property(Kind.CLICK, required=required, choices=names)


_SELECT = Property(Kind.SELECT, choices=("data_exchange", "update_data"))
_EXCHANGE = Property(Kind.SELECT, choices=("data_exchange",))
_STATES = {"required": _BOOL, "enabled": _BOOL, "visible": _BOOL}

OPTION: Mapping[str, Property] = {
    "id": Property(Kind.LITERAL_TEXT, required=True),
    "title": Property(Kind.LITERAL_TEXT, required=True, limit=30),
    "description": Property(Kind.LITERAL_TEXT, limit=300),
    "metadata": Property(Kind.LITERAL_TEXT, limit=20),
    "enabled": Property(Kind.BOUND_BOOLEAN),
    "image": Property(Kind.BOUND_TEXT),
    "alt-text": _FILLED,
    "color": Property(Kind.COLOUR),
    "on-select-action": _UPDATE,
    "on-unselect-action": _UPDATE,
}
CHIP: Mapping[str, Property] = {
    "id": Property(Kind.FILLED_TEXT, required=True),
    "title": Property(Kind.FILLED_TEXT, required=True, limit=20),
    "enabled": Property(Kind.BOUND_BOOLEAN),
    "on-select-action": _UPDATE,
    "on-unselect-action": _UPDATE,
}
_END_TEXT = Property(Kind.LITERAL_TEXT, limit=10)
LINK: Mapping[str, Property] = {
    "id": Property(Kind.LITERAL_TEXT, required=True),
    "main-content": Property(
        Kind.OBJECT,
        required=True,
        properties={
            "title": Property(Kind.LITERAL_TEXT, required=True, limit=30),
            "description": Property(Kind.LITERAL_TEXT, limit=20),
            "metadata": Property(Kind.LITERAL_TEXT, limit=80),
        },
    ),
    "start": Property(
        Kind.OBJECT,
        properties={
            "image": Property(Kind.LITERAL_BASE64, required=True),
            "alt-text": Property(Kind.LITERAL_TEXT),
        },
    ),
    "end": Property(
        Kind.OBJECT,
        properties={"title": _END_TEXT, "description": _END_TEXT, "metadata": _END_TEXT},
    ),
    "badge": Property(Kind.LITERAL_TEXT, limit=15),
    "tags": Property(
        Kind.LITERAL_LIST,
        minimum=1,
        maximum=3,
        items=Property(Kind.LITERAL_TEXT, limit=15),
    ),
    "enabled": Property(Kind.LITERAL_BOOLEAN),
    "on-click-action": _click("data_exchange", "navigate"),
}


def _options(shown: tuple[int, int], entry: Mapping[str, Property] = OPTION) -> Property:
    item = Property(Kind.OBJECT, properties=entry)
    return Property(Kind.LIST, required=True, minimum=1, items=item, shown=shown)


_CHOICES: Mapping[str, Property] = {
    "name": _NAME,
    "data-source": _options((1, 20)),
    "label": _filled(30),
    "description": _text(300),
    "media-size": _MEDIA_SIZE,
    **_STATES,
    "on-select-action": _SELECT,
    "on-unselect-action": _UPDATE,
    "error-message": _ERROR_TEXT,
}
_STRINGS = Property(Kind.LIST, outside_form=True, items=Property(Kind.LITERAL_TEXT))
_HEADING: Mapping[str, Property] = {"text": _filled(80), "visible": _BOOL}
_BODY: Mapping[str, Property] = {
    "text": Property(Kind.TEXT_OR_LIST, required=True, limit=4096),
    "font-weight": Property(Kind.CHOICE, choices=("bold", "italic", "bold_italic", "normal")),
    "strikethrough": _BOOL,
    "markdown": Property(Kind.LITERAL_BOOLEAN),
    "visible": _BOOL,
}
_PICKER: Mapping[str, Property] = {
    "name": _NAME,
    "label": _filled(80),
    "description": Property(Kind.FILLED_TEXT, limit=300),
    "max-file-size-kb": Property(Kind.LITERAL_INTEGER, minimum=1, maximum=25600),
    "enabled": _BOOL,
    "visible": _BOOL,
    "error-message": Property(Kind.MEDIA_ERROR, outside_form=True),
}
_FEWEST = Property(Kind.LITERAL_INTEGER, minimum=0, maximum=30)
_MOST = Property(Kind.LITERAL_INTEGER, minimum=1, maximum=30)
MIME_TYPES = (
    "application/gzip",
    "application/msword",
    "application/pdf",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.oasis.opendocument.presentation",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/x-7z-compressed",
    "application/xml",
    "application/zip",
    "image/avif",
    "image/gif",
    "image/heic",
    "image/heif",
    "image/jpeg",
    "image/png",
    "image/tiff",
    "image/webp",
    "text/plain",
    "video/mp4",
    "video/mpeg",
)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def _range(item: Property, *, required: bool = False, outside_form: bool = False) -> Property:
    return Property(Kind.RANGE, required=required, outside_form=outside_form, items=item)


COMPONENTS: Mapping[str, ComponentType] = {
    "TextHeading": ComponentType(properties=_HEADING),
    "TextSubheading": ComponentType(properties=_HEADING),
    "TextBody": ComponentType(properties=_BODY),
    "TextCaption": ComponentType(properties=_BODY),
    "RichText": ComponentType(
        in_form=None,
        in_if=None,
        in_switch=None,
        properties={"text": Property(Kind.RICH_TEXT, required=True), "visible": _BOOL},
    ),
    "TextInput": ComponentType(
        properties={
            "name": _NAME,
            "label": _label(20),
            "input-type": Property(
                Kind.LITERAL_CHOICE,
                choices=("text", "number", "email", "password", "passcode", "phone"),
            ),
            "pattern": Property(Kind.REGEX, since=V6_2),
            **_STATES,
            "min-chars": _NUMBER,
            "max-chars": _NUMBER,
            "helper-text": _text(80),
            "label-variant": _VARIANT,
            "init-value": _ERROR_TEXT,
            "error-message": replace(_ERROR_TEXT, limit=30),
        },
    ),
    "TextArea": ComponentType(
        properties={
            "name": _NAME,
            "label": _text(20, required=True),
            "max-length": Property(Kind.INTEGER),
            "helper-text": _text(80),
            "label-variant": _VARIANT,
            **_STATES,
            "init-value": _ERROR_TEXT,
            "error-message": _ERROR_TEXT,
        },
    ),
    "CheckboxGroup": ComponentType(
        properties={
            **_CHOICES,
            # «small» and bindings are not documented, but taken by the platform.
            "media-size": Property(Kind.CHOICE, choices=("regular", "large", "small")),
            "min-selected-items": Property(Kind.NUMBER, minimum=0),
            "max-selected-items": Property(Kind.NUMBER, minimum=2),
            "init-value": _STRINGS,
        },
    ),
    "RadioButtonsGroup": ComponentType(properties={**_CHOICES, "init-value": _ERROR_TEXT}),
    "Dropdown": ComponentType(
        properties={
            "name": _NAME,
            "label": _label(20),
            "data-source": _options((1, 200)),
            **_STATES,
            "on-select-action": _SELECT,
            "on-unselect-action": _UPDATE,
            "init-value": _ERROR_TEXT,
            "error-message": _ERROR_TEXT,
        },
    ),
    "ChipsSelector": ComponentType(
        in_layout=V6_3,
        in_form=V6_3,
        in_if=V7_1,
        in_switch=V7_1,
        properties={
            "name": _NAME,
            "label": _text(80, required=True),
            "data-source": _options((2, 20), CHIP),
            "description": _text(300),
            "min-selected-items": Property(Kind.NUMBER, minimum=0),
            "max-selected-items": Property(Kind.NUMBER, minimum=1),
            **_STATES,
            "on-select-action": replace(_SELECT, since=V7_1),
            "on-unselect-action": replace(_UPDATE, since=V7_1),
            "init-value": _STRINGS,
            "error-message": _ERROR_TEXT,
        },
    ),
    "Footer": ComponentType(
        properties={
            "label": _label(35),
            "on-click-action": _click("navigate", "data_exchange", "complete", required=True),
            "left-caption": _text(15),
            "center-caption": _text(15),
            "right-caption": _text(15),
            "enabled": _BOOL,
        },
    ),
    "OptIn": ComponentType(
        properties={
            "name": _NAME,
            "label": _label(120),
            "required": _BOOL,
            "visible": _BOOL,
            "on-click-action": _click("data_exchange", "navigate", "open_url"),
            "on-select-action": _UPDATE,
            "on-unselect-action": _UPDATE,
            "init-value": Property(Kind.BOOLEAN, outside_form=True),
        },
    ),
    "EmbeddedLink": ComponentType(
        properties={
            "text": _filled(25),
            "on-click-action": _click("data_exchange", "navigate", "open_url", required=True),
            "visible": _BOOL,
        },
    ),
    "DatePicker": ComponentType(
        properties={
            "name": _NAME,
            "label": _label(40),
            "min-date": _DATE,
            "max-date": _DATE,
            "unavailable-dates": _DATES,
            "helper-text": _text(80),
            **_STATES,
            "on-select-action": _EXCHANGE,
            "init-value": replace(_DATE, outside_form=True),
            "error-message": replace(_ERROR_TEXT, limit=80),
        },
    ),
    "CalendarPicker": ComponentType(
        in_layout=V6_1,
        in_form=V6_1,
        in_if=V6_1,
        in_switch=V6_1,
        properties={
            "name": _NAME,
            "label": _range(_text(20), required=True),
            "mode": Property(Kind.CHOICE, choices=("single", "range")),
            "title": _text(80),
            "description": _text(300),
            "helper-text": _range(_text(80)),
            "required": _range(_BOOL),
            "min-date": _DATE,
            "max-date": _DATE,
            "unavailable-dates": _DATES,
            "include-days": Property(
                Kind.LIST,
                minimum=1,
                items=Property(Kind.CHOICE, choices=_DAYS),
            ),
            "min-days": Property(Kind.INTEGER),
            "max-days": Property(Kind.INTEGER),
            "enabled": _BOOL,
            "visible": _BOOL,
            "on-select-action": _EXCHANGE,
            "init-value": _range(_DATE, outside_form=True),
            "error-message": _range(_text(80), outside_form=True),
        },
    ),
    "Image": ComponentType(
        properties={
            "src": _BASE64,
            "width": _NUMBER,
            "height": _NUMBER,
            "scale-type": _SCALE,
            "aspect-ratio": _NUMBER,
            "alt-text": _TEXT,
            "visible": _BOOL,
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
                    properties={"src": _BASE64, "alt-text": replace(_TEXT, required=True)},
                ),
            ),
            "aspect-ratio": Property(Kind.LITERAL_CHOICE, choices=("4:3", "16:9")),
            "scale-type": _SCALE,
            "visible": _BOOL,
        },
    ),
    "NavigationList": ComponentType(
        in_layout=V6_2,
        in_form=V6_2,
        in_if=None,
        in_switch=None,
        properties={
            "name": _NAME,
            "list-items": _options((1, 20), LINK),
            "label": _text(80),
            "description": _text(300),
            "media-size": _MEDIA_SIZE,
            "on-click-action": _click("data_exchange", "navigate"),
        },
    ),
    "PhotoPicker": ComponentType(
        properties={
            **_PICKER,
            "photo-source": Property(
                Kind.LITERAL_CHOICE, choices=("camera_gallery", "camera", "gallery")
            ),
            "min-uploaded-photos": _FEWEST,
            "max-uploaded-photos": _MOST,
        },
    ),
    "DocumentPicker": ComponentType(
        properties={
            **_PICKER,
            "min-uploaded-documents": _FEWEST,
            "max-uploaded-documents": _MOST,
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
