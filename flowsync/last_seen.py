"""Which flows earlier runs saw on a target, to distrust a listing that suddenly lacks some.

A small JSON file per target below `.flowsync/`. Losing it loses only this one check.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from flowsync.model import FlowId, texts_in
from flowsync.private_files import make_private_folder, write_private_file

FOLDER = "seen"


def flows_last_seen(state_folder: Path, target: str, account: str) -> frozenset[FlowId]:
    """Give the ids of the flows that earlier runs saw; none where nothing is known."""
    try:
        file = _file(state_folder, target)
        found = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None
    except (OSError, ValueError, RecursionError):
        return frozenset()
    if not isinstance(found, dict) or found.get("account") != account:
        return frozenset()
    return frozenset(FlowId(flow_id) for flow_id in texts_in(found.get("flows")))


def remember_flows_seen(
    state_folder: Path, target: str, account: str, flows: Iterable[FlowId]
) -> None:
    """Note the ids of the flows that are there; that it cannot be written is no failure."""
    text = json.dumps({"account": account, "flows": sorted(flows)})
    file = _file(state_folder, target)
    with suppress(OSError):
        make_private_folder(file.parent)
        write_private_file(file, text + "\n")


def _file(state_folder: Path, target: str) -> Path:
    return state_folder / FOLDER / f"{target}.json"
