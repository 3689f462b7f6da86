"""Faults of the emulator that is built in, as flowsync.yaml asks for them."""

from __future__ import annotations

import time

import pytest

from flowsync.model import JsonValue
from tests.cli.serving import embedded, run, statuses
from tests.support import Repository


def misbehaving(repository: Repository, *faults: str, **fields: JsonValue) -> None:
    repository.config(local={"remote": "emulator", "faults": list(faults), **fields})
    repository.flow("alpha")


def test_apply_gets_there_in_spite_of_faults_that_pass(repository: Repository) -> None:
    misbehaving(
        repository,
        "create:drop-after*1",
        "upload:stored-but-failed*1",
        "publish@1:server-error-after",
        "any@2:truncated",
        "get@2:stale",
    )
    ran = run(repository, "apply", "--yes")
    assert ran.exit_code == 0
    with embedded() as platform:
        assert statuses(platform) == {"Alpha": "PUBLISHED"}


def test_faults_are_counted_anew_in_each_command(repository: Repository) -> None:
    misbehaving(repository, "list@1:forbidden")
    for _ in range(2):
        ran = run(repository, "list")
        assert ran.exit_code == 5
        assert "HTTP 403" in ran.stderr


def test_answer_that_does_not_come_is_waited_for_as_long_as_the_time_out_says(
    repository: Repository,
) -> None:
    misbehaving(repository, "create:hang-after*1", limits={"timeout": 0.3})
    started = time.monotonic()
    ran = run(repository, "apply", "--yes")
    assert ran.exit_code == 0
    assert 0.3 <= time.monotonic() - started < 10


@pytest.mark.parametrize("command", [("plan",), ("apply", "--yes"), ("list",)])
def test_wrong_fault_stops_a_command_with_its_place(
    repository: Repository, command: tuple[str, ...]
) -> None:
    misbehaving(repository, "create:drop*1", "create:drp")
    ran = run(repository, *command)
    assert ran.exit_code == 3
    assert 'flowsync.yaml:5:7: the fault "create:drp" names an unknown kind "drp".' in ran.stderr
    assert "[FS012]" in ran.stderr


def test_wrong_fault_does_not_keep_the_files_from_being_checked(repository: Repository) -> None:
    misbehaving(repository, "create:drp")
    assert run(repository, "validate").exit_code == 0
