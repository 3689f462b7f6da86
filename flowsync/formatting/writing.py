"""Writes files as a whole: each is the old one or the new one, never half of either."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from flowsync.errors import FlowsyncError, reason_of


def replace_file(file: Path, before: str, after: str) -> None:
    """Write text, as UTF-8, in the place of a file that holds `before`; it keeps its rights.

    A link stays a link: what it leads to is replaced. Raises `FlowsyncError` where that fails, or
    where somebody saved the file since it was read; it is then as it was.
    """
    real = file.resolve()
    try:
        mode = stat.S_IMODE(real.stat().st_mode)
        if not os.access(real, os.W_OK):
            raise PermissionError(errno.EACCES, "the file is write-protected")
        with _beside(real) as new:
            with new.open("w", encoding="utf-8", newline="") as stream:
                stream.write(after)
                stream.flush()
                os.fsync(stream.fileno())
            new.chmod(mode)
            present = real.read_bytes()
            if present == after.encode("utf-8"):  # somebody else has done the same
                return
            if present != before.encode("utf-8"):
                raise OSError(errno.EBUSY, "it has changed since it was read")
            new.replace(real)
    except OSError as exc:
        reason = exc.strerror or "unknown reason"
        message = f"{file.as_posix()} cannot be written: {reason[:1].lower()}{reason[1:]}."
        raise FlowsyncError(f"{message} Nothing in it was changed; run the command again.") from exc


def create_file(file: Path, text: str) -> None:
    """Write text, as UTF-8, into a file that is not there yet, in a folder that is.

    Raises `FlowsyncError` where that fails, or where there is anything of that name.
    """
    beside = file.with_name(f".{file.name[:100]}.{os.getpid()}.new")
    try:
        try:
            with beside.open("x", encoding="utf-8", newline="") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            if os.path.lexists(file):
                raise OSError(errno.EEXIST, "it was made by somebody else just now")
            beside.replace(file)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as exc:
        raise FlowsyncError(
            f"{file.as_posix()} cannot be written: {reason_of(exc)}. Mend that, then run the "
            "command again."
        ) from exc


@contextmanager
def _beside(file: Path) -> Iterator[Path]:
    """Give a new file beside another one; where it is not moved away it is removed in the end."""
    number, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name[:100]}.", suffix=".new")
    os.close(number)
    try:
        yield Path(name)
    finally:
        with suppress(OSError):
            Path(name).unlink(missing_ok=True)
