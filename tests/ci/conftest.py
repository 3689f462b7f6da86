"""A repository wired by `flowsync init --ci github`, and the stand-in of GitHub."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.ci.runner import Runner
from tests.ci.stand_in import GitHubStandIn
from tests.cli.serving import run
from tests.support import Repository

HEAD = "a" * 40
MERGE = "b" * 40
FORK = "stranger/flows"


@pytest.fixture
def github() -> Iterator[GitHubStandIn]:
    """The stand-in, with pull request 7 of this repository."""
    stand_in = GitHubStandIn()
    stand_in.pull(7, head={"sha": HEAD}, base={"ref": "main"}, merged_at=None)
    yield stand_in
    stand_in.close()


@pytest.fixture
def wired(repository: Repository) -> Repository:
    """A repository with its own copy of the action and the workflows."""
    ran = run(repository, "init", "--ci", "github")
    assert ran.exit_code == 0
    return repository


def pull_request(
    *, head_repository: str | None = "acme/flows", user: str = "ann", base: str = "c" * 40
) -> Any:
    """Give the event of pull request 7; no `head_repository` where the fork was deleted."""
    repo = None if head_repository is None else {"full_name": head_repository}
    return {
        "pull_request": {
            "number": 7,
            "head": {"sha": HEAD, "repo": repo},
            "base": {"sha": base, "repo": {"full_name": "acme/flows"}},
            "user": {"login": user},
        }
    }


MakeRunner = Callable[..., Runner]


@pytest.fixture
def runner(
    wired: Repository,
    github: GitHubStandIn,
    tmp_path_factory: pytest.TempPathFactory,
    flowsync_command: str,
) -> MakeRunner:
    """Make runners for the repository; a job's token may read, and what is given besides."""

    def make(event: Mapping[str, Any] | None = None, *, token: str = "", **more: Any) -> Runner:
        return Runner(
            wired.root,
            Path(tmp_path_factory.mktemp("runner")),
            event_name="push" if event is None else "pull_request",
            event=event or {},
            api_url=github.url,
            token=token or github.token(contents="read", pull_requests="write", issues="write"),
            commit=MERGE,
            ref_name="main" if event is None else "7/merge",
            action_inputs={"version": "installed"},
            flowsync=flowsync_command,
            **more,
        )

    return make
