"""Conditions under which `flowsync status --fail-on` fails: words, and `frozen<30d`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flowsync.diagnostics import nearest
from flowsync.errors import UsageFailure
from flowsync.model import FlowStatus
from flowsync.status.report import FlowReport

_DAYS = re.compile(r"frozen<(\d{1,4})d")
_HOLDS: dict[str, Callable[[FlowReport], bool]] = {
    "throttled": lambda one: one.status == FlowStatus.THROTTLED.value,
    "blocked": lambda one: one.status == FlowStatus.BLOCKED.value,
    "unhealthy": lambda one: bool(one.ill),
    "errors": lambda one: one.has_new_errors,
    "missing": lambda one: one.is_missing,
    "frozen": lambda one: one.version is not None and one.version.is_frozen,
}
_EXAMPLE = "frozen<30d"
WORDS = (*_HOLDS, _EXAMPLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A condition as it was written; with `days`, a version that is frozen within so many."""

    text: str
    days: int | None = None

    def holds(self, report: FlowReport) -> bool:
        """Tell whether a flow meets it."""
        if self.days is None:
            return _HOLDS[self.text](report)
        version = report.version
        if version is None:
            return False
        left = version.days_left
        return version.is_frozen or (left is not None and left < self.days)


def read_conditions(texts: Iterable[str]) -> tuple[Condition, ...]:
    """Give the conditions that texts name, each several with commas between.

    Raises `UsageFailure` for a word that is none, with the nearest that is.
    """
    words = [word.strip() for text in texts for word in text.split(",")]
    return tuple(dict.fromkeys(map(_condition, words)))


def _condition(word: str) -> Condition:
    if word in _HOLDS:
        return Condition(text=word)
    if found := _DAYS.fullmatch(word):
        return Condition(text=word, days=int(found[1]))
    near = nearest(word, WORDS)
    hint = f'Did you mean "{near}"?' if near else f"There are: {', '.join(WORDS)}."
    raise UsageFailure(f'--fail-on does not know "{word}". {hint}')
