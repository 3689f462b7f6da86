"""A flow as the emulator keeps it."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, field

from flowsync.model import JsonValue, mapping_in, text_in


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFlow:
    """A flow as the emulator keeps it; `findings` are its `validation_errors`.

    `updated_at` is in seconds of Unix time; `preview_number` counts the preview links that were
    made invalid.
    """

    id: str
    account: str
    name: str
    status: str
    categories: tuple[str, ...]
    endpoint_uri: str | None
    flow_json: bytes | None
    findings: tuple[JsonValue, ...]
    was_published: bool
    is_legacy: bool
    updated_at: int = field(default=0, compare=False)
    application_id: str | None = None
    preview_number: int = 0

    @property
    def content(self) -> JsonValue:
        """Give the parsed Flow JSON, or None where there is none that parses."""
        try:
            return None if self.flow_json is None else json.loads(self.flow_json)
        except ValueError:
            return None

    def content_text(self, key: str) -> str | None:
        """Give a text member of the Flow JSON's root, such as `version`."""
        return text_in(mapping_in(self.content).get(key))


def stored_flow(row: sqlite3.Row) -> StoredFlow:
    """Read a row of the table of flows."""
    return StoredFlow(
        id=str(row["id"]),
        account=row["account"],
        name=row["name"],
        status=row["status"],
        categories=tuple(json.loads(row["categories"])),
        endpoint_uri=row["endpoint_uri"],
        flow_json=row["flow_json"],
        findings=tuple(json.loads(row["findings"])),
        was_published=bool(row["was_published"]),
        is_legacy=bool(row["is_legacy"]),
        updated_at=row["updated_at"],
        application_id=row["application_id"],
        preview_number=row["preview_number"],
    )
