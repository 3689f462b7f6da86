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
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Protocol

from flowsync.apply.stamps import next_stamp
from flowsync.errors import RefusedForSafety, reason_of
from flowsync.model import JsonValue
from flowsync.private_files import make_private_folder, open_new_private_file, sync_folder

FOLDER = "journal"
KEPT_RUNS = 200
KEPT_UNFINISHED_RUNS = 1000
_STAMP = "%Y%m%dT%H%M%SZ"


class Record(Protocol):
    """Where a run is recorded; `run` is its name."""

    run: str

    def start(self, **fields: JsonValue) -> None:
        """Record the start of the run. Raises `RefusedForSafety` if that fails."""

    def intend(self, **fields: JsonValue) -> None:
        """Record a write that is about to be sent. Raises `RefusedForSafety` if that fails."""

    def note(self, event: str, **fields: JsonValue) -> None:
        """Record something that has happened."""

    @property
    def lost(self) -> str:
        """Give why lines are missing, as a sentence; empty when none is."""


class Unrecorded:
    """The record of a run that touches nothing real, such as a rehearsal."""

    run = ""
    lost = ""

    def start(self, **fields: JsonValue) -> None:
        """Keep nothing."""

    def intend(self, **fields: JsonValue) -> None:
        """Keep nothing."""

    def note(self, event: str, **fields: JsonValue) -> None:
        """Keep nothing."""


class Journal:
    """An open journal; may be written by several threads.

    `redact` takes secrets out of the texts of a line before it is written. Opening one removes the
    oldest journals beyond `KEPT_RUNS`; those of runs that did not finish are kept longer.
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
        self._writing, self._synced = threading.Lock(), threading.Condition()
        self._is_torn = False  # the last line was written in part
        self._written = self._on_disk = 0  # lines
        self._is_syncing = False
        self._sync_failed: OSError | None = None
        self.lost = ""
        names = (file.name for file in _journals(folder))
        stamp = next_stamp(names, now(), _STAMP, step=timedelta(seconds=1))
        self.run = f"{stamp}-{target}-{secrets.token_hex(3)}"
        self._file = folder / f"{self.run}.jsonl"
        try:
            make_private_folder(folder)
            self._descriptor = open_new_private_file(self._file, os.O_APPEND)
            sync_folder(folder)
        except OSError as exc:
            raise _unwritable(self._file, exc) from exc
        _remove_oldest(folder)

    def start(self, **fields: JsonValue) -> None:
        """Record the start of the run. Raises `RefusedForSafety` if that fails."""
        self._write("run_started", fields)

    def intend(self, **fields: JsonValue) -> None:
        """Record a write that is about to be sent, and return once the line is on disk.

        Raises `RefusedForSafety` if that fails: then the write must not be sent.
        """
        self._write("intent", fields)

    def note(self, event: str, **fields: JsonValue) -> None:
        """Record something that has happened; if that fails, `lost` says so from then on."""
        try:
            self._write(event, fields)
        except RefusedForSafety as exc:
            self.lost = str(exc)

    def _write(self, event: str, fields: dict[str, JsonValue]) -> None:
        line: dict[str, JsonValue] = {
            "time": self._now().isoformat(timespec="milliseconds"),
            "event": event,
            **fields,
        }
        text = (json.dumps(self._redact(line), ensure_ascii=True) + "\n").encode()
        try:
            self._sync(self._append(text))
        except OSError as exc:
            raise _unwritable(self._file, exc) from exc

    def _append(self, text: bytes) -> int:
        """Write a line and give the how many-th it is."""
        with self._writing:
            if self._is_torn:
                text = b"\n" + text
            written = os.write(self._descriptor, text)
            self._is_torn = written < len(text) and (written > 0 or self._is_torn)
            if written < len(text):
                raise OSError(28, os.strerror(28))
            self._written += 1
            return self._written

    def _sync(self, number: int) -> None:
        """Return once a line is on disk; those who wait meanwhile share the next sync.

        After one that failed, none is believed: systems tell a lost line to one caller only.
        """
        with self._synced:
            while self._is_syncing and self._on_disk < number:
                self._synced.wait()
            if self._on_disk >= number:
                return
            if self._sync_failed is not None:
                raise self._sync_failed
            self._is_syncing = True
            written = self._written
        try:
            os.fsync(self._descriptor)
        except OSError as exc:
            self._sync_failed = exc
            raise
        else:
            self._on_disk = written
        finally:
            with self._synced:
                self._is_syncing = False
                self._synced.notify_all()

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
        answered = {str(line.get("write")) for line in self.lines if line.get("event") == "result"}
        return tuple(
            line
            for line in self.lines
            if line.get("event") == "intent" and str(line.get("write")) not in answered
        )


def recorded_runs(folder: Path) -> Iterator[RecordedRun]:
    """Give the runs recorded in a folder, the latest first; broken lines are skipped."""
    for file in reversed(_journals(folder)):
        if file.is_file():
            yield _read(file)


def _read(file: Path) -> RecordedRun:
    return RecordedRun(run=file.stem, lines=tuple(_lines(file)))


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


def _journals(folder: Path) -> list[Path]:
    """Give the files of a folder that are named as journals are, the oldest first."""
    return sorted(folder.glob("*.jsonl"), key=lambda file: file.name)


def _remove_oldest(folder: Path) -> None:
    """Remove journals beyond the number to keep; what cannot be removed stays."""
    files = [file for file in _journals(folder) if file.is_file() and not file.is_symlink()]
    for age, file in enumerate(reversed(files)):
        if age >= KEPT_UNFINISHED_RUNS or (age >= KEPT_RUNS and _read(file).is_finished):
            with suppress(OSError):
                file.unlink()


def _unwritable(file: Path, exc: OSError) -> RefusedForSafety:
    return RefusedForSafety(
        f"the journal {file.as_posix()} cannot be written: {reason_of(exc)}. Nothing is written "
        "to the remote without it. Free some space or correct the folder's rights."
    )
