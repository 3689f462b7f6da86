"""Text for streams that hold few characters, such as those of an old Windows code page.

Signs of ours that an encoding lacks become plain ones, any other character its escape. A stream
that holds all of Unicode gets the text as it is.
"""

from __future__ import annotations

import codecs
import io
import json
import re
from typing import TextIO

PLAIN_SIGNS = {
    "→": "->",
    "←": "<-",
    "↓": "v",
    "↑": "^",
    "↕": "<>",
    "›": ">",
    "‹": "<",
    "»": '"',
    "«": '"',
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "…": "...",
    "–": "-",
    "—": "-",
    "−": "-",
    "·": "-",
    "•": "*",
    "×": "x",
    "±": "+/-",
    "✓": "ok",
    "✗": "x",
    "■": "#",
    "─": "-",
    "│": "|",
    **dict.fromkeys("┌┐└┘├┤┬┴┼", "+"),
}
_ERRORS = "flowsync.plain"
_JSON, _XML = {"json", "jsonl", "sarif"}, {"junit", "svg"}
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


def fitting(text: str, encoding: str, form: str = "") -> str:
    """Give a text in characters that an encoding has, so that writing it cannot fail.

    `form` is the format of the text. A JSON or XML document stays the same document: it is read as
    UTF-8 by whoever gets it, and so is all ASCII where the encoding is another.
    """
    if not _is_unicode(encoding):
        if form in _JSON:
            return _BEYOND_ASCII.sub(lambda found: json.dumps(found[0])[1:-1], text)
        if form in _XML:
            return text.encode("ascii", "xmlcharrefreplace").decode("ascii")
    return text.encode(encoding, _ERRORS).decode(encoding)


def never_fail_on_characters(*streams: TextIO | None) -> None:
    """Have streams write what they cannot hold as `fitting` does, whoever writes to them."""
    for stream in streams:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_ERRORS)


def _is_unicode(encoding: str) -> bool:
    return codecs.lookup(encoding).name.startswith("utf")


def _replaced(error: UnicodeError) -> tuple[str | bytes, int]:
    """Give what stands instead of the characters that cannot be encoded."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    plain = "".join(
        PLAIN_SIGNS.get(sign) or sign.encode("ascii", "backslashreplace").decode("ascii")
        for sign in lacking
    )
    return plain, error.end


codecs.register_error(_ERRORS, _replaced)
