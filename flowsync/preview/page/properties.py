"""Values of properties as a page shows them, whatever shape the flow gives them."""

from __future__ import annotations

from flowsync.model import JsonValue, text_in


def text_of(value: JsonValue) -> str:
    """Give a text as a person reads it; a number too, and nothing for what has no text."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None or isinstance(value, (dict, list)):
        return ""
    return plain(value)


def plain(value: JsonValue) -> str:
    """Give a number or a text as text, and nothing for anything else."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{value:g}" if is_number else text_in(value) or ""


def size_of(value: JsonValue) -> float | None:
    """Give a size in reason, None for what is none."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and 0 < value < 10_000 else None  # type: ignore[arg-type, operator]
