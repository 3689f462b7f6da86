"""How the preview's phone looks: where the focus is, where texts end, and in both directions."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from flowsync.preview.page.drawing import Part, draw_file, draw_sheet
from flowsync.preview.page.values import Look
from flowsync.preview.views import ScreenView
from tests.browser.axe import violations
from tests.preview.gallery import gallery_page
from tests.preview.page.extremes import long_texts, right_to_left
from tests.sizes import IS_FULL

# What shows that a control has the focus: its own frame, or that of what it stands in.
FRAME = """e => [e, e.closest('.field, .upload, .choice')].filter(
    one => one && !one.matches('.hidden') && getComputedStyle(one).opacity !== '0'
).map(one => {
    const style = getComputedStyle(one);
    return [style.outlineStyle, style.outlineWidth, style.boxShadow, style.borderColor].join();
}).join()"""
CONTROLS = """[...document.querySelectorAll('button, input, textarea, [tabindex="0"]')]"""
# Gives the number of the control that has the focus, and notes its frame.
FOCUSED = f"""() => {{
    const at = document.activeElement;
    at.frame ??= ({FRAME})(at);
    return {CONTROLS}.indexOf(at);
}}"""


THEMES, PLATFORMS = ("light", "dark"), ("android", "ios")
LOOKS = list(product(THEMES, PLATFORMS) if IS_FULL else zip(THEMES, PLATFORMS, strict=True))


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    found = browser.new_page(viewport={"width": 1000, "height": 900}, offline=True)
    yield found
    found.close()


def show(page: Page, folder: Path, view: ScreenView, look: Look) -> None:
    file = folder / "screen.html"
    sheet = draw_sheet([view], look, can_open=False)
    file.write_text(draw_file("A screen", [Part(title="A", sheets=(("All", sheet),))]), "utf-8")
    page.goto(file.as_uri())


@pytest.mark.parametrize(("theme", "platform"), LOOKS)
def test_every_control_is_reached_by_tab_and_shows_its_focus(
    page: Page, tmp_path: Path, theme: str, platform: str
) -> None:
    file = tmp_path / "gallery.html"
    file.write_text(gallery_page(Look(theme=theme, platform=platform)), "utf-8")
    page.goto(file.as_uri())
    reached: set[int] = set()
    while True:
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at in reached:
            break
        reached.add(at)
    missing = page.evaluate(
        f"""reached => {CONTROLS}.filter((e, index) => !e.disabled && !e.closest('dialog')
            && e.type !== 'radio' && !reached.includes(index)).map(e => e.outerHTML)""",
        sorted(reached),
    )
    assert missing == []
    unseen = page.evaluate(
        f"""() => {{
            document.activeElement.blur();
            return {CONTROLS}.filter(e => e.frame === ({FRAME})(e)).map(e => e.outerHTML);
        }}"""
    )
    assert unseen == []
    assert len(reached) > 60


LINES = {  # on Android, on iOS
    ".heading": (5, 4),
    ".links > .subheading": (4, 4),
    ".field:not(.large, .area) label": (1, 2),
    ".field.large label": (4, 4),
    ".field.area label": (1, 1),
    "legend": (3, 3),
    ".about": (8, 8),
    ".check .title": (2, 2),
    ".check .description": (3, 3),
    ".check .metadata": (2, 2),
    ".notice span": (2, 2),
    ".embedded span": (1, 1),
}


def test_a_long_text_ends_where_a_phone_cuts_it(page: Page, tmp_path: Path) -> None:
    for turn, platform in enumerate(PLATFORMS):
        show(page, tmp_path, long_texts(), Look(platform=platform))
        for selector, most in LINES.items():
            lines = page.locator(f".phone {selector}").evaluate_all(
                """all => all.map(e => {
                    const line = parseFloat(getComputedStyle(e).lineHeight);
                    return Math.round(e.clientHeight / line);
                })"""
            )
            assert set(lines) == {most[turn]}, (selector, platform)


@pytest.mark.parametrize("scale", ["100", "200"])
def test_no_text_is_too_long_for_a_narrow_phone(page: Page, tmp_path: Path, scale: str) -> None:
    for platform in ("android", "ios"):
        show(page, tmp_path, long_texts(), Look(platform=platform, width="320", scale=scale))
        too_wide = page.evaluate(
            """() => {
                const phone = document.querySelector('.phone').getBoundingClientRect();
                return [...document.querySelectorAll('.phone *')].filter(e => {
                    const box = e.getBoundingClientRect();
                    return e.checkVisibility() && box.width > 2
                        && (box.right > phone.right + 1 || box.left < phone.left - 1);
                }).map(e => e.outerHTML.slice(0, 200));
            }"""
        )
        assert too_wide == []
        assert violations(page) == []


@pytest.mark.parametrize("platform", ["android", "ios"])
def test_a_right_to_left_phone_is_a_mirror_of_the_other(
    page: Page, tmp_path: Path, platform: str
) -> None:
    middles: dict[str, list[float]] = {}
    for direction in ("ltr", "rtl"):
        show(page, tmp_path, right_to_left(), Look(platform=platform, direction=direction))
        left = page.locator(".phone").evaluate("e => e.getBoundingClientRect().left")
        middles[direction] = [
            page.locator(selector).first.evaluate(
                "e => { const box = e.getBoundingClientRect(); return box.left + box.width / 2; }"
            )
            - left
            for selector in (".nav", ".more", ".choice input", ".choice img", ".chevron")
        ]
    for one, other in zip(middles["ltr"], middles["rtl"], strict=True):
        assert abs(one + other - 360) < 2
        assert abs(one - other) > 50
    assert violations(page) == []


def test_signs_that_point_are_turned_once_and_counters_not_at_all(
    page: Page, tmp_path: Path
) -> None:
    for platform in ("android", "ios"):
        show(page, tmp_path, right_to_left(), Look(platform=platform, direction="rtl"))
        for selector in (".nav", ".chevron"):
            style = page.locator(selector).first.evaluate(
                "e => { const s = getComputedStyle(e); return [s.direction, s.transform]; }"
            )
            # A sign in a right-to-left line would be mirrored by the browser already.
            assert style == ["ltr", "matrix(-1, 0, 0, 1, 0, 0)"]
        counter = page.locator(".counter")
        assert counter.inner_text() == "0 / 600"
        assert counter.evaluate("e => getComputedStyle(e).direction") == "ltr"
