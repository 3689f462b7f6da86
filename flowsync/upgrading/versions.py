"""Every version that a Flow JSON may be upgraded from, and reading it from a flow.

Source: https://developers.facebook.com/docs/whatsapp/flows/changelogs
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from flowsync.model import JsonValue
from flowsync.validation.versions import ACCEPTED, Version

# Public versions that the platform no longer takes.
FROZEN: Mapping[str, Version] = {
    "2.1": (2, 1),
    "3.0": (3, 0),
    "3.1": (3, 1),
    "4.0": (4, 0),
    "5.0": (5, 0),
}
KNOWN: Mapping[str, Version] = {**FROZEN, **ACCEPTED}

V3_0, V4_0, V5_0 = FROZEN["3.0"], FROZEN["4.0"], FROZEN["5.0"]
_WRITTEN = re.compile(r'"?([0-9]{1,3})(?:\.([0-9]{1,3}))?"?')


def meant_version(value: JsonValue) -> str | None:
    """Give the known version that a `version` stands for, also where it is written as a number."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    found = _WRITTEN.fullmatch(str(value))
    if not found or (isinstance(value, str) and found[2] is None):
        return None
    version = f"{int(found[1])}.{int(found[2] or 0)}"
    return version if version in KNOWN else None
