"""What flowsync keeps is for its owner's eyes: folders 0700, files 0600, whatever the umask says.

Journals, notes and the emulator's data name flows, endpoints and recipients of an account. What
exists keeps its rights: its owner may have had a reason to widen them.
"""

from __future__ import annotations

import os
from pathlib import Path

FOLDER_MODE = 0o700
FILE_MODE = 0o600


def make_private_folder(folder: Path) -> None:
    """Make a folder and those above it that are missing, all of them for the owner only."""
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
