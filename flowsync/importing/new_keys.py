"""Keys for flows that have no definition yet, made of their names: safe and unique folders."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from flowsync.model import FlowId, FlowKey

_LONGEST = 60
_OTHER = re.compile(r"[^a-z0-9]+")
# Windows opens devices under these names, in any folder and with any ending.
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file#naming-conventions
_RESERVED = re.compile(r"con|prn|aux|nul|(com|lpt)[0-9]")


def new_key(name: str, flow_id: FlowId, taken: set[str]) -> FlowKey:
    """Give a key for a flow and add it to those `taken`, which are in lower case."""
    slug = slug_of(name) or slug_of(f"flow-{flow_id}")
    key, number = slug, 1
    while key in taken:
        number += 1
        key = f"{slug}-{number}"
    taken.add(key)
    return FlowKey(key)


def slug_of(name: str) -> str:
    """Give a name as lower-case letters, digits and hyphens; empty where nothing is left of it."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode("ascii")
    slug = _OTHER.sub("-", plain.lower())[: _LONGEST + 1].strip("-")[:_LONGEST].strip("-")
    return f"{slug}-flow" if _RESERVED.fullmatch(slug) else slug


def taken_keys(flows: Path, keys: Iterable[FlowKey]) -> set[str]:
    """Give, in lower case, what a new folder must not be called: all keys, and all that is there.

    A file stands for its name without the ending too.
    """
    taken = {key.casefold() for key in keys}
    if flows.is_dir():
        for entry in flows.iterdir():
            taken |= {entry.name.casefold(), entry.stem.casefold()}
    return taken
