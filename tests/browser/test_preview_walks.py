"""Each example flow in a browser, from its entry to its end, as one of its scenarios says."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from flowsync.companions import read_companions
from flowsync.model import FlowKey, JsonValue
from flowsync.preview.endpoint.matching import misfits
from flowsync.preview.endpoint.playing import fixtures_endpoint
from flowsync.preview.engine import Start
from flowsync.preview.scenarios.values import Back, Expect, Fill, Scenario, Tap
from flowsync.preview.server.acts import Desk
from flowsync.preview.server.app import PreviewApp
from flowsync.preview.server.serving import served
from flowsync.preview.studio import PreviewFlow, Studio
from flowsync.preview.views import ElementView, pointer_text

FLOWS = Path(__file__).parents[2] / "flows"
DEFINITIONS = sorted(file for file in FLOWS.rglob("*.yaml") if file.with_suffix(".json").exists())


def whole_walk(scenarios: tuple[Scenario, ...]) -> Scenario:
    """Give the shortest scenario that begins as a page does and ends with a payload."""
    found = [
        one
        for one in scenarios
        if replace(one.start, asks_endpoint=False, flow_token="preview") == Start()
        and any(_payload(step.does) for step in one.steps)
    ]
    return min(found, key=lambda one: len(one.steps))


def _payload(does: object) -> bool:
    return isinstance(does, Expect) and does.payload is not None


class Hand:
    """Works the page of a preview as a person does."""

    def __init__(self, page: Page, studio: Studio) -> None:
        self._page, self._studio = page, studio

    def idle(self) -> None:
        self._page.wait_for_function("() => window.flowsyncTimings.pending === 0")

    def element(self, target: str) -> ElementView:
        view = self._studio.moment().view
        assert view is not None
        for one in view.walk():
            words = (one.name, one.properties.get("label"), one.properties.get("text"), one.type)
            if target in words:
                return one
        raise AssertionError(f"{view.id} shows no {target}")

    def _at(self, element: ElementView) -> Locator:
        place = pointer_text(element.pointer)
        return self._page.locator(f'#screen [data-element="{place}"]')

    def fill(self, target: str, value: JsonValue) -> None:
        element = self.element(target)
        at = self._at(element)
        match element.type:
            case "TextInput" | "TextArea":
                at.locator("input, textarea").fill(str(value or ""))
            case "RadioButtonsGroup":
                at.locator(f'input[value="{value}"]').check()
            case "CheckboxGroup" | "ChipsSelector":
                assert isinstance(value, list)
                for box in at.locator("input").all():
                    if box.is_checked() and box.get_attribute("value") not in value:
                        box.uncheck(force=True)
                        self.idle()
                for one in value:
                    at.locator(f'input[value="{one}"]').check(force=True)
                    self.idle()
            case "OptIn":
                at.locator("input").set_checked(value is True)
            case "Dropdown":
                at.locator("[data-opens]").click()
                at.locator(f'dialog [data-picks="{value}"]').click()
            case "DatePicker" | "CalendarPicker":
                self._day(at, value)
            case "PhotoPicker" | "DocumentPicker":
                assert isinstance(value, list)
                at.locator("input[type=file]").set_input_files(
                    [
                        FilePayload(name=_name(one), mimeType=_kind(one), buffer=b"x")
                        for one in value
                    ]
                )
        self.idle()

    def _day(self, at: Locator, value: JsonValue) -> None:
        days = value if isinstance(value, dict) else {"": value}
        for end, day in days.items():
            field = at.locator(f'[data-opens][data-end="{end}"]' if end else "[data-opens]")
            field.first.click()
            dialog = at.locator("dialog[open]")
            year, month, _ = str(day).split("-")
            dialog.locator('select[aria-label="Year"]').select_option(label=year)
            name = date(2000, int(month), 1).strftime("%B")
            dialog.locator('select[aria-label="Month"]').select_option(label=name)
            dialog.locator(f'[data-day="{day}"]').click()
            self.idle()

    def tap(self, target: str, item: str | None) -> None:
        at = self._at(self.element(target))
        chosen = f'[data-item="{item}"]' if item else 'button[data-act="tap"]'
        at.locator(chosen).first.click()
        self.idle()


def _name(file: JsonValue) -> str:
    return file if isinstance(file, str) else str(file["file_name"])  # type: ignore[call-overload, index]


def _kind(file: JsonValue) -> str:
    return "image/jpeg" if _name(file).endswith(("jpg", "jpeg")) else "application/pdf"


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda file: file.stem)
def test_an_example_is_walked_through_to_its_payload(browser: Browser, definition: Path) -> None:
    beside = read_companions(definition, FLOWS, [])
    assert beside.scenarios is not None
    walk = whole_walk(beside.scenarios)
    fixtures = beside.fixtures
    flow = PreviewFlow(
        key=FlowKey("a"),
        name="A flow",
        flow_json=json.loads(definition.with_suffix(".json").read_text("utf-8")),
        new_endpoint=lambda: fixtures_endpoint(fixtures) if fixtures else None,
    )
    today = walk.today or date(2026, 11, 28)
    studio = Studio(lambda: {flow.key: flow}, today=lambda: today)
    app = PreviewApp(Desk(studio, lambda moment, name: name), token="token")
    with served(app, closing=studio.close) as port:
        page = browser.new_page(viewport={"width": 1300, "height": 900})
        page.set_default_timeout(15_000)
        said: list[str] = []
        asked: list[str] = []
        page.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.clock.set_fixed_time(f"{today}T12:00:00")
        address = f"http://127.0.0.1:{port}/token/"
        if walk.start.asks_endpoint:
            studio.choose_opening("data_exchange")
        page.goto(address)
        hand = Hand(page, studio)
        expected: JsonValue = None
        for step in walk.steps:
            match step.does:
                case Fill(target=target, value=value, text=text):
                    is_text = hand.element(target).type in {"TextInput", "TextArea"}
                    hand.fill(target, text if is_text and text is not None else value)
                case Tap(target=target, item=item):
                    hand.tap(target, item)
                case Back():
                    page.locator("#screen .nav").click()
                    hand.idle()
                case Expect(screen=screen, payload=payload):
                    if screen is not None:
                        expect(page.locator("#screen .phone")).to_have_attribute(
                            "data-screen", screen
                        )
                    expected = dict(payload) if payload is not None else expected
        page.locator("[data-tab=payload]").click()
        expect(page.locator("#panel-payload")).to_contain_text("The message to the business")
        session = studio.moment().session
        assert session is not None
        assert session.completion is not None
        got = dict(session.completion.payload)
        assert isinstance(expected, dict)
        expected.pop("flow_token", None)
        assert list(misfits(expected, got, "payload")) == []
        shown = page.locator("#panel-payload").inner_text()
        assert all(f'"{key}"' in shown for key in expected)
        assert said == []
        assert all(one.startswith((address, "data:")) for one in asked)
        page.close()
