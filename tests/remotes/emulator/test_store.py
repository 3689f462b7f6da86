from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, TimeoutError
from contextlib import closing
from pathlib import Path

import pytest

from flowsync.errors import FlowsyncError
from flowsync.remotes.emulator import store as store_module
from flowsync.remotes.emulator.platform import Platform
from flowsync.remotes.emulator.refusals import PlatformError
from flowsync.remotes.emulator.store import MIGRATIONS, Store
from flowsync.validation.platform import upload_findings

INSERT = (
    "INSERT INTO flows (account, name, status, categories) VALUES ('a', ?, 'DRAFT', '[\"OTHER\"]')"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "emulator.db"


@pytest.fixture
def store() -> Iterator[Store]:
    found = Store(":memory:")
    yield found
    found.close()


def old_database(file: Path, migrations: int) -> None:
    """Write a database as an older flowsync left it."""
    with closing(sqlite3.connect(file)) as db:
        for script in MIGRATIONS[:migrations]:
            db.executescript(script)
        db.execute(f"PRAGMA user_version = {migrations}")
        db.execute(INSERT, ("Old",))
        db.commit()


def schema_of(path: str) -> set[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as db:
        rows = db.execute("SELECT type, sql FROM sqlite_master WHERE sql IS NOT NULL")
        return {(str(kind), str(sql)) for kind, sql in rows}


def version_of(path: Path) -> int:
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute("PRAGMA user_version").fetchone()[0])


def names(store: Store) -> list[str]:
    with store.reading() as db:
        return [row["name"] for row in db.execute("SELECT name FROM flows ORDER BY id")]


# --- migrations ---


def test_new_database_has_the_latest_version(file: Path) -> None:
    Store(str(file)).close()
    assert version_of(file) == len(MIGRATIONS)


@pytest.mark.parametrize("migrations", range(1, len(MIGRATIONS) + 1))
def test_older_database_is_brought_up_to_date_and_keeps_its_flows(
    file: Path, tmp_path: Path, migrations: int
) -> None:
    old_database(file, migrations)
    with closing(Store(str(file))) as store:
        assert names(store) == ["Old"]
        platform = Platform(store, upload_findings)
        flow_id = platform.list_flows("a")[0].id
        platform.upload(flow_id, b'{"version": "7.3"}')
        assert platform.live_versions(flow_id) == ()
    assert version_of(file) == len(MIGRATIONS)
    Store(str(tmp_path / "new.db")).close()
    assert schema_of(str(file)) == schema_of(str(tmp_path / "new.db"))


def test_opening_again_changes_nothing(file: Path) -> None:
    with closing(Store(str(file))) as store, store.transaction() as db:
        db.execute(INSERT, ("A",))
    with closing(Store(str(file))) as store:
        assert names(store) == ["A"]


def test_database_of_a_newer_flowsync_is_refused_and_left_alone(file: Path) -> None:
    Store(str(file)).close()
    with closing(sqlite3.connect(file)) as db:
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    before = file.read_bytes()
    with pytest.raises(FlowsyncError, match=r"newer flowsync.*Upgrade flowsync") as caught:
        Store(str(file))
    assert str(file) in str(caught.value)
    assert caught.value.exit_code == 1
    assert file.read_bytes() == before


def test_failing_migration_leaves_the_database_as_it_was(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old_database(file, len(MIGRATIONS))
    broken = "CREATE TABLE extra (a TEXT); CREATE NONSENSE;"
    monkeypatch.setattr(store_module, "MIGRATIONS", (*MIGRATIONS, broken))
    before = schema_of(str(file))
    with pytest.raises(FlowsyncError, match="cannot be opened"):
        Store(str(file))
    assert schema_of(str(file)) == before
    assert version_of(file) == len(MIGRATIONS)


# --- the file ---


def test_file_is_only_for_its_owner(file: Path) -> None:
    before = os.umask(0)
    try:
        Store(str(file)).close()
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_file_behind_a_link_is_only_for_its_owner_too(file: Path) -> None:
    behind = file.with_name("behind.db")
    file.symlink_to(behind)
    Store(str(file)).close()
    assert stat.S_IMODE(behind.stat().st_mode) == 0o600


def test_missing_folders_are_made(tmp_path: Path) -> None:
    Store(str(tmp_path / "a" / "b" / "emulator.db")).close()
    assert (tmp_path / "a" / "b" / "emulator.db").is_file()


def test_damaged_file_is_refused_with_a_sentence(file: Path) -> None:
    file.write_bytes(b"this is not a database, " * 100)
    with pytest.raises(FlowsyncError, match=r"cannot be opened: .*can be deleted") as caught:
        Store(str(file))
    assert str(file) in str(caught.value)


def test_folder_in_place_of_the_file_is_refused_with_a_sentence(file: Path) -> None:
    file.mkdir()
    with pytest.raises(FlowsyncError, match="cannot be opened: Is a directory"):
        Store(str(file))


def test_file_in_place_of_a_folder_is_refused_with_a_sentence(file: Path) -> None:
    file.write_bytes(b"")
    with pytest.raises(FlowsyncError, match="cannot be opened"):
        Store(str(file / "emulator.db"))


def test_database_in_memory_makes_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store: Store
) -> None:
    monkeypatch.chdir(tmp_path)
    Store(":memory:").close()
    assert list(tmp_path.iterdir()) == []


def test_closed_store_cannot_be_used(file: Path) -> None:
    store = Store(str(file))
    store.close()
    with pytest.raises(sqlite3.ProgrammingError), store.reading() as db:
        db.execute("SELECT 1")


# --- transactions ---


def insert_and_raise(store: Store, failure: BaseException) -> None:
    with store.transaction() as db:
        db.execute(INSERT, ("A",))
        raise failure


def test_transaction_is_all_or_nothing(store: Store) -> None:
    with pytest.raises(ZeroDivisionError):
        insert_and_raise(store, ZeroDivisionError())
    assert names(store) == []
    with store.transaction() as db:
        db.execute(INSERT, ("B",))
    assert names(store) == ["B"]


def test_interrupted_transaction_is_taken_back(store: Store) -> None:
    with pytest.raises(KeyboardInterrupt):
        insert_and_raise(store, KeyboardInterrupt())
    assert names(store) == []


def test_live_versions_of_a_deleted_flow_are_deleted_too(store: Store) -> None:
    with store.transaction() as db:
        db.execute(INSERT, ("A",))
        db.execute("INSERT INTO live_versions (flow_id, flow_json) SELECT id, '{}' FROM flows")
        db.execute("DELETE FROM flows")
        assert db.execute("SELECT count(*) FROM live_versions").fetchone()[0] == 0


def test_threads_write_through_one_store(store: Store) -> None:
    def write(number: int) -> None:
        with store.transaction() as db:
            db.execute(INSERT, (f"Flow {number}",))

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(write, range(100)))
    assert len(names(store)) == 100


