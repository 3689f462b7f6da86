"""A pair of keys to try an endpoint with: kept below `.flowsync/`, for its owner only.

It is no pair of production: the platform never learns of it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flowsync.errors import FlowsyncError, UsageFailure, reason_of
from flowsync.preview.endpoint.encrypted import require_cryptography
from flowsync.private_files import make_private_folder, write_private_file

FOLDER = "keys"  # below the project's state folder
_PRIVATE_NAME, _PUBLIC_NAME = "endpoint-private.pem", "endpoint-public.pem"
_MAX_PEM_BYTES = 64 * 1024
_MAKE_ROOM = "Free some space or correct the folder's rights."
_LOOK_AT_IT = "Check that it exists and its rights."


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPair:
    """Where the keys are: the endpoint gets the private one, flowsync reads the public one."""

    private_key: Path
    public_key: Path


def key_pair_in(folder: Path) -> KeyPair | None:
    """Give the pair that is kept in a folder, None where it is not there, or not both."""
    pair = _pair(folder)
    both = (pair.private_key, pair.public_key)
    return pair if all(os.path.lexists(file) for file in both) else None


def generate_key_pair(folder: Path) -> KeyPair:
    """Make a pair of 2048 bits in a folder, which is made too, and give where the keys are.

    The private key is PEM (PKCS #8) without a password, the public key PEM. Raises `FlowsyncError`
    where keys are there already, or cannot be written.
    """
    require_cryptography()
    from flowsync.preview.endpoint.encrypted.sealing import new_key_pair

    pair = _pair(folder)
    for file in (pair.private_key, pair.public_key):
        if os.path.lexists(file):
            raise FlowsyncError(
                f"{file.as_posix()} is there already, and an endpoint may use it. Remove it to "
                "make a new pair."
            )
    private, public = new_key_pair()
    try:
        make_private_folder(folder)
        write_private_file(pair.private_key, private.decode("ascii"))
        write_private_file(pair.public_key, public.decode("ascii"))
    except OSError as exc:
        shown = folder.as_posix()
        message = f"the keys cannot be written to {shown}: {reason_of(exc)}. {_MAKE_ROOM}"
        raise FlowsyncError(message) from exc
    return pair


def public_key_from(file: Path) -> Callable[[], bytes]:
    """Give a way to read a public key anew from its file, as after the status 421."""

    def read() -> bytes:
        shown = file.as_posix()
        try:
            with file.open("rb") as stream:
                data = stream.read(_MAX_PEM_BYTES + 1)
        except OSError as exc:
            message = f"the public key {shown} cannot be read: {reason_of(exc)}. {_LOOK_AT_IT}"
            raise UsageFailure(message) from exc
        if len(data) > _MAX_PEM_BYTES:
            raise UsageFailure(
                f"the public key {shown} has more than {_MAX_PEM_BYTES:,} bytes. Name a file that "
                "holds the key and nothing else."
            )
        return data

    return read


def _pair(folder: Path) -> KeyPair:
    return KeyPair(private_key=folder / _PRIVATE_NAME, public_key=folder / _PUBLIC_NAME)
