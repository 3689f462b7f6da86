"""Flow JSON versions that the platform has frozen, or says that it will.

What is frozen can no longer be created, updated or published; flows that are live stay usable.

Source: https://developers.facebook.com/docs/whatsapp/flows/reference/versioning
"""

from __future__ import annotations

from datetime import date, timedelta

from flowsync.model import JsonValue, mapping_in, text_in
from flowsync.validation.versions import Status, find

NOTICE = timedelta(days=90)


def frozen_version(flow_json: JsonValue) -> str | None:
    """Give the version of a Flow JSON when the platform has frozen it, None otherwise."""
    text = text_in(mapping_in(flow_json).get("version"))
    version = None if text is None else find(text)
    return version.text if version is not None and version.status is Status.FROZEN else None


def soon_frozen(text: str | None, today: date) -> date | None:
    """Give the day on which a Flow JSON version is frozen, when that is close."""
    version = None if text is None else find(text)
    day = version.freezes_on if version is not None else None
    return day if day is not None and day - today <= NOTICE else None
