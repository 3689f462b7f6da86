"""Stand-ins for passwords and codes, so that a recorded walk shows none that somebody typed.

Two fields with the same text have the same stand-in, so that what a flow compares stays equal.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from flowsync.model import JsonValue
from flowsync.preview.engine.acceptance import problem_with
from flowsync.preview.engine.candidates import candidates
from flowsync.preview.engine.completion import SECRET_TYPES
from flowsync.preview.views import ElementView
from flowsync.validation.versions import Version

_SHORTEST_FOUND = 4  # shorter texts occur in others by chance
_WRONG = ("1", "x", "!", "é!", "1 x")  # tried where what was typed was not taken either


def is_secret(element: ElementView) -> bool:
    """Tell whether an input is for what nobody else may see."""
    return element.properties.get("input-type") in SECRET_TYPES


class StandIns:
    """Gives stand-ins for secrets, and knows the secrets that they stand for."""

    def __init__(self, version: Version, today: date) -> None:
        self._version, self._today = version, today
        self._by_typed: dict[str, str] = {}

    def stand_in(self, element: ElementView, typed: str) -> str | None:
        """Give a text that the input takes, or does not, as it does `typed`; None for want of one.

        Another secret has another stand-in.
        """
        is_taken = self._is_taken(element, typed)
        known = self._by_typed.get(typed)
        if known is not None and self._is_taken(element, known) is is_taken:
            return known
        used = {typed, *self._by_typed.values()}
        found = next((one for one in self._tried(element, is_taken) if one not in used), None)
        if found is not None:
            self._by_typed.setdefault(typed, found)
        return found

    def has_secret(self, value: JsonValue) -> bool:
        """Tell whether a text holds a secret, or anything in a value does."""
        if isinstance(value, dict):
            return any(self.has_secret(one) for one in value.values())
        if isinstance(value, list):
            return any(map(self.has_secret, value))
        return isinstance(value, str) and any(
            typed in value for typed in self._by_typed if len(typed) >= _SHORTEST_FOUND
        )

    def _is_taken(self, element: ElementView, text: str) -> bool:
        return problem_with(element.type, element.properties, text, self._version) is None

    def _tried(self, element: ElementView, is_taken: bool) -> Iterator[str]:
        if not is_taken:
            yield from (text for text in _WRONG if not self._is_taken(element, text))
            return
        most = len(self._by_typed) + 2
        found = candidates(element, self._version, self._today, most=most)
        yield from (text for text in found if isinstance(text, str))
