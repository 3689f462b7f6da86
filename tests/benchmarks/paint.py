"""How soon the preview paints, and how soon it shows a file that was saved, as its page measures.

    python -m tests.benchmarks.paint

starts `flowsync preview` on copies of the example flows and on a flow of 100 screens, and opens the
page in Chromium, each time as in a new profile. Printed are the middle and the worst of several
rounds: the time from the request to the first byte and to the first contentful paint (Paint Timing,
in the page), and from the end of writing a file to the moment at which the page shows it. Figures
count on a machine that has nothing else to do; its load is printed, too.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright

from flowsync.model import JsonValue
from tests.benchmarks.made_flows import FlowMaker
from tests.browser.conftest import QUIET, chromium

FLOWS = Path(__file__).parents[2] / "flows"
SCREENS = 100
PAINT_MS, RELOAD_MS = 300.0, 500.0  # wanted
_TIMES = """() => {
    const [navigation] = performance.getEntriesByType("navigation");
    const [paint] = performance.getEntriesByName("first-contentful-paint");
    return [navigation.responseStart, paint.startTime];
}"""
# Notes when a text shows first, in milliseconds since 1970, as Python has it, too.
_NOTING = """words => {
    window.shownAt = new Promise((done) => {
        const look = () => {
            if (!document.getElementById("screen").textContent.includes(words)) return;
            observer.disconnect();
            requestAnimationFrame(() => done(performance.timeOrigin + performance.now()));
        };
        const observer = new MutationObserver(look);
        observer.observe(document.body, { childList: true, characterData: true, subtree: true });
    });
}"""


@dataclass(frozen=True)
class Times:
    """Milliseconds of some rounds."""

    what: str
    rounds: tuple[float, ...]
    wanted: float | None = None

    def __str__(self) -> str:
        wanted = f" (wanted: {self.wanted:.0f} ms)" if self.wanted is not None else ""
        return f"  {self.what}: {median(self.rounds):.0f} ms, worst {max(self.rounds):.0f}{wanted}"

    @property
    def is_late(self) -> bool:
        return self.wanted is not None and median(self.rounds) > self.wanted


def hundred_screens() -> JsonValue:
    """Give a flow of 100 screens, each of which leads to the next."""
    flow = json.loads(FlowMaker(1).flow(1_000_000))
    screens = flow["screens"][:SCREENS]
    screens[-1] |= {"terminal": True, "success": True}
    footer = screens[-1]["layout"]["children"][-1]
    footer["on-click-action"] = {"name": "complete", "payload": {}}
    return {**flow, "screens": screens}


@contextmanager
def previewing(folder: Path) -> Iterator[str]:
    """Give the address of a preview of the flows in a folder."""
    command = [sys.executable, "-m", "flowsync", "preview", "--no-open"]
    here = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(here), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        try:
            yield line.removeprefix("Preview on ").strip()
        finally:
            process.send_signal(signal.SIGTERM)


def opened(browser: Browser, address: str) -> Page:
    """Give the page in a profile of its own."""
    page = browser.new_context(viewport={"width": 1300, "height": 900}).new_page()
    page.goto(address)
    page.wait_for_function(
        "() => performance.getEntriesByName('first-contentful-paint').length > 0"
    )
    return page


def measured(browser: Browser, folder: Path, title: str, rounds: int) -> Iterator[Times]:
    """Give how long a preview of a folder takes; `title` is that of its first screen."""
    begun = time.perf_counter()
    with previewing(folder) as address:
        yield Times("from the command to its address", ((time.perf_counter() - begun) * 1000,))
        seen = []
        for _ in range(rounds):
            page = opened(browser, address)
            seen.append(page.evaluate(_TIMES))
            page.context.close()
        yield Times("first page's first byte", (seen[0][0],))
        yield Times("first page's first paint", (seen[0][1],), PAINT_MS)
        yield Times("first byte", tuple(first for first, _ in seen))
        yield Times("first contentful paint", tuple(paint for _, paint in seen), PAINT_MS)
        yield Times(
            "a saved file shows", tuple(reloads(browser, address, folder, title, rounds)), RELOAD_MS
        )


def reloads(
    browser: Browser, address: str, folder: Path, title: str, rounds: int
) -> Iterator[float]:
    """Give how long each of some changes of the first screen's title takes to show."""
    page = opened(browser, address)
    file = next(one for one in sorted((folder / "flows").rglob("*.json")))
    for number in range(rounds):
        words = f"Saved {number}"
        text = file.read_text("utf-8").replace(title, words, 1)
        page.evaluate(_NOTING, words)
        file.write_text(text, "utf-8")
        written = time.time() * 1000
        title = words
        yield page.evaluate("() => window.shownAt") - written
        time.sleep(0.3)  # a person saves no sooner
    page.context.close()


def first_title(folder: Path) -> str:
    """Give the title of the first screen of the first flow, as JSON writes it."""
    file = next(one for one in sorted((folder / "flows").rglob("*.json")))
    return str(json.loads(file.read_text("utf-8"))["screens"][0]["title"])


def prepared(folder: Path) -> Iterator[tuple[str, Path]]:
    """Make the folders to preview."""
    examples = folder / "examples"
    shutil.copytree(FLOWS, examples / "flows")
    yield "the example flows", examples
    large = folder / "large"
    (large / "flows").mkdir(parents=True)
    (large / "flows" / "large.json").write_text(json.dumps(hundred_screens(), indent=2), "utf-8")
    (large / "flows" / "large.yaml").write_text(
        "name: Large\nstate: draft\ncategories: [OTHER]\nflow_json: large.json\n", "utf-8"
    )
    yield f"a flow of {SCREENS} screens", large


def main() -> int:
    """Print the figures; 1 where one is later than wanted."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=9)
    given = parser.parse_args()
    program = chromium()
    if program is None:
        sys.exit("there is no Chromium.")
    is_late = False
    print(f"load: {os.getloadavg()[0]:.2f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        for name, folder in prepared(Path(made)):
            print(f"{name}:")
            for times in measured(browser, folder, first_title(folder), given.rounds):
                print(times, flush=True)
                is_late |= times.is_late
        browser.close()
    return int(is_late)


if __name__ == "__main__":
    sys.exit(main())
