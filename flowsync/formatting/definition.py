"""Definitions in canonical form: fields by role, two spaces, comments where they belong.

Each step is compared with the author's text and left out where a value or a comment would change,
so that what cannot be formatted without risk keeps its form.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from flowsync.diagnostics import Diagnostic
from flowsync.formatting.formatted import Formatted
from flowsync.formatting.yaml_order import put_in_order
from flowsync.formatting.yaml_spacing import put_in_place
from flowsync.sources import Document, parse_yaml
from flowsync.sources.yaml_layout import YamlLayout, read_layout

_MAX_ROUNDS = 4
# YAML takes them for line ends, editors do not; lines could not be moved without risk.
_ODD_LINE_ENDS = "\r\x85\u2028\u2029"


def format_definition(text: str, shown: str, problems: list[Diagnostic]) -> Formatted | None:
    """Give a definition in canonical form, or None after adding why it cannot be read."""
    document = parse_yaml(text, shown, problems)
    if document is None:
        return None
    with_plain_ends = text.replace("\r\n", "\n")
    if any(character in with_plain_ends for character in _ODD_LINE_ENDS):
        return Formatted(text=text, note="it has unusual line ends.")
    reading = _read(with_plain_ends)
    if reading is None or not reading.means_the_same(_Reading(document)):
        return Formatted(text=text, note="other line ends would change what it means.")
    for _ in range(_MAX_ROUNDS):
        after, is_whole = _one_round(reading)
        if after is reading:
            note = "" if is_whole else "only a part of it could be formatted without risk."
            if after.layout.has_anchors:
                note = "it has anchors, so only white space was cleaned."
            return Formatted(text=after.text, note=note)
        reading = after
    return Formatted(text=text, note="no stable form was found.")


class _Reading:
    """A YAML text as read: what it means, and its comments."""

    def __init__(self, document: Document) -> None:
        self.document, self.text = document, document.text
        self.layout = read_layout(document.text)
        self._values = json.dumps(document.value, sort_keys=True)
        self._comments = sorted(comment.rstrip() for comment in self.layout.comments)

    def means_the_same(self, other: _Reading) -> bool:
        """Tell whether another text holds the same values and the same comments."""
        return (
            self._values == other._values
            and self.document.texts == other.document.texts
            and self._comments == other._comments
        )


def _read(text: str) -> _Reading | None:
    document = parse_yaml(text, "", [])
    return None if document is None else _Reading(document)


def _one_round(reading: _Reading) -> tuple[_Reading, bool]:
    """Take every step that changes no meaning; tell whether all could be taken."""
    is_whole = True
    for step in _STEPS:
        text = step(reading.document, reading.layout)
        after = reading if text == reading.text else _read(text)
        if after is not None and after.means_the_same(reading):
            reading = after
        else:
            is_whole = False
    return reading, is_whole


def clean_white_space(document: Document, layout: YamlLayout) -> str:
    """Give a text without white space at line ends, and with at most one blank line in a row."""
    kept: list[str] = []
    inner_end = 0
    for number, line in enumerate(document.text.split("\n"), start=1):
        if number in layout.inner_lines:
            kept.append(line)
            inner_end = len(kept)
        elif line.strip():
            kept.append(line.rstrip(" \t"))
        elif kept and kept[-1]:
            kept.append("")
    while len(kept) > inner_end and not kept[-1]:
        kept.pop()
    return "\n".join(kept) + "\n"


_STEPS: tuple[Callable[[Document, YamlLayout], str], ...] = (
    clean_white_space,
    put_in_order,
    put_in_place,
)
