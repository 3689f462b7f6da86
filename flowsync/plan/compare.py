"""Comparing values of Flow JSON by what they mean.

Numbers count by value, so 1 equals 1.0, but true is not 1; key order and white space do not count
(G-08).
"""

from __future__ import annotations

from flowsync.model import JsonValue, canonical_bytes


def same_value(left: JsonValue, right: JsonValue) -> bool:
    """Tell whether two JSON values mean the same."""
    return canonical_bytes(left) == canonical_bytes(right)
