"""Every component with its properties, as it is drawn."""

from __future__ import annotations

import json

import pytest

from flowsync.model import JsonValue
from flowsync.preview.page.drawing import draw_screen, draw_sheet
from flowsync.preview.page.values import CHOICES, Look, with_choice
from flowsync.preview.views import ElementView, pointer_text
from flowsync.validation.components import COMPONENTS
from tests.preview.page.components import all_screens, element, options, picture, screen
from tests.preview.page.parsing import Node, parsed


def drawn(one: ElementView) -> Node:
    return parsed(str(draw_screen(screen("A", one, footer=None), Look())))


def test_every_component_type_is_in_the_gallery_and_drawn() -> None:
    views = [one for view in all_screens() for one in view.walk()]
    assert set(COMPONENTS) - {"If", "Switch"} <= {one.type for one in views}
    for view in all_screens():
        tree = parsed(str(draw_screen(view, Look())))
        for one in view.walk():
            (place,) = tree.all(data_element=pointer_text(one.pointer))
            if one.is_drawn:
                assert len(list(place.walk())) > 1, one.type
                assert (
                    " is not drawn"
                    not in "".join(problem.text for problem in place.with_class("problem"))
                    or one.type == "Form"
                )


def test_ids_are_unique_on_a_sheet_and_all_that_is_referred_to_exists() -> None:
    tree = parsed(str(draw_sheet(all_screens(), Look(), can_open=True)))
    ids = [one.attributes["id"] for one in tree.walk() if "id" in one.attributes]
    assert len(ids) == len(set(ids)) > 30
    for one in tree.walk():
        for name in ("for", "aria-describedby", "aria-labelledby"):
            assert set(one.attributes.get(name, "").split()) <= set(ids), one.attributes


def test_every_control_has_a_label_of_its_own() -> None:
    tree = parsed(str(draw_sheet(all_screens(), Look(), can_open=False)))
    labelled = {one.attributes.get("for") for one in tree.all("label")}
    within = {id(inner) for one in tree.all("label") for inner in one.walk()}
    controls = [one for one in tree.walk() if one.tag in {"input", "select", "textarea"}]
    assert len(controls) > 40
    for one in controls:
        assert one.attributes.get("id") in labelled or id(one) in within, one.attributes
    for one in tree.all("fieldset"):
        assert one.all("legend")[0].text.strip()


@pytest.mark.parametrize(
    ("properties", "classes"),
    [
        ({"font-weight": "bold"}, "bold"),
        ({"font-weight": "italic"}, "italic"),
        ({"font-weight": "bold_italic"}, "bold italic"),
        ({"font-weight": "normal"}, ""),
        ({"strikethrough": True}, "struck"),
    ],
)
@pytest.mark.parametrize("kind", ["TextBody", "TextCaption"])
def test_a_text_has_its_weight(kind: str, properties: dict[str, JsonValue], classes: str) -> None:
    tree = drawn(element(kind, {"text": "words", **properties}))
    (found,) = tree.with_class("body" if kind == "TextBody" else "caption")
    assert found.text == "words"
    assert set(found.attributes["class"].split()[1:]) == set(classes.split())


@pytest.mark.parametrize(
    ("kind", "type_", "keyboard"),
    [
        ("text", "text", "text"),
        ("number", "text", "decimal"),
        ("email", "text", "email"),
        ("password", "password", "text"),
        ("passcode", "password", "numeric"),
        ("phone", "text", "tel"),
    ],
)
def test_each_input_type_has_its_keyboard(kind: str, type_: str, keyboard: str) -> None:
    tree = drawn(element("TextInput", {"label": "A", "input-type": kind}, value="x", name="a"))
    (found,) = tree.all("input")
    assert (found.attributes["type"], found.attributes["inputmode"]) == (type_, keyboard)
    assert (found.attributes["value"], found.attributes["data-name"]) == ("x", "a")
    assert found.attributes["data-act"] == "fill"


@pytest.mark.parametrize("is_required", [True, False])
@pytest.mark.parametrize(
    "kind", ["TextInput", "TextArea", "CheckboxGroup", "RadioButtonsGroup", "Dropdown", "OptIn"]
)
def test_what_is_not_required_says_that_it_is_optional(kind: str, is_required: bool) -> None:
    properties: dict[str, JsonValue] = {"label": "Name it", "required": is_required}
    tree = drawn(element(kind, {**properties, "data-source": options("A", "B")}))
    assert ("(optional)" in tree.text) is not is_required


