"""What axe-core finds on a page."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")


def violations(page: Page, root: str = "body") -> list[tuple[str, str]]:
    """Give the rule and the first element of each thing that is wrong below a root."""
    page.evaluate(AXE)
    found = page.evaluate("root => axe.run(root, {resultTypes: ['violations']})", root)
    assert len(found["passes"]) > 5
    return [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]]
