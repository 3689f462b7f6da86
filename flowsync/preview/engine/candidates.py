"""Values that an input takes, for whoever fills in a flow without a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from flowsync.model import JsonValue
from flowsync.preview.engine import inputs
from flowsync.preview.engine.acceptance import options_of, problem_with
from flowsync.preview.views import ElementView
from flowsync.validation.components import MEDIA_PICKERS
from flowsync.validation.values import is_number
from flowsync.validation.versions import Version

_DAYS_TRIED = 62  # around each limit, which is more than any month of unavailable days
_TEXTS = {
    "email": ("ada@example.com",),
    "phone": ("+442079460000", "5511999990000", "2079460000", "123456"),
    "number": ("1", "100", "2000", "0", "10", "50000", "1.5"),
    "passcode": ("1234", "123456", "12345678", "1"),
    "password": ("Secret123!", "secret", "1234"),
    "text": ("Ada", "Ada Lovelace", "1", "A"),
}
# What authors ask for with a pattern: dates, times, post codes, tax and card numbers, addresses.
_FORMED = (
    "2026-01-31", "31/01/2026", "01/31/2026", "31.01.2026", "31-01-2026", "12:30", "A1B 2C3",
    "AB12CDE", "AB12 3CD", "ABCDE1234F", "12ABCDE1234F1Z5", "123.456.789-09", "12345-678",
    "A1234567", "AB123456C", "ada@example.com", "https://example.com", "4111111111111111",
    "12/30", "+1234567890", "123-45-6789", "123-456-7890", "(123) 456-7890", "@ada", "#1a2b3c",
    "ABC-1234", "ABC1D23", "1,000.00", "Aa1!aaaa", "9876543210", "1A", "A-1", "MH12AB1234", "0",
)  # fmt: skip
_MAX_LENGTH_TRIED = 40


def candidates(
    element: ElementView, version: Version, today: date, *, most: int
) -> list[JsonValue]:
    """Give up to `most` values that an input takes now, the plainest first."""
    found: list[JsonValue] = []
    for value in _tried(element, version, today):
        if value in found:
            continue
        if problem_with(element.type, element.properties, value, version) is None:
            found.append(value)
        if len(found) == most:
            break
    return found


def _tried(element: ElementView, version: Version, today: date) -> Iterator[JsonValue]:
    properties = element.properties
    kind = element.type
    if kind == "TextInput":
        yield from _texts(properties)
    elif kind == "TextArea":
        yield from ("Everything was fine.", "Fine", "A")
    elif kind == "OptIn":
        yield from (True, False)
    elif kind in inputs.CHOOSE_ONE:
        yield from (name for name, is_on in options_of(properties).items() if is_on)
    elif kind in inputs.CHOOSE_SEVERAL:
        yield from _choices(properties)
    elif kind in MEDIA_PICKERS:
        name = "photo.jpg" if kind == "PhotoPicker" else "document.pdf"
        yield from (_times(name, count) for count in range(1, 31))
    elif kind in inputs.DATES:
        is_range = kind == "CalendarPicker" and properties.get("mode") == "range"
        days = _days(properties, version, today)
        yield from (_ranges(properties, days) if is_range else days)


def _times(name: str, count: int) -> JsonValue:
    return [name for _ in range(count)]


def _texts(properties: Mapping[str, JsonValue]) -> Iterator[str]:
    kind = properties.get("input-type", "text")
    plain = _TEXTS.get(kind if isinstance(kind, str) else "text", _TEXTS["text"])
    yield from plain
    if "pattern" in properties:
        yield from _FORMED
    low = properties.get("min-chars")
    least = int(low) if isinstance(low, int | float) and 0 < low < 5000 else 1
    for length in (least, *range(1, _MAX_LENGTH_TRIED)):
        for char in "1aA":
            yield char * length


def _choices(properties: Mapping[str, JsonValue]) -> Iterator[JsonValue]:
    names = [name for name, is_on in options_of(properties).items() if is_on]
    low = properties.get("min-selected-items")
    least = int(low) if is_number(low) and low > 1 else 1  # type: ignore[arg-type,operator]
    for start in range(len(names)):
        chosen = (names[start:] + names[:start])[:least]
        yield [*chosen]
    yield [*names]


def _days(properties: Mapping[str, JsonValue], version: Version, today: date) -> Iterator[str]:
    low, high = (_limit(properties, key, version) for key in ("min-date", "max-date"))
    for start, step in ((today, 1), (low, 1), (high, -1)):
        if start is not None:
            for count in range(_DAYS_TRIED):
                day = _moved(start, step * count)
                if day is not None:
                    yield day


def _limit(properties: Mapping[str, JsonValue], key: str, version: Version) -> date | None:
    value = properties.get(key)
    day = inputs.day_of(value, version) if isinstance(value, str) else None
    return date.fromisoformat(day) if day is not None else None


def _ranges(properties: Mapping[str, JsonValue], days: Iterator[str]) -> Iterator[JsonValue]:
    low = properties.get("min-days")
    least = int(low) if is_number(low) and 1 <= low < 1000 else 1  # type: ignore[arg-type,operator]
    for start in days:
        for more in (least - 1, least, least + 1, least + 2):
            end = _moved(date.fromisoformat(start), more)
            if end is not None:
                yield {"start-date": start, "end-date": end}


def _moved(day: date, count: int) -> str | None:
    try:
        return (day + timedelta(days=count)).isoformat()
    except OverflowError:
        return None