@pytest.mark.parametrize("kind", ["TextInput", "TextArea", "DatePicker"])
def test_an_error_and_a_helper_are_told_of_their_field(kind: str) -> None:
    tree = drawn(element(kind, {"label": "A", "helper-text": "Help me"}, error="That is wrong."))
    (control,) = [
        one
        for one in tree.walk()
        if one.attributes.get("data-act") == "fill" or "data-opens" in one.attributes
    ]
    texts = [
        found.text.strip()
        for name in control.attributes["aria-describedby"].split()
        for found in tree.all(id=name)
    ]
    assert "That is wrong." in texts
    assert "Help me" in " ".join(texts)
    assert control.attributes["aria-invalid"] == "true"


def test_characters_are_counted_where_there_is_a_limit() -> None:
    area = drawn(element("TextArea", {"label": "A", "max-length": 300}, value="four"))
    assert area.with_class("counter")[0].text == "4 / 300"
    assert drawn(element("TextArea", {"label": "A"})).with_class("counter")[0].text == "0 / 600"
    line = drawn(element("TextInput", {"label": "A", "max-chars": 12}, value="four"))
    assert line.with_class("counter")[0].text == "4 / 12"
    assert not drawn(element("TextInput", {"label": "A"}, value="four")).with_class("counter")


def test_an_option_has_all_that_it_can_have() -> None:
    entry: JsonValue = {
        "id": "one",
        "title": "First",
        "description": "About it",
        "metadata": "Beside",
        "image": picture(8, 8),
        "alt-text": "A hill",
        "enabled": False,
    }
    tree = drawn(
        element(
            "RadioButtonsGroup",
            {
                "label": "Choose",
                "description": "With care",
                "media-size": "large",
                "data-source": [entry, {"id": "two", "title": "Second", "color": "#12aBcD"}],
            },
            value="two",
        )
    )
    first, second = tree.all("input", type="radio")
    assert first.attributes.get("value") == "one"
    assert "disabled" in first.attributes
    assert "checked" in second.attributes
    assert tree.all("img")[0].attributes["alt"] == "A hill"
    assert tree.all("img")[0].attributes["src"].startswith("data:image/png;base64,")
    assert tree.all("rect")[0].attributes["fill"] == "#12aBcD"
    assert tree.with_class("large-media")
    for text in ("Choose", "With care", "First", "About it", "Beside", "Second"):
        assert text in tree.text


@pytest.mark.parametrize("kind", ["CheckboxGroup", "ChipsSelector"])
def test_at_the_most_that_may_be_chosen_the_rest_is_disabled(kind: str) -> None:
    properties: dict[str, JsonValue] = {
        "label": "A",
        "data-source": options("A", "B", "C"),
        "max-selected-items": 2,
        "min-selected-items": 1,
    }
    tree = drawn(element(kind, properties, value=["a", "c"]))
    boxes = tree.all("input", type="checkbox")
    assert [("checked" in one.attributes) for one in boxes] == [True, False, True]
    assert [("disabled" in one.attributes) for one in boxes] == [False, True, False]
    assert "Choose 1 to 2" in tree.text


def test_a_drop_down_list_shows_what_is_chosen_and_offers_the_rest() -> None:
    entries: list[JsonValue] = [
        {"id": "a", "title": "A", "description": "About A", "color": "#123456"},
        {"id": "b", "title": "B", "metadata": "Beside B", "enabled": False},
    ]
    tree = drawn(element("Dropdown", {"label": "Town", "data-source": entries}, value="b"))
    (field,) = tree.all(role="combobox")
    assert field.text == "B"
    offered = tree.all(role="option")
    assert [one.attributes["data-picks"] for one in offered] == ["a", "b"]
    assert [one.attributes["aria-selected"] for one in offered] == ["false", "true"]
    assert ["aria-disabled" in one.attributes for one in offered] == [False, True]
    assert "About A" in offered[0].text
    assert "Beside B" in offered[1].text
    assert offered[0].all("rect", fill="#123456")


def test_a_drop_down_list_says_that_it_is_wrong() -> None:
    properties: dict[str, JsonValue] = {"label": "Town", "data-source": options("A")}
    tree = drawn(element("Dropdown", {**properties, "required": True}, error="That is wrong."))
    (field,) = tree.all(role="combobox")
    (error,) = tree.all(id=field.attributes["aria-describedby"])
    assert error.text == "That is wrong."
    assert field.attributes["aria-invalid"] == "true"
    assert field.attributes["aria-required"] == "true"


