"""What an import did for reading by machine (schemas/import.schema.json)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from flowsync.importing.values import Carried, FileChange, Import
from flowsync.model import JsonValue
from flowsync.render.diagnostics_json import diagnostics_to_json
from flowsync.render.diff_text import render_diff
from flowsync.render.style import Style

FORMAT_VERSION = "1.0"


def import_to_json(
    found: Import, carried: Iterable[Carried], *, target: str, exit_code: int, is_dry: bool
) -> dict[str, JsonValue]:
    """Give the document that an import prints."""
    carried = tuple(carried)
    return {
        "format_version": FORMAT_VERSION,
        "target": target,
        "dry_run": is_dry,
        "exit_code": exit_code,
        "summary": {**Counter(one.result.value for one in carried)},
        "flows": [
            {
                "id": one.flow.id,
                "key": one.flow.key,
                "name": one.flow.name,
                "status": one.flow.status,
                "result": one.result.value,
                "reason": one.flow.problem or one.failure,
                "files": [_file(change) for change in one.flow.files],
                "remarks": list(one.flow.remarks),
                "findings": diagnostics_to_json(one.flow.findings),
            }
            for one in carried
        ],
        "left_out": list(found.left_out),
        "gone": list(found.gone),
        "doubts": list(found.doubts),
    }


def _file(change: FileChange) -> dict[str, JsonValue]:
    path = change.path.as_posix()
    is_new = change.before is None
    diff = "" if change.before is None else render_diff(path, change.before, change.after, Style())
    return {"path": path, "is_new": is_new, "diff": diff}
