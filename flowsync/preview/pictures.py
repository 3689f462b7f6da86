"""Pictures of pages with the system's Chromium, without a network and without scripts."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from flowsync.errors import FlowsyncError

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

PROGRAMS = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser", "chrome")
_SCALE = 2  # device pixels for each of CSS, so that small text can be read
_TIME_LIMIT_MS = 30_000
_QUIET = (  # nothing of its own goes over the network
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--disable-gpu",
)


class Camera:
    """Takes pictures of pages that are given as HTML."""

    def __init__(self, context: BrowserContext, folder: Path) -> None:
        self._context, self._folder = context, folder

    def picture(self, html: str, selector: str) -> bytes:
        """Give a PNG of the first element that a CSS selector names.

        Raises `FlowsyncError` where the browser cannot take it.
        """
        from playwright.sync_api import Error

        file = self._folder / "page.html"
        file.write_text(html, "utf-8")
        page = self._context.new_page()
        try:
            page.goto(file.as_uri())
            taken: bytes = page.locator(selector).first.screenshot(animations="disabled")
        except Error as exc:
            first = str(exc).splitlines()[0]
            raise FlowsyncError(
                f"the browser could not take a picture: {first} Run this again."
            ) from exc
        finally:
            page.close()
        return taken


@contextmanager
def camera(search_path: str | None) -> Iterator[Camera]:
    """Give a camera for as long as this is open; the browser is looked for on a search path.

    Raises `FlowsyncError` where there is no browser, or no package that drives one.
    """
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError as exc:
        raise FlowsyncError(
            "pictures need the package playwright, which drives the browser and is not installed. "
            'Install it with `pip install "flowsync[pictures]"`.'
        ) from exc
    found = (shutil.which(name, path=search_path) for name in PROGRAMS)
    program = next(filter(None, found), None)
    if program is None:
        raise FlowsyncError(
            f"pictures are taken with Chromium, and none is here: none of {', '.join(PROGRAMS)} is "
            "on the PATH. On Debian: `apt install chromium`."
        )
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    words = [*_QUIET, *(["--no-sandbox"] if is_root else [])]  # it refuses to run as root with one
    with tempfile.TemporaryDirectory(prefix="flowsync-") as folder, sync_playwright() as driver:
        try:
            browser = driver.chromium.launch(executable_path=program, args=words)
        except Error as exc:
            first = str(exc).splitlines()[0]
            raise FlowsyncError(
                f"{program} does not start: {first} See whether it starts by itself."
            ) from exc
        context = browser.new_context(
            java_script_enabled=False,
            offline=True,
            device_scale_factor=_SCALE,
            viewport={"width": 1280, "height": 900},
        )
        context.set_default_timeout(_TIME_LIMIT_MS)
        try:
            yield Camera(context, Path(folder))
        finally:
            browser.close()
