"""Regular expressions as ECMAScript reads them; Python's differ (the only use of regress)."""

from __future__ import annotations

import re
from functools import lru_cache

_MAX_STEPS = 20_000  # of matching, which goes back over the text once for every repetition
_ESCAPED = re.compile(r"\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]")
_REPEATED_GROUP = re.compile(r"\)[*+{]")
_REPETITION = re.compile(r"[*+]|\{[0-9]")
_LOOKAHEAD = re.compile(r"\(\?[=!]([^()]*)\)")


@lru_cache(maxsize=1024)
def is_regex(pattern: str) -> bool:
    """Tell whether a text is a regular expression of ECMAScript.

    Source: https://tc39.es/ecma262/#sec-patterns
    """
    import regress

    try:
        regress.Regex(pattern)
    except (regress.RegressError, UnicodeEncodeError, ValueError):
        return False
    return True


def matches(pattern: str, text: str) -> bool:
    """Tell whether a regular expression finds something in a text.

    Where finding out could take long, because repetitions multiply, the answer is that it does.
    """
    plain = _ESCAPED.sub("x", pattern)
    if _REPEATED_GROUP.search(plain) or (len(text) + 1) ** (_multiplied(plain) + 1) > _MAX_STEPS:
        return True
    import regress

    try:
        return regress.Regex(pattern).find(text) is not None
    except (regress.RegressError, UnicodeEncodeError, ValueError):
        return True


def _multiplied(plain: str) -> int:
    """Give how many repetitions multiply; lookaheads at the start are each gone through once."""
    at, most = (1 if plain.startswith("^") else 0), 0
    while (found := _LOOKAHEAD.match(plain, at)) is not None:
        most = max(most, len(_REPETITION.findall(found[1])))
        at = found.end()
    return max(most, len(_REPETITION.findall(plain[at:])))
