"""Writing what an import would write: new files, and with consent existing ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from flowsync.errors import MAKE_ROOM, FlowsyncError, reason_of
from flowsync.formatting.writing import create_file, replace_file
from flowsync.importing.values import Carried, FileChange, ImportedFlow, Result


def carry_out_import(
    flows: Iterable[ImportedFlow], *, overwrites: bool, is_dry: bool
) -> Iterator[Carried]:
    """Write the files of each flow and give what became of it.

    Files that exist are written only where it `overwrites`; with `is_dry` nothing is.
    """
    for flow in flows:
        if flow.problem:
            yield Carried(flow=flow, result=Result.SKIPPED)
        elif not flow.files:
            yield Carried(flow=flow, result=Result.UNCHANGED)
        elif not flow.is_new and not overwrites:
            yield Carried(flow=flow, result=Result.KEPT)
        elif is_dry:
            result = Result.WOULD_CREATE if flow.is_new else Result.WOULD_UPDATE
            yield Carried(flow=flow, result=result)
        else:
            yield _written(flow)


def _written(flow: ImportedFlow) -> Carried:
    try:
        if flow.is_new:
            _create(flow.files)
        else:
            _update(flow.files)
    except FlowsyncError as exc:
        return Carried(flow=flow, result=Result.FAILED, failure=str(exc))
    return Carried(flow=flow, result=Result.CREATED if flow.is_new else Result.UPDATED)


def _create(files: tuple[FileChange, ...]) -> None:
    """Write the files of a new folder, all or none: half a flow would be in everybody's way."""
    folder = files[0].path.parent
    made: list[Path] = []
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir()
    except OSError as exc:
        raise FlowsyncError(
            f"{folder.as_posix()} cannot be made: {reason_of(exc)}. {MAKE_ROOM}"
        ) from exc
    try:
        for change in files:
            create_file(change.path, change.after)
            made.append(change.path)
    except FlowsyncError:
        with suppress(OSError):
            for file in made:
                file.unlink()
            folder.rmdir()
        raise


def _update(files: tuple[FileChange, ...]) -> None:
    """Write each file; the definition, which names the other one, comes last."""
    for change in files:
        if change.before is None:
            create_file(change.path, change.after)
        else:
            replace_file(change.path, change.before, change.after)