@pytest.mark.parametrize(("number", "is_searched"), [(39, False), (40, True)])
def test_a_long_list_has_a_search(number: int, is_searched: bool) -> None:
    entries = options(*map(str, range(number)))
    tree = drawn(element("Dropdown", {"label": "Town", "data-source": entries}))
    assert bool(tree.all("input", type="search")) is is_searched


def test_days_have_their_bounds_and_say_which_are_off() -> None:
    tree = drawn(
        element(
            "CalendarPicker",
            {
                "mode": "range",
                "title": "Stay",
                "description": "Some nights",
                "label": {"start-date": "From", "end-date": "To"},
                "helper-text": {"start-date": "Three o'clock"},
                "required": {"start-date": True},
                "min-date": "2026-01-05",
                "max-date": "2026-02-05",
                "min-days": 2,
                "include-days": ["Mon", "Fri"],
                "unavailable-dates": ["2026-01-09", "soon", "2026-01-10"],
            },
            value={"start-date": "2026-01-12"},
            error="Choose at least 2 days.",
        )
    )
    start, end = tree.all(role="combobox")
    assert (start.text, end.text) == ("12 January 2026", "")
    assert [one.attributes["data-end"] for one in (start, end)] == ["start-date", "end-date"]
    assert [one.attributes.get("aria-required") for one in (start, end)] == ["true", None]
    for calendar in tree.all("dialog"):
        given = {key.removeprefix("data-"): text for key, text in calendar.attributes.items()}
        assert (given["low"], given["high"]) == ("2026-01-05", "2026-02-05")
        assert (given["closed"], given["weekdays"]) == ("2026-01-09 2026-01-10", "Mon Fri")
        assert (given["first"], given["last"]) == ("2026-01-12", "")
        assert given["length"] == "At least 2 days"
    for text in ("Stay", "Some nights", "From", "To (optional)", "Three o'clock"):
        assert text in tree.text
    assert "Choose at least 2 days." in tree.text


@pytest.mark.parametrize(
    ("properties", "hint"),
    [
        ({}, "Up to 30 photos, each up to 25 MB"),
        ({"min-uploaded-photos": 1, "max-uploaded-photos": 3}, "1 to 3 photos, each up to 25 MB"),
        ({"max-uploaded-photos": 1, "max-file-size-kb": 800}, "Up to 1 photo, up to 800 KB"),
    ],
)
def test_a_picker_says_how_much_it_takes(properties: dict[str, JsonValue], hint: str) -> None:
    tree = drawn(element("PhotoPicker", {"label": "A", **properties}, value=["a.jpg"]))
    assert hint in tree.text
    assert "a.jpg" in tree.text
    (field,) = tree.all("input", type="file")
    assert field.attributes["accept"] == "image/jpeg,image/png"


def test_a_file_keeps_what_is_known_of_it() -> None:
    known: list[JsonValue] = ["a.jpg", {"file_name": "b.jpg", "size_kb": 120}]
    tree = drawn(element("PhotoPicker", {"label": "A"}, value=known))
    assert [json.loads(one.attributes["data-file"]) for one in tree.all("li")] == known
    removals = tree.all("button", data_kind="without")
    assert [one.text for one in removals] == ["Remove a.jpg", "Remove b.jpg"]
    assert not any("disabled" in one.attributes for one in removals)
    off = drawn(element("PhotoPicker", {"label": "A"}, value=known, is_enabled=False))
    assert all("disabled" in one.attributes for one in off.all("button", data_kind="without"))


def test_documents_are_of_the_kinds_that_are_allowed() -> None:
    kinds: list[JsonValue] = ["application/pdf", "text/plain"]
    tree = drawn(element("DocumentPicker", {"label": "A", "allowed-mime-types": kinds}))
    assert tree.all("input")[0].attributes["accept"] == "application/pdf,text/plain"


def test_an_opt_in_has_read_more_only_where_it_leads_somewhere() -> None:
    plain = drawn(element("OptIn", {"label": "Agree"}, value=True))
    assert "checked" in plain.all("input")[0].attributes
    assert not plain.all("button", data_act="tap")
    more = drawn(element("OptIn", {"label": "Agree", "on-click-action": {"name": "navigate"}}))
    assert more.all("button", data_act="tap")[0].text == "Read more about Agree"


