"""How much runs of what repeats one claim: a spread sample for a change, all of it at night.

`python -m tests.nightly` sets FLOWSYNC_TEST_FULL. What a sample holds is printed, and so is shown
with a failure; pytest-randomly's `-p randomly_seed=...` takes the same sample again.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterable
from typing import TypeVar

FULL = "FLOWSYNC_TEST_FULL"
IS_FULL = os.environ.get(FULL) == "1"
_Case = TypeVar("_Case")


def sample(cases: Iterable[_Case], every: int, *, is_full: bool = IS_FULL) -> list[_Case]:
    """Give the first, the last, and one at random of each `every` cases in a row; at night all.

    For the body of a test: the workers of xdist have to collect the same cases.
    """
    whole = list(cases)
    if is_full or not whole:
        return whole
    groups = range(0, len(whole), every)
    taken = {random.choice(range(start, len(whole))[:every]) for start in groups}
    places = sorted(taken | {0, len(whole) - 1})
    print(f"sample of {len(whole)} cases: {places}")
    return [whole[place] for place in places]


def size(by_day: int, at_night: int, *, is_full: bool = IS_FULL) -> int:
    """Give how many there are for a change, or at night."""
    return at_night if is_full else by_day
