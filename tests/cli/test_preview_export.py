"""`flowsync preview --export`: a page to attach, which loads nothing; what cannot be written."""

from __future__ import annotations

import json
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from flowsync.model import JsonValue
from tests.cli.serving import run
from tests.support import Repository, flow_json

NASTY = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'


class Page(HTMLParser):
    """The tags, attributes and text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.words += data


def exported(repository: Repository, *args: str) -> str:
    ran = run(repository, "preview", *args, "--export", "shown")
    assert ran.exit_code == 0, ran.output
    assert ran.stdout == "shown/preview.html\n"
    return Path("shown/preview.html").read_text("utf-8")


def test_the_page_has_every_screen_of_the_chosen_flows(repository: Repository) -> None:
    for key in ("a", "b"):
        repository.flow(key, content=flow_json(f"Label {key}"))
    page = Page(exported(repository))
    assert "Label a" in page.words
    assert "Label b" in page.words
    assert "only a device decides" in page.words
    assert "Label b" not in Page(exported(repository, "a")).words


def test_the_page_loads_nothing_and_what_stands_in_a_flow_is_text(repository: Repository) -> None:
    repository.flow("a", name=f"A {NASTY}", content=flow_json(NASTY))
    page = Page(exported(repository))
    assert NASTY in page.words
    assert not {"script", "link", "iframe", "object", "form", "a"} & set(page.tags)
    loads = [value for name, value in page.attributes if name in {"src", "href", "xlink:href"}]
    assert all(value.startswith("data:image/") for value in loads)
    assert not [name for name, _ in page.attributes if name == "style" or name.startswith("on")]
    policy = r"default-src 'none'; style-src 'sha256-[^']+'; img-src data:; base-uri 'none'; .*"
    assert any(re.fullmatch(policy, value) for name, value in page.attributes if name == "content")


def test_each_set_of_data_has_its_sheet_where_it_looks_different(repository: Repository) -> None:
    flow: JsonValue = {
        "version": "7.3",
        "screens": [
            {
                "id": "ONE",
                "terminal": True,
                "data": {"who": {"type": "string", "__example__": "Ada"}},
                "layout": {
                    "type": "SingleColumnLayout",
                    "children": [
                        {"type": "TextHeading", "text": "${data.who}"},
                        {
                            "type": "Footer",
                            "label": "Done",
                            "on-click-action": {"name": "complete", "payload": {}},
                        },
                    ],
                },
            }
        ],
    }
    repository.flow("a", content=flow)
    words = Page(exported(repository)).words
    for heading in ("examples of the data models", "empty data", "longest texts"):
        assert heading in words
    assert "Ada" in words
    assert "Ada Lorem ipsum" in words
    repository.flow("a", content=flow_json())
    assert "empty data" not in Page(exported(repository)).words


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--png",), "--png needs --export DIR"),
        (("nope", "--export", "x"), 'no flow has the key "nope"'),
        (("--encrypted",), "need --endpoint"),
        (("--endpoint", "http://127.0.0.1:1", "--public-key", "x"), "go with --encrypted"),
    ],
)
def test_wrong_usage_is_said(repository: Repository, args: tuple[str, ...], said: str) -> None:
    repository.flow("a")
    ran = run(repository, "preview", *args)
    assert ran.exit_code == 64
    assert said in ran.stderr


def test_a_flow_that_cannot_be_read_leaves_the_others(repository: Repository) -> None:
    repository.flow("a")
    repository.flow("b", content=flow_json("There"))
    Path("flows/a.json").write_text("{", "utf-8")
    assert "There" in exported(repository)
    Path("flows/b.json").write_text("{", "utf-8")
    ran = run(repository, "preview", "--export", "shown")
    assert ran.exit_code == 64
    assert "no flow to export" in ran.stderr


def test_a_source_is_not_replaced(repository: Repository) -> None:
    repository.flow("a")
    Path("shown").mkdir()
    Path("shown/preview.html").write_text(json.dumps(flow_json()), "utf-8")
    ran = run(repository, "preview", "--export", "shown")
    assert ran.exit_code == 64
    assert "it holds a Flow JSON, which would be lost" in ran.stderr
    assert json.loads(Path("shown/preview.html").read_text("utf-8")) == flow_json()


def test_pictures_without_the_package_or_the_browser_say_how_to_get_it(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.flow("a")
    monkeypatch.setenv("PATH", "")
    ran = run(repository, "preview", "--export", "shown", "--png")
    assert ran.exit_code == 1
    assert "none of chromium" in ran.stderr
    assert Path("shown/preview.html").is_file()
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    ran = run(repository, "plan", "--pictures", "pictures")
    assert ran.exit_code == 1
    assert 'pip install "flowsync[pictures]"' in ran.stderr
