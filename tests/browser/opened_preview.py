"""A preview of one flow, served and open in a browser, with all that it asked for and said."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from playwright.sync_api import Browser, Page, Request

from flowsync.model import FlowKey, JsonValue, mapping_in
from flowsync.preview.engine import LogKind
from flowsync.preview.server.acts import Desk
from flowsync.preview.server.app import PreviewApp
from flowsync.preview.server.serving import served
from flowsync.preview.studio import PreviewFlow, Studio

TODAY = date(2026, 1, 5)  # a Monday
_TOKEN = "token"
_KEY = FlowKey("a")


class OpenedPreview:
    """A page of a preview; `acts` are what it sent, `said` what the browser complained of."""

    def __init__(self, page: Page, studio: Studio, address: str) -> None:
        self.page, self.studio, self.address = page, studio, address
        self.acts: list[JsonValue] = []
        self.asked: list[str] = []
        self.said: list[str] = []
        page.on("request", self._heard)
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.clock.set_fixed_time(f"{TODAY}T12:00:00")
        page.goto(address)

    def _heard(self, request: Request) -> None:
        self.asked.append(request.url)
        if request.url.endswith("/act"):
            self.acts.append(request.post_data_json)

    def did(self, act: str) -> list[dict[str, JsonValue]]:
        """Give all acts of a kind that the page sent."""
        return [fields for one in self.acts if (fields := mapping_in(one)).get("act") == act]

    @property
    def form(self) -> JsonValue:
        """Give what the inputs of the screen hold, as bindings have it."""
        session = self.studio.moment().session
        assert session is not None
        return dict(session.form)

    @property
    def errors(self) -> list[str]:
        """Give what went wrong in the flow."""
        session = self.studio.moment().session
        assert session is not None
        return [one.message for one in session.log if one.kind is LogKind.ERROR]


@contextmanager
def opened_preview(browser: Browser, flow_json: JsonValue) -> Iterator[OpenedPreview]:
    """Give the page of a flow."""
    flows = {_KEY: PreviewFlow(key=_KEY, name="A flow", flow_json=flow_json)}
    studio = Studio(lambda: flows, today=lambda: TODAY)
    app = PreviewApp(Desk(studio, lambda moment, name: name), token=_TOKEN)
    with served(app, closing=studio.close) as port:
        page = browser.new_page(viewport={"width": 1300, "height": 900})
        page.set_default_timeout(10_000)
        yield OpenedPreview(page, studio, f"http://127.0.0.1:{port}/{_TOKEN}/")
        page.close()
