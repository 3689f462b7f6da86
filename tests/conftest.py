"""Fixtures for all tests; none of them leaves this machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from flowsync.render.ci_commands import MARKS_OF_CI
from tests.cli.serving import Served
from tests.sizes import IS_FULL
from tests.support import EmulatedGateway, Repository
from tests.warm import warm_flowsync

# A machine that is busy says nothing about a strategy; `tests/benchmarks` compare times in one run.
settings.register_profile("flowsync", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("flowsync")


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("FLOWSYNC_", "CLICOLOR")) or name in {*MARKS_OF_CI, "NO_COLOR"}:
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _own_state_folder(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keep the locks of tests, and what they have checked, out of the user's own folders."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture(scope="session")
def flowsync_command() -> Iterator[str]:
    """Give the words of a shell that run flowsync: at night those that users have."""
    if IS_FULL:
        yield f'"{sys.executable}" -m flowsync'
        return
    with warm_flowsync() as words:
        yield words


@pytest.fixture(params=["documented", "reference"])
def gateway(request: pytest.FixtureRequest) -> Iterator[EmulatedGateway]:
    """An emulated gateway, in each dialect."""
    emulated = EmulatedGateway(request.param)
    yield emulated
    emulated.store.close()


@pytest.fixture
def documented() -> Iterator[EmulatedGateway]:
    """An emulated gateway in the documented dialect only."""
    emulated = EmulatedGateway("documented")
    yield emulated
    emulated.store.close()


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """An empty repository in a folder of its own, which is the current folder."""
    monkeypatch.chdir(tmp_path)
    return Repository(tmp_path)


@pytest.fixture
def served() -> Iterator[Served]:
    """The emulated gateway on a port of this machine."""
    gateway = Served()
    yield gateway
    gateway.close()
