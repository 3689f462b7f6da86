"""Flow JSON versions that the platform has frozen, or says that it will.

What is frozen can no longer be created, updated or published; flows that are live stay usable.

Source: https://developers.facebook.com/docs/whatsapp/flows/reference/versioning
"""

from __future__ import annotations

from datetime import date, timedelta

from flowsync.model import JsonValue
from flowsync.validation.versions import FlowVersion, Status, find

NOTICE = timedelta(days=90)


def _version(flow_json: JsonValue) -> FlowVersion | None:
    version = flow_json.get("version") if isinstance(flow_json, dict) else None
    return find(version) if isinstance(version, str) else None


def frozen_version(flow_json: JsonValue) -> str | None:
    """Give the version of a Flow JSON when the platform has frozen it, None otherwise."""
    version = _version(flow_json)
    return version.text if version is not None and version.status is Status.FROZEN else None


def soon_frozen(flow_json: JsonValue, today: date) -> date | None:
    """Give the day on which the version of a Flow JSON is frozen, when that is close."""
    version = _version(flow_json)
    day = version.freezes_on if version is not None else None
    return day if day is not None and day - today <= NOTICE else None
