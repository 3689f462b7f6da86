"""Holding the lock of a target's account while apply or restore works on it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from flowsync.cli.console import Console
from flowsync.cli.options import NumberRange
from flowsync.errors import reason_of
from flowsync.private_files import make_private_folder
from flowsync.targets import Target

lock_timeout_option = click.option(
    "--lock-timeout",
    type=NumberRange(min=0, max=86_400),
    default=0,
    metavar="SECONDS",
    help="Wait so long for another apply to the same account on this machine.",
)


@contextmanager
def locked(
    console: Console, target: Target, account: str, state_folder: Path, *, timeout: float
) -> Iterator[None]:
    """Hold the lock of an account. Raises `RefusedForSafety` when another apply holds it."""
    from flowsync.apply.lock import held_lock

    if target.connection is None:
        where = str(target.database.resolve())
    else:
        where = target.connection.base_url.rstrip("/").lower()
    with held_lock(
        _folder(console, state_folder),
        f"{target.remote}\n{where}\n{account}",
        target=target.name,
        timeout=timeout,
        tell=console.progress,
    ):
        yield


def _folder(console: Console, state_folder: Path) -> Path:
    """Give this user's folder of locks, or the repository's where there can be none."""
    from platformdirs import user_state_path

    from flowsync.apply.lock import FOLDER

    shared = user_state_path("flowsync", appauthor=False) / FOLDER
    try:
        make_private_folder(shared)
        if os.access(shared, os.W_OK | os.X_OK):
            return shared
        reason = "permission denied"
    except OSError as exc:
        reason = reason_of(exc)
    console.progress(
        f"{shared} cannot be used ({reason}), so the lock is this repository's own: another clone "
        "on this machine would not notice it"
    )
    return state_folder / FOLDER
