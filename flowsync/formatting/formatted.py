"""What formatting a text gives."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Formatted:
    """A text in canonical form; it means the same as the text it was made from.

    `note` is a sentence that says what could not be done without risk, empty where all was done.
    """

    text: str
    note: str = ""
