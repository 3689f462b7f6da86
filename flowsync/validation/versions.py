"""The Flow JSON versions that the platform accepts, and how they are compared.

Source: https://developers.facebook.com/docs/whatsapp/flows/reference/versioning
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

Version: TypeAlias = "tuple[int, int]"

ACCEPTED: Mapping[str, Version] = {
    "5.1": (5, 1),
    "6.0": (6, 0),
    "6.1": (6, 1),
    "6.2": (6, 2),
    "6.3": (6, 3),
    "7.0": (7, 0),
    "7.1": (7, 1),
    "7.2": (7, 2),
    "7.3": (7, 3),
}
LATEST = "7.3"

V5_1, V6_0, V6_1, V6_2, V6_3, V7_0, V7_1, V7_2, V7_3 = ACCEPTED.values()


def data_api_versions(version: Version) -> tuple[str, ...]:
    """Give the values of `data_api_version` that a flow of this version may have."""
    return ("3.0", "4.0") if version >= V7_3 else ("3.0",)


def as_text(version: Version) -> str:
    """Give a version as it is written in a Flow JSON."""
    return f"{version[0]}.{version[1]}"
