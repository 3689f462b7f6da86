"""What each flow of a target had when repository and remote last agreed, as digests.

A small JSON file per target below `.flowsync/`. It tells a change of the repository from one that
somebody made on the remote; losing it loses only that. Plans note what they find in step, applies
what they have brought in step, and before that what they are about to write: an apply that dies
half-way leaves values on the remote that are nobody else's.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from flowsync.model import FlowKey, JsonValue, mapping_in, texts_in
from flowsync.plan.origin import Agreed, Base
from flowsync.private_files import make_private_folder, write_private_file

FOLDER = "applied"
_SINCE = "both sides last agreed"
_MOST_OURS = 20  # unfinished applies of a flow after each other


def last_agreed(state_folder: Path, target: str, account: str) -> Base | None:
    """Give what is noted of an account; None where nothing is."""
    flows = _flows_in(_read(state_folder, target), account)
    return Base(since=_SINCE, flows=flows) if flows else None


def note_agreed(
    state_folder: Path, target: str, account: str, agreed: Mapping[FlowKey, Mapping[str, str]]
) -> None:
    """Note the digests of flows that are in step; that it cannot be written is no failure."""
    before = _flows_in(_read(state_folder, target), account)
    now = before | {key: Agreed(fields=dict(fields)) for key, fields in agreed.items()}
    if now != before:
        _write(state_folder, target, account, now)


def note_intended(
    state_folder: Path, target: str, account: str, intended: Mapping[FlowKey, Mapping[str, str]]
) -> None:
    """Note the digests of what is about to be written; that it cannot be is no failure."""
    before = _flows_in(_read(state_folder, target), account)
    now = before | {
        key: before.get(key, Agreed()).with_ours([fields]) for key, fields in intended.items()
    }
    if now != before:
        _write(state_folder, target, account, now)


def _read(state_folder: Path, target: str) -> JsonValue:
    try:
        found: JsonValue = json.loads(_file(state_folder, target).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return found


def _flows_in(document: JsonValue, account: str) -> dict[FlowKey, Agreed]:
    fields = mapping_in(document)
    if fields.get("account") != account:
        return {}
    return {
        FlowKey(key): Agreed(
            fields={
                name: value
                for name, value in mapping_in(mapping_in(flow).get("agreed")).items()
                if isinstance(value, str)
            },
            ours={
                name: frozenset(texts_in(values))
                for name, values in mapping_in(mapping_in(flow).get("ours")).items()
            },
        )
        for key, flow in mapping_in(fields.get("flows")).items()
    }


def _write(state_folder: Path, target: str, account: str, flows: Mapping[FlowKey, Agreed]) -> None:
    document = {
        "account": account,
        "flows": {
            key: {"agreed": dict(flow.fields), "ours": _lists(flow.ours)}
            for key, flow in flows.items()
        },
    }
    file = _file(state_folder, target)
    with suppress(OSError):
        make_private_folder(file.parent)
        write_private_file(file, json.dumps(document, indent=1, sort_keys=True) + "\n")


def _lists(ours: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    return {name: sorted(values)[:_MOST_OURS] for name, values in ours.items()}


def _file(state_folder: Path, target: str) -> Path:
    return state_folder / FOLDER / f"{target}.json"
