"""Saving what a command makes as a file of the person's choice."""

from __future__ import annotations

import re
from pathlib import Path

from flowsync.errors import FlowsyncError, UsageFailure, reason_of
from flowsync.private_files import write_private_file

_YAML = {".yaml", ".yml"}  # definitions and flowsync.yaml; nothing that is saved has this form
_SCREENS = re.compile(rb'"screens"\s*:\s*\[')  # also where the JSON around it is broken


def why_not_over(file: Path) -> str:
    """Say why what is at a path must not be written over; nothing where it may be."""
    if file.is_symlink() or (file.exists() and not file.is_file()):  # never replace a device
        return "it is not a plain file"
    try:
        if file.suffix.lower() in _YAML and file.exists():
            return "it is a YAML file, such as a definition, which would be lost"
        if file.exists() and _SCREENS.search(file.read_bytes()):
            return "it holds a Flow JSON, which would be lost"
    except OSError:
        return ""  # writing it says what is wrong
    return ""


def save_private(file: Path, text: str, *, what: str, instead: str) -> None:
    """Write a whole file or none, readable for its owner only: it may name what an account has.

    `what` is what is saved, such as `the plan`, `instead` the sentence on how to have it otherwise.

    Raises `UsageFailure` for what is no plain file or is a flow's own, `FlowsyncError` where it
    cannot be written.
    """
    if why := why_not_over(file):
        raise UsageFailure(f"{what} cannot be saved as {file}: {why}. {instead}")
    try:
        write_private_file(file, text)
    except OSError as exc:
        raise FlowsyncError(f"{what} cannot be saved as {file}: {reason_of(exc)}.") from exc
