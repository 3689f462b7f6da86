"""Saving what a command makes as a file of the person's choice."""

from __future__ import annotations

from pathlib import Path

from flowsync.cli.own_files import why_not_replaced
from flowsync.errors import MAKE_ROOM, FlowsyncError, UsageFailure, reason_of
from flowsync.private_files import write_private_file


def save_private(file: Path, text: str, *, what: str, instead: str) -> None:
    """Write a whole file or none, readable for its owner only: it may name what an account has.

    `what` is what is saved, such as `the plan`, `instead` the sentence on how to have it otherwise.

    Raises `UsageFailure` for what is no plain file or an author's source, `FlowsyncError` where it
    cannot be written.
    """
    if problem := why_not_replaced(file):
        raise UsageFailure(f"{what} cannot be saved as {file}: {problem} {instead}")
    try:
        write_private_file(file, text)
    except OSError as exc:
        raise FlowsyncError(
            f"{what} cannot be saved as {file}: {reason_of(exc)}. {MAKE_ROOM}"
        ) from exc
