"""Hours and days of policy rules, in their time zone."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsync.policy_times import Window, read_days, read_hours, zone


def window(hours: str = "", days: str = "", zone: str = "UTC") -> Window:
    """Give a window of texts as in flowsync.yaml, alternatives separated by commas."""
    read = [read_hours(text) for text in hours.split(",") if text]
    on = [read_days(text) for text in days.split(",") if text]
    assert None not in read
    assert None not in on
    return Window(
        hours=tuple(one for one in read if one),
        days=tuple(one for one in on if one),
        timezone=zone,
    )


def at(text: str) -> datetime:
    """Give a moment; 2026-02-02 is a Monday."""
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("hours", "days", "zone", "within", "without"),
    [
        ("08-18", "", "UTC", "02-02T08:00 02-02T17:59", "02-02T07:59 02-02T18:00"),
        ("outside 08-18", "", "UTC", "02-02T07:59 02-02T18:00", "02-02T08:00 02-02T17:59"),
        ("22-06", "", "UTC", "02-02T22:00 02-02T05:59", "02-02T06:00 02-02T21:59"),
        ("outside 22-06", "", "UTC", "02-02T06:00", "02-02T23:00"),
        ("08:30-18:15", "", "UTC", "02-02T08:30 02-02T18:14", "02-02T08:29 02-02T18:15"),
        ("18-24", "", "UTC", "02-02T23:59", "02-02T00:00 02-02T17:59"),
        ("00-06,22-24", "", "UTC", "02-02T00:00 02-02T23:00", "02-02T12:00"),
        ("", "mon-fri", "UTC", "02-02T00:00 02-06T23:59", "02-01T12:00 02-07T00:00"),
        ("", "outside mon-fri", "UTC", "02-01T12:00", "02-02T12:00"),
        ("", "fri-mon", "UTC", "02-06T00:00 02-02T23:59", "02-03T00:00"),
        ("", "Sat,tue", "UTC", "02-03T00:00 02-07T00:00", "02-04T00:00"),
        ("08-18", "mon", "UTC", "02-02T09:00", "02-02T19:00 02-03T09:00"),
        ("08-18", "", "Europe/Berlin", "02-02T07:00 07-02T06:00", "02-02T17:00 07-02T05:59"),
        ("", "mon", "Pacific/Auckland", "02-01T12:00", "02-02T12:00"),
    ],
)
def test_a_window_holds_at_the_hours_and_days_that_are_written(
    hours: str, days: str, zone: str, within: str, without: str
) -> None:
    read = window(hours, days, zone)
    assert all(read.holds_at(at(f"2026-{moment}")) for moment in within.split())
    assert not any(read.holds_at(at(f"2026-{moment}")) for moment in without.split())


@pytest.mark.parametrize(
    "text",
    ["", "8", "08-08", "00-24", "24-06", "8-25", "08:60-09", "08-18 outside", "0818", "-", "x"],
)
def test_what_means_no_hours_or_all_is_not_read(text: str) -> None:
    assert read_hours(text) is None


@pytest.mark.parametrize("text", ["", "mon-sun", "tue-mon", "monday", "mo", "mon-", "outside", "1"])
def test_what_means_no_days_or_all_is_not_read(text: str) -> None:
    assert read_days(text) is None


@pytest.mark.parametrize(
    ("hours", "days", "zone", "now", "ends"),
    [
        ("outside 08-18", "", "UTC", "2026-02-05T20:14", "2026-02-06T08:00"),
        ("outside 08-18", "", "Europe/Berlin", "2026-02-05T20:14", "2026-02-06T07:00"),
        ("", "fri-sun", "UTC", "2026-02-06T20:14", "2026-02-09T00:00"),
        ("00-06,06-12", "", "UTC", "2026-02-05T05:00", "2026-02-05T12:00"),
        ("08-18", "mon", "UTC", "2026-02-02T09:30", "2026-02-02T18:00"),
        # the clock is put forward over 02:30, and back over 02:30
        ("00-02:30", "", "Europe/Berlin", "2026-03-29T00:30", "2026-03-29T01:00"),
        ("00-02:30", "", "Europe/Berlin", "2026-10-24T23:00", "2026-10-25T00:30"),
        ("00-02:30", "", "Europe/Berlin", "2026-10-25T01:10", "2026-10-25T01:30"),
    ],
)
def test_a_window_ends_at_the_first_moment_that_it_does_not_hold(
    hours: str, days: str, zone: str, now: str, ends: str
) -> None:
    assert window(hours, days, zone).ends_after(at(now)) == at(ends)


def test_a_window_that_always_holds_never_ends() -> None:
    assert window("", "mon-fri,sat,sun").ends_after(at("2026-02-05T20:14")) is None


minutes_of_day = st.integers(0, 24 * 60 - 1).map(lambda m: f"{m // 60:02}:{m % 60:02}")


@given(
    start=minutes_of_day,
    end=minutes_of_day,
    outside=st.booleans(),
    days=st.sampled_from(["", "mon", "outside tue-thu", "sat-sun"]),
    name=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"]),
    moment=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)),
)
def test_any_window_that_holds_still_holds_just_before_its_end(
    start: str, end: str, outside: bool, days: str, name: str, moment: datetime
) -> None:
    if start == end:
        return
    read = window(f"{'outside ' if outside else ''}{start}-{end}", days, name)
    now = moment.replace(second=0, microsecond=0, tzinfo=timezone.utc)
    found = read.ends_after(now)
    assert found is not None
    assert not read.holds_at(found)
    steps = [now + (found - now) * share / 7 for share in range(7)]
    assert all(read.holds_at(one) for one in steps) or not read.holds_at(now)


def test_a_moment_is_said_as_the_clock_of_the_zone_shows_it() -> None:
    berlin = window("08-18", zone="Europe/Berlin")
    assert berlin.said(at("2026-02-05T19:14")) == "Thu 20:14 (Europe/Berlin)"
    assert berlin.said(at("2026-02-05T23:14"), with_date=True) == (
        "Fri 2026-02-06 00:14 (Europe/Berlin)"
    )


@pytest.mark.parametrize("name", ["Nowhere", "../../etc/passwd", "Europe", "/etc/localtime", ""])
def test_a_name_that_is_no_time_zone_is_told_as_such(name: str) -> None:
    with pytest.raises(LookupError):
        zone(name)
