"""Keys for flows that get their first definition: safe as folder names on every system."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from flowsync.model import FlowKey

_LONGEST = 60
_NAMELESS = "flow"  # for a name without a letter or digit that a key could have
# https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file#naming-conventions
_RESERVED = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")


def slug_of(name: str) -> str:
    """Give the words of a name in small letters and digits, joined by hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].strip("-")
    if not slug or slug == _NAMELESS:
        return _NAMELESS
    return f"{_NAMELESS}-{slug}" if _RESERVED.fullmatch(slug) else slug


def new_key(name: str, flows: Path, taken: Iterable[FlowKey]) -> FlowKey:
    """Give a key that no definition has and whose folder is not there; letter case is ignored."""
    used = {key.casefold() for key in taken} | {
        part.casefold() for key in taken for part in key.split("/")[:1]
    }
    with suppress(OSError):  # no folder yet
        for entry in flows.iterdir():
            used |= {entry.name.casefold(), entry.stem.casefold()}
    slug = key = slug_of(name)
    number = 1
    while key in used:
        number += 1
        key = f"{slug}-{number}"
    return FlowKey(key)
