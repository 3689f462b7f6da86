"""The preview's page in a browser: accessible on every phone, worked by keyboard, and alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations, product
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from flowsync.model import JsonValue
from flowsync.preview.page.drawing import Part, draw_file, draw_sheet
from flowsync.preview.page.values import Look
from tests.browser.axe import violations
from tests.browser.opened_preview import OpenedPreview, opened_preview
from tests.preview.engine.support import footer, one_screen
from tests.preview.gallery import gallery_page
from tests.preview.page.components import element, options, screen
from tests.sizes import IS_FULL

ALL_WAYS = list(product(("light", "dark"), ("android", "ios"), ("320", "430"), ("100", "200")))
PAIRS = (  # any two settings meet in one of these
    ("light", "android", "320", "200"),
    ("light", "ios", "430", "100"),
    ("dark", "android", "430", "100"),
    ("dark", "ios", "320", "100"),
    ("dark", "ios", "430", "200"),
)
WAYS = ALL_WAYS if IS_FULL else PAIRS


def test_any_two_settings_of_a_look_meet_in_what_is_checked_for_a_change() -> None:
    def pairs(ways: Iterable[tuple[str, ...]]) -> set[tuple[str, ...]]:
        return {two for way in ways for two in combinations(way, 2)}

    assert pairs(PAIRS) == pairs(ALL_WAYS)


@pytest.mark.parametrize(("theme", "platform", "width", "scale"), WAYS)
def test_every_component_is_accessible(
    browser: Browser, tmp_path: Path, theme: str, platform: str, width: str, scale: str
) -> None:
    file = tmp_path / "gallery.html"
    look = Look(theme=theme, platform=platform, width=width, scale=scale)
    file.write_text(gallery_page(look), "utf-8")
    page = browser.new_page(offline=True)
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(file.as_uri())
    assert violations(page) == []
    assert {one for one in asked if not one.startswith("data:image/")} == {page.url}
    assert said == []
    for phone in page.locator(".phone").all():
        assert phone.evaluate("e => e.querySelector('.content').scrollWidth") <= int(width)
    page.close()


def flow() -> JsonValue:
    """Give a flow of two screens: what is filled in on the first shows on the second."""
    form: list[JsonValue] = [
        {"type": "TextInput", "name": "who", "label": "Your name", "required": True},
        {
            "type": "RadioButtonsGroup",
            "name": "when",
            "label": "When",
            "required": True,
            "data-source": [{"id": "am", "title": "Morning"}, {"id": "pm", "title": "Evening"}],
        },
        {
            "type": "Footer",
            "label": "Go on",
            "on-click-action": {
                "name": "navigate",
                "next": {"type": "screen", "name": "LAST"},
                "payload": {"who": "${form.who}"},
            },
        },
    ]
    last: list[JsonValue] = [
        {"type": "TextHeading", "text": "${data.who}"},
        {
            "type": "Footer",
            "label": "Finish",
            "on-click-action": {"name": "complete", "payload": {"who": "${data.who}"}},
        },
    ]

    def laid_out(children: list[JsonValue]) -> JsonValue:
        return {"type": "SingleColumnLayout", "children": children}

    return {
        "version": "7.3",
        "screens": [
            {"id": "FIRST", "title": "First", "layout": laid_out(form)},
            {
                "id": "LAST",
                "title": "Last",
                "terminal": True,
                "data": {"who": {"type": "string", "__example__": "Ada"}},
                "layout": laid_out(last),
            },
        ],
    }


@pytest.fixture
def visited(browser: Browser) -> Iterator[OpenedPreview]:
    with opened_preview(browser, flow()) as found:
        yield found


def test_a_flow_is_gone_through_by_keyboard_alone(visited: OpenedPreview) -> None:
    page = visited.page
    page.get_by_label("Your name").focus()
    page.keyboard.type("Grace", delay=30)
    expect(page.locator("#panel-form")).to_contain_text("Grace")
    assert page.evaluate("document.activeElement.value") == "Grace"
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_label("Morning")).to_be_checked()
    expect(page.get_by_label("Morning")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Evening")).to_be_checked()
    expect(page.locator("#panel-form")).to_contain_text('"pm"')
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Go on")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Grace")).to_be_visible()
    page.get_by_role("button", name="Back").press("Enter")
    expect(page.get_by_label("Your name")).to_have_value("Grace")
    assert visited.said == []


def test_what_is_missing_is_said_at_its_input(visited: OpenedPreview) -> None:
    page = visited.page
    page.get_by_role("button", name="Go on").press("Enter")
    expect(page.locator(".error")).to_have_count(2)
    expect(page.get_by_label("Your name")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Your name")).to_have_accessible_description("Fill this in.")


def test_a_group_that_is_required_says_so_once_it_was_left(visited: OpenedPreview) -> None:
    page = visited.page
    page.get_by_label("Morning").focus()
    page.get_by_label("Evening").focus()
    assert visited.acts == []  # it is the same input
    page.keyboard.press("Tab")
    expect(page.get_by_role("group", name="When")).to_have_accessible_description(
        "Choose something."
    )
    expect(page.get_by_role("button", name="Go on")).to_be_focused()


def test_the_page_asks_for_nothing_but_its_own(visited: OpenedPreview) -> None:
    page = visited.page
    page.locator("#tools select").first.wait_for()
    page.locator("[data-name=theme]").select_option("dark")
    expect(page.locator(".phone.dark")).to_be_visible()
    assert all(one.startswith((visited.address, "data:")) for one in visited.asked)
    names = {one.removeprefix(visited.address) for one in visited.asked}
    assert {"", "page.js", "events?since=0", "act"} <= names
    assert visited.said == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_whole_page_is_accessible(visited: OpenedPreview, scheme: str) -> None:
    page = visited.page
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.evaluate("document.querySelectorAll('[role=tabpanel]').forEach(e => e.hidden = false)")
    assert violations(page) == []


def test_saved_files_show_at_once_and_what_was_typed_stays(visited: OpenedPreview) -> None:
    page = visited.page
    page.get_by_label("Your name").focus()
    page.keyboard.type("Grace", delay=30)
    expect(page.locator("#panel-form")).to_contain_text("Grace")
    visited.studio.reload()
    page.wait_for_function("() => window.flowsyncTimings.renders.length > 1")
    expect(page.get_by_label("Your name")).to_be_focused()
    assert page.evaluate("document.activeElement.selectionStart") == len("Grace")
    expect(page.get_by_label("Your name")).to_have_value("Grace")
    assert page.evaluate("window.flowsyncTimings.firstPaint") > 0


@pytest.mark.parametrize(("platform", "lines"), [("android", 5), ("ios", 4)])
def test_a_text_is_cut_where_a_phone_cuts_it(
    browser: Browser, tmp_path: Path, platform: str, lines: int
) -> None:
    file = tmp_path / "long.html"
    heading = element("TextHeading", {"text": "Many words " * 60})
    sheet = draw_sheet([screen("Long", heading)], Look(platform=platform), can_open=False)
    file.write_text(draw_file("Long", [Part(title="Long", sheets=(("Long", sheet),))]), "utf-8")
    page = browser.new_page(offline=True)
    page.goto(file.as_uri())
    seen = page.locator(".phone .heading").evaluate(
        "e => Math.round(e.clientHeight / parseFloat(getComputedStyle(e).lineHeight))"
    )
    assert seen == lines
    page.close()


def test_a_screen_of_fifty_components_keeps_up_with_typing(
    browser: Browser, record_property: Callable[[str, object], None]
) -> None:
    kinds: list[dict[str, JsonValue]] = [
        {"type": "TextInput", "helper-text": "Help"},
        {"type": "RadioButtonsGroup", "data-source": options("a", "b", "c")},
        {"type": "CheckboxGroup", "data-source": options("a", "b", "c")},
        {"type": "Dropdown", "data-source": options(*map(str, range(30)))},
        {"type": "DatePicker"},
        {"type": "TextArea"},
        {"type": "ChipsSelector", "data-source": options("a", "b", "c")},
    ]
    many = [
        {**kinds[number % len(kinds)], "name": f"n{number}", "label": f"Label {number}"}
        for number in range(49)
    ]
    with opened_preview(browser, one_screen(*many, footer())) as opened:
        page = opened.page
        page.clock.resume()
        for number in range(8):
            page.get_by_label("Label 0 ").press_sequentially("x")
            page.wait_for_function(
                "number => window.flowsyncTimings.renders.length > number", arg=number
            )
        spent = page.evaluate("window.flowsyncTimings.renders")
    middle = sorted(spent)[len(spent) // 2]
    record_property("milliseconds of a drawing", middle)
    assert middle < 60  # 16 are met on a machine that has nothing else to do
