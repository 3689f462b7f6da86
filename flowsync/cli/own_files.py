"""What a report or a plan must not replace: files that only their author could write again."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

from flowsync.sources import MAX_FILE_BYTES

_FLOW_JSON = re.compile(rb'(\xef\xbb\xbf)?\s*\{.*"screens"\s*:', re.DOTALL)
_OURS = re.compile(
    rb'\s*\{\s*("format_version"|"\$schema"\s*:\s*"https://docs\.oasis-open\.org/sarif/)'
)


def why_not_replaced(file: Path) -> str:
    """Say why a report or a plan must not replace a file, empty where it may.

    Definitions and flowsync.yaml are known by their ending, whether they are there or not; a Flow
    JSON by its screens, also where it has an error. What flowsync writes is neither.
    """
    if file.suffix.lower() in {".yaml", ".yml"}:
        return "it has the ending of a definition, and nothing else is written to such a file."
    if file.is_symlink() or (file.exists() and not file.is_file()):  # never replace a device
        return "it is not a plain file."
    with suppress(OSError), file.open("rb") as stream:
        start = stream.read(MAX_FILE_BYTES)
        if _FLOW_JSON.match(start) and not _OURS.match(start):
            return "it holds a Flow JSON, which would be lost."
    return ""


def are_same(one: Path, other: Path) -> bool:
    """Tell whether two paths lead to one file, also where it has two names."""
    with suppress(OSError):
        return one.samefile(other)
    return one.resolve() == other.resolve()
