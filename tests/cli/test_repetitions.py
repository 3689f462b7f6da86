from __future__ import annotations

from dataclasses import replace

import pytest

from flowsync.cli.console import Console
from flowsync.cli.opening import opened_remote, opened_target
from flowsync.cli.options import Common
from flowsync.cli.repetitions import retry_line
from flowsync.errors import RemoteThrottled
from flowsync.remotes.interface import NewFlow
from flowsync.retry_policy import Retry, Trouble
from tests.cli.serving import Served, run
from tests.support import TOKEN, Repository

REPEATED = Retry(
    request="get of flow 117",
    attempt=1,
    attempts=4,
    trouble=Trouble.SERVER_ERROR,
    cause="HTTP 503",
    message="get of flow 117: HTTP 503. Run the command again later.",
    seconds=0.71,
    pauses_account=False,
    is_repeated=True,
)


@pytest.fixture
def staging(repository: Repository, served: Served, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository whose one target is the served gateway, with a token for it."""
    monkeypatch.setenv("FLOWSYNC_TOKEN", TOKEN)
    repository.config(staging=served.target())
    repository.flow("a")
    return repository


@pytest.mark.parametrize(
    ("retry", "line"),
    [
        (REPEATED, "get of flow 117: HTTP 503; again in 0.7 s (2 of 4)"),
        (replace(REPEATED, seconds=60.0), "get of flow 117: HTTP 503; again in 60 s (2 of 4)"),
        (
            replace(REPEATED, pauses_account=True, is_repeated=False, seconds=7.0),
            "get of flow 117: HTTP 503; the account is paused for 7.0 s",
        ),
    ],
)
def test_line_says_what_failed_why_and_what_is_done(retry: Retry, line: str) -> None:
    assert retry_line(retry) == line


def test_verbose_tells_each_repetition_as_it_happens_and_counts_them(
    staging: Repository, served: Served
) -> None:
    served.emulated.faults.add("list:server-error*2")
    ran = run(staging, "plan", "--verbose")
    assert ran.exit_code == 0
    first, second, counts = ran.stderr.splitlines()
    assert first.startswith("list: HTTP 500; again in 0.")
    assert first.endswith(" s (2 of 4)")
    assert second.endswith(" s (3 of 4)")
    assert counts == "requests: 4 GET; 2 reads repeated"


def test_without_verbose_repetitions_are_not_told(staging: Repository, served: Served) -> None:
    served.emulated.faults.add("list:server-error*1")
    assert run(staging, "plan").stderr == ""


def test_who_opens_the_remote_is_told_of_repeated_reads_and_of_pauses_by_writes(
    staging: Repository, served: Served
) -> None:
    told: list[Retry] = []
    common = Common(target=None, config=None, console=Console())
    _, target = opened_target(common, read_only=False)
    served.emulated.faults.add("list:server-error*1")
    served.emulated.faults.add("create:rate-limit=1*1")
    with (
        opened_remote(common, target, read_only=False) as opened,
        opened.repetitions.passed_on(told.append),
    ):
        opened.remote.list_flows()
        with pytest.raises(RemoteThrottled):
            opened.remote.create_flow(NewFlow(name="A", categories=("OTHER",)))
        assert opened.remote.create_flow(NewFlow(name="A", categories=("OTHER",)))
    assert [
        (one.request, one.trouble, one.is_repeated, one.pauses_account, one.seconds >= 0.25)
        for one in told
    ] == [
        ("list", Trouble.SERVER_ERROR, True, False, True),
        ("create", Trouble.THROTTLED, False, True, True),
    ]
    assert told[1].seconds == 1
    assert told[1].message.startswith("create: HTTP 429")
