"""Flows in a version that the platform has frozen: they may stay, but not be touched."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from flowsync.model import JsonValue
from flowsync.remotes.emulator.gateway_app import DOCUMENTED_ACCOUNT
from flowsync.remotes.emulator.platform import Platform
from flowsync.remotes.emulator.store import Store
from tests.cli.serving import DATABASE, parsed, run
from tests.support import Repository, flow_json

FROZEN: dict[str, JsonValue] = {**flow_json(), "version": "5.0"}


@contextmanager
def a_platform_of_then() -> Iterator[Platform]:
    """Give the embedded emulator as it was when it took every version."""
    DATABASE.parent.mkdir(exist_ok=True)
    store = Store(str(DATABASE))
    yield Platform(store, lambda content: [])
    store.close()


def live(content: JsonValue = None, *, publish: bool = True) -> None:
    """Put a flow of the name A onto the remote, in a version frozen since."""
    with a_platform_of_then() as platform:
        flow_id = platform.create_flow(DOCUMENTED_ACCOUNT, name="A", categories=["OTHER"])
        platform.upload(flow_id, json.dumps(content or FROZEN).encode())
        if publish:
            platform.publish(flow_id)


def test_validate_calls_a_frozen_version_an_error(repository: Repository) -> None:
    repository.flow("a", content=FROZEN)
    ran = run(repository, "validate")
    assert ran.exit_code == 3
    assert "[FS112 INVALID_FLOW_JSON_VERSION]" in ran.stdout
    assert "flowsync upgrade" in ran.stdout


def test_a_live_and_unchanged_flow_does_not_stop_the_plan(repository: Repository) -> None:
    live()
    repository.flow("a", content=FROZEN)
    repository.flow("b")
    ran = run(repository, "plan", "--format", "json")
    assert ran.exit_code == 0
    assert "warning: the platform has frozen version" in ran.stderr
    changes: dict[str, Any] = {change["key"]: change for change in parsed(ran)["changes"]}
    assert changes["a"]["action"] == "none"
    assert "flowsync upgrade a --to 7.3" in changes["a"]["warnings"][0]
    assert changes["b"]["action"] == "create"
    applied = run(repository, "apply", "--yes")
    assert applied.exit_code == 0
    assert run(repository, "plan", "--detailed-exitcode").exit_code == 0


@pytest.mark.parametrize(
    ("fields", "published"),
    [({}, None), ({"categories": ["SURVEY"]}, True), ({}, False)],
    ids=["missing", "changed", "draft"],
)
def test_a_flow_that_would_be_written_is_a_conflict(
    repository: Repository, fields: dict[str, JsonValue], published: bool | None
) -> None:
    if published is not None:
        live(publish=published)
    repository.flow("a", content=FROZEN, **fields)
    repository.flow("b")
    ran = run(repository, "plan", "--format", "json")
    assert ran.exit_code == 3
    (change, other) = parsed(ran)["changes"]
    assert (change["action"], other["action"]) == ("conflict", "create")
    assert "frozen Flow JSON version 5.0" in change["conflict"]
    assert "flowsync upgrade a --to 7.3" in change["way_out"]


def test_changed_content_in_a_frozen_version_is_a_conflict(repository: Repository) -> None:
    live({**flow_json("Old label"), "version": "5.0"})
    repository.flow("a", content=FROZEN)
    (change,) = parsed(run(repository, "plan", "--format", "json"))["changes"]
    assert change["action"] == "conflict"


def test_raising_the_version_is_the_way_out(repository: Repository) -> None:
    live()
    repository.flow("a", content=flow_json())
    assert run(repository, "apply", "--yes").exit_code == 0


def test_a_frozen_flow_can_be_deprecated(repository: Repository) -> None:
    live()
    repository.flow("a", content=FROZEN, state="deprecated")
    ran = run(repository, "plan", "--format", "json")
    assert [change["action"] for change in parsed(ran)["changes"]] == ["deprecate"]


def test_the_error_may_be_ignored_and_the_plan_looks_all_the_same(repository: Repository) -> None:
    ignore: JsonValue = [{"rule": "FS112", "reason": "It stays up until the autumn."}]
    repository.flow("a", content=FROZEN, ignore=ignore)
    assert run(repository, "validate").exit_code == 0
    ran = run(repository, "plan", "--format", "json")
    assert "FS112" not in ran.stderr
    assert parsed(ran)["changes"][0]["action"] == "conflict"
