"""Each example flow in a browser, from its entry to its end, as one of its scenarios says."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

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
from tests.browser.hands import Hand, Keyboard, Mouse

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


@pytest.mark.parametrize("of", [Mouse, Keyboard])
@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda file: file.stem)
def test_an_example_is_walked_through_to_its_payload(
    browser: Browser, definition: Path, of: type[Hand]
) -> None:
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
        hand = of(page, studio)
        if isinstance(hand, Keyboard):
            hand.start()
        expected: JsonValue = None
        for step in walk.steps:
            match step.does:
                case Fill(target=target, value=value, text=text):
                    is_text = hand.element(target).type in {"TextInput", "TextArea"}
                    hand.fill(target, text if is_text and text is not None else value)
                case Tap(target=target, item=item):
                    hand.tap(target, item)
                case Back():
                    hand.back()
                case Expect(screen=screen, payload=payload):
                    if screen is not None:
                        expect(page.locator("#screen .phone")).to_have_attribute(
                            "data-screen", screen
                        )
                    expected = dict(payload) if payload is not None else expected
        hand.open_tab("payload")
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
