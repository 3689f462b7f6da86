"""The record of what apply did: JSON lines, one file a run, each line on disk before it counts.

Every write to a remote has an `intent` line before it is sent and a `result` line after. The
journal names flows, steps and outcomes; it never holds Flow JSON, tokens or signed addresses.
"""

from __future__ import annotations

import json
import os
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from flowsync.errors import RefusedForSafety
from flowsync.model import JsonValue
from flowsync.private_files import make_private_folder, open_new_private_file

FOLDER = "journal"


class Journal:
    """An open journal; may be written by several threads.

    `redact` takes secrets out of the texts of a line before it is written.
    """

    def __init__(
        self,
        folder: Path,
        target: str,
        *,
        redact: Callable[[JsonValue], JsonValue] = lambda value: value,
        now: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
    ) -> None:
        self._now, self._redact = now, redact
        self._lock = threading.Lock()
        stamp = now().strftime("%Y%m%dT%H%M%SZ")
        self.run = f"{stamp}-{target}-{secrets.token_hex(3)}"
        self._file = folder / f"{self.run}.jsonl"
        try:
            make_private_folder(folder)
            self._descriptor = open_new_private_file(self._file, os.O_APPEND)
        except OSError as exc:
            raise _unwritable(self._file, exc) from exc

    def record(self, event: str, **fields: JsonValue) -> None:
        """Append a line and return once it is on disk. Raises `RefusedForSafety` if it cannot."""
        line: dict[str, JsonValue] = {
            "time": self._now().isoformat(timespec="milliseconds"),
            "event": event,
            **fields,
        }
        text = json.dumps(self._redact(line), ensure_ascii=True) + "\n"
        try:
            with self._lock:
                os.write(self._descriptor, text.encode())
                os.fsync(self._descriptor)
        except OSError as exc:
            raise _unwritable(self._file, exc) from exc

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedRun:
    """A journal read back: its lines that could be read, in order.

    `is_finished` is false when the run died before its last line.
    """

    run: str
    lines: tuple[dict[str, JsonValue], ...]

    @property
    def is_finished(self) -> bool:
        """Tell whether the run came to its end."""
        return any(line.get("event") == "run_finished" for line in self.lines)

    @property
    def started(self) -> dict[str, JsonValue]:
        """Give the line that opens the run, or an empty one."""
        return self.lines[0] if self.lines else {}

    @property
    def unfinished_writes(self) -> tuple[dict[str, JsonValue], ...]:
        """Give the intents without a result: writes that may or may not have taken effect."""
        answered = [line.get("write") for line in self.lines if line.get("event") == "result"]
        return tuple(
            line
            for line in self.lines
            if line.get("event") == "intent" and line.get("write") not in answered
        )


def recorded_runs(folder: Path) -> Iterator[RecordedRun]:
    """Give the runs recorded in a folder, the latest first; broken lines are skipped."""
    files = sorted(folder.glob("*.jsonl"), key=lambda file: file.name, reverse=True)
    for file in files:
        if file.is_file():
            yield RecordedRun(run=file.stem, lines=tuple(_lines(file)))


def _lines(file: Path) -> Iterator[dict[str, JsonValue]]:
    try:
        texts = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return
    for text in texts:
        with suppress(ValueError, RecursionError):
            line = json.loads(text)
            if isinstance(line, dict):
                yield line


def _unwritable(file: Path, exc: OSError) -> RefusedForSafety:
    reason = (exc.strerror or "unknown reason").lower()
    return RefusedForSafety(
        f"the journal {file.as_posix()} cannot be written: {reason}. Nothing is written to the "
        "remote without it. Free some space or correct the folder's rights."
    )
