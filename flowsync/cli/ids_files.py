"""Ids of flows in a file of a service that sends them: writing it, and checking its age."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click

from flowsync.cli.console import Console
from flowsync.cli.saving import save_private
from flowsync.errors import LOOK_AT_IT, ExitCode, FlowsyncError, UsageFailure, reason_of
from flowsync.render.diff_text import render_diff
from flowsync.render.ids_code import MADE_BY
from flowsync.render.style import clean

_BY_SUFFIX = {
    ".json": "json",
    ".env": "dotenv",
    ".py": "python",
    ".ts": "typescript",
    ".mts": "typescript",
}
_DOTENV = re.compile(r"(#.*|FLOWSYNC_ID_[A-Z0-9_]+=.*|\s*)")


def format_of(file: Path) -> str:
    """Give the format that the name of a file asks for. Raises `UsageError`."""
    suffix = ".env" if file.name == ".env" else file.suffix.lower()
    if suffix not in _BY_SUFFIX:
        endings = ", ".join(_BY_SUFFIX)
        raise click.UsageError(
            f"the name of {file} does not tell its format (by {endings}). Pass --format."
        )
    return _BY_SUFFIX[suffix]


def write_file(file: Path, text: str, output: str, console: Console) -> None:
    """Put ids into a file that holds nothing else; one that is up to date stays as it is.

    Raises `UsageFailure` where somebody else wrote it, `FlowsyncError` where it cannot be written.
    """
    before = _text_in(file)
    if before is not None and _says_same(before, text, output):
        console.progress(f"{file} is up to date")
        return
    if before and not _is_ours(before, output):
        raise UsageFailure(
            f"{file} was not made by `flowsync ids`, and its content would be lost. Name another "
            "file, or move this one away."
        )
    save_private(file, text, what="the ids", instead="Without --out they are printed.")
    console.progress(f"saved as {file}")


def check_file(file: Path, text: str, output: str, write: str, console: Console) -> None:
    """Tell whether a file has the ids of now; `write` is the command that brings them.

    Line ends count for nothing, nor how a JSON is laid out. Ends with exit code 2 where it is out
    of date, after showing what differs. Raises `UsageFailure` where there is no such file.
    """
    before = _text_in(file)
    if before is None:
        raise UsageFailure(f"there is no file {file}. Write it with: {write}")
    if _says_same(before, text, output):
        console.show(f"{clean(str(file))} is up to date.\n")
        return
    console.show(render_diff(str(file), _unix(before), text, console.style))
    console.note(f"{clean(str(file))} is out of date. Write it with: {clean(write)}\n")
    raise SystemExit(ExitCode.CHANGES_PENDING)


def _text_in(file: Path) -> str | None:
    """Give what a file holds, None where there is none. Raises `FlowsyncError`."""
    try:
        return file.read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:
        return None
    except OSError as exc:
        raise FlowsyncError(f"{file} cannot be read: {reason_of(exc)}. {LOOK_AT_IT}") from exc


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n")


def _says_same(before: str, after: str, output: str) -> bool:
    if output != "json":
        return _unix(before) == after
    try:
        return bool(json.loads(before) == json.loads(after))
    except (ValueError, RecursionError):
        return False


def _is_ours(text: str, output: str) -> bool:
    """Tell whether a file holds nothing but what this command wrote."""
    match output:
        case "json":
            try:
                found = json.loads(text)
            except (ValueError, RecursionError):
                return False
            return isinstance(found, dict) and {"format_version", "account", "ids"} <= found.keys()
        case "dotenv":
            return all(_DOTENV.fullmatch(line) for line in text.splitlines())
        case "text":
            return text.startswith("KEY ")
        case _:
            return MADE_BY in text.partition("\n")[0]
