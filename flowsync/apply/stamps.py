"""Times in the names of files, so that names sort by age."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta, timezone


def next_stamp(names: Iterable[str], now: datetime, form: str, *, step: timedelta) -> str:
    """Give a time that sorts behind those of all names, also after the clock was put back.

    A name begins with its time in the form `form` of `strftime` and a hyphen; `step` is the least
    that two times of this form can lie apart.
    """
    stamp = now.astimezone(timezone.utc).strftime(form)
    for name in sorted(names, reverse=True):
        with suppress(ValueError, OverflowError):
            latest = datetime.strptime(name.partition("-")[0], form)
            return max(stamp, (latest + step).strftime(form))
    return stamp
