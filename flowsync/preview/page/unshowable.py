"""Keeps what no page can show out of texts: control characters and halves of surrogate pairs."""

from __future__ import annotations

import re

_UNSHOWABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def showable(text: str) -> str:
    """Give a text with a replacement sign for each character that no page can show."""
    return _UNSHOWABLE.sub("\ufffd", text)
