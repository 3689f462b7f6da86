"""Whole expected outputs in tests/golden/; UPDATE_GOLDEN=1 writes them anew, for a diff."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path

import pytest

from flowsync.render.style import Style

FOLDER = Path(__file__).parent.parent / "golden"
PLAIN, COLOURED = Style(), Style(is_coloured=True)

# Names that try to break out of a table cell, a code span, a terminal or a CI log.
NASTY = {
    "markup": "<b>|",
    "backticks": "`rm` ```",
    "escape": "\x1b[31mred\x1b]0;title\x07",
    "one-byte escape": "\x9b31m",
    "turned": "a\u202egnp.b",
    "isolated": "\u2066x\u2069",
    "newline": "first\nsecond\r::error::third",
    "command": "::error::boo",
    "separators": "a\u2028b\u2029c\x85d",
    "invisible": "a\u200bb\ufeffc\u00adc",
    "tag": "x\U000e0041y",
    "half": "\ud800",
    "null": "\x00",
}
ALL_NASTY = " ".join(NASTY.values())
nasty_names = pytest.mark.parametrize("nasty", NASTY.values(), ids=NASTY.keys())


def check_golden(name: str, text: str) -> None:
    """Compare a text with its golden file; with UPDATE_GOLDEN=1 write the file instead."""
    file = FOLDER / name
    shown = text.replace("\x1b", "␛")  # a golden file shows colours and does nothing itself
    shown = re.sub("sha256:[0-9a-f]{64}", "sha256:…", shown)
    if os.environ.get("UPDATE_GOLDEN") == "1":
        file.write_bytes(shown.encode("utf-8"))
    assert file.is_file(), f"{file} is missing; run pytest once with UPDATE_GOLDEN=1"
    assert shown == file.read_bytes().decode("utf-8")


def check_harmless(text: str) -> None:
    """Check that nothing in a plain text can steer a terminal, an editor or a CI service."""
    text.encode("utf-8")
    for character in text:
        is_hidden = unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
        assert character == "\n" or not is_hidden, repr(character)
    for line in text.split("\n"):
        assert not line.lstrip().startswith("::"), line  # GitHub runs such lines as commands
