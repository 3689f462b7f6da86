"""Faults by script: a text file with one fault a line, `#` before comments."""

from __future__ import annotations

from pathlib import Path

from flowsync.errors import LOOK_AT_IT, UsageFailure, reason_of
from flowsync.remotes.emulator.faults import Fault, parse_fault


def read_fault_script(file: Path) -> tuple[Fault, ...]:
    """Read the faults of a script, in the order of its lines.

    Raises `UsageFailure` with the line of the first mistake, or when the file cannot be read.
    """
    try:
        text = file.read_text("utf-8-sig")
    except OSError as exc:
        raise UsageFailure(
            f"the fault script {file} cannot be read: {reason_of(exc)}. {LOOK_AT_IT}"
        ) from exc
    except UnicodeDecodeError as exc:
        raise UsageFailure(f"the fault script {file} is not written in UTF-8.") from exc
    faults: list[Fault] = []
    for number, line in enumerate(text.splitlines(), start=1):
        spec = line.partition("#")[0].strip()
        try:
            faults += [parse_fault(spec)] if spec else []
        except UsageFailure as exc:
            raise UsageFailure(f"{file}:{number}: {exc}") from exc
    return tuple(faults)
