"""One apply at a time for an account on this machine.

The lock is the operating system's own lock of a file (`filelock`), which ends with the process that
holds it, however that ends. A file beside it names the owner, so that whoever has to wait can be
told for whom; where it is left over, its owner died.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path

from filelock import FileLock, Timeout

from flowsync.errors import RefusedForSafety, reason_of
from flowsync.private_files import make_private_folder, write_private_file

FOLDER = "locks"
_POLL_S = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Who holds a lock: process, machine, target, and since when (ISO 8601)."""

    pid: int
    host: str
    target: str
    since: str

    def described(self, now: datetime) -> str:
        """Give the owner in words, with the age of its lock."""
        try:
            age = (now - datetime.fromisoformat(self.since)).total_seconds()
        except (ValueError, TypeError):
            age = 0.0
        return f"process {self.pid} on {self.host}, begun {_duration(max(0.0, age))} ago"


@contextmanager
def held_lock(
    folder: Path,
    subject: str,
    *,
    target: str,
    timeout: float,
    tell: Callable[[str], None],
    now: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
) -> Iterator[None]:
    """Hold the lock of a subject, such as an account at a remote, while the block runs.

    `timeout` is how many seconds to wait for another owner; `tell` is given a sentence when there
    is one, alive or dead. Raises `RefusedForSafety` when the lock is not to be had.
    """
    name = hashlib.sha256(subject.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    owner_file = folder / f"{name}.owner"
    lock = FileLock(folder / f"{name}.lock", mode=0o600, thread_local=False)
    try:
        make_private_folder(folder)
        _acquire(lock, owner_file, timeout, tell, now)
    except OSError as exc:
        raise RefusedForSafety(
            f"nothing was written: the lock in {folder.as_posix()} cannot be taken: "
            f"{reason_of(exc)}. Without it two applies could meet. Correct the folder's rights."
        ) from exc
    try:
        _take_over(owner_file, target, tell, now)
        yield
    finally:
        with suppress(OSError):
            owner_file.unlink(missing_ok=True)
        lock.release()


def _acquire(
    lock: FileLock,
    owner_file: Path,
    timeout: float,
    tell: Callable[[str], None],
    now: Callable[[], datetime],
) -> None:
    try:
        lock.acquire(timeout=0)
        return
    except Timeout:
        if timeout > 0:
            tell(f"waiting for another apply to the same account ({_who(owner_file, now())})")
    began = time.monotonic()
    try:
        lock.acquire(timeout=timeout, poll_interval=_POLL_S)
    except Timeout:
        waited = f" It was waited for {_duration(time.monotonic() - began)}." if timeout else ""
        raise RefusedForSafety(
            "nothing was written: another apply is at work on the same account "
            f"({_who(owner_file, now())}).{waited} Run this one again when it has ended, or wait "
            "for it with --lock-timeout SECONDS."
        ) from None


def _take_over(
    owner_file: Path, target: str, tell: Callable[[str], None], now: Callable[[], datetime]
) -> None:
    """Become the owner, and say so where an earlier one did not come to its end."""
    dead = _read_owner(owner_file)
    if dead is not None:
        tell(
            f"an earlier apply ({dead.described(now())}) ended without giving its lock back; it "
            "is taken over. `flowsync journal --unfinished` shows whether it was writing."
        )
    for left_over in owner_file.parent.glob(f".{owner_file.name}.*.new"):  # of one that was killed
        left_over.unlink(missing_ok=True)
    mine = Owner(
        pid=os.getpid(),
        host=socket.gethostname(),
        target=target,
        since=now().isoformat(timespec="seconds"),
    )
    try:
        write_private_file(owner_file, json.dumps(asdict(mine)) + "\n")
    except OSError as exc:
        raise RefusedForSafety(
            f"nothing was written: {owner_file.as_posix()} cannot be written: {reason_of(exc)}. "
            "Free some space or correct the folder's rights."
        ) from exc


def _who(owner_file: Path, now: datetime) -> str:
    owner = _read_owner(owner_file)
    return owner.described(now) if owner is not None else "it has just begun"


def _read_owner(file: Path) -> Owner | None:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        return Owner(
            pid=int(found["pid"]),
            host=str(found["host"]),
            target=str(found["target"]),
            since=str(found["since"]),
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _duration(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.0f} h"
