"""How many flows the last run saw on a target, to distrust a listing that is suddenly empty.

A small JSON file per target below `.flowsync/`. Losing it loses only this one check.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

from flowsync.private_files import make_private_folder, open_new_private_file

FOLDER = "seen"


def flows_last_seen(state_folder: Path, target: str, account: str) -> int:
    """Give the number of flows that the last run saw; 0 where nothing is known."""
    try:
        file = _file(state_folder, target)
        found = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None
    except (OSError, ValueError, RecursionError):
        return 0
    if not isinstance(found, dict) or found.get("account") != account:
        return 0
    count = found.get("flows")
    return count if isinstance(count, int) else 0


def remember_flows_seen(state_folder: Path, target: str, account: str, count: int) -> None:
    """Note the number of flows of a whole listing; that it cannot be written is no failure."""
    file = _file(state_folder, target)
    beside = file.with_name(f"{file.name}.{os.getpid()}.new")
    try:
        make_private_folder(file.parent)
        with os.fdopen(open_new_private_file(beside), "w", encoding="utf-8") as stream:
            json.dump({"account": account, "flows": count}, stream)
        beside.replace(file)
    except OSError:
        with suppress(OSError):
            beside.unlink(missing_ok=True)  # of a run with the same number that was cut off


def _file(state_folder: Path, target: str) -> Path:
    return state_folder / FOLDER / f"{target}.json"
