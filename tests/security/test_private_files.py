"""Nobody else on a shared machine reads what flowsync keeps of an account."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from flowsync.last_seen import flows_last_seen, remember_flows_seen
from flowsync.model import FlowId
from flowsync.private_files import make_private_folder, open_new_private_file
from tests.cli.serving import Served, run
from tests.support import Repository, flow_json

WRITTEN_BY_THE_AUTHOR = {"flows", "flowsync.yaml", ".gitignore"}


@pytest.fixture
def _generous() -> Iterator[None]:
    """A umask that takes no right away, as on some CI runners."""
    before = os.umask(0)
    yield
    os.umask(before)


def modes(root: Path) -> dict[str, int]:
    """Give the rights of all that is below a folder and that no author has written."""
    return {
        file.relative_to(root).as_posix(): stat.S_IMODE(file.lstat().st_mode)
        for file in root.rglob("*")
        if file.relative_to(root).parts[0] not in WRITTEN_BY_THE_AUTHOR
    }


@pytest.mark.usefixtures("_generous")
@pytest.mark.parametrize("where", ["emulator", "gateway"])
def test_all_that_commands_leave_behind_is_for_its_owner_only(
    repository: Repository, served: Served, where: str
) -> None:
    assert run(repository, "init").exit_code == 0
    if where == "gateway":
        repository.config(staging=served.target())
    repository.flow("a")
    for args in (
        ("validate",),
        ("plan",),
        ("plan", "--out", "plan.json"),
        ("apply", "plan.json", "--yes"),
        ("list",),
        ("show", "a"),
        ("journal",),
        ("plan", "--out", "deep.json"),
        ("graph", "a", "--out", "a.mmd"),
    ):
        assert run(repository, *args).exit_code == 0, args
    repository.flow("a", content=flow_json("Other"))
    assert run(repository, "apply", "--yes").exit_code == 0
    found = modes(repository.root)
    folders = {name for name in found if Path(name).is_dir()}
    assert {".flowsync", ".flowsync/backups", ".flowsync/journal", ".flowsync/seen"} <= folders
    assert {name: oct(found[name]) for name in folders} == dict.fromkeys(folders, "0o700")
    files = {name: oct(mode) for name, mode in found.items() if name not in folders}
    assert set(files.values()) == {"0o600"}, files
    assert {"plan.json", "deep.json", "a.mmd"} <= files.keys()
    assert (".flowsync/emulator.db" in files) == (where == "emulator")
    assert any(name.startswith(".flowsync/seen/") for name in files)
    assert sum(name.startswith(".flowsync/journal/") for name in files) == 2


@pytest.mark.usefixtures("_generous")
def test_a_file_that_sqlite_makes_beside_the_database_is_private_too(
    repository: Repository,
) -> None:
    from flowsync.remotes.emulator.store import Store

    store = Store("kept/emulator.db")
    with store.transaction() as connection:
        connection.execute(
            "INSERT INTO flows (account, name, status, categories) VALUES ('1', 'a', 'DRAFT', '[]')"
        )
        found = modes(repository.root)
    store.close()
    assert found.pop("kept") == 0o700
    assert len(found) > 1  # the journal of the transaction is there
    assert set(found.values()) == {0o600}, found


@pytest.mark.usefixtures("_generous")
def test_every_folder_on_the_way_to_a_private_file_is_private(tmp_path: Path) -> None:
    make_private_folder(tmp_path / "a" / "b")
    os.close(open_new_private_file(tmp_path / "a" / "b" / "c"))
    assert modes(tmp_path) == {"a": 0o700, "a/b": 0o700, "a/b/c": 0o600}


def test_a_folder_that_exists_keeps_its_rights(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir(mode=0o755)
    make_private_folder(tmp_path / "a")
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o755


def test_a_file_is_never_made_through_a_link_that_waits_in_its_place(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    (tmp_path / "seen").mkdir()
    (tmp_path / "seen" / f".staging.json.{os.getpid()}.new").symlink_to(victim)
    remember_flows_seen(tmp_path, "staging", "1", [FlowId("3")])
    assert flows_last_seen(tmp_path, "staging", "1") == {"3"}
    assert not victim.exists()
    with pytest.raises(FileExistsError):
        open_new_private_file(tmp_path / "seen" / "staging.json")
