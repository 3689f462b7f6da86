"""Screens with every component in its variants, made by hand: for the gallery and the tests."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Mapping
from itertools import count

from flowsync.model import JsonValue
from flowsync.preview.views import ElementView, ScreenView

_places = count()


def picture(width: int = 64, height: int = 48, tint: int = 0) -> str:
    """Give a PNG in base64: hills under a sky, of a tint."""
    rows = []
    for y in range(height):
        row = bytearray([0])
        for x in range(width):
            is_hill = y > height * 0.62 - 0.2 * height * ((x / width - 0.35) ** 2) * 4
            sky = (150 + 90 * y // height, 200, 235 - tint % 90)
            row += bytes((40 + tint % 120, 120 + 60 * x // width, 90) if is_hill else sky)
        rows.append(bytes(row))

    def chunk(name: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"".join(rows), 9)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    return base64.b64encode(data).decode("ascii")


def element(
    type_: str,
    properties: Mapping[str, JsonValue] | None = None,
    *,
    value: JsonValue = None,
    error: str | None = None,
    problem: str | None = None,
    is_enabled: bool = True,
    is_drawn: bool = True,
    children: tuple[ElementView, ...] = (),
    name: str | None = None,
) -> ElementView:
    """Give an element; what its properties say of `required` holds."""
    given = dict(properties or {})
    number = next(_places)
    return ElementView(
        pointer=("screens", 0, "layout", "children", number),
        type=type_,
        name=name or f"{type_.lower()}_{number}",
        properties=given,
        children=children,
        is_enabled=is_enabled,
        is_required=given.get("required") is True,
        value=value,
        error=error,
        problem=problem,
        is_drawn=is_drawn,
    )


def options(*titles: str, **more: JsonValue) -> list[JsonValue]:
    """Give options with these titles."""
    return [{"id": title.lower(), "title": title, **more} for title in titles]


_CONTINUE = element("Footer", {"label": "Continue", "on-click-action": {}})


def screen(
    title: str,
    *elements: ElementView,
    footer: ElementView | None = _CONTINUE,
    can_go_back: bool = False,
    is_terminal: bool = False,
    progress: float | None = None,
    notice: str | None = None,
) -> ScreenView:
    """Give a screen with a button that says «Continue», unless `footer` says otherwise."""
    return ScreenView(
        pointer=("screens", 0),
        id=title.upper().replace(" ", "_"),
        title=title,
        elements=elements,
        footer=footer,
        can_go_back=can_go_back,
        is_terminal=is_terminal,
        progress=progress,
        notice=notice,
    )


RICH = [
    "# Terms of service",
    "## What you agree to",
    "We keep **your name** and *your address*, ~~nothing else~~, as [our notice](https://x.test) "
    "says.",
    "- one visit a day\n- two guests\n+ no pets",
    "1. Book\n2. Come\n3. Enjoy",
    "### Prices",
    "| Room | Price |\n|---|---|\n| Single | 40 € |\n| **Double** | 60 € |",
    f"![The hills](data:image/png;base64,{picture(96, 48)})",
]


def texts() -> ScreenView:
    """Give all texts."""
    return screen(
        "Texts",
        element("TextHeading", {"text": "A heading of the screen"}),
        element("TextSubheading", {"text": "A subheading of the screen"}),
        element("TextBody", {"text": "Plain body text that is long enough for a second line."}),
        element("TextBody", {"text": "Bold body", "font-weight": "bold"}),
        element("TextBody", {"text": "Italic body", "font-weight": "italic"}),
        element("TextBody", {"text": ["Both,", "on two lines"], "font-weight": "bold_italic"}),
        element("TextBody", {"text": "Struck body", "strikethrough": True}),
        element(
            "TextBody",
            {
                "text": ["Marked **bold**, *italic*, ~~struck~~, [a link](https://x.test).", "- a"],
                "markdown": True,
            },
        ),
        element("TextCaption", {"text": "A caption, smaller and grey"}),
        element("TextCaption", {"text": "A **marked** caption", "markdown": True}),
        element("EmbeddedLink", {"text": "See our opening hours", "on-click-action": {}}),
        can_go_back=True,
        progress=0.3,
    )


def rich_text() -> ScreenView:
    """Give a rich text with all that it can hold."""
    return screen("Rich text", element("RichText", {"text": list(RICH)}), can_go_back=True)


def fields() -> ScreenView:
    """Give text inputs and areas, empty, filled, wrong and disabled."""
    kinds = ("text", "number", "email", "password", "passcode", "phone")
    return screen(
        "Fields",
        element(
            "Form",
            {"name": "form"},
            children=(
                *(
                    element("TextInput", {"label": f"Kind: {kind}", "input-type": kind})
                    for kind in kinds
                ),
                element(
                    "TextInput",
                    {"label": "Your name", "required": True, "helper-text": "As in your passport"},
                    value="Ada Lovelace",
                ),
                element(
                    "TextInput",
                    {"label": "E-mail", "input-type": "email", "required": True},
                    value="ada",
                    error="Write an address such as name@example.com.",
                ),
                element("TextInput", {"label": "Secret", "input-type": "password"}, value="hush"),
                element(
                    "TextInput",
                    {
                        "label": "What should we know before you come to see us in our shop?",
                        "label-variant": "large",
                        "required": True,
                        "helper-text": "Anything that helps",
                    },
                ),
                element(
                    "TextInput",
                    {"label": "Account", "enabled": False},
                    value="42",
                    is_enabled=False,
                ),
                element(
                    "TextArea",
                    {"label": "Message", "max-length": 300, "helper-text": "In your own words"},
                ),
                element("TextArea", {"label": "Notes", "required": True}, value="Two lines\nof it"),
            ),
        ),
        notice="That code is not known. Try another.",
        footer=element("Footer", {"label": "Send", "on-click-action": {}}, is_enabled=False),
    )


def choices() -> ScreenView:
    """Give groups of checkboxes, radio buttons and chips."""
    rooms: list[JsonValue] = [
        {
            "id": str(number),
            "title": f"Room {number}",
            "description": "With a view of the hills",
            "metadata": f"{number}0 €",
            "enabled": number != 3,
        }
        for number in (1, 2, 3)
    ]
    return screen(
        "Choices",
        element(
            "CheckboxGroup",
            {
                "label": "Extras",
                "description": "Chosen now, paid there",
                "data-source": options("Breakfast", "Parking", "Sauna"),
                "min-selected-items": 1,
                "max-selected-items": 2,
                "required": True,
            },
            value=["breakfast", "sauna"],
        ),
        element("RadioButtonsGroup", {"label": "Room", "data-source": rooms}, value="1"),
        element(
            "RadioButtonsGroup",
            {"label": "When", "data-source": options("Morning", "Evening"), "required": True},
            error="Choose something.",
        ),
        element(
            "ChipsSelector",
            {
                "label": "Interests",
                "description": "As many as you like",
                "data-source": options("Hills", "Sea", "Museums", "Food", "Music"),
                "max-selected-items": 3,
            },
            value=["sea", "food"],
        ),
        element(
            "CheckboxGroup",
            {"label": "Closed", "data-source": options("One", "Two"), "enabled": False},
            value=["one"],
            is_enabled=False,
        ),
        element(
            "OptIn",
            {"label": "I agree to the terms", "required": True, "on-click-action": {}},
            value=True,
        ),
        element("OptIn", {"label": "Send me news about offers now and then"}),
        element("OptIn", {"label": "I am of age", "required": True}, error="Tick this to go on."),
        can_go_back=True,
        progress=0.6,
    )


def media() -> ScreenView:
    """Give options with pictures and colours, and drop-down lists."""
    pictured: list[JsonValue] = [
        {
            "id": str(number),
            "title": f"Cabin {number}",
            "description": "Two beds",
            "image": picture(60, 60, number * 40),
            "alt-text": f"Cabin {number} seen from the lake",
        }
        for number in (1, 2)
    ]
    coloured: list[JsonValue] = [
        {"id": name, "title": name.title(), "color": colour}
        for name, colour in (("red", "#C62828"), ("blue", "#1565C0"))
    ]
    large: dict[str, JsonValue] = {
        "label": "Cabins",
        "data-source": pictured,
        "media-size": "large",
    }
    many = options(*(f"Town {number}" for number in range(1, 46)))
    return screen(
        "Media",
        element("RadioButtonsGroup", {"label": "Cabin", "data-source": pictured}, value="1"),
        element("CheckboxGroup", large),
        element("CheckboxGroup", {"label": "Colours", "data-source": coloured}, value=["red"]),
        element("Dropdown", {"label": "Cabin", "data-source": pictured, "required": True}),
        element("Dropdown", {"label": "Colour", "data-source": coloured}, value="blue"),
        element("Dropdown", {"label": "Town", "data-source": many}, error="Choose something."),
        element("Dropdown", {"label": "Off", "data-source": coloured}, is_enabled=False),
        can_go_back=True,
    )


def days() -> ScreenView:
    """Give pickers of dates."""
    limits: dict[str, JsonValue] = {"min-date": "2026-01-05", "max-date": "2026-03-31"}
    closed: list[JsonValue] = ["2026-01-06", "2026-02-14"]
    return screen(
        "Days",
        element(
            "DatePicker",
            {"label": "Day of the visit", "helper-text": "We open at nine", **limits},
        ),
        element(
            "DatePicker",
            {"label": "Birthday", "required": True},
            value="1990-12-10",
            error="Choose 2008-01-01 or an earlier day.",
        ),
        element("DatePicker", {"label": "Fixed"}, value="2026-01-07", is_enabled=False),
        element(
            "CalendarPicker",
            {
                "label": "Appointment",
                "required": True,
                "include-days": ["Mon", "Tue", "Fri"],
                "unavailable-dates": closed,
                **limits,
            },
            value="2026-01-09",
        ),
        element(
            "CalendarPicker",
            {
                "mode": "range",
                "title": "Your stay",
                "description": "Two to ten nights",
                "label": {"start-date": "Arrival", "end-date": "Departure"},
                "helper-text": {"start-date": "From three", "end-date": "Until eleven"},
                "required": {"start-date": True, "end-date": False},
                "min-days": 2,
                "max-days": 10,
                **limits,
            },
            value={"start-date": "2026-01-12", "end-date": "2026-01-15"},
        ),
        can_go_back=True,
    )


def navigation() -> ScreenView:
    """Give lists of links, with pictures, badges, tags and what stands at the end."""
    return screen(
        "Navigation",
        element(
            "NavigationList",
            {
                "label": "Insurances",
                "description": "Choose one to see its terms",
                "list-items": [
                    {
                        "id": "home",
                        "main-content": {
                            "title": "Home",
                            "description": "Walls and roof",
                            "metadata": "The best for families",
                        },
                        "start": {"image": picture(60, 60), "alt-text": "A house"},
                        "badge": "New",
                        "tags": ["Popular", "Cheap"],
                        "on-click-action": {},
                    },
                    {
                        "id": "health",
                        "main-content": {"title": "Health", "description": "Doctors"},
                        "start": {"image": picture(60, 60, 70), "alt-text": "A cross"},
                        "enabled": False,
                        "on-click-action": {},
                    },
                ],
            },
        ),
        element(
            "NavigationList",
            {
                "media-size": "large",
                "list-items": [
                    {
                        "id": "a",
                        "main-content": {"title": "Large", "metadata": "With a large picture"},
                        "start": {"image": picture(90, 90, 30)},
                    },
                ],
                "on-click-action": {},
            },
        ),
        element(
            "NavigationList",
            {
                "list-items": [
                    {
                        "id": str(price),
                        "main-content": {"title": f"Offer {price}"},
                        "end": {"title": f"{price} €", "metadata": "a month"},
                    }
                    for price in (20, 30)
                ],
                "on-click-action": {},
            },
        ),
        footer=None,
    )


def pictures() -> ScreenView:
    """Give pictures, alone and in a row, and one that is none."""
    wide = picture(160, 60)
    two: list[JsonValue] = [
        {"src": picture(120, 90, 20), "alt-text": "The lake"},
        {"src": picture(120, 90, 80), "alt-text": "The wood"},
    ]
    return screen(
        "Pictures",
        element("Image", {"src": wide, "alt-text": "Hills", "height": 120, "scale-type": "cover"}),
        element("Image", {"src": wide, "width": 200, "height": 100, "alt-text": "Contained"}),
        element(
            "Image",
            {"src": wide, "aspect-ratio": 2, "scale-type": "cover", "alt-text": "Two to one"},
        ),
        element(
            "Image",
            {"src": "bm8gcGljdHVyZQ==", "alt-text": "Broken"},
            problem="the image of Image is no picture in base64; the phone shows an empty frame.",
        ),
        element("ImageCarousel", {"images": two, "scale-type": "cover"}),
        element("ImageCarousel", {"images": two, "aspect-ratio": "16:9"}),
        can_go_back=True,
    )


def files() -> ScreenView:
    """Give pickers of files, what is not drawn, and a footer with captions."""
    return screen(
        "Files",
        element(
            "PhotoPicker",
            {
                "label": "Photos of the damage",
                "description": "Up to three, in daylight",
                "photo-source": "camera",
                "min-uploaded-photos": 1,
                "max-uploaded-photos": 3,
                "max-file-size-kb": 2048,
                "required": True,
            },
            value=["front.jpg", {"file_name": "rear.jpg", "size_kb": 120}],
        ),
        element(
            "DocumentPicker",
            {
                "label": "Your contract",
                "allowed-mime-types": ["application/pdf", "image/png"],
                "max-uploaded-documents": 1,
            },
            error="Add a file.",
        ),
        element("PhotoPicker", {"label": "Not now"}, is_enabled=False),
        element(
            "RadioButtonsGroup",
            {"label": "Twice"},
            problem="two options of RadioButtonsGroup have the id `a`. Give each its own.",
            is_drawn=False,
        ),
        element(
            "Hologram",
            problem="A component `Hologram` is none that a phone can draw.",
            is_drawn=False,
        ),
        footer=element(
            "Footer",
            {
                "label": "Upload and finish",
                "left-caption": "Step 3 of 3",
                "right-caption": "Total 40 €",
                "on-click-action": {},
            },
        ),
        is_terminal=True,
        can_go_back=True,
        progress=1.0,
    )


def ending() -> ScreenView:
    """Give a short screen with a caption in the middle of its footer."""
    caption: dict[str, JsonValue] = {"center-caption": "No charge", "label": "Done"}
    return screen(
        "A very long title that no phone can show in its bar as a whole",
        element("TextHeading", {"text": "مرحبا بكم"}),
        element("TextBody", {"text": "نص عربي يظهر من اليمين إلى اليسار."}),
        footer=element("Footer", {**caption, "on-click-action": {}}),
        is_terminal=True,
    )


ALL = (texts, rich_text, fields, choices, media, days, navigation, pictures, files, ending)


def all_screens() -> list[ScreenView]:
    """Give all screens."""
    return [make() for make in ALL]
