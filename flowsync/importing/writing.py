"""Writes what an import planned; files that exist are replaced only where that is wanted."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from flowsync.errors import FlowsyncError
from flowsync.formatting.writing import create_file, replace_file
from flowsync.importing.values import Fate, FlowImport, Verdict
from flowsync.sources import leads_outside


def carry_out(
    flow: FlowImport, flows: Path, failures: list[str], *, force: bool, dry_run: bool
) -> Fate:
    """Write the files of a flow where they may be written, and say what became of them.

    Either all files of a flow are written or, as far as the system lets that be undone, none.
    """
    if flow.verdict is Verdict.SKIPPED:
        return Fate.SKIPPED
    if not flow.files:
        return Fate.UNCHANGED
    if dry_run:
        return Fate.WOULD_WRITE
    if flow.replaces_files and not force:
        return Fate.KEPT
    made: list[Path] = []
    try:
        for file in flow.files:
            if leads_outside(file.path, flows):
                raise FlowsyncError(
                    f"{file.path.as_posix()} leads out of the flows folder through a link."
                )
            if file.before is None:
                create_file(file.path, file.after)
                made.append(file.path)
            else:
                replace_file(file.path, file.before, file.after)
    except FlowsyncError as exc:
        failures.append(str(exc))
        with suppress(OSError):
            for path in made:
                path.unlink()
            if made or flow.verdict is Verdict.NEW:
                flow.files[0].path.parent.rmdir()
        return Fate.FAILED
    return Fate.WRITTEN
