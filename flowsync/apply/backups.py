"""What a flow held on the remote before apply wrote over it or deleted it, kept as files.

One JSON file each, `<time>-<target>-<flow id>.json`, readable for its owner only. It holds Flow
JSON and metadata as they were read, never tokens or signed addresses. `flowsync restore` puts one
back through a plan.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

from flowsync.apply.stamps import next_stamp
from flowsync.errors import FlowsyncError, reason_of
from flowsync.json_numbers import load_json
from flowsync.model import (
    FlowKey,
    JsonValue,
    RemoteFlow,
    StepKind,
    canonical_json,
    mapping_in,
)
from flowsync.private_files import make_private_folder, write_private_file

FOLDER = "backups"
FORMAT_VERSION = "1.0"
_STAMP = "%Y%m%dT%H%M%S.%fZ"
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A flow as it was: `name` is the file's name without its ending, `before` what came next.

    `document` is the whole file as JSON; see schemas/backup.schema.json.
    """

    name: str
    file: Path
    document: dict[str, JsonValue] = field(hash=False)


class Backups:
    """Saves flows into a folder for one target; may be used by several threads.

    `redact` takes secrets out of a value, as out of a name that repeats the token. Flow JSON that
    holds one is not saved, and so not written over.
    """

    def __init__(
        self,
        folder: Path,
        *,
        target: str,
        account: str,
        redact: Callable[[JsonValue], JsonValue] = lambda value: value,
        now: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
    ) -> None:
        self._folder, self._target, self._account, self._now = folder, target, account, now
        self._redact = redact
        self._lock = threading.Lock()

    def save(self, flow: RemoteFlow, key: FlowKey | None, before: StepKind) -> str:
        """Keep a flow and give the backup's name, once it is on disk.

        What the latest backup of the flow holds already is not kept twice. Raises `FlowsyncError`
        when it cannot be written.
        """
        kept: dict[str, JsonValue] = {
            "target": self._target,
            "account": self._account,
            "key": key,
            "flow": {
                "id": flow.id,
                "name": flow.name,
                "status": flow.status,
                "categories": list(flow.categories),
                "endpoint_uri": flow.endpoint_uri,
            },
            "flow_json": flow.content.value,
        }
        if self._redact(flow.content.value) != flow.content.value:
            raise FlowsyncError(
                "what the flow holds now is not saved, because it repeats the target's token, so "
                "nothing is written over it. Take the token out of there."
            )
        kept = mapping_in(self._redact(kept))
        with self._lock:
            latest = self._latest(flow.id)
            if latest is not None and _same(latest.document, kept):
                return latest.name
            moment = self._now()
            names = (file.name for file in self._folder.glob("*.json"))
            stamp = next_stamp(names, moment, _STAMP, step=timedelta(microseconds=1))
            name = f"{stamp}-{self._target}-{_UNSAFE.sub('_', flow.id)}"
            document: dict[str, JsonValue] = {
                "format_version": FORMAT_VERSION,
                "time": moment.isoformat(timespec="milliseconds"),
                "before": before.value,
                **kept,
            }
            self._write(name, json.dumps(document, indent=2) + "\n")
            return name

    def _latest(self, flow_id: str) -> Backup | None:
        ending = f"-{self._target}-{_UNSAFE.sub('_', flow_id)}.json"
        try:
            names = [file.name for file in self._folder.iterdir() if file.name.endswith(ending)]
        except OSError:
            return None
        return read_backup(self._folder / max(names)) if names else None

    def _write(self, name: str, text: str) -> None:
        file = self._folder / f"{name}.json"
        try:
            make_private_folder(self._folder)
            write_private_file(file, text)
        except OSError as exc:
            raise FlowsyncError(
                f"what the flow holds now could not be saved as {file.as_posix()}: "
                f"{reason_of(exc)}. Nothing was written over it. Free some space or correct the "
                "folder's rights."
            ) from exc


def saved_backups(folder: Path) -> Iterator[Backup]:
    """Give the backups in a folder, the latest first; what is no backup is skipped."""
    for file in sorted(folder.glob("*.json"), key=lambda file: file.name, reverse=True):
        backup = read_backup(file)
        if backup is not None:
            yield backup


def read_backup(file: Path) -> Backup | None:
    """Read a backup; None where the file is none."""
    try:
        if not file.is_file():
            return None
        document = load_json(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(document, dict) or not isinstance(document.get("flow"), dict):
        return None
    return Backup(name=file.stem, file=file, document=document)


def _same(document: dict[str, JsonValue], kept: dict[str, JsonValue]) -> bool:
    about = {name: document.get(name) for name in kept}
    return canonical_json(about) == canonical_json(kept)
