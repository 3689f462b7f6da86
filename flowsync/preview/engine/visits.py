"""What is known of each screen while a flow runs: its data, and what was filled in there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from flowsync.model import JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One screen since it was last entered.

    `data` is what the screen was given. `filled` holds what the person put into inputs, by name;
    inputs that are not in it show their initial value. `left` are the inputs that were left once,
    whose errors show; `is_tried` after a tap on the Footer, which shows all of them. `is_example`
    while nothing but examples was given, so that other examples may take their place.
    """

    screen_id: str
    data: Mapping[str, JsonValue] = field(default_factory=dict)
    filled: Mapping[str, JsonValue] = field(default_factory=dict)
    left: frozenset[str] = frozenset()
    is_tried: bool = False
    is_example: bool = False

    def with_filled(self, name: str, value: JsonValue, *, has_left: bool) -> Visit:
        """Give the visit after an input was filled in."""
        left = self.left | {name} if has_left else self.left
        return replace(self, filled={**self.filled, name: value}, left=left)

    def with_data(self, data: Mapping[str, JsonValue]) -> Visit:
        """Give the visit with some of its data replaced."""
        return replace(self, data={**self.data, **data}, is_example=False)
