"""Flow JSON versions that the platform has frozen, or says that it will.

What is frozen can no longer be created, updated or published; flows that are live stay usable.

Source: https://developers.facebook.com/docs/whatsapp/flows/reference/versioning
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from flowsync.model import JsonValue

FROZEN = ("2.1", "3.0", "3.1", "4.0", "5.0")
FREEZES_ON: Mapping[str, date] = {}
NOTICE = timedelta(days=90)


def frozen_version(flow_json: JsonValue) -> str | None:
    """Give the version of a Flow JSON when the platform has frozen it, None otherwise."""
    version = flow_json.get("version") if isinstance(flow_json, dict) else None
    return version if isinstance(version, str) and version in FROZEN else None


def soon_frozen(
    flow_json: JsonValue, today: date, dates: Mapping[str, date] | None = None
) -> date | None:
    """Give the day on which the version of a Flow JSON is frozen, when that is close.

    `dates` are the announced days by version, those that are known where none are given.
    """
    version = flow_json.get("version") if isinstance(flow_json, dict) else None
    known = FREEZES_ON if dates is None else dates
    day = known.get(version) if isinstance(version, str) else None
    return day if day is not None and day - today <= NOTICE else None
