"""Text without what no page can show: control characters and lone surrogates."""

from __future__ import annotations

import re

_UNSHOWABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def showable(text: str) -> str:
    """Give a text with a sign in place of each character that cannot be sent or shown."""
    return _UNSHOWABLE.sub("\ufffd", text)
