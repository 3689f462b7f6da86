"""What opens over the phone, and how the page keeps up with a person: in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from flowsync.model import JsonValue, mapping_in
from tests.browser.axe import violations
from tests.browser.opened_preview import OpenedPreview, opened_preview
from tests.preview.engine.support import footer, one_screen, text_input
from tests.sizes import IS_FULL

WEEK: list[JsonValue] = ["Mon", "Tue", "Wed", "Thu", "Fri"]
TOWNS: list[JsonValue] = [
    {"id": f"t{number}", "title": f"Town {number}", "enabled": number != 2}
    for number in range(1, 42)
]
FRUIT: list[JsonValue] = [{"id": name, "title": name} for name in ("Apple", "Banana", "Blueberry")]


def a_flow() -> JsonValue:
    """Give a screen with all that opens, between other inputs."""
    return one_screen(
        text_input("who", required=True),
        {"type": "Dropdown", "name": "town", "label": "Town", "data-source": TOWNS},
        {
            "type": "Dropdown",
            "name": "fruit",
            "label": "Fruit",
            "data-source": FRUIT,
            "required": True,
        },
        {
            "type": "DatePicker",
            "name": "day",
            "label": "Day",
            "min-date": "2026-01-03",
            "max-date": "2027-02-28",
            "unavailable-dates": ["2026-01-07"],
        },
        {
            "type": "CalendarPicker",
            "name": "stay",
            "mode": "range",
            "label": {"start-date": "Arrival", "end-date": "Departure"},
            "include-days": WEEK,
        },
        {
            "type": "RadioButtonsGroup",
            "name": "when",
            "label": "When",
            "data-source": [{"id": "am", "title": "Morning"}, {"id": "pm", "title": "Evening"}],
        },
        {"type": "TextBody", "text": "Read [the terms](https://x.test/a)", "markdown": True},
        {
            "type": "PhotoPicker",
            "name": "photos",
            "label": "Photos",
            "max-uploaded-photos": 3,
        },
        footer(),
    )


@pytest.fixture
def opened(browser: Browser) -> Iterator[OpenedPreview]:
    with opened_preview(browser, a_flow()) as found:
        yield found
        assert found.said == []


def picker(page: Page, name: str) -> None:
    """Open a field by its keyboard."""
    field = page.get_by_role("combobox", name=name)
    field.press("Enter")
    expect(field).to_have_attribute("aria-expanded", "true")


def held(opened: OpenedPreview, name: str, value: JsonValue) -> None:
    """Wait until the form holds a value."""
    tabs = opened.page.locator("#panel-form")
    expect(tabs).to_contain_text(f'"{name}"')
    opened.page.wait_for_function("() => window.flowsyncTimings.pending === 0")
    form = opened.form
    assert isinstance(form, dict)
    assert form[name] == value


# --- lists ---


def test_a_long_list_is_searched_and_worked_by_keyboard(opened: OpenedPreview) -> None:
    page = opened.page
    picker(page, "Town")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("TOWN 4")
    expect(page.locator("dialog[open]").get_by_role("option")).to_have_count(3)  # 4, 40, 41
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("dialog[open]").get_by_role("option", name="Town 40")).to_be_focused()
    page.keyboard.press("Enter")
    field = page.get_by_role("combobox", name="Town")
    expect(field).to_have_text("Town 40")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-expanded", "false")
    held(opened, "town", "t40")
    picker(page, "Town")
    expect(page.locator("dialog[open]").get_by_role("option")).to_have_count(
        41
    )  # the search begins anew
    expect(page.locator("dialog[open]").get_by_role("option", name="Town 40")).to_have_attribute(
        "aria-selected", "true"
    )
    page.get_by_role("button", name="Clear").click()
    held(opened, "town", "")


def test_a_search_without_result_says_so(opened: OpenedPreview) -> None:
    picker(opened.page, "Town")
    opened.page.keyboard.type("village")
    expect(opened.page.locator("dialog[open]").get_by_text("Nothing fits.")).to_be_visible()


def test_an_option_that_is_off_cannot_be_chosen(opened: OpenedPreview) -> None:
    page = opened.page
    picker(page, "Town")
    page.locator("dialog[open]").get_by_role("option", name="Town 2", exact=True).click(force=True)
    expect(page.get_by_role("listbox", name="Town")).to_be_visible()
    assert opened.acts == []


def test_a_short_list_has_no_search_and_finds_by_letters(opened: OpenedPreview) -> None:
    page = opened.page
    picker(page, "Fruit")
    expect(page.get_by_role("searchbox")).to_have_count(0)
    expect(page.locator("dialog[open]").get_by_role("option", name="Apple")).to_be_focused()
    page.keyboard.type("bl")
    expect(page.locator("dialog[open]").get_by_role("option", name="Blueberry")).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    held(opened, "fruit", "Banana")
    picker(page, "Fruit")
    expect(page.get_by_role("button", name="Clear")).to_have_count(0)  # it is required


@pytest.mark.parametrize("way", ["escape", "beside", "button", "leaving", "again"])
def test_what_is_open_closes_without_a_choice(opened: OpenedPreview, way: str) -> None:
    page = opened.page
    field = page.get_by_role("combobox", name="Fruit")
    field.click()
    expect(page.get_by_role("listbox", name="Fruit")).to_be_visible()
    match way:
        case "escape":
            page.keyboard.press("Escape")
            expect(field).to_be_focused()
        case "beside":
            page.get_by_role("heading", name="Ask").click(force=True)
        case "button":
            page.get_by_role("button", name="Close").last.click()
        case "leaving":
            page.get_by_role("tab", name="data").focus()
        case "again":
            field.press("Enter")
    expect(page.get_by_role("listbox", name="Fruit")).to_be_hidden()
    expect(field).to_have_attribute("aria-expanded", "false")
    if way in {"beside", "leaving"}:
        expect(field).to_have_accessible_description("Choose something.")
    assert all(mapping_in(act)["act"] == "leave" for act in opened.acts)


def test_what_is_open_stays_while_the_screen_is_drawn_again(opened: OpenedPreview) -> None:
    page = opened.page
    page.get_by_label("Who").fill("Ada")
    expect(page.locator("#panel-form")).to_contain_text('"Ada"')
    held_back: list[Route] = []
    page.route("**/act", lambda route: held_back.append(route))
    page.get_by_role("combobox", name="Town").click()  # leaving the input sends that it was left
    page.keyboard.type("town 7")
    drawn = page.evaluate("window.flowsyncTimings.renders.length")
    held_back[0].continue_()
    page.wait_for_function("drawn => window.flowsyncTimings.renders.length > drawn", arg=drawn)
    page.unroute_all()
    expect(page.locator("dialog[open]").get_by_role("option")).to_have_count(1)
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("Enter")  # the only one that fits
    held(opened, "town", "t7")


def test_a_list_that_was_left_without_a_choice_says_what_is_missing(
    opened: OpenedPreview,
) -> None:
    page = opened.page
    picker(page, "Fruit")
    field = page.get_by_role("combobox", name="Fruit")
    page.keyboard.press("Escape")
    expect(field).not_to_have_attribute("aria-invalid", "true")
    page.keyboard.press("Tab")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description("Choose something.")
    expect(page.get_by_role("combobox", name="Day")).to_be_focused()


# --- days ---


def test_a_day_is_chosen_by_arrows_and_one_that_is_off_is_passed_over(
    opened: OpenedPreview,
) -> None:
    page = opened.page
    picker(page, "Day")
    today = page.get_by_role("button", name="Monday, 5 January 2026")
    expect(today).to_be_focused()
    expect(today).to_have_attribute("aria-current", "date")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    closed = page.get_by_role("button", name="Wednesday, 7 January 2026, not available")
    expect(closed).to_be_focused()
    page.keyboard.press("Enter")
    expect(closed).to_be_visible()
    assert opened.acts == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Day")).to_have_text("14 January 2026")
    expect(page.get_by_role("combobox", name="Day")).to_be_focused()
    held(opened, "day", "2026-01-14")


KEYS = [
    (["PageDown"], "Thursday, 5 February 2026"),
    (["Shift+PageDown"], "Tuesday, 5 January 2027"),
    (["End"], "Sunday, 11 January 2026"),
    (["End", "Home"], "Monday, 5 January 2026"),
    (["ArrowUp"], "Saturday, 3 January 2026"),  # not before the first that can be chosen
    (["Shift+PageDown", "Shift+PageDown"], "Sunday, 28 February 2027"),  # nor after the last
    (["End", "PageDown", "PageDown", "PageUp"], "Wednesday, 11 February 2026"),
]


def test_keys_move_through_months_and_years(opened: OpenedPreview) -> None:
    for keys, day in KEYS:
        picker(opened.page, "Day")
        for key in keys:
            opened.page.keyboard.press(key)
        expect(opened.page.get_by_role("button", name=day)).to_be_focused()
        opened.page.keyboard.press("Escape")


def test_month_and_year_are_chosen_from_lists_and_by_buttons(opened: OpenedPreview) -> None:
    page = opened.page
    picker(page, "Day")
    page.get_by_label("Year").select_option("2027")
    page.get_by_label("Month", exact=True).select_option("February")
    expect(page.get_by_role("table", name="February 2027")).to_be_visible()
    page.get_by_role("button", name="Month before").click()
    page.get_by_role("button", name="Month before").click()
    expect(page.get_by_role("table", name="December 2026")).to_be_visible()
    page.get_by_role("button", name="Friday, 25 December 2026").click()
    held(opened, "day", "2026-12-25")


@pytest.mark.parametrize("platform", ["android", "ios"])
def test_names_of_months_are_whole_on_a_small_phone_with_large_text(
    opened: OpenedPreview, platform: str
) -> None:
    page = opened.page
    for name, value in (("width", "320"), ("scale", "200"), ("platform", platform)):
        page.locator(f"#tools [data-name={name}]").select_option(value)
    expect(page.locator(f".phone.{platform}.w320.s200")).to_be_visible()
    picker(page, "Day")
    dialog = page.locator("dialog[open]")
    dialog.get_by_label("Month", exact=True).select_option("September")
    room = dialog.evaluate("e => e.querySelector('.head').getBoundingClientRect().right")
    for label in ("Month", "Year"):
        shown, whole, right = dialog.get_by_label(label, exact=True).evaluate(
            """e => {
                const before = e.getBoundingClientRect();
                Object.assign(e.style, { flex: "none", width: "max-content", maxWidth: "none" });
                return [before.width, e.getBoundingClientRect().width, before.right];
            }"""
        )
        assert shown >= whole - 1
        assert right <= room + 1


def test_two_ends_of_a_stay_are_kept_together(opened: OpenedPreview) -> None:
    page = opened.page
    picker(page, "Arrival")
    page.get_by_role("button", name="Wednesday, 7 January 2026").click()
    held(opened, "stay", {"start-date": "2026-01-07"})
    picker(page, "Departure")
    page.get_by_role("button", name="Monday, 12 January 2026").click()
    held(opened, "stay", {"start-date": "2026-01-07", "end-date": "2026-01-12"})
    picker(page, "Departure")
    expect(page.locator("td.between")).to_have_count(6)
    page.get_by_role("button", name="Tuesday, 6 January 2026").click()  # before the arrival
    held(opened, "stay", {"end-date": "2026-01-06"})


def test_arrows_follow_the_direction_of_writing(opened: OpenedPreview) -> None:
    page = opened.page
    page.get_by_label("direction").select_option("rtl")
    expect(page.locator(".phone[dir=rtl]")).to_be_visible()
    picker(page, "Day")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("button", name="Tuesday, 6 January 2026")).to_be_focused()


THEMES, PLATFORMS = ("light", "dark"), ("android", "ios")


@pytest.mark.parametrize(
    ("theme", "platform"),
    list(product(THEMES, PLATFORMS) if IS_FULL else zip(THEMES, PLATFORMS, strict=True)),
)
def test_what_opens_is_accessible(opened: OpenedPreview, theme: str, platform: str) -> None:
    page = opened.page
    page.get_by_label("theme").select_option(theme)
    page.get_by_label("platform").select_option(platform)
    page.get_by_label("width").select_option("320")
    expect(page.locator(f".phone.{theme}.{platform}.w320")).to_be_visible()
    for name in ("Town", "Day", "Arrival"):
        picker(page, name)
        assert violations(page, "dialog[open]") == []
        inside, outside = page.locator("dialog[open]").bounding_box(), page.viewport_size
        assert inside is not None
        assert outside is not None
        assert inside["width"] == 320
        page.keyboard.press("Escape")
    assert violations(page, "#screen") == []


# --- keeping up ---


def test_a_press_that_lasts_longer_than_the_answer_is_not_lost(opened: OpenedPreview) -> None:
    page = opened.page
    page.get_by_label("Who").press_sequentially("Ada")
    box = page.get_by_role("combobox", name="Fruit").bounding_box()
    assert box is not None
    with page.expect_response("**/act"):
        page.mouse.move(box["x"] + 40, box["y"] + 20)
        page.mouse.down()
    page.wait_for_timeout(250)  # the answer to leaving the input has been drawn
    page.mouse.up()
    expect(page.get_by_role("listbox", name="Fruit")).to_be_visible()


def test_the_phone_shows_that_an_answer_takes_its_time(opened: OpenedPreview) -> None:
    page = opened.page
    held_back: list[Route] = []
    page.route("**/act", lambda route: held_back.append(route))
    page.get_by_label("Morning").check()
    expect(page.locator(".phone")).to_have_attribute("aria-busy", "true")
    held_back[0].continue_()
    expect(page.locator(".phone")).not_to_have_attribute("aria-busy", "true")
    held(opened, "when", "am")


def test_a_radio_button_that_need_not_be_chosen_can_be_taken_back(opened: OpenedPreview) -> None:
    page = opened.page
    page.get_by_label("Morning").check()
    held(opened, "when", "am")
    page.get_by_label("Morning").click()
    held(opened, "when", "")
    expect(page.get_by_label("Morning")).not_to_be_checked()


def test_a_radio_button_is_taken_back_by_keyboard_too(opened: OpenedPreview) -> None:
    page = opened.page
    page.get_by_label("Morning").focus()
    page.keyboard.press("Space")
    held(opened, "when", "am")
    expect(page.get_by_label("Morning")).to_be_focused()
    page.keyboard.press("ArrowDown")
    held(opened, "when", "pm")
    page.keyboard.press("Space")
    held(opened, "when", "")
    expect(page.get_by_label("Evening")).to_be_focused()
    page.keyboard.press("Space")
    held(opened, "when", "pm")


def test_a_link_in_a_text_is_said_and_not_followed(opened: OpenedPreview) -> None:
    page = opened.page
    link = page.get_by_role("link", name="the terms")
    link.press("Enter")
    expect(page.get_by_text("A phone would open https://x.test/a.")).to_be_visible()
    assert page.url == opened.address
    assert not [one for one in opened.asked if "x.test" in one]


def test_what_is_known_of_a_file_is_kept_when_another_is_added(opened: OpenedPreview) -> None:
    page = opened.page
    for name in ("hill.png", "lake.png"):
        photo = {"name": name, "mimeType": "image/png", "buffer": b"x" * 3000}
        page.locator("input[type=file]").set_input_files(photo)  # type: ignore[arg-type]
        expect(page.locator("#screen").get_by_text(name).first).to_be_visible()
    known = {"size_kb": 3, "mime_type": "image/png"}
    assert opened.did("fill")[-1]["value"] == [
        {"file_name": "hill.png", **known},
        {"file_name": "lake.png", **known},
    ]


def test_the_same_file_can_be_added_again_after_it_was_removed(opened: OpenedPreview) -> None:
    page = opened.page
    photo = {"name": "hill.png", "mimeType": "image/png", "buffer": b"1234"}
    for _ in range(2):
        page.locator("input[type=file]").set_input_files(photo)  # type: ignore[arg-type]
        expect(page.locator("#screen").get_by_text("hill.png").first).to_be_visible()
        page.get_by_role("button", name="Remove hill.png").click()
        expect(page.locator("#screen").get_by_text("hill.png")).to_have_count(0)
