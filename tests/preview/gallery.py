"""Draws every component in all its variants, to be looked at: python -m tests.preview.gallery OUT.

For each theme and platform it writes a page and a picture of all screens, and for each width one of
a phone alone. `sheet.png`, with 256 colours, is what docs/preview-components.png is.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from itertools import product
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from flowsync.preview.page.drawing import Part, draw_file, draw_sheet
from flowsync.preview.page.elements import Numbers
from flowsync.preview.page.values import CHOICES, Look
from tests.browser.conftest import QUIET, chromium
from tests.preview.page.components import all_screens
from tests.preview.page.extremes import extremes


def gallery_page(look: Look, *, only: tuple[str, ...] = ()) -> str:
    """Give all screens, or those with these ids, as a page that is complete in itself."""
    screens = [one for one in (*all_screens(), *extremes()) if not only or one.id in only]
    sheet = draw_sheet(screens, look, can_open=False, numbers=Numbers())
    title = f"{look.platform}, {look.theme}, {look.width}, {look.direction}"
    return draw_file(title, [Part(title=title, sheets=(("Screens", sheet),))])


def main(folder: Path) -> None:
    """Write pages and pictures into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    program = chromium()
    assert program is not None, "there is no Chromium"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=QUIET)
        page = browser.new_page(viewport={"width": 1200, "height": 900})
        for theme, platform in product(CHOICES["theme"], CHOICES["platform"]):
            look = Look(theme=theme, platform=platform)
            _take(page, folder / f"{platform}-{theme}", gallery_page(look))
        for width, direction in (("320", "ltr"), ("430", "ltr"), ("360", "rtl")):
            look = Look(width=width, direction=direction)
            _take(page, folder / f"{width}-{direction}", gallery_page(look))
        _take(page, folder / "large", gallery_page(replace(Look(), scale="200")))
        _document(page, folder)
        browser.close()


def _document(page: Page, folder: Path) -> None:
    """Take the picture of the documentation: all screens in both themes and platforms."""
    page.set_viewport_size({"width": 1760, "height": 900})
    looks = [
        Look(width="320", platform=platform, theme=theme)
        for platform, theme in product(CHOICES["platform"], CHOICES["theme"])
    ]
    sheets = tuple(
        (
            f"{look.platform}, {look.theme}",
            draw_sheet(
                all_screens(),
                look,
                can_open=False,
                numbers=numbers,
            ),
        )
        for numbers in (Numbers(),)
        for look in looks
    )
    html = draw_file("flowsync preview", [Part(title="Components", sheets=sheets)])
    _take(page, folder / "sheet", html.replace("<details>", "<details open>"))


def _take(page: Page, at: Path, html: str) -> None:
    at.with_suffix(".html").write_text(html, "utf-8")
    page.goto(at.with_suffix(".html").absolute().as_uri())
    page.screenshot(path=at.with_suffix(".png"), full_page=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
