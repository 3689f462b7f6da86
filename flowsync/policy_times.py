"""Times of day and days of the week that a rule of the policy is about, in a time zone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from functools import cache
from typing import TypeAlias

Moment: TypeAlias = datetime  # with its time zone: a moment, not what a clock on a wall shows

UTC = "UTC"
DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_OUTSIDE = r"(?P<outside>outside\s+)?"
_HOURS = re.compile(_OUTSIDE + r"(\d{1,2})(?::(\d{2}))?\s*-\s*(\d{1,2})(?::(\d{2}))?")
_DAYS = re.compile(_OUTSIDE + r"([a-z]{3})(?:\s*-\s*([a-z]{3}))?")
_MINUTES_OF_DAY = 24 * 60
_DAYS_AHEAD = 8  # after a week all repeats


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """The time from one minute of the day up to another, over midnight where the end is earlier.

    With `is_outside` the rest of the day is meant.
    """

    start: int
    end: int
    is_outside: bool = False

    def hold_at(self, local: datetime) -> bool:
        """Tell whether the clock on the wall stands within these hours."""
        minute = local.hour * 60 + local.minute
        if self.start < self.end:
            is_within = self.start <= minute < self.end
        else:
            is_within = minute >= self.start or minute < self.end
        return is_within != self.is_outside


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Days of the week by number, Monday is 0; with `is_outside` the others are meant."""

    numbers: frozenset[int]
    is_outside: bool = False

    def hold_at(self, local: datetime) -> bool:
        """Tell whether the calendar on the wall shows one of these days."""
        return (local.weekday() in self.numbers) != self.is_outside


def read_hours(text: str) -> Hours | None:
    """Give the hours that a text such as `08-18` or `outside 08:30-18` means.

    None for any other text, and where no time or every time would be meant.
    """
    match = _HOURS.fullmatch(text.strip())
    if match is None:
        return None
    outside, first, first_minutes, last, last_minutes = match.groups()
    start, end = _minute(first, first_minutes), _minute(last, last_minutes)
    if start is None or end is None or (end - start) % _MINUTES_OF_DAY == 0:
        return None
    if start == _MINUTES_OF_DAY:
        return None
    return Hours(start=start, end=end, is_outside=outside is not None)


def _minute(hours: str, minutes: str | None) -> int | None:
    number = int(hours) * 60 + int(minutes or 0)
    return number if int(minutes or 0) < 60 and number <= _MINUTES_OF_DAY else None


def read_days(text: str) -> Days | None:
    """Give the days that a text such as `fri`, `mon-fri` or `outside mon-fri` means.

    None for any other text, and where no day or every day would be meant.
    """
    match = _DAYS.fullmatch(text.strip().lower())
    if match is None:
        return None
    outside, first, last = match.groups()
    last = last or first
    if first not in DAY_NAMES or last not in DAY_NAMES:
        return None
    start, end = DAY_NAMES.index(first), DAY_NAMES.index(last)
    numbers = {(start + ahead) % 7 for ahead in range((end - start) % 7 + 1)}
    if len(numbers) == len(DAY_NAMES):
        return None
    return Days(numbers=frozenset(numbers), is_outside=outside is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """When a rule is in force: any of the hours on any of the days; none of a kind means all."""

    hours: tuple[Hours, ...] = ()
    days: tuple[Days, ...] = ()
    timezone: str = UTC

    def holds_at(self, moment: Moment) -> bool:
        """Tell whether a moment lies in the window."""
        local = moment.astimezone(zone(self.timezone))
        is_in_hours = not self.hours or any(hours.hold_at(local) for hours in self.hours)
        return is_in_hours and (not self.days or any(days.hold_at(local) for days in self.days))

    def ends_after(self, moment: Moment) -> Moment | None:
        """Give the first moment from this one on that is not in the window, None if it never ends.

        It is found among the ends of hours, midnights, and full hours, at which clocks are put
        forward and back.
        """
        return next((one for one in self._turns(moment) if not self.holds_at(one)), None)

    def _turns(self, moment: Moment) -> Iterator[Moment]:
        local = moment.astimezone(zone(self.timezone))
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        minutes = {hour * 60 for hour in range(24)} | {
            minute for hours in self.hours for minute in (hours.start, hours.end)
        }
        turns = (
            # what the clock on the wall shows, which may be twice on the day it is put back
            (midnight + timedelta(days=day, minutes=minute))
            .replace(fold=fold)
            .astimezone(timezone.utc)
            for day in range(_DAYS_AHEAD + 1)
            for minute in minutes
            for fold in (0, 1)
        )
        yield from sorted(turn for turn in turns if turn >= moment)

    def said(self, moment: Moment, *, with_date: bool = False) -> str:
        """Give a moment in the zone of the window, such as `Thu 20:14 (Europe/Berlin)`."""
        local = moment.astimezone(zone(self.timezone))
        date = f" {local:%Y-%m-%d}" if with_date else ""
        return f"{DAY_NAMES[local.weekday()].title()}{date} {local:%H:%M} ({self.timezone})"


@cache
def zone(name: str) -> tzinfo:
    """Give a time zone by its name in the IANA database; `LookupError` where there is none."""
    if name == UTC:
        return timezone.utc
    from zoneinfo import ZoneInfo  # few rules are about a time in a zone of their own

    try:
        return ZoneInfo(name)
    except (OSError, ValueError) as exc:  # a folder of the database, or a path out of it
        raise LookupError(name) from exc


def zone_names() -> tuple[str, ...]:
    """Give the names of all time zones known on this machine; none without the database."""
    from zoneinfo import available_timezones

    return tuple(sorted(available_timezones()))
