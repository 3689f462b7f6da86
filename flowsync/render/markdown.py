"""Markdown in which foreign text stays text, also for what GitHub adds to Markdown.

Names and values stand in code spans: no service looks for HTML, links, mentions (`@team`), issues
(`#1`), emoji (`:x:`) or mathematics in there. In sentences the same is done to every word that is
more than letters and digits. What is invisible or turns the direction of writing is escaped.

Source: https://github.github.com/gfm/
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from flowsync.render.ci_commands import without_commands
from flowsync.render.style import clean

NOTHING = "–"
LONGEST_NAME = 80
LONGEST_CELL = 40  # of a name in a table
LONGEST_SENTENCE = 600
_RUNS = re.compile("`+")
_BEFORE, _AFTER = "(\"'«“‘", ")\"'»”’.,;:!?…"
# Pieces are parted by white space, so that two code spans never touch and become another one.
_PIECES = re.compile(
    rf"(?<!\S)(?P<before>[{_BEFORE}]*)`(?P<code>[^`]+)`(?P<after>[{_AFTER}]*)(?!\S)"
    r"|(?P<word>\S+)|(?P<space>\s+)"
)
_PLAIN = re.compile(rf"[{_BEFORE}]*(?:[^\W_]+(?:['’-][^\W_]+)*|[0-2]\d:[0-5]\d)[{_AFTER}]*")
_SIGNS = re.compile(rf"[-–—→+=&/{_BEFORE}{_AFTER}]+")
_ESCAPED = str.maketrans({sign: f"\\{sign}" for sign in "-+=&"})
# What a service could take for a commit, an issue or a list: words that are plain all the same.
_REFERENCE = re.compile(rf"[{_BEFORE}]*(?:[0-9a-f]{{7,}}|[a-z]+-\d+|www)[{_AFTER}]*", re.IGNORECASE)
_NUMBERED = re.compile(rf"\d+[.)][{_AFTER}]*")  # an item of a list, where a text begins with it


def code(text: str, *, most: int = LONGEST_NAME) -> str:
    """Give foreign text as a code span, cut to `most` characters; nothing as two quotes."""
    text = _visible(text, most)
    fence = "`" * (max((len(run) for run in _RUNS.findall(text)), default=0) + 1)
    pad = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{fence}{pad}{text}{pad}{fence}"


@lru_cache(maxsize=4096)  # the same few sentences stand at many flows, in every try of a length
def prose(text: str, *, most: int = LONGEST_SENTENCE) -> str:
    """Give a sentence in which every word that could mean more than itself is a code span."""
    text = clean_and_cut(text.strip(), most).strip()
    return "".join(_piece(found) for found in _PIECES.finditer(text))


def _piece(found: re.Match[str]) -> str:
    if found["code"] is not None:
        return f"{found['before']}{code(found['code'], most=LONGEST_SENTENCE)}{found['after']}"
    if found["space"] is not None:
        return " "
    word = found["word"]
    if _SIGNS.fullmatch(word):
        return word.translate(_ESCAPED)
    is_item = found.start() == 0 and _NUMBERED.fullmatch(word)
    if _PLAIN.fullmatch(word) and not _REFERENCE.fullmatch(word) and not is_item:
        return word
    inner = word.lstrip(_BEFORE)
    core = inner.rstrip(_AFTER) or inner
    before, after = word[: len(word) - len(inner)], inner[len(core) :]
    return f"{before}{code(core, most=LONGEST_SENTENCE)}{after}" if core else code(word)


def clean_and_cut(text: str, most: int) -> str:
    """Give a harmless text, or its beginning with an ellipsis where it is longer than `most`."""
    text = clean(text[: most + 1])  # which never makes it shorter
    return text if len(text) <= most else f"{text[: most - 1]}…"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Give the lines of a table; cells are Markdown already."""
    titles = list(head)
    yield _row(titles)
    yield _row(["---"] * len(titles))
    for row in rows:
        yield _row(row)


def without_empty_columns(
    head: Sequence[str], rows: Sequence[Sequence[str]]
) -> tuple[list[str], list[list[str]]]:
    """Give a table without the columns in which no row has anything: a phone shows few."""
    used = [n for n in range(len(head)) if any(row[n] != NOTHING for row in rows)]
    return [head[n] for n in used], [[row[n] for n in used] for row in rows]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def folded(summary: str, lines: Iterable[str]) -> Iterator[str]:
    """Give lines that are shown once the summary is opened; `summary` is HTML, see `html_code`."""
    yield "<details>"
    yield f"<summary>{summary}</summary>"
    yield ""
    yield from lines
    yield ""
    yield "</details>"


def html_code(text: str, *, most: int = LONGEST_NAME) -> str:
    """Give foreign text as code in the HTML of a summary, where Markdown is not read."""
    return f"<code>{html.escape(_visible(text, most))}</code>"


def _visible(text: str, most: int) -> str:
    """Give a cut text in which everything can be seen, also that it is empty."""
    text = clean_and_cut(text, most)
    return text if text.strip() else f'"{text}"'


def listed(lines: Iterable[str], most: int | None = None) -> Iterator[str]:
    """Give a list of Markdown lines, of which `most` are shown and the others counted."""
    items = list(lines)
    yield from (f"- {item or NOTHING}" for item in items[:most])
    left = 0 if most is None else len(items) - most
    if left > 0:
        yield f"- … and {left:,} more"


def alert(kind: str, lines: Iterable[str]) -> Iterator[str]:
    """Give lines as an alert of a kind such as CAUTION; nothing for no lines.

    Source: https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#alerts
    """
    said = list(lines)
    if said:
        yield f"> [!{kind}]"
        yield from (f"> {line}".rstrip() for line in said)
        yield ""


def block(text: str, language: str = "") -> Iterator[str]:
    """Give foreign text of several lines as a fenced block; no line is a command to a CI log."""
    shown = without_commands(clean(text, keep="\n\t"))
    fence = "`" * max(3, max((len(run) for run in _RUNS.findall(shown)), default=0) + 1)
    yield f"{fence}{language}"
    yield from shown.removesuffix("\n").split("\n")
    yield fence
