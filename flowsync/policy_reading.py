"""Reading `policy` of flowsync.yaml, which fits its schema, into rules; mistakes have their place.

A rule that could never be met is a mistake: it would protect nothing, and nobody would notice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from typing import TypeVar

from flowsync.diagnostics import Diagnostic, nearest
from flowsync.model import JsonValue, mapping_in, text_in, texts_in
from flowsync.policy_rules import Effect, PolicyRule, When
from flowsync.policy_times import (
    UTC,
    Window,
    read_days,
    read_hours,
    zone,
    zone_names,
)
from flowsync.sources import Document, Pointer

T = TypeVar("T")

RULE = "FS015"
_POLICY = "policy"
_ENDS = ".!?…"
_HOURS_FIX = 'Write them as "08-18" or "outside 08:30-18:00"; "22-06" goes over midnight.'
_DAYS_FIX = "Write them as fri, mon-fri or outside mon-fri; for every day leave it out."


def read_policy(
    document: Document, value: JsonValue, targets: Iterable[str], problems: list[Diagnostic]
) -> tuple[PolicyRule, ...]:
    """Give the rules in their order; what is wrong with them is added to the problems.

    `targets` are the names that a rule's `target` can mean.
    """
    reader = _PolicyReader(document, frozenset(targets), problems)
    entries = value if isinstance(value, list) else []
    return tuple(reader.rule(index, mapping_in(entry)) for index, entry in enumerate(entries))


class _PolicyReader:
    """Reads rules one after the other, and knows the ids of those before."""

    def __init__(
        self, document: Document, targets: frozenset[str], problems: list[Diagnostic]
    ) -> None:
        self._document = document
        self._targets = targets
        self._problems = problems
        self._ids: dict[str, int] = {}

    def rule(self, index: int, fields: dict[str, JsonValue]) -> PolicyRule:
        """Read one rule; a part of it that is wrong is left out, after adding to the problems."""
        at: Pointer = (_POLICY, index)
        effect = Effect.DENY if "deny" in fields else Effect.WARN
        id = text_in(fields.get("id"))
        if id is not None:
            earlier = self._ids.setdefault(id, index + 1)
            if earlier != index + 1:
                message = f'rule {earlier} has the id "{id}" too.'
                self._refuse((*at, "id"), message, "Give one of the two another id.")
        return PolicyRule(
            number=index + 1,
            effect=effect,
            words=_values(fields.get(effect.value)),
            id=id,
            message=_sentence(text_in(fields.get("message")) or ""),
            when=self._when((*at, "when"), mapping_in(fields.get("when"))),
        )

    def _when(self, at: Pointer, fields: dict[str, JsonValue]) -> When:
        self._check_targets((*at, "target"), fields.get("target"))
        window = self._window(at, fields)
        return When(
            targets=_values(fields.get("target")),
            keys=_values(fields.get("key")),
            names=_values(fields.get("name")),
            categories=_values(fields.get("category")),
            statuses=_values(fields.get("status")),
            states=_values(fields.get("state")),
            contracts=_values(fields.get("contract")),
            window=window,
            as_written=tuple((name, _values(value)) for name, value in fields.items()),
        )

    def _check_targets(self, at: Pointer, value: JsonValue) -> None:
        for place, glob in _places(at, value):
            if not any(fnmatchcase(target, glob) for target in self._targets):
                near = nearest(glob, self._targets)
                there = ", ".join(sorted(self._targets))
                fix = f'Did you mean "{near}"?' if near else f"There are: {there}."
                self._refuse(place, f'no target is meant by "{glob}".', fix)

    def _window(self, at: Pointer, fields: dict[str, JsonValue]) -> Window | None:
        name = text_in(fields.get("timezone"))
        is_timed = "hours" in fields or "days" in fields
        hours = self._read((*at, "hours"), fields.get("hours"), read_hours, "hours", _HOURS_FIX)
        days = self._read((*at, "days"), fields.get("days"), read_days, "days", _DAYS_FIX)
        if name is not None and not is_timed:
            message = "a time zone means nothing without hours or days."
            self._refuse((*at, "timezone"), message, "Add `hours: …` or `days: …`, or remove it.")
        elif name is not None and not self._is_known_zone((*at, "timezone"), name):
            name = None
        return Window(hours=hours, days=days, timezone=name or UTC) if is_timed else None

    def _read(
        self,
        at: Pointer,
        value: JsonValue,
        read: Callable[[str], T | None],
        noun: str,
        fix: str,
    ) -> tuple[T, ...]:
        found: list[T] = []
        for place, text in _places(at, value):
            meant = read(text)
            if meant is None:
                self._refuse(place, f'"{text}" are no {noun}.', fix)
            else:
                found.append(meant)
        return tuple(found)

    def _is_known_zone(self, at: Pointer, name: str) -> bool:
        try:
            zone(name)
        except LookupError:
            names = zone_names()
            near = nearest(name, names)
            fix = f'Did you mean "{near}"?' if near else "Write it as Europe/Berlin, or as UTC."
            if not names:
                fix = "This machine has no time zones: `pip install tzdata`, or use UTC."
            self._refuse(at, f'no time zone is called "{name}".', fix)
            return False
        return True

    def _refuse(self, at: Pointer, message: str, fix: str) -> None:
        self._problems.append(self._document.finding(at, RULE, message, fix))


def _sentence(text: str) -> str | None:
    """Give what people wrote as one line that ends as a sentence; None where it is blank."""
    line = " ".join(text.split())
    return (line if line[-1] in _ENDS else f"{line}.") if line else None


def _values(value: JsonValue) -> tuple[str, ...]:
    """Give the texts of a field that holds one or a list of them."""
    return (value,) if isinstance(value, str) else texts_in(value)


def _places(at: Pointer, value: JsonValue) -> list[tuple[Pointer, str]]:
    """Give the same texts, each with its place."""
    if isinstance(value, str):
        return [(at, value)]
    return [((*at, index), text) for index, text in enumerate(texts_in(value))]
