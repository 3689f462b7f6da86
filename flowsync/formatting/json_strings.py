"""JSON texts written in one way: what can be printed stands as it is, the rest as escapes."""

from __future__ import annotations

import json
import re

from flowsync.sources import VARIABLE

_SHORT = {"\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f", '"': '"', "\\": "\\"}
# Control characters, line separators, signs that turn the direction of writing, byte order mark,
# halves of characters: none of them can be seen, or safely kept, in a file.
_ESCAPED = re.compile(
    '["\\\\\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]'
)


def canonical_string(token: str) -> str:
    """Give a JSON string, quotes included, in canonical form.

    `${var:…}` and `${env:…}` are replaced in the text of a file before it is parsed, so what is
    one stays one to the letter, and what the author kept from being one by an escape stays none.
    """
    inner, parts, end = token[1:-1], ['"'], 0
    for match in VARIABLE.finditer(inner):
        parts += [_recoded(inner[end : match.start()]), match.group()]
        end = match.end()
    return "".join((*parts, _recoded(inner[end:]), '"'))


def encoded(text: str) -> str:
    """Give a text as a JSON string in canonical form."""
    return f'"{_ESCAPED.sub(_escape, text)}"'


def _recoded(raw: str) -> str:
    """Give a piece of a JSON string that holds no variable in canonical form."""
    if raw.isascii() and raw.isprintable() and "\\" not in raw:
        return raw
    text: str = json.loads(f'"{raw}"')
    return VARIABLE.sub(lambda match: "\\u0024" + match.group()[1:], _ESCAPED.sub(_escape, text))


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    return "\\" + _SHORT.get(character, f"u{ord(character):04x}")
