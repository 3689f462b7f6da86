"""Replaces a file as a whole: it is the old one or the new one, never half of either."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from flowsync.errors import FlowsyncError


def leads_outside(file: Path, folder: Path) -> bool:
    """Tell whether a file, links followed, lies outside a folder, or leads nowhere at all."""
    try:
        return not file.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):  # a loop of links, a name no system takes
        return True


def replace_file(file: Path, text: str) -> None:
    """Write text, as UTF-8, in the place of a file, which keeps its rights.

    A link stays a link: what it leads to is replaced. Raises `FlowsyncError` where that fails; the
    file is then as it was.
    """
    real = file.resolve()
    beside: Path | None = None
    try:
        mode = stat.S_IMODE(real.stat().st_mode)
        number, name = tempfile.mkstemp(dir=real.parent, prefix=f".{real.name}.", suffix=".new")
        beside = Path(name)
        with os.fdopen(number, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
        beside.chmod(mode)
        beside.replace(real)
    except OSError as exc:
        if beside is not None:
            with suppress(OSError):
                beside.unlink()
        reason = (exc.strerror or "unknown reason").lower()
        message = f"{file.as_posix()} cannot be written: {reason}. Nothing in it was changed."
        raise FlowsyncError(message) from exc
