from __future__ import annotations

from dataclasses import replace

import pytest

from flowsync.cli.console import Console
from flowsync.cli.opening import opened_remote, opened_target
from flowsync.cli.options import Common
from flowsync.errors import WriteRefused
from flowsync.model import FlowId
from flowsync.remotes.emulator.gateway_app import DOCUMENTED_ACCOUNT
from flowsync.remotes.interface import FlowMessage, FlowUpdate, NewFlow
from tests.cli.serving import WRITES, Served, embedded, run
from tests.support import TOKEN, Repository, flow_json

READING = [
    ("validate",),
    ("validate", "--format", "json"),
    ("plan",),
    ("plan", "--format", "json"),
    ("plan", "--verbose", "--detailed-exitcode"),
    ("plan", "a"),
    ("plan", "--state", "draft"),
    ("plan", "--out", "plan.json"),
    ("plan", "--why", "b"),
    ("plan", "--stop-before", "publish"),
    ("plan", "--allow-empty-remote"),
    ("import", "--force", "--deprecated"),
    ("import", "A", "--dry-run", "--format", "json"),
    ("compare", "staging", "staging"),
    ("list",),
    ("list", "--format", "json"),
    ("show", "a"),
    ("show", "a", "--format", "json"),
    ("show", "a", "--flow-json"),
    ("graph", "a"),
    ("graph", "a", "--before-after", "--format", "svg"),
    ("ids",),
    ("ids", "a", "--format", "dotenv"),
    ("ids", "--out", "ids.py"),
    ("status",),
    ("status", "a", "--format", "json"),
    ("schema", "flow"),
    ("journal",),
    ("journal", "--last"),
    ("journal", "--unfinished", "--format", "json"),
]


@pytest.fixture
def staging(repository: Repository, served: Served) -> Repository:
    """A repository with a change of every kind that is still to be applied."""
    repository.config(staging=served.target(prune={"match": "*", "draft": "delete"}))
    for key in "abc":
        repository.flow(key, state="draft" if key == "c" else "published")
    assert run(repository, "apply", "--yes").exit_code == 0
    repository.flow("a", content=flow_json("Other"), categories=["SURVEY"])
    repository.flow("b", state="deprecated")
    repository.flow("c", state="absent")
    repository.flow("d")
    served.taken()
    return repository


@pytest.mark.parametrize("args", READING, ids=" ".join)
def test_a_reading_command_sends_no_write(
    staging: Repository, served: Served, args: tuple[str, ...]
) -> None:
    ran = run(staging, *args)
    assert ran.exit_code in {0, 2}, ran.output
    assert not [operation for operation in served.operations if operation in WRITES]


def test_a_refused_apply_sends_no_write(staging: Repository, served: Served) -> None:
    assert run(staging, "apply").exit_code == 6
    assert run(staging, "apply", "--yes", "--expect-digest", "x").exit_code == 6
    assert not [operation for operation in served.operations if operation in WRITES]


MESSAGE = FlowMessage(
    to="+491701234567",
    flow_id=FlowId("1"),
    header_text="a",
    body_text="b",
    footer_text="c",
    flow_cta="d",
    screen="e",
)


@pytest.mark.parametrize("target", ["staging", "local"])
def test_the_transport_of_reading_commands_refuses_every_write(
    repository: Repository, served: Served, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    """Whatever a command tries: the refusal is below it."""
    monkeypatch.setenv("FLOWSYNC_TOKEN", TOKEN)
    repository.config(staging=served.target(), local={"remote": "emulator"})
    served.platform.create_flow(DOCUMENTED_ACCOUNT, name="there", categories=["OTHER"])
    with embedded() as platform:
        platform.create_flow(DOCUMENTED_ACCOUNT, name="there", categories=["OTHER"])
    common = Common(target=target, config=None, console=Console())
    _, resolved = opened_target(common, read_only=True)
    with opened_remote(common, resolved, read_only=True) as opened:
        remote = opened.remote
        (listed,) = remote.list_flows().flows
        flow = listed.id
        for write in (
            lambda: remote.create_flow(NewFlow(name="a", categories=("OTHER",))),
            lambda: remote.update_flow(flow, FlowUpdate(name="b")),
            lambda: remote.upload_flow_json(flow, "{}"),
            lambda: remote.publish_flow(flow),
            lambda: remote.deprecate_flow(flow),
            lambda: remote.delete_flow(flow),
            lambda: remote.send_flow(replace(MESSAGE, flow_id=flow)),
        ):
            with pytest.raises(WriteRefused, match="this command only reads"):
                write()
    assert not [operation for operation in served.operations if operation in WRITES]


def test_a_command_that_does_not_read_may_write_through_the_same_door(
    repository: Repository, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLOWSYNC_TOKEN", TOKEN)
    repository.config(staging=served.target())
    common = Common(target=None, config=None, console=Console())
    _, resolved = opened_target(common, read_only=False)
    with opened_remote(common, resolved, read_only=False) as opened:
        assert opened.remote.create_flow(NewFlow(name="a", categories=("OTHER",)))
    assert served.taken() == {"create": 1}


def test_plan_works_with_a_read_token_where_apply_is_denied(
    repository: Repository, served: Served
) -> None:
    repository.config(staging=served.target())
    repository.flow("a")
    env = {"FLOWSYNC_TOKEN": "not-the-right-one", "FLOWSYNC_READ_TOKEN": TOKEN}
    assert repository.run("plan", env=env).exit_code == 0
    assert repository.run("apply", "--yes", env=env).exit_code == 5
    assert repository.run("plan", env={"FLOWSYNC_READ_TOKEN": TOKEN}).exit_code == 0
    assert repository.run("apply", "--yes", env={"FLOWSYNC_READ_TOKEN": TOKEN}).exit_code == 3
    assert served.platform.list_flows(DOCUMENTED_ACCOUNT) == ()
