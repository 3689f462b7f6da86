"""Markdown as GitHub shows it: rendered by GitHub's own library, and looked at for what it does."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import cmarkgfm
from cmarkgfm.cmark import Options

OURS = {
    *("p", "strong", "em", "code", "pre", "ul", "ol", "li", "blockquote", "br"),
    *("table", "thead", "tbody", "tr", "th", "td", "details", "summary"),
}
VOID = {"br"}
# What GitHub turns into links, pictures and formulas in text that stands outside of code.
MEANS_MORE = re.compile(
    r"@\w|#\d|\bGH-\d|:[\w+-]+:|\b[0-9a-f]{7,40}\b|\$|://|\bwww\.", re.IGNORECASE
)


class Page(HTMLParser):
    """A rendered page: its tags, its rows of cells, and its texts outside and inside of code."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.rows: list[list[str]] = []
        self.outside: list[str] = []
        self.inside: list[str] = []
        self._open: list[str] = []
        self.feed(cmarkgfm.github_flavored_markdown_to_html(markdown, Options.CMARK_OPT_UNSAFE))
        self.close()
        assert self._open == [], "a tag is left open"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self._open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")
        if tag == "code":
            self.inside.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, f"{tag} ends where another tag is open"

    def handle_data(self, data: str) -> None:
        if "tr" in self._open and {"td", "th"} & set(self._open):
            self.rows[-1][-1] += data
        if "code" in self._open:
            self.inside[-1] += data
        else:
            self.outside.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")


def check_inert(markdown: str) -> Page:
    """Check that a text brings no tag but ours, no attribute, and no word that GitHub obeys."""
    page = Page(markdown)
    assert set(page.tags) <= OURS
    assert [name for name, _ in page.attributes if name not in {"class", "lang"}] == []
    for text in page.outside:
        found = MEANS_MORE.search(text)
        assert found is None, (found, text)
    return page
