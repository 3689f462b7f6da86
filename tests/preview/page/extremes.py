"""Screens of texts that are far too long, and of texts that go from right to left."""

from __future__ import annotations

from flowsync.model import JsonValue
from flowsync.preview.views import ScreenView
from tests.preview.page.components import element, picture, screen

WORDS = "We need some details to find a table for you, and nobody else gets to see them. "
LONG = WORDS * 12
WORD = "Donaudampfschifffahrtsgesellschaftskapitän" * 4


def long_texts() -> ScreenView:
    """Give every text of a screen far longer than a phone has room for."""
    choices: list[JsonValue] = [
        {"id": "a", "title": LONG, "description": LONG, "metadata": LONG, "image": picture()},
        {"id": "b", "title": WORD, "description": WORD, "color": "#FFFFFF"},
    ]
    chips: list[JsonValue] = [{"id": "a", "title": LONG}, {"id": "b", "title": WORD}]
    rows: list[JsonValue] = [
        {
            "id": "x",
            "main-content": {"title": LONG, "description": LONG, "metadata": LONG},
            "start": {"image": picture()},
            "end": {"title": WORD, "metadata": LONG},
            "tags": [LONG, WORD],
        }
    ]
    about: dict[str, JsonValue] = {"label": LONG, "description": LONG}
    return screen(
        LONG,
        element("TextHeading", {"text": LONG}),
        element("TextSubheading", {"text": LONG}),
        element("TextBody", {"text": WORD}),
        element("TextInput", {"label": LONG, "helper-text": LONG}, value=LONG, error=LONG),
        element("TextInput", {"label": LONG, "label-variant": "large"}),
        element("TextArea", {"label": WORD, "helper-text": LONG}),
        element("CheckboxGroup", {**about, "data-source": choices}, value=["a"]),
        element("ChipsSelector", {**about, "data-source": chips}, value=["a"]),
        element("Dropdown", {"label": LONG, "data-source": choices}, value="a"),
        element("DatePicker", {"label": LONG, "helper-text": LONG}),
        element("OptIn", {"label": LONG, "on-click-action": {}}),
        element("EmbeddedLink", {"text": LONG}),
        element("NavigationList", {**about, "list-items": rows}),
        element("DocumentPicker", about, value=[{"file_name": WORD}]),
        notice=LONG,
        footer=element(
            "Footer", {"label": LONG, "left-caption": WORD, "right-caption": LONG}, is_enabled=True
        ),
        can_go_back=True,
    )


def right_to_left() -> ScreenView:
    """Give a screen in Arabic."""
    meals: list[JsonValue] = [
        {"id": "a", "title": "الإفطار", "description": "من السابعة", "image": picture()},
        {"id": "b", "title": "العشاء", "description": "حتى منتصف الليل"},
    ]
    rows: list[JsonValue] = [
        {
            "id": "x",
            "main-content": {"title": "تأمين", "description": "المنزل"},
            "end": {"title": "١٠٠"},
        }
    ]
    return screen(
        "حجز طاولة",
        element("TextHeading", {"text": "طاولة بجانب النافذة"}),
        element("TextBody", {"text": "نحتاج إلى بعض التفاصيل. 3 people, شكرا."}),
        element("RichText", {"text": ["- واحد\n- اثنان"]}),
        element("TextInput", {"label": "الاسم", "helper-text": "كما في البطاقة"}),
        element("TextInput", {"label": "المدينة", "required": True}, value="القاهرة"),
        element("RadioButtonsGroup", {"label": "الوجبة", "data-source": meals}, value="a"),
        element("ChipsSelector", {"label": "الوجبات", "data-source": meals}),
        element("Dropdown", {"label": "المكان", "data-source": meals}),
        element("OptIn", {"label": "أوافق على الشروط", "on-click-action": {}}),
        element("NavigationList", {"list-items": rows}),
        element("TextArea", {"label": "ملاحظات"}),
        footer=element("Footer", {"label": "متابعة", "center-caption": "دقيقتان"}),
        can_go_back=True,
    )


def extremes() -> list[ScreenView]:
    """Give all screens of this module."""
    return [long_texts(), right_to_left()]
