"""Where the emulator keeps its flows: one SQLite database, brought up to date by migrations.

The one connection is shared by all threads behind a lock; other processes wait for it by SQLite's
own locking. A transaction is all or nothing.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from flowsync.errors import FlowsyncError
from flowsync.private_files import make_private_folder, open_new_private_file

BUSY_TIMEOUT_S = 30

MIGRATIONS = (
    """
    CREATE TABLE flows (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        account TEXT NOT NULL,
        name TEXT NOT NULL,
        status TEXT NOT NULL,
        categories TEXT NOT NULL,
        endpoint_uri TEXT,
        flow_json BLOB,
        findings TEXT NOT NULL DEFAULT '[]',
        was_published INTEGER NOT NULL DEFAULT 0,
        is_legacy INTEGER NOT NULL DEFAULT 0
    );
    CREATE UNIQUE INDEX flow_names ON flows (account, name);
    INSERT INTO sqlite_sequence (name, seq) VALUES ('flows', 1170000000000000);
    """,
    """
    CREATE TABLE live_versions (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        flow_id INTEGER NOT NULL REFERENCES flows (id) ON DELETE CASCADE,
        flow_json BLOB NOT NULL
    );
    CREATE TABLE messages (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        flow_id INTEGER NOT NULL,
        recipient TEXT NOT NULL,
        screen TEXT NOT NULL
    );
    """,
    """
    ALTER TABLE flows ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE flows ADD COLUMN application_id TEXT;
    ALTER TABLE flows ADD COLUMN preview_number INTEGER NOT NULL DEFAULT 0;
    CREATE TABLE public_keys (
        phone_id TEXT PRIMARY KEY,
        public_key TEXT NOT NULL
    );
    """,
    """
    ALTER TABLE messages ADD COLUMN sent_at INTEGER NOT NULL DEFAULT 0;
    """,
)


class Store:
    """The emulator's database; `path` is a file, or `:memory:` for one that is not kept.

    Without `names_are_unique` it also holds an account that is not as the platform should have it.
    """

    def __init__(self, path: str, *, names_are_unique: bool = True) -> None:
        self._lock = threading.RLock()
        self.path = path
        try:
            if path != ":memory:":
                file = Path(path)
                make_private_folder(file.parent)
                _make_file(file.resolve())
            self._connection = sqlite3.connect(
                path, timeout=BUSY_TIMEOUT_S, check_same_thread=False, isolation_level=None
            )
            try:
                self._connection.row_factory = sqlite3.Row
                self._connection.execute("PRAGMA foreign_keys = ON")
                self._migrate()
                if not names_are_unique:
                    self._connection.execute("DROP INDEX IF EXISTS flow_names")
            except BaseException:
                self._connection.close()
                raise
        except (OSError, sqlite3.Error) as exc:
            reason = getattr(exc, "strerror", None) or str(exc)
            raise FlowsyncError(
                f"the emulator's database {path} cannot be opened: {reason}. "
                "Check the folder's rights; a damaged file can be deleted, it holds no real flows."
            ) from exc

    def _migrate(self) -> None:
        with self.transaction() as connection:
            done = int(connection.execute("PRAGMA user_version").fetchone()[0])
            if done < 0:
                raise _damaged(self.path)
            if done > len(MIGRATIONS):
                raise FlowsyncError(
                    f"the emulator's database {self.path} was written by a newer flowsync. "
                    "Upgrade flowsync, or delete the file; it holds no real flows."
                )
            for number, script in enumerate(MIGRATIONS[done:], start=done + 1):
                for statement in script.split(";"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number}")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Give the connection for a set of statements that take effect together or not at all."""
        with self._lock, _explaining(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                if self._connection.in_transaction:  # SQLite itself gives up when the disk is full
                    self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give the connection for a single statement that only reads."""
        with self._lock, _explaining(self.path):
            yield self._connection

    def close(self) -> None:
        """Close the database; the store cannot be used afterwards."""
        with self._lock:
            self._connection.close()


_making = threading.Lock()


def _make_file(file: Path) -> None:
    """Make the database's file, private, where there is none.

    A file that SQLite may have open is left alone: closing it here would end the locks of all this
    process's connections to it, and another process would write between their statements. Hence
    also the lock: no thread connects to a new file before it is closed.

    Source: https://www.sqlite.org/howtocorrupt.html, section 2.2
    """
    with _making:
        if file.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(file))
        with suppress(FileExistsError):
            os.close(open_new_private_file(file))


def _failed(path: str, error: sqlite3.OperationalError) -> FlowsyncError:
    """Put what SQLite says about the disk or the file's rights into a sentence."""
    said = str(error)
    if "locked" in said:
        return FlowsyncError(
            f"the emulator's database {path} is in use by another command. Run this one again."
        )
    if "full" in said or "disk I/O" in said:
        return FlowsyncError(
            f"the emulator's database {path} cannot be written: {said}. Free some space, then run "
            "this command again; what was not written is not lost."
        )
    if "readonly" in said:
        return FlowsyncError(
            f"the emulator's database {path} cannot be written: it is read-only. Correct the "
            "rights of the file and its folder, then run this command again."
        )
    return _damaged(path)


def _damaged(path: str) -> FlowsyncError:
    return FlowsyncError(
        f"the emulator's database {path} cannot be opened: it is damaged. It can be deleted; it "
        "holds no real flows."
    )


@contextmanager
def _explaining(path: str) -> Iterator[None]:
    """Put SQLite's errors about the file into a sentence."""
    try:
        yield
    except sqlite3.ProgrammingError:
        raise
    except sqlite3.OperationalError as exc:
        raise _failed(path, exc) from exc
    except (sqlite3.DatabaseError, ValueError) as exc:
        if "not a database" in str(exc):  # it may be any file of somebody's
            raise FlowsyncError(
                f"the emulator's database {path} cannot be opened: the file is no database. Name "
                "another file; only if the emulator made this one, it can be deleted."
            ) from exc
        raise _damaged(path) from exc
