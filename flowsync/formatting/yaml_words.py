"""Writing a text as a YAML scalar: plain where that is safe, in quotes elsewhere."""

from __future__ import annotations

import re

from flowsync.formatting.json_strings import encoded

# No sign among them means anything in YAML, also not within brackets.
_PLAIN = re.compile(r"[^\W\d_][\w.()&/+'-]*(?: [\w.()&/+'-]+)*")
_ADDRESS = re.compile(r"https://[A-Za-z0-9._~:/?=&%+;@-]*[A-Za-z0-9/_=-]")
# Some readers of YAML take them for no text.
_OTHER_THAN_TEXT = frozenset(
    {"null", "true", "false", "yes", "no", "on", "off", "y", "n", "inf", "nan"}
)


def yaml_word(text: str, written: str = "") -> str:
    """Give a text as a scalar on one line; in the quotes that `written`, its predecessor, has."""
    is_plain = bool(_PLAIN.fullmatch(text)) and text.casefold() not in _OTHER_THAN_TEXT
    if written.startswith("'") and "'" not in text and text.isprintable():
        return f"'{text}'"
    if written.startswith('"') or not (is_plain or _ADDRESS.fullmatch(text)):
        return encoded(text)
    return text
