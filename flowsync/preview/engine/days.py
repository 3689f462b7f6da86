"""Which days a DatePicker or a CalendarPicker takes.

Source: https://developers.facebook.com/docs/whatsapp/flows/reference/components#calendarpicker
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flowsync.model import JsonValue, mapping_in, texts_in
from flowsync.preview.engine.inputs import day_of
from flowsync.validation.values import is_number
from flowsync.validation.versions import Version

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def day_problem(
    properties: Mapping[str, JsonValue], value: JsonValue, version: Version
) -> str | None:
    """Say what is wrong with a chosen day, None for one that can be chosen."""
    day = day_of(value, version) if isinstance(value, str) else None
    if day is None:
        return "Choose a day, written as YYYY-MM-DD."
    low, high = _day(properties, "min-date", version), _day(properties, "max-date", version)
    if low is not None and day < low:
        return f"Choose {low} or a later day."
    if high is not None and day > high:
        return f"Choose {high} or an earlier day."
    closed = {day_of(one, version) for one in texts_in(properties.get("unavailable-dates"))}
    if day in closed:
        return "This day is not available."
    weekdays = texts_in(properties.get("include-days"))
    if weekdays and WEEKDAYS[date.fromisoformat(day).weekday()] not in weekdays:
        return f"Choose one of {', '.join(weekdays)}."
    return None


def range_problem(
    properties: Mapping[str, JsonValue], value: JsonValue, version: Version
) -> str | None:
    """Say what is wrong with two chosen days; their number counts the first and the last."""
    days = mapping_in(value)
    for key in ("start-date", "end-date"):
        if key not in days and _is_required(properties, key):
            return "Choose the first and the last day."
        found = day_problem(properties, days[key], version) if key in days else None
        if found is not None:
            return found
    if len(days) < 2:
        return None
    start, end = (date.fromisoformat(str(days[key])) for key in ("start-date", "end-date"))
    if end < start:
        return "The last day is before the first."
    count = (end - start).days + 1
    low, high = properties.get("min-days"), properties.get("max-days")
    if is_number(low) and count < low:  # type: ignore[operator]
        return f"Choose at least {low} days."
    if is_number(high) and count > high:  # type: ignore[operator]
        return f"Choose at most {high} days."
    return None


def _is_required(properties: Mapping[str, JsonValue], key: str) -> bool:
    required = properties.get("required")
    return required is True or mapping_in(required).get(key) is True


def _day(properties: Mapping[str, JsonValue], key: str, version: Version) -> str | None:
    value = properties.get(key)
    return day_of(value, version) if isinstance(value, str) else None
