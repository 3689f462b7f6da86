"""docs/troubleshooting.md as data: its entries, and which of them is about a message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tests.said import PACKAGE, VALUE

PAGE = (PACKAGE.parent / "docs" / "troubleshooting.md").read_text("utf-8")
_CODE = re.compile(r"(`+)(.+?)\1")
_FEWEST_LETTERS = 4  # that an entry must know of its message


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The beginnings of messages, with `…` where values stand, and what is said about them."""

    heads: tuple[str, ...]
    text: str


@cache
def entries(page: str = PAGE) -> tuple[Entry, ...]:
    """Give the entries of the page: list items of messages in code, then ` – ` and a text."""
    found: list[Entry] = []
    for item in _items(page):
        before, dash, text = item.partition(" – ")
        heads = tuple(code for _, code in _CODE.findall(before))
        is_entry = bool(dash and heads) and not _CODE.sub("", before).strip(" ,")
        assert is_entry, f"no entry: {item}"
        found.append(Entry(heads=heads, text=text))
    return tuple(found)


def _items(page: str) -> Iterator[str]:
    """Give the items of all lists, those within others too, each in one line."""
    for item in re.findall(r"^ *- (.+?)(?=^ *- |^\S|^$|\Z)", page, re.DOTALL | re.MULTILINE):
        yield " ".join(item.split())


def covers(head: str, said: str) -> bool:
    """Tell whether a head is the beginning of a sentence as `tests.said` gives it."""
    return said.startswith(head.removesuffix(VALUE))


def is_meant(head: str, message: str) -> bool:
    """Tell whether a head is the beginning of a message as a person sees it."""
    pattern = "(.+?)".join(re.escape(part) for part in head.removesuffix(VALUE).split(VALUE))
    return re.match(pattern, message, re.DOTALL) is not None


def is_telling(head: str) -> bool:
    """Tell whether a head says enough to be found by."""
    return len(re.findall(r"[A-Za-z]", head)) >= _FEWEST_LETTERS


def entry_of(message: str) -> Entry | None:
    """Give the entry that a person finds who looks for a message, the most telling one."""
    inner = re.sub(r"^Invalid value for [^:]*: ", "", message)  # what stands in click's words
    found = [
        (message != wanted, len(head), entry)
        for entry in entries()
        for head in entry.heads
        for wanted in {inner, message}
        if is_telling(head) and is_meant(head, wanted)
    ]
    return max(found, key=lambda match: match[:2])[2] if found else None


def errors_in(stderr: str) -> list[str]:
    """Give the messages with which a command has ended, without `error:` and `Error:`."""
    return re.findall(r"^(?:error|Error): (.+(?:\n(?: .*)?)*)", stderr, re.MULTILINE)
