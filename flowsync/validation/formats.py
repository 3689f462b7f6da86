"""The values of the keyword `format` in data models, and what each asks of a text.

Source: https://json-schema.org/draft-07/json-schema-validation#rfc.section.7
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from flowsync.validation import texts
from flowsync.validation.regexes import is_regex

_DATE = "[0-9]{4}-[01][0-9]-[0-3][0-9]"
_TIME = r"[0-2][0-9]:[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?"
_ZONE = "(?:[Zz]|[+-][0-9]{2}:?[0-9]{2})"
_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?"
_BYTE = "(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])"
_HEX = "[0-9A-Fa-f]"


def _form(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None


def _anything(text: str) -> bool:
    return True


# The last two are not of this draft, but commonly known. Rare ones are known and not checked.
FORMATS: Mapping[str, Callable[[str], bool]] = {
    "date": _form(_DATE),
    "time": _form(f"{_TIME}{_ZONE}?"),
    "date-time": _form(f"{_DATE}[Tt ]{_TIME}{_ZONE}"),
    "email": _form(rf"[^\s@]+@{_HOST}"),
    "hostname": _form(_HOST),
    "ipv4": _form(rf"{_BYTE}(?:\.{_BYTE}){{3}}"),
    "regex": is_regex,
    "uri": texts.is_uri,
    **dict.fromkeys(
        (
            "idn-email",
            "idn-hostname",
            "ipv6",
            "iri",
            "iri-reference",
            "json-pointer",
            "relative-json-pointer",
            "uri-reference",
            "uri-template",
        ),
        _anything,
    ),
    "uuid": _form(f"(?:urn:uuid:)?{_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}}"),
    "url": texts.is_uri,
}
