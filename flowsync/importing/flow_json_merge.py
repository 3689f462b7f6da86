"""What a remote's Flow JSON is in the words of the author's file.

Where the remote has what the author's text resolves to, that text stays: a variable, an escape,
the digits of a number, the order of keys. All else is the remote's, written literally.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import NamedTuple

from flowsync.formatting.flow_json import canonical_flow_json, written_literally
from flowsync.model import JsonValue, canonical_json
from flowsync.plan.compare import same_value
from flowsync.sources import Written, has_variable, read_written


class Merged(NamedTuple):
    """The new text, and the author's texts with variables that gave way to the remote's."""

    text: str
    replaced: tuple[str, ...]


def merge_flow_json(author: str, resolved: JsonValue, remote: JsonValue) -> Merged:
    """Give the canonical text for what the remote has.

    `author` is the author's text, `resolved` its value with variables replaced.
    """
    merger = _Merger()
    written = merger.merged(read_written(author), resolved, remote)
    return Merged(canonical_flow_json(written), tuple(merger.replaced))


class _Merger:
    def __init__(self) -> None:
        self.replaced: list[str] = []

    def merged(self, author: Written, resolved: JsonValue, remote: JsonValue) -> Written:
        if same_value(resolved, remote):
            return author
        if isinstance(author, dict) and isinstance(resolved, dict) and isinstance(remote, dict):
            keys = dict.fromkeys((*(key for key in author if key in remote), *remote))
            return {
                key: self.merged(author[key], resolved[key], remote[key])
                if key in author
                else written_literally(remote[key])
                for key in keys
            }
        if isinstance(author, list) and isinstance(resolved, list) and isinstance(remote, list):
            return [
                written_literally(remote[new])
                if old is None
                else self.merged(author[old], resolved[old], remote[new])
                for new, old in enumerate(_partners(resolved, remote))
            ]
        if isinstance(author, str) and has_variable(author):
            self.replaced.append(author)
        return written_literally(remote)


def _partners(before: list[JsonValue], after: list[JsonValue]) -> Iterator[int | None]:
    """Give for each entry the earlier one that it most likely was: equal, of one name, or kind."""
    found: dict[int, int] = {}
    for identity in (canonical_json, _name, _kind):
        taken = set(found.values())
        waiting: dict[Hashable, list[int]] = {}
        for old, entry in enumerate(before):
            if old not in taken:
                waiting.setdefault(identity(entry), []).append(old)
        for new, entry in enumerate(after):
            same = waiting.get(identity(entry))
            if new not in found and same and identity(entry) is not None:
                found[new] = same.pop(0)
    return (found.get(new) for new in range(len(after)))


def _name(entry: JsonValue) -> Hashable:
    """Give what an entry is called, None where it has no name."""
    if not isinstance(entry, dict):
        return None
    named = entry.get("id") or entry.get("name")
    return named if isinstance(named, str) else None


def _kind(entry: JsonValue) -> Hashable:
    kind = entry.get("type") if isinstance(entry, dict) else None
    return (type(entry).__name__, kind if isinstance(kind, str) else None)