def test_items_of_a_navigation_list_are_buttons_with_all_they_hold() -> None:
    item: JsonValue = {
        "id": "x",
        "main-content": {"title": "Main", "description": "Second", "metadata": "Third"},
        "start": {"image": picture(8, 8), "alt-text": "Start"},
        "end": {"title": "End", "metadata": "Last"},
        "badge": "New",
        "tags": ["Red", "Blue"],
        "enabled": False,
    }
    tree = drawn(
        element("NavigationList", {"list-items": [item], "media-size": "large", "label": "L"})
    )
    (button,) = tree.all("button", data_act="tap")
    assert button.attributes["data-item"] == "x"
    assert "disabled" in button.attributes
    for text in ("Main", "Second", "Third", "End", "Last", "New", "Red", "Blue"):
        assert text in button.text
    assert button.all("img")[0].attributes["alt"] == "Start"


@pytest.mark.parametrize(
    ("properties", "box", "fit"),
    [
        ({}, "0 0 328.0 400", "meet"),
        ({"scale-type": "cover"}, "0 0 328.0 328.0", "slice"),
        ({"height": 120, "scale-type": "cover"}, "0 0 328.0 120.0", "slice"),
        ({"width": 100, "height": 50}, "0 0 100.0 50.0", "meet"),
        ({"aspect-ratio": 2}, "0 0 328.0 164.0", "meet"),
    ],
)
def test_an_image_has_its_frame(properties: dict[str, JsonValue], box: str, fit: str) -> None:
    tree = drawn(element("Image", {"src": picture(8, 8), "alt-text": "Hill", **properties}))
    (frame,) = tree.with_class("shot")
    assert frame.attributes["viewbox"] == box
    assert frame.attributes["aria-label"] == "Hill"
    assert frame.attributes.get("width") == ("100.0" if "width" in properties else None)
    assert frame.all("image")[0].attributes["preserveaspectratio"] == f"xMidYMid {fit}"


def test_a_carousel_shows_all_its_pictures() -> None:
    shots: JsonValue = [{"src": picture(8, 8), "alt-text": name} for name in ("one", "two")]
    tree = drawn(element("ImageCarousel", {"images": shots, "aspect-ratio": "16:9"}))
    assert [one.attributes["aria-label"] for one in tree.with_class("slide")] == ["one", "two"]
    assert tree.with_class("slide")[0].attributes["viewbox"] == "0 0 320.0 180.0"


def test_a_footer_shows_its_captions_and_whether_it_can_be_tapped() -> None:
    foot = element("Footer", {"label": "Go", "center-caption": "Free"}, is_enabled=False)
    tree = parsed(str(draw_screen(screen("A", footer=foot), Look())))
    (button,) = tree.all("button", data_act="tap")
    assert (button.text, button.attributes["aria-disabled"]) == ("Go", "true")
    assert tree.with_class("captions")[0].text == "Free"


def test_the_first_screen_closes_and_later_ones_go_back() -> None:
    first = parsed(str(draw_screen(screen("A"), Look())))
    later = parsed(str(draw_screen(screen("A", can_go_back=True, notice="Oh"), Look())))
    assert first.with_class("nav")[0].attributes["data-act"] == "close"
    assert later.with_class("nav")[0].attributes["data-act"] == "back"
    assert later.all(role="status")[0].text == "Oh"


def test_a_problem_is_shown_in_place_with_what_cannot_be_drawn() -> None:
    tree = drawn(element("Hologram", problem="No phone draws `it`.", is_drawn=False))
    assert "Hologram is not drawn: No phone draws it." in tree.text
    assert tree.with_class("problem")[0].all("code")[0].text == "it"


@pytest.mark.parametrize("name", CHOICES)
def test_each_choice_of_look_is_drawn(name: str) -> None:
    pages = set()
    for value in CHOICES[name]:
        look = with_choice(Look(), name, value)
        assert look is not None
        pages.add(str(draw_screen(screen("A", can_go_back=True), look)))
    assert len(pages) == (1 if name == "view" else len(CHOICES[name]))
    assert with_choice(Look(), name, "another") is None


def test_a_phone_says_that_a_flow_is_a_draft_where_it_is_one() -> None:
    view = screen("A")
    assert not parsed(str(draw_screen(view, Look()))).with_class("draft")
    (banner,) = parsed(str(draw_screen(view, Look(banner="draft")))).with_class("draft")
    assert "testing" in banner.text
