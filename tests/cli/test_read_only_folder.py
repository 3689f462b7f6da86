"""A repository that cannot be written to: reading works, apply writes nothing anywhere."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest

from flowsync.remotes.emulator.gateway_app import DOCUMENTED_ACCOUNT
from tests.cli.serving import WRITES, Served, run
from tests.support import Repository, flow_json

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


@pytest.fixture
def read_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """Let the system refuse whatever would change the repository; undo() ends it."""
    real_open, real_mkdir = os.open, os.mkdir

    def is_inside(path: Any) -> bool:
        return Path(os.fspath(path)).absolute().is_relative_to(tmp_path)

    def opened(path: Any, flags: int, *args: Any, **kwargs: Any) -> int:
        if flags & WRITING and is_inside(path):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), os.fspath(path))
        return real_open(path, flags, *args, **kwargs)

    def made(path: Any, *args: Any, **kwargs: Any) -> None:
        if is_inside(path):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), os.fspath(path))
        real_mkdir(path, *args, **kwargs)

    monkeypatch.setattr(os, "open", opened)
    monkeypatch.setattr(os, "mkdir", made)
    return monkeypatch


@pytest.fixture
def staging(repository: Repository, served: Served) -> Repository:
    repository.config(staging=served.target())
    repository.flow("a")
    return repository


def test_a_plan_needs_no_folder_to_write_to(
    staging: Repository, read_only: pytest.MonkeyPatch
) -> None:
    ran = run(staging, "plan")
    assert ran.exit_code == 0
    assert "rehearsed: tried out on a copy" in ran.stdout


def test_apply_writes_nothing_to_the_remote_and_says_why(
    staging: Repository, served: Served, read_only: pytest.MonkeyPatch
) -> None:
    ran = run(staging, "apply", "--yes")
    assert ran.exit_code == 6
    assert "journal" in ran.stderr
    assert "read-only file system" in ran.stderr
    assert not WRITES & set(served.operations)


def test_the_next_apply_with_a_folder_converges(
    staging: Repository, served: Served, read_only: pytest.MonkeyPatch
) -> None:
    assert run(staging, "apply", "--yes").exit_code == 6
    read_only.undo()
    read_only.chdir(staging.root)
    assert run(staging, "apply", "--yes").exit_code == 0


def test_a_plan_that_cannot_be_saved_says_so(
    staging: Repository, read_only: pytest.MonkeyPatch
) -> None:
    ran = run(staging, "plan", "--out", "plan.json")
    assert ran.exit_code == 1
    assert "cannot be saved as plan.json: read-only file system" in ran.stderr


def test_an_import_that_cannot_write_says_so_and_shows_what_it_would_write(
    staging: Repository, served: Served, read_only: pytest.MonkeyPatch
) -> None:
    made = served.platform.create_flow(DOCUMENTED_ACCOUNT, name="B", categories=["OTHER"])
    served.platform.upload(made, json.dumps(flow_json()).encode())
    ran = run(staging, "import")
    assert ran.exit_code == 1
    assert "flows/b cannot be made: read-only file system" in ran.stdout
    assert "new file flows/b/flow.yaml" in ran.stdout
    assert not Path("flows/b").exists()
