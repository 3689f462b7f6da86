"""A Flow JSON while it is being upgraded: its value, its text, and what was done to it."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast

from flowsync.formatting.json_strings import encoded
from flowsync.model import JsonValue, mapping_in
from flowsync.sources import Document, Pointer, Written, read_written
from flowsync.validation.outline import Flow, JsonObject, read_flow
from flowsync.validation.versions import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that was changed; `pointer` leads to it in the author's file."""

    pointer: Pointer
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Something that a person must decide or do; `message` and `fix` are sentences."""

    pointer: Pointer
    message: str
    fix: str


class Draft:
    """A Flow JSON on its way from version `since` to version `to`.

    `value` is what migrations read; they change it only through the methods here, which keep what
    the author wrote (`written`) in step. No entry of an array is ever removed, so that pointers
    stay those of the author's file.
    """

    def __init__(self, document: Document, *, since: Version, to: Version) -> None:
        self.since, self.to = since, to
        self.value: JsonObject = copy.deepcopy(mapping_in(document.value))
        # The same tree with scalars as they are written; a subset of what JSON values may be.
        self._written = cast("JsonValue", read_written(document.text))
        self.changes: list[Change] = []
        self.decisions: list[Decision] = []

    @property
    def written(self) -> Written:
        """Give the flow as it is now, with every scalar as it is or would be written."""
        return cast("Written", self._written)

    def flow(self) -> Flow:
        """Give the outline of the flow as it is now."""
        return read_flow(self.value, self.to)

    def put(self, pointer: Pointer, value: JsonValue, summary: str) -> None:
        """Set a member of an object, or an entry that an array has."""
        *path, last = pointer
        for root, new in ((self.value, value), (self._written, as_written(value))):
            holder = _reach(root, path)
            if isinstance(holder, list) and isinstance(last, int):
                holder[last] = new
            elif isinstance(holder, dict):
                holder[str(last)] = new
        self.changes.append(Change(pointer=pointer, summary=summary))

    def append(self, pointer: Pointer, value: JsonValue, summary: str) -> None:
        """Add an entry to the end of an array."""
        for root, new in ((self.value, value), (self._written, as_written(value))):
            holder = _reach(root, pointer)
            if isinstance(holder, list):
                holder.append(new)
        self.changes.append(Change(pointer=pointer, summary=summary))

    def drop(self, pointer: Pointer, summary: str) -> None:
        """Remove a member of an object."""
        *path, last = pointer
        for root in (self.value, self._written):
            mapping_in(_reach(root, path)).pop(str(last), None)
        self.changes.append(Change(pointer=pointer, summary=summary))

    def decide(self, pointer: Pointer, message: str, fix: str) -> None:
        """Report what a person must decide."""
        self.decisions.append(Decision(pointer=pointer, message=message, fix=fix))

    def strings(self, pointer: Pointer = ()) -> Iterator[tuple[Pointer, str]]:
        """Give every text at or below a place."""
        yield from _strings(_reach(self.value, pointer), pointer)


def as_written(value: JsonValue) -> JsonValue:
    """Give a value with its scalars as they would be written."""
    if isinstance(value, dict):
        return {key: as_written(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_written(item) for item in value]
    return encoded(value) if isinstance(value, str) else json.dumps(value)


def _reach(value: JsonValue, path: Iterable[str | int]) -> JsonValue:
    """Give what a path leads to, None where it leads nowhere."""
    for part in path:
        if isinstance(value, list):
            value = value[part] if isinstance(part, int) else None
        else:
            value = mapping_in(value).get(str(part))
    return value


def _strings(value: JsonValue, pointer: Pointer) -> Iterator[tuple[Pointer, str]]:
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _strings(item, (*pointer, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _strings(item, (*pointer, index))
