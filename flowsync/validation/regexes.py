"""Regular expressions as ECMAScript reads them; Python's differ (the only use of regress)."""

from __future__ import annotations

from functools import lru_cache


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
