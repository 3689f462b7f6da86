"""Pictures of screens with the system's Chromium: all of them, or what a plan changes."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from flowsync.model import JsonValue
from flowsync.preview.pictures import PROGRAMS
from tests.support import Repository, flow_json


@pytest.fixture(autouse=True)
def _needs_browser() -> None:
    if not any(map(shutil.which, PROGRAMS)):
        assert not os.environ.get("FLOWSYNC_NEEDS_BROWSER"), "there is no Chromium"
        pytest.skip("there is no Chromium")


def run(*args: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own: a browser is driven once in each."""
    command = [sys.executable, "-m", "flowsync", *args]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran


def size(file: Path) -> tuple[int, int]:
    """Give the pixels of a PNG."""
    data = file.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def two_screens(first: str, second: str, *, label: str = "E-mail") -> JsonValue:
    flow = flow_json(label, screen=second)
    screen: JsonValue = {
        "id": first,
        "title": "First",
        "layout": {
            "type": "SingleColumnLayout",
            "children": [
                {
                    "type": "Footer",
                    "label": "Next",
                    "on-click-action": {
                        "name": "navigate",
                        "next": {"type": "screen", "name": second},
                        "payload": {},
                    },
                }
            ],
        },
    }
    screens = flow["screens"]
    assert isinstance(screens, list)
    return {**flow, "screens": [screen, *screens]}


def test_each_screen_gets_a_picture_of_twice_its_width(repository: Repository) -> None:
    repository.flow("a", content=two_screens("ONE", "TWO"))
    run("preview", "--export", "shown", "--png", "--width", "320")
    assert sorted(file.name for file in Path("shown").iterdir()) == [
        "a-ONE.png",
        "a-TWO.png",
        "preview.html",
    ]
    assert size(Path("shown/a-ONE.png"))[0] == 640


def test_a_plan_has_pictures_of_the_screens_that_change_and_markdown_names_them(
    repository: Repository,
) -> None:
    repository.flow("a", content=two_screens("ONE", "TWO"))
    repository.flow("b")
    assert repository.run("apply", "--yes").exit_code == 0
    repository.flow("a", content=two_screens("ONE", "TWO", label="Mail"))
    ran = run("plan", "--no-rehearse", "--pictures", "shown", "--report", "markdown=plan.md")
    assert [file.name for file in Path("shown").iterdir()] == ["a-TWO.png"]
    assert "picture of TWO: shown/a-TWO.png" in ran.stdout
    assert "![TWO](shown/a-TWO.png)" in Path("plan.md").read_text("utf-8")
    both, alone = size(Path("shown/a-TWO.png")), 2 * 360
    assert both[0] > 2 * alone


def test_screens_that_come_and_go_are_pictured_beside_nothing(repository: Repository) -> None:
    repository.flow("a", content=flow_json(screen="OLD"))
    assert repository.run("apply", "--yes").exit_code == 0
    repository.flow("a", content=two_screens("FIRST", "OLD"))
    run("plan", "--no-rehearse", "--pictures", "shown")
    assert "a-FIRST.png" in {file.name for file in Path("shown").iterdir()}


def test_pictures_of_the_same_are_the_same(repository: Repository) -> None:
    repository.flow("a")
    for folder in ("one", "other"):
        run("preview", "--export", folder, "--png")
    pictures = [next(Path(folder).glob("*.png")).read_bytes() for folder in ("one", "other")]
    assert pictures[0] == pictures[1]
