"""The Markdown of flows, as markup of ours.

It is a small dialect, read line by line: a heading, an item of a list of one level, a row of a
table and a picture are each a line of their own, and all other lines are text. Emphasis and links
within a line are read by markdown-it-py with everything else switched off; what the dialect lacks,
such as HTML, underscores and quotes, is text. A link is text that can be tapped, never an address
that a browser follows.

Source: https://developers.facebook.com/docs/whatsapp/flows/reference/components#richtext
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

from flowsync.preview.page.images import picture_address

_HEADING = re.compile(r"(#{1,6})\s+(.*\S)")
_BULLET = re.compile(r"[-+]\s+(.*\S)")
_NUMBERED = re.compile(r"(\d{1,9})\.\s+(.*\S)")
_PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]*)\)")
_ADDRESS = re.compile(r"data:image/(?:png|jpe?g|webp);base64,(.*)", re.DOTALL)
_SEPARATOR = re.compile(r"\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?")
_HEADINGS = {1: ("h2", "heading"), 2: ("h3", "subheading")}  # lower ones are body text
_TAGS = {"em", "strong", "s"}
_MARKS = re.compile(r"[*~\[]")
_MOST_COLUMNS = 30


def markdown(text: str | Iterable[str], *, is_rich: bool = False, has_lists: bool = True) -> Markup:
    """Give texts, each on lines of its own, as markup.

    `is_rich` is for RichText, which has headings, tables and pictures; a caption has no lists.
    """
    texts = (text,) if isinstance(text, str) else text
    lines = [line for one in texts for line in (*one.split("\n"), "")]
    kinds = list(_kinds([line.strip() for line in lines], is_rich=is_rich, has_lists=has_lists))
    groups = groupby(kinds, key=lambda one: one[0])
    return _joined(_block(kind, [line for _, line in group]) for kind, group in groups)


def _kinds(lines: list[str], *, is_rich: bool, has_lists: bool) -> Iterator[tuple[str, str]]:
    """Give each line with what it belongs to; lines between two of a list do not part it."""
    rows, last = _table_rows(lines) if is_rich else set(), ""
    following = _following(lines)
    for number, line in enumerate(lines):
        kind = "text"
        if number in rows:
            kind = "table"
        elif has_lists and _BULLET.fullmatch(line):
            kind = "ul"
        elif has_lists and _NUMBERED.fullmatch(line):
            kind = "ol"
        elif is_rich and _HEADING.fullmatch(line):
            kind = "heading"
        elif is_rich and _PICTURE.fullmatch(line):
            kind = "picture"
        elif not line:
            pattern = {"ul": _BULLET, "ol": _NUMBERED}.get(last)
            if pattern is not None and pattern.fullmatch(following[number]):
                continue
            kind = "blank"
        last = kind
        yield kind, line


def _following(lines: list[str]) -> list[str]:
    """Give for each line the next one that is not empty."""
    found, after = [""] * len(lines), ""
    for number in reversed(range(len(lines))):
        found[number] = after
        after = lines[number] or after
    return found


def _table_rows(lines: list[str]) -> set[int]:
    """Give the numbers of the lines that are tables: a head, a row of dashes, and more rows."""
    filled = [number for number, line in enumerate(lines) if line]  # each row may be a text
    rows: set[int] = set()
    for index, number in enumerate(filled[1:], start=1):
        head = filled[index - 1]
        is_separator = "|" in lines[number] and _SEPARATOR.fullmatch(lines[number])
        if number in rows or not is_separator or "|" not in lines[head]:
            continue
        end = index
        while end + 1 < len(filled) and "|" in lines[filled[end + 1]]:
            end += 1
        rows.update(range(head, filled[end] + 1))
    return rows


def _block(kind: str, lines: list[str]) -> Markup:
    match kind:
        case "blank":
            return Markup("")
        case "heading":
            return _joined(map(_heading, lines))
        case "picture":
            return _joined(map(_picture, lines))
        case "table":
            return _table([line for line in lines if line])
        case "ul":
            items = _joined(_wrapped("li", _line(line[1:])) for line in lines)
            return _wrapped("ul", items)
        case "ol":
            return _numbered(lines)
    return _wrapped("p", Markup("<br>").join(map(_line, lines)))


def _numbered(lines: list[str]) -> Markup:
    parts = [line.partition(".") for line in lines]
    items = _joined(_wrapped("li", _line(rest)) for _, _, rest in parts)
    first = int(parts[0][0])
    start = Markup(' start="{}"').format(first) if first != 1 else ""
    return Markup("<ol{}>{}</ol>").format(start, items)


def _heading(line: str) -> Markup:
    marks, _, text = line.partition(" ") if " " in line else line.partition("\t")
    tag, kind = _HEADINGS.get(len(marks), ("p", "body"))
    return Markup('<{0} class="{1}">{2}</{0}>').format(tag, kind, _line(text))


def _table(lines: list[str]) -> Markup:
    """Give a table; every row has as many cells as the head, which is not endless."""
    head, *rows = (_cells(line) for line in lines if not _SEPARATOR.fullmatch(line))
    body = _joined(_row("td", [*row, *[""] * (len(head) - len(row))][: len(head)]) for row in rows)
    return Markup('<table dir="auto"><thead>{}</thead><tbody>{}</tbody></table>').format(
        _row("th", head), body
    )


def _cells(line: str) -> list[str]:
    return line.removeprefix("|").removesuffix("|").split("|", _MOST_COLUMNS)[:_MOST_COLUMNS]


def _row(tag: str, cells: Iterable[str]) -> Markup:
    return _wrapped("tr", _joined(_wrapped(tag, _line(cell)) for cell in cells))


def _picture(line: str) -> Markup:
    found = _PICTURE.fullmatch(line)
    alt, source = found.groups() if found else ("", "")
    data = _ADDRESS.fullmatch(source.strip())
    address = picture_address(data[1]) if data else None
    if address is None:
        return Markup('<p class="no-picture">{}</p>').format(
            alt or "A picture that no phone can show"
        )
    return Markup('<img class="inline" src="{}" alt="{}">').format(address, alt)


# --- within a line ---


@cache
def _reader() -> MarkdownIt:
    rules = ["emphasis", "link", "strikethrough"]
    return MarkdownIt("zero", {"html": False, "linkify": False, "maxNesting": 20}).enable(rules)


def _line(text: str) -> Markup:
    text = text.strip()
    if not _MARKS.search(text):
        return escape(text)
    tokens = _reader().parseInline(text)
    return _joined(_drawn(child) for token in tokens for child in token.children or ())


def _drawn(token: Token) -> Markup:
    if token.type == "text":
        return escape(token.content)
    if token.type == "link_open":
        address = str(token.attrGet("href") or "")
        return Markup(
            '<span class="link" role="link" tabindex="0" data-act="open_url" data-value="{0}" '
            'title="{0}">'
        ).format(address)
    if token.type == "link_close":
        return Markup("</span>")
    if "_" in token.markup:  # this dialect marks with stars alone
        return escape(token.markup)
    if token.tag not in _TAGS:
        return escape(token.content)
    return Markup("<{}>" if token.nesting > 0 else "</{}>").format(token.tag)


def _joined(parts: Iterable[Markup]) -> Markup:
    return Markup("").join(parts)


def _wrapped(tag: str, inside: Markup) -> Markup:
    return Markup("<{0}>{1}</{0}>").format(tag, inside)
