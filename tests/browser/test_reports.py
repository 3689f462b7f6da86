"""The HTML reports as a browser shows them: alone, accessible, on a phone and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize

from tests.browser.axe import AXE
from tests.render.html.pages import EVERYTHING_NASTY, PAGES
from tests.sizes import IS_FULL

SIZES = (ViewportSize(width=390, height=844), ViewportSize(width=1280, height=900))

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
LOOKS = list(product(SCHEMES, SIZES) if IS_FULL else zip(SCHEMES, SIZES, strict=True))

every_page = pytest.mark.parametrize("name", PAGES)


class Opened:
    """A report that is open in a browser without a network, and what went on there."""

    def __init__(self, context: BrowserContext, file: Path) -> None:
        self.requests: list[str] = []
        self.said: list[str] = []
        context.set_offline(True)
        self.page: Page = context.new_page()
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.goto(file.as_uri())

    def _hear(self, message: ConsoleMessage) -> None:
        self.said.append(message.text)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    found = browser.new_context()
    yield found
    found.close()


@pytest.fixture
def opened(context: BrowserContext, tmp_path: Path, name: str) -> Opened:
    file = tmp_path / f"{name}.html"
    file.write_text(PAGES[name](EVERYTHING_NASTY), "utf-8")
    return Opened(context, file)


@every_page
def test_a_report_needs_no_network_and_runs_nothing(opened: Opened, name: str) -> None:
    page = opened.page
    assert opened.requests == [page.url]
    assert page.evaluate("performance.getEntriesByType('resource').length") == 0
    assert page.evaluate("document.scripts.length") == 0
    assert page.locator("img, iframe, object, embed, form, link, b, base").count() == 0
    attributes = page.evaluate(
        "[...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames())"
    )
    assert not [one for one in attributes if one.startswith("on") or one in {"style", "src"}]
    assert page.locator("style").count() == 1
    assert page.evaluate("getComputedStyle(document.querySelector('.card')).borderRadius") == "10px"
    assert opened.said == []


@every_page
def test_the_policy_of_a_report_stops_what_would_slip_through(opened: Opened, name: str) -> None:
    page = opened.page
    page.evaluate(
        """() => {
            window.ran = false;
            const script = document.createElement('script');
            script.textContent = 'window.ran = true';
            const style = document.createElement('style');
            style.textContent = 'body { display: none }';
            const image = document.createElement('img');
            image.src = 'https://elsewhere.test/x.png';
            document.body.append(script, style, image);
        }"""
    )
    page.wait_for_function("() => document.querySelector('img').complete")
    assert page.evaluate("window.ran") is False
    assert page.evaluate("getComputedStyle(document.body).display") == "block"
    assert len([line for line in opened.said if "Content Security Policy" in line]) == 3


@every_page
def test_a_report_is_accessible_in_light_and_dark_and_never_wider_than_a_phone(
    opened: Opened, name: str
) -> None:
    page = opened.page
    page.evaluate(AXE)
    grounds = set()
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        grounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        for size in SIZES:
            page.set_viewport_size(size)
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= size["width"], (scheme, size)
            if (scheme, size) not in LOOKS:
                continue
            found = page.evaluate("axe.run({resultTypes: ['violations']})")
            said = [
                (one["impact"], one["id"], one["nodes"][0]["html"]) for one in found["violations"]
            ]
            assert said == [], (scheme, size)
            assert len(found["passes"]) > 10
    assert len(grounds) == 2


@every_page
def test_a_report_prints_with_everything_unfolded_and_without_darkness(
    opened: Opened, name: str
) -> None:
    page = opened.page
    inside = "[...document.querySelectorAll('details > :not(summary)')]"
    shown = f"{inside}.filter(e => e.checkVisibility()).length"
    folded = page.evaluate(f"{inside}.length")
    assert page.evaluate(shown) == 0
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(shown) == folded
    assert folded > 0 or name == "failure"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    grounds = page.locator(".fs-page").evaluate_all("all => all.map(e => getComputedStyle(e).fill)")
    assert grounds == ["rgb(255, 255, 255)"] * (name == "plan")
    assert page.pdf().startswith(b"%PDF-")
