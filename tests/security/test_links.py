"""No path and no link in a repository makes flowsync read or write outside of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowsync import applied, last_seen
from flowsync.apply import backups, journal, lock
from flowsync.preview.endpoint.encrypted import keys
from flowsync.project import STATE_SUBFOLDERS
from tests.cli.serving import run
from tests.support import Repository, flow_json

READING = [("validate",), ("plan",), ("list",)]
MESSY = '{"screens":[],"version":"7.3"}'


@pytest.fixture
def outside(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder beside the repository, which is a folder of its own in the one of the test."""
    root = repository.root / "repository"
    root.mkdir()
    monkeypatch.chdir(root)
    folder = repository.root / "outside"
    folder.mkdir()
    repository.root = root
    return folder


def everything_in(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


@pytest.mark.parametrize("args", [*READING, ("fmt",), ("apply", "--yes")], ids=" ".join)
@pytest.mark.parametrize("way", ["link", "path", "absolute path"])
def test_a_flows_folder_outside_the_repository_is_refused(
    repository: Repository, outside: Path, args: tuple[str, ...], way: str
) -> None:
    Repository(outside).flow("a")
    (outside / "flows" / "a.json").write_text(MESSY)
    before = everything_in(outside)
    if way == "link":
        Path("flows").symlink_to(outside / "flows")
    else:
        flows = "../outside/flows" if way == "path" else str(outside / "flows")
        Path("flowsync.yaml").write_text(f"version: 1\nflows: {flows}\n")
    ran = run(repository, *args)
    assert ran.exit_code == 3
    assert "lies outside the repository" in ran.output
    assert "[FS020]" in ran.output
    assert everything_in(outside) == before


def test_a_flows_folder_beside_flowsync_yaml_may_be_below_the_current_folder(
    repository: Repository,
) -> None:
    repository.flow("a")
    Path("deploy").mkdir()
    Path("deploy/flowsync.yaml").write_text("version: 1\nflows: ../flows\n")
    ran = run(repository, "validate", "--config", "deploy/flowsync.yaml")
    assert ran.exit_code == 0, ran.output


KEPT = [".flowsync", *(f".flowsync/{name}" for name in STATE_SUBFOLDERS)]


def test_every_folder_that_is_kept_is_looked_at() -> None:
    folders = {backups.FOLDER, journal.FOLDER, keys.FOLDER, last_seen.FOLDER, lock.FOLDER}
    assert {applied.FOLDER, *folders} == set(STATE_SUBFOLDERS)


@pytest.mark.parametrize("name", KEPT)
@pytest.mark.parametrize("args", [("plan",), ("apply", "--yes")], ids=" ".join)
def test_a_link_in_the_place_of_what_flowsync_keeps_is_not_written_through(
    repository: Repository, outside: Path, name: str, args: tuple[str, ...]
) -> None:
    repository.flow("a")
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).symlink_to(outside)
    ran = run(repository, *args)
    assert ran.exit_code == 3
    assert f"{name}:1:1: this is a link out of the repository" in ran.output
    assert not list(outside.iterdir())


@pytest.mark.parametrize("way", ["link", "path", "variable"])
@pytest.mark.parametrize("args", [("plan",), ("list",), ("apply", "--yes")], ids=" ".join)
def test_a_database_outside_the_repository_is_not_made(
    repository: Repository, outside: Path, way: str, args: tuple[str, ...]
) -> None:
    repository.flow("a")
    if way == "link":
        Path(".flowsync").mkdir()
        Path(".flowsync/emulator.db").symlink_to(outside / "profile")
    else:
        name = "../outside/profile" if way == "path" else "${env:OUTSIDE}/profile"
        repository.config(local={"remote": "emulator", "database": name})
    ran = repository.run(*args, env={"OUTSIDE": str(outside)})
    assert ran.exit_code == 3
    assert "lies outside the repository" in ran.output
    assert not list(outside.iterdir())


@pytest.mark.parametrize("kind", ["definition", "flow json", "path"])
@pytest.mark.parametrize("args", [("validate",), ("plan",), ("fmt",)], ids=" ".join)
def test_a_definition_or_flow_json_outside_the_flows_folder_is_refused(
    repository: Repository, outside: Path, kind: str, args: tuple[str, ...]
) -> None:
    theirs = Repository(outside).flow("b", content={"secret": "of another project"})
    before = everything_in(outside)
    mine = repository.flow("a", flow_json="../../outside/flows/b.json" if kind == "path" else None)
    if kind != "path":
        link = mine if kind == "definition" else repository.flow("a").with_suffix(".json")
        link.unlink()
        link.symlink_to(theirs if kind == "definition" else theirs.with_suffix(".json"))
    ran = run(repository, *args)
    assert ran.exit_code == 3
    assert "[FS020]" in ran.output
    assert "of another project" not in ran.output
    assert everything_in(outside) == before


@pytest.mark.parametrize(
    "args", [("fmt",), ("upgrade", "--to", "7.3"), ("validate",)], ids=lambda args: args[0]
)
@pytest.mark.parametrize("way", ["folder in flows", "flows itself", "file"])
def test_a_file_that_is_named_is_not_reached_through_a_link_that_leads_away(
    repository: Repository, outside: Path, args: tuple[str, ...], way: str
) -> None:
    (outside / "x.json").write_text(MESSY.replace("7.3", "6.0"))
    before = everything_in(outside)
    if way == "flows itself":
        Path("flows").symlink_to(outside)
    else:
        Path("flows").mkdir()
        if way == "file":
            Path("flows/x.json").symlink_to(outside / "x.json")
        else:
            Path("flows/dir").symlink_to(outside)
    name = "flows/dir/x.json" if way == "folder in flows" else "flows/x.json"
    ran = run(repository, args[0], name, *args[1:])
    assert ran.exit_code == 3
    assert "or is a link that leads there. Put the file itself here. [FS020]" in ran.output
    assert everything_in(outside) == before
    assert "screens" not in ran.output


def test_a_link_that_stays_within_the_flows_folder_is_followed(repository: Repository) -> None:
    repository.flow("shared/a")
    Path("flows/linked").symlink_to("shared")
    Path("flows/shared/a.json").write_text(MESSY)
    ran = run(repository, "fmt", "flows/linked/a.json")
    assert ran.exit_code == 0, ran.output
    assert Path("flows/shared/a.json").read_text() != MESSY


def test_a_file_elsewhere_that_is_named_as_such_is_taken(
    repository: Repository, outside: Path
) -> None:
    (outside / "x.json").write_text(MESSY)
    assert run(repository, "fmt", "../outside/x.json").exit_code == 0
    assert run(repository, "fmt", str(outside / "x.json"), "--check").exit_code == 0
    assert (outside / "x.json").read_text() != MESSY


def test_a_loop_of_links_ends_in_a_sentence(repository: Repository) -> None:
    repository.flow("a", content=flow_json())
    Path("a.json").symlink_to("b.json")
    Path("b.json").symlink_to("a.json")
    ran = run(repository, "validate", "a.json")
    assert ran.exit_code == 3
    assert "[FS0" in ran.output
