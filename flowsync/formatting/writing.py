"""Replaces a file as a whole: it is the old one or the new one, never half of either."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from flowsync.errors import FlowsyncError


def replace_file(file: Path, text: str) -> None:
    """Write text, as UTF-8, in the place of a file, which keeps its rights.

    A link stays a link: what it leads to is replaced. Raises `FlowsyncError` where that fails; the
    file is then as it was.
    """
    real = file.resolve()
    beside: Path | None = None
    try:
        mode = stat.S_IMODE(real.stat().st_mode)
        if not os.access(real, os.W_OK):
            raise PermissionError(errno.EACCES, "the file is write-protected")
        number, name = tempfile.mkstemp(dir=real.parent, prefix=f".{real.name}.", suffix=".new")
        beside = Path(name)
        with os.fdopen(number, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        beside.chmod(mode)
        beside.replace(real)
    except OSError as exc:
        if beside is not None:
            with suppress(OSError):
                beside.unlink()
        reason = (exc.strerror or "unknown reason").lower()
        message = f"{file.as_posix()} cannot be written: {reason}. Nothing in it was changed."
        raise FlowsyncError(message) from exc
