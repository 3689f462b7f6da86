"""Reading a file as UTF-8 text."""

from __future__ import annotations

import stat
from codecs import BOM_UTF8
from pathlib import Path

from flowsync.diagnostics import START_OF_FILE, Diagnostic, Span, about_file, nearest
from flowsync.sources.documents import Offsets

MAX_FILE_BYTES = 10 * 1024 * 1024  # what the platform takes as Flow JSON
STDIN = "-"  # the word that means it on a command line
SHOWN_STDIN = "<stdin>"
_SHRINK = "Make it smaller, for example by compressing its images."


def read_text(
    file: Path, shown: str, problems: list[Diagnostic], *, takes_mark: bool = False
) -> str | None:
    """Read a file as UTF-8 text, or add the reason why that cannot be done.

    `shown` is the file's name as people see it. Line ends stay as they are. A byte order mark of
    UTF-8 is left out where the reader `takes_mark`, and refused otherwise.
    """

    def refuse(message: str, fix: str) -> None:
        problems.append(about_file(shown, "FS001", message, fix))

    try:
        status = file.stat()
        if not stat.S_ISREG(status.st_mode):
            kind = "a directory" if stat.S_ISDIR(status.st_mode) else "no ordinary file"
            refuse(f"this is {kind}.", "Put a file here.")
            return None
        size = status.st_size
        if size > MAX_FILE_BYTES:
            refuse(_too_large(f"{size:,}"), _SHRINK)
            return None
        data = file.read_bytes()
    except (OSError, ValueError) as exc:
        known = exc.strerror if isinstance(exc, OSError) else "its name is not usable"
        reason = (known or "unknown reason").lower()
        refuse(f"the file cannot be read: {reason}.", "Check that it exists and its rights.")
        return None
    if takes_mark:
        data = data.removeprefix(BOM_UTF8)
    return decode_text(data, shown, problems)


def decode_text(data: bytes, shown: str, problems: list[Diagnostic]) -> str | None:
    """Give bytes, of a file or of stdin, as UTF-8 text, or add the reason why they are none."""

    def refuse(message: str, fix: str, span: Span = START_OF_FILE) -> None:
        problems.append(Diagnostic(path=shown, span=span, rule="FS001", message=message, fix=fix))

    if len(data) > MAX_FILE_BYTES:
        refuse(_too_large("too many"), _SHRINK)
        return None
    if data.startswith((BOM_UTF8, b"\xff\xfe", b"\xfe\xff")):
        refuse("the file starts with a byte order mark.", "Save it as UTF-8 without BOM.")
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as exc:
        before = data[: exc.start].decode("utf-8")
        refuse(
            f"byte 0x{data[exc.start]:02x} is not valid UTF-8.",
            "Save the file as UTF-8.",
            Offsets(before).span(len(before), len(before) + 1),
        )
        return None


def leads_outside(file: Path, folder: Path) -> bool:
    """Tell whether a file, links followed, lies outside a folder, or leads nowhere at all."""
    try:
        return not file.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):  # a loop of links, a name no system takes
        return True


def file_like(missing: Path) -> str | None:
    """Give the file of that kind beside a missing one which was most likely meant, or None."""
    kind = missing.suffix.lower()
    try:
        names = [file.name for file in missing.parent.iterdir() if file.suffix.lower() == kind]
    except (OSError, ValueError):
        return None
    near = nearest(missing.name, names)
    return None if near is None else (missing.parent / near).as_posix()


def is_file(file: Path) -> bool:
    """Tell whether there is an ordinary file of that name, which may be one no system takes."""
    try:
        return file.is_file()
    except OSError:  # such as a name that is too long
        return False


def _too_large(size: str) -> str:
    return f"the file has {size} bytes, more than the {MAX_FILE_BYTES:,} that the platform accepts."
