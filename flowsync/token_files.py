"""A credential kept in a file, as Docker, Kubernetes and CI services hand it over."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

MAX_BYTES = 64 * 1024
SHORTEST_TOKEN = 6  # a shorter one could not be told from ordinary words in a text
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_NAME_A_FILE = "Name a file that holds the token and nothing else."


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenFile:
    """What was read: the token without the white space around it.

    `is_too_open` tells that others on this machine may use the file although its owner, who runs
    flowsync, could change that. The secrets of Docker and Kubernetes are often readable by all
    inside their container and cannot be changed there, which is no fault.
    """

    token: str = field(repr=False)
    is_too_open: bool


class UnusableTokenFile(Exception):
    """Says why there is no token in a file: `message` and `fix` are sentences."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message)
        self.message, self.fix = message, fix


def read_token_file(file: Path) -> TokenFile:
    """Read the token in a file. Raises `UnusableTokenFile`; no message holds what was read."""
    shown = file.as_posix()
    try:
        # Not waiting, or a pipe in the place of the file would be waited for.
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as stream:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise UnusableTokenFile(f"the token file {shown} is no file.", _NAME_A_FILE)
            data = stream.read(MAX_BYTES + 1)
    except IsADirectoryError as exc:
        message = f"the token file {shown} is a folder."
        raise UnusableTokenFile(message, _NAME_A_FILE) from exc
    except (OSError, ValueError) as exc:
        known = exc.strerror if isinstance(exc, OSError) else "its name is not usable"
        message = f"the token file {shown} cannot be read: {(known or 'unknown reason').lower()}."
        raise UnusableTokenFile(message, "Check that it exists and its rights.") from exc
    if len(data) > MAX_BYTES:
        message = f"the token file {shown} has more than {MAX_BYTES:,} bytes."
        raise UnusableTokenFile(message, _NAME_A_FILE)
    token = data.decode("utf-8", "replace").strip()  # what is no text is refused as no token
    if not token:
        raise UnusableTokenFile(f"the token file {shown} is empty.", "Write the token into it.")
    return TokenFile(token=token, is_too_open=_is_too_open(file, status))


def is_usable_token(token: str) -> bool:
    """Tell whether a header can carry a token, and output can be kept free of it."""
    can_be_sent = token.isascii() and token.isprintable() and token == token.strip()
    return can_be_sent and len(token) >= SHORTEST_TOKEN


def _is_too_open(file: Path, status: os.stat_result) -> bool:
    is_own = hasattr(os, "geteuid") and status.st_uid == os.geteuid()
    return bool(status.st_mode & _OTHERS) and is_own and os.access(file, os.W_OK)
