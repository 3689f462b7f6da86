"""What flowsync keeps is for its owner's eyes: folders 0700, files 0600, whatever the umask says.

Journals, backups, notes and the emulator's data name flows, endpoints and recipients of an account.
What exists keeps its rights: its owner may have had a reason to widen them.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

FOLDER_MODE = 0o700
FILE_MODE = 0o600


def make_private_folder(folder: Path) -> None:
    """Make a folder and those above it that are missing, for the owner only. Raises `OSError`."""
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        if folder == folder.parent:
            break
        folder = folder.parent
    for each in reversed(missing):
        each.mkdir(mode=FOLDER_MODE, exist_ok=True)


def open_new_private_file(file: Path, flags: int = 0) -> int:
    """Make a file that was not there, links not followed, and give its descriptor for writing."""
    return os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY | flags, FILE_MODE)


def write_private_file(file: Path, text: str) -> None:
    """Put a whole file in its place once it is on disk. Raises `OSError`; then nothing is left."""
    beside = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        beside.unlink(missing_ok=True)  # of an earlier process that was killed
        with os.fdopen(open_new_private_file(beside), "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(file)
        sync_folder(file.parent)
    except OSError:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


def sync_folder(folder: Path) -> None:
    """Make new names in a folder outlast a power cut, where the system can. Raises `OSError`."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
