"""Properties that several components have, and the entries of their lists, as data.

Source: https://developers.facebook.com/docs/whatsapp/flows/reference/components
"""

from __future__ import annotations

from collections.abc import Mapping

from flowsync.validation.kinds import Kind, Property
from flowsync.validation.versions import V6_0, V7_0

BOOL = Property(Kind.BOOLEAN)
TEXT = Property(Kind.TEXT)
NAME = Property(Kind.NAME, required=True)
NUMBER = Property(Kind.NUMBER)
DATE = Property(Kind.DATE)
DATES = Property(Kind.LIST, items=Property(Kind.DATE))
FILLED = Property(Kind.FILLED_TEXT)
ERROR_TEXT = Property(Kind.TEXT, outside_form=True)
BASE64 = Property(Kind.ANY_TEXT, required=True)
MEDIA_SIZE = Property(Kind.LITERAL_CHOICE, choices=("regular", "large"))
SCALE = Property(Kind.LITERAL_CHOICE, choices=("cover", "contain"))
VARIANT = Property(Kind.LITERAL_CHOICE, choices=("large",), since=V7_0)
URL = Property(Kind.TEXT)  # of the action open_url
UPDATE = Property(Kind.SELECT, choices=("update_data",), since=V6_0)


def text_up_to(limit: int, *, required: bool = False) -> Property:
    """Give a text of at most `limit` characters."""
    return Property(Kind.TEXT, required=required, limit=limit)


def label_up_to(limit: int) -> Property:
    """Give a text that must be there and not be empty, of at most `limit` characters."""
    return Property(Kind.TEXT, required=True, non_empty=True, limit=limit)


def filled_text_up_to(limit: int) -> Property:
    """Give a text that must hold more than white space, of at most `limit` characters."""
    return Property(Kind.FILLED_TEXT, required=True, limit=limit)


def click_with(*names: str, required: bool = False) -> Property:
    """Give an on-click action, which may be one of these `names`."""
    return Property(Kind.CLICK, required=required, choices=names)


SELECT = Property(Kind.SELECT, choices=("data_exchange", "update_data"))
EXCHANGE = Property(Kind.SELECT, choices=("data_exchange",))
STATES = {"required": BOOL, "enabled": BOOL, "visible": BOOL}

OPTION: Mapping[str, Property] = {
    "id": Property(Kind.LITERAL_TEXT, required=True),
    "title": Property(Kind.LITERAL_TEXT, required=True, limit=30),
    "description": Property(Kind.LITERAL_TEXT, limit=300),
    "metadata": Property(Kind.LITERAL_TEXT, limit=20),
    "enabled": Property(Kind.BOUND_BOOLEAN),
    "image": Property(Kind.BOUND_TEXT),
    "alt-text": FILLED,
    "color": Property(Kind.COLOUR),
    "on-select-action": UPDATE,
    "on-unselect-action": UPDATE,
}
CHIP: Mapping[str, Property] = {
    "id": Property(Kind.FILLED_TEXT, required=True),
    "title": Property(Kind.FILLED_TEXT, required=True, limit=20),
    "enabled": Property(Kind.BOUND_BOOLEAN),
    "on-select-action": UPDATE,
    "on-unselect-action": UPDATE,
}
END_TEXT = Property(Kind.LITERAL_TEXT, limit=10)
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
        properties={"title": END_TEXT, "description": END_TEXT, "metadata": END_TEXT},
    ),
    "badge": Property(Kind.LITERAL_TEXT, limit=15),
    "tags": Property(
        Kind.LITERAL_LIST,
        minimum=1,
        maximum=3,
        items=Property(Kind.LITERAL_TEXT, limit=15),
    ),
    "enabled": Property(Kind.LITERAL_BOOLEAN),
    "on-click-action": click_with("data_exchange", "navigate"),
}


def options(shown: tuple[int, int], entry: Mapping[str, Property] = OPTION) -> Property:
    """Give a list of options, of which so many may be shown: the least and the most."""
    item = Property(Kind.OBJECT, properties=entry)
    return Property(Kind.LIST, required=True, minimum=1, items=item, shown=shown)


CHOICES: Mapping[str, Property] = {
    "name": NAME,
    "data-source": options((1, 20)),
    "label": filled_text_up_to(30),
    "description": text_up_to(300),
    "media-size": MEDIA_SIZE,
    **STATES,
    "on-select-action": SELECT,
    "on-unselect-action": UPDATE,
    "error-message": ERROR_TEXT,
}
STRINGS = Property(Kind.LIST, outside_form=True, items=Property(Kind.LITERAL_TEXT))
HEADING: Mapping[str, Property] = {"text": filled_text_up_to(80), "visible": BOOL}
BODY: Mapping[str, Property] = {
    "text": Property(Kind.TEXT_OR_LIST, required=True, limit=4096),
    "font-weight": Property(Kind.CHOICE, choices=("bold", "italic", "bold_italic", "normal")),
    "strikethrough": BOOL,
    "markdown": Property(Kind.LITERAL_BOOLEAN),
    "visible": BOOL,
}
PICKER: Mapping[str, Property] = {
    "name": NAME,
    "label": filled_text_up_to(80),
    "description": Property(Kind.FILLED_TEXT, limit=300),
    "max-file-size-kb": Property(Kind.LITERAL_INTEGER, minimum=1, maximum=25600),
    "enabled": BOOL,
    "visible": BOOL,
    "error-message": Property(Kind.MEDIA_ERROR, outside_form=True),
}
FEWEST = Property(Kind.LITERAL_INTEGER, minimum=0, maximum=30)
MOST = Property(Kind.LITERAL_INTEGER, minimum=1, maximum=30)
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
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def range_of(item: Property, *, required: bool = False, outside_form: bool = False) -> Property:
    """Give a pair of a least and a greatest value."""
    return Property(Kind.RANGE, required=required, outside_form=outside_form, items=item)
