"""Faults by chance: drawn from a seed, and the same for the same seed on every machine."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Iterable

from flowsync.remotes.emulator.fault_kinds import KINDS

PASSING = tuple(kind for kind, about in KINDS.items() if about.is_passing)
"""The kinds after which the account can be brought to any state by asking again: no refused
credential or right, no endless answer, no second writer."""


class ChanceFaults:
    """Lets `percent` of all calls meet a fault, of the `kinds` that concern their operation.

    The draw for the nth call of an operation depends on the seed, the operation and n alone, so
    that it is the same whichever thread comes first.
    """

    def __init__(self, seed: int, percent: float, kinds: Iterable[str] = PASSING) -> None:
        self._seed, self._percent, self._kinds = seed, percent, tuple(kinds)
        self._calls: Counter[str] = Counter()
        self._lock = threading.Lock()

    def take(self, operation: str) -> dict[str, int | None]:
        """Give the fault that this call meets, if it meets one, and count the call."""
        with self._lock:
            self._calls[operation] += 1
            number = self._calls[operation]
        return self.draw(operation, number)

    def draw(self, operation: str, number: int) -> dict[str, int | None]:
        """Give the fault of one call of an operation, counted from 1, without counting it."""
        # Seeded by a text, the numbers are the same on every version of Python.
        chance = random.Random(f"{self._seed} {operation} {number}")
        fitting = [kind for kind in self._kinds if KINDS[kind].concerns_operation(operation)]
        if chance.random() * 100 >= self._percent or not fitting:
            return {}
        return {fitting[int(chance.random() * len(fitting))]: None}
