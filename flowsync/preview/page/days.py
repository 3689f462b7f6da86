"""The fields for days of a DatePicker and a CalendarPicker, and which days they offer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from flowsync.model import JsonValue, mapping_in, text_in, texts_in
from flowsync.preview.engine.inputs import day_of
from flowsync.preview.views import ElementView
from flowsync.validation.values import is_number
from flowsync.validation.versions import Version

PICKERS = frozenset({"DatePicker", "CalendarPicker"})
_ENDS = ("start-date", "end-date")
_MILLISECONDS: Version = (4, 0)  # which are understood beside YYYY-MM-DD
_MONTHS = "January February March April May June July August September October November December"


@dataclass(frozen=True, slots=True, kw_only=True)
class Date:
    """One field for a day.

    `end` says which end of a range it is, and is empty for a single day. `value` is a day as
    YYYY-MM-DD, `shown` the same for people. Days before `low`, after `high`, among the `closed` and
    on other `weekdays` than those (all, where there are none) cannot be chosen. `first` and `last`
    are the days between which the calendar shows a range, and `length` says how long it may be.
    """

    end: str
    label: str
    value: str
    shown: str
    helper: str
    error: str
    is_required: bool
    low: str
    high: str
    closed: tuple[str, ...]
    weekdays: tuple[str, ...]
    first: str = ""
    last: str = ""
    length: str = ""


def dates(view: ElementView) -> Iterator[Date]:
    """Give the fields of a picker of days, one or two; none for other elements."""
    if view.type not in PICKERS:
        return
    properties = view.properties
    if view.type == "CalendarPicker" and properties.get("mode") == "range":
        first, last = (_day(mapping_in(view.value).get(end)) for end in _ENDS)
        for end, value in zip(_ENDS, (first, last), strict=True):
            required = properties.get("required")
            yield _field(
                view,
                end,
                value,
                label=mapping_in(properties.get("label")).get(end),
                helper=mapping_in(properties.get("helper-text")).get(end),
                error=view.error if end == _ENDS[-1] else None,
                is_required=required is True or mapping_in(required).get(end) is True,
                between=(first, last),
            )
        return
    yield _field(
        view,
        "",
        _day(view.value),
        label=properties.get("label"),
        helper=properties.get("helper-text"),
        error=view.error,
        is_required=view.is_required,
        between=("", ""),
    )


def _field(
    view: ElementView,
    end: str,
    value: str,
    *,
    label: JsonValue,
    helper: JsonValue,
    error: str | None,
    is_required: bool,
    between: tuple[str, str],
) -> Date:
    properties = view.properties
    closed = map(_day, texts_in(properties.get("unavailable-dates")))
    is_calendar = view.type == "CalendarPicker"
    return Date(
        end=end,
        label=text_in(label) or "",
        value=value,
        shown=_for_people(value),
        helper=text_in(helper) or "",
        error=error or "",
        is_required=is_required,
        low=_day(properties.get("min-date")),
        high=_day(properties.get("max-date")),
        closed=tuple(filter(None, closed)),
        weekdays=texts_in(properties.get("include-days")) if is_calendar else (),
        first=between[0],
        last=between[1],
        length=_length(properties) if end else "",
    )


def _length(properties: Mapping[str, JsonValue]) -> str:
    """Say how many days a range may have, empty where it may have any number."""
    low, high = (properties.get(key) for key in ("min-days", "max-days"))
    if is_number(low) and is_number(high):
        return f"{low} to {high} days"
    if is_number(low):
        return f"At least {low} days"
    return f"At most {high} days" if is_number(high) else ""


def _day(value: JsonValue) -> str:
    """Give a day as YYYY-MM-DD, empty for what is none."""
    return day_of(text_in(value) or "", _MILLISECONDS) or ""


def _for_people(day: str) -> str:
    """Give a day as a phone writes it: `9 January 2026`."""
    if not day:
        return ""
    found = date.fromisoformat(day)
    return f"{found.day} {_MONTHS.split()[found.month - 1]} {found.year}"