def test_two_stores_share_a_file_and_neither_loses_a_name(file: Path) -> None:
    with closing(Store(str(file))) as first, closing(Store(str(file))) as second:
        platforms = [Platform(store, upload_findings) for store in (first, second)]

        def create(number: int) -> bool:
            try:
                platforms[number % 2].create_flow(
                    "a", name=f"Flow {number // 4}", categories=["OTHER"]
                )
            except PlatformError:
                return False
            return True

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(create, range(40))) == 10
        assert sorted(names(first)) == sorted(names(second))
        assert len(names(first)) == 10


WRITES_AT_ONCE = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
"""


def test_another_process_waits_also_where_this_one_opens_a_second_store(file: Path) -> None:
    with closing(Store(str(file))) as first, ThreadPoolExecutor(1) as pool:
        with first.transaction():
            second = pool.submit(Store, str(file))
            with pytest.raises(TimeoutError):
                second.result(timeout=0.3)
            words = [sys.executable, "-c", WRITES_AT_ONCE, str(file)]
            other = subprocess.run(words, capture_output=True, text=True, check=False)
        second.result().close()
    assert "database is locked" in other.stderr


def test_stores_opened_at_once_migrate_once(file: Path) -> None:
    def open_and_close(number: int) -> None:
        Store(str(file)).close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(open_and_close, range(8)))
    assert version_of(file) == len(MIGRATIONS)


@pytest.mark.parametrize(
    ("pragma", "said"),
    [("max_page_count = 1", "Free some space"), ("query_only = ON", "it is read-only")],
)
def test_a_full_disk_and_a_read_only_file_are_not_called_damage(
    tmp_path: Path, pragma: str, said: str
) -> None:
    store = Store(str(tmp_path / "emulator.db"))
    platform = Platform(store, lambda content: [])
    new = platform.create_flow("1", name="A", categories=["OTHER"])
    with store.reading() as db:
        db.execute(f"PRAGMA {pragma}")
    with pytest.raises(FlowsyncError, match=said):
        platform.upload(new, b"x" * 100_000)
    with store.reading() as db:
        db.execute("PRAGMA max_page_count = 100000")
        db.execute("PRAGMA query_only = OFF")
    platform.upload(new, b"{}")
    assert platform.get_flow(new).flow_json == b"{}"
    store.close()
