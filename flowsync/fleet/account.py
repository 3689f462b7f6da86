"""One account of a target of many, as it was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flowsync.model import JsonValue, mapping_in
from flowsync.sources import Document, Pointer

FOLDER = "fleet"  # below that of all that is noted, for notes about accounts


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetAccount:
    """One account of a target of many; `fields` are what it says itself, as written.

    `document` and `pointer` are where it stands. `state` is the folder, relative to the root of
    the repository, of what flowsync notes about it.
    """

    name: str
    account: str
    fields: Mapping[str, JsonValue] = field(repr=False)
    document: Document = field(repr=False)
    pointer: Pointer
    state: str

    def says(self, path: Pointer) -> bool:
        """Tell whether a field of the target is the account's own."""
        at = self.fields.get(str(path[0])) if path else None
        if path[:1] == ("vars",) and len(path) > 1:
            return path[1] in mapping_in(at)
        return at is not None
