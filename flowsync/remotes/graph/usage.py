"""How much of its calls an account has used up, as the headers of an answer tell it.

Source: https://developers.facebook.com/docs/graph-api/overview/rate-limiting
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flowsync.model import JsonValue, mapping_in

_HEADERS = ("X-App-Usage", "X-Business-Use-Case-Usage")
_PERCENTAGES = ("call_count", "total_cputime", "total_time")
_MINUTE_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageTold:
    """The largest percentage that is used up, and the seconds until calls are let in again."""

    percent: float
    regain_after: float


def usage_in(headers: Mapping[str, str]) -> UsageTold | None:
    """Read the usage headers of an answer; None where it has none that can be read."""
    told = [one for name in _HEADERS if name in headers for one in _entries(headers[name])]
    if not told:
        return None
    percent = max((_number(one.get(name)) for one in told for name in _PERCENTAGES), default=0.0)
    minutes = max(_number(one.get("estimated_time_to_regain_access")) for one in told)
    return UsageTold(percent=percent, regain_after=minutes * _MINUTE_S)


def _entries(header: str) -> Iterator[dict[str, JsonValue]]:
    """Give the entries of a header, an object, or an object of lists of such by account."""
    try:
        value = mapping_in(json.loads(header))
    except (ValueError, RecursionError):
        return
    if any(name in value for name in _PERCENTAGES):
        yield value
    for entries in value.values():
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict):
                yield entry


def _number(value: JsonValue) -> float:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return max(0.0, float(value)) if is_number and isinstance(value, (int, float)) else 0.0
