"""Ctrl-C while dask workers are at work: what ends, what is not begun, what is said."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from flowsync.validation.schema import fits
from tests.fleet.cluster import dask_cluster, every_thread_taken, tasks_known, worker_processes
from tests.fleet.serving import TOKEN, ServedFleet, served_fleet
from tests.support import Repository

pytest.importorskip("distributed")

ROOT = Path(__file__).parent.parent.parent
ACCOUNTS = tuple(str(7_000_000_000 + number) for number in range(8))
FLOWS = ("a", "b", "c", "d")
_MOST_S = 90
APPLY = ("apply", "--yes", "--format", "json")


@pytest.fixture
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("dask")
    with dask_cluster(folder, workers=2, threads=2, env={"FLOWSYNC_TOKEN": TOKEN}) as address:
        yield address


def prepare(repository: Repository, served: ServedFleet) -> None:
    """Write a fleet s0 … s7 of four flows each, of which one is worked on at a time."""
    rows = (f"{account},s{number}\n" for number, account in enumerate(ACCOUNTS))
    (repository.root / "shops.csv").write_text("account,name\n" + "".join(rows))
    repository.config(shops=served.target(accounts="shops.csv", limits={"parallelism": 1}))
    for key in FLOWS:
        repository.flow(key, name=key.upper())


@contextmanager
def running(*words: str) -> Iterator[subprocess.Popen[str]]:
    """Run flowsync in a process that is sent signals; it is killed in the end, or after a time."""
    process = subprocess.Popen(
        [sys.executable, "-m", "flowsync", *words],
        env={**os.environ, "PYTHONPATH": str(ROOT), "FLOWSYNC_TOKEN": TOKEN},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    late = threading.Timer(_MOST_S, process.kill)
    late.start()
    with process:
        try:
            yield process
        finally:
            late.cancel()
            process.kill()


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    stdout, stderr = process.communicate()
    return process.returncode, stdout, stderr


def results(stdout: str) -> dict[str, Any]:
    document = json.loads(stdout)
    assert fits(document, "fleet") is None
    return {one["name"]: one["result"] for one in document["accounts"]}


def wait_until(happens: Callable[[], bool]) -> None:
    limit = time.monotonic() + _MOST_S
    while not happens():
        assert time.monotonic() < limit
        time.sleep(0.05)


def begun(served: ServedFleet) -> set[str]:
    """Give the accounts that hold a flow already."""
    return {f"s{n}" for n, account in enumerate(ACCOUNTS) if served.statuses(account)}


def test_accounts_at_work_end_after_the_step_in_flight_and_no_other_is_begun(
    repository: Repository, cluster: str
) -> None:
    with served_fleet("gateway", ACCOUNTS, faults=("publish:slow=1500",)) as served:
        prepare(repository, served)
        with running(*APPLY, "--executor", cluster) as process:
            wait_until(lambda: len(begun(served)) == 4)
            process.send_signal(signal.SIGINT)
            code, stdout, stderr = ended(process)
        at_work = begun(served)
        assert (code, len(at_work)) == (130, 4), stderr
        assert results(stdout) == {
            f"s{n}": "stopped" if f"s{n}" in at_work else "not started" for n in range(8)
        }
        assert json.loads(stdout)["summary"]["why_stopped"] == "the run was stopped"
        assert "the workers finish the step in flight of s" in stderr
        for account in ACCOUNTS:
            assert len(served.statuses(account)) < len(FLOWS)
        for name in at_work:
            [journal] = (repository.root / f".flowsync/fleet/shops/{name}/journal").iterdir()
            lines = [json.loads(line) for line in journal.read_text().splitlines()]
            assert (lines[-1]["event"], lines[-1]["stopped_early"]) == ("run_finished", True)
            intents = [one for one in lines if one["event"] == "intent"]
            ends = [one for one in lines if one["event"] == "result"]
            assert [one["write"] for one in ends] == [one["write"] for one in intents]
            assert {one["result"] for one in ends} == {"done"}
        again = repository.run(*APPLY, "--only-failed", env={"FLOWSYNC_TOKEN": TOKEN})
        assert again.exit_code == 0
        assert results(again.stdout) == {f"s{n}": "applied" for n in range(8)}


def test_what_no_worker_has_begun_is_taken_back_and_not_waited_for(
    repository: Repository, cluster: str, tmp_path: Path
) -> None:
    with served_fleet("gateway", ACCOUNTS) as served:
        prepare(repository, served)
        with every_thread_taken(cluster, tmp_path / "free") as others:
            with running(*APPLY, "--executor", cluster) as process:
                wait_until(lambda: tasks_known(cluster) == 4 + others)
                process.send_signal(signal.SIGINT)
                code, stdout, stderr = ended(process)
            assert not (tmp_path / "free").exists()
            assert code == 130, stderr
            assert results(stdout) == {f"s{n}": "not started" for n in range(8)}
            wait_until(lambda: tasks_known(cluster) == others)
        code, stdout, stderr = ended_of(*APPLY, "--only-failed", "--executor", cluster)
        assert (code, set(results(stdout).values())) == (0, {"applied"}), stderr


def test_a_second_ctrl_c_ends_at_once(repository: Repository, cluster: str) -> None:
    with served_fleet("gateway", ACCOUNTS, faults=("publish:slow=20000*4",)) as served:
        prepare(repository, served)
        with running(*APPLY, "--executor", cluster) as process:
            wait_until(lambda: len(begun(served)) == 4)
            process.send_signal(signal.SIGINT)
            assert process.stderr is not None
            said = iter(process.stderr.readline, "")
            assert next(line for line in said if line.startswith("the workers finish the step"))
            began = time.monotonic()
            process.send_signal(signal.SIGINT)
            code, _, stderr = ended(process)
            assert time.monotonic() - began < 10
        assert code == 130
        assert "stopped at once" in stderr


def test_accounts_of_a_worker_that_does_not_answer_are_named(
    repository: Repository, cluster: str
) -> None:
    with served_fleet("gateway", ACCOUNTS, faults=("publish:slow=1000",)) as served:
        prepare(repository, served)
        silent = worker_processes(cluster)[0]
        with running(*APPLY, "--executor", cluster) as process:
            wait_until(lambda: len(begun(served)) == 4)
            os.kill(silent, signal.SIGSTOP)
            try:
                process.send_signal(signal.SIGINT)
                assert process.stderr is not None
                said = iter(process.stderr.readline, "")
                line = next(line for line in said if line.startswith("not every worker answered"))
                assert any(name in line for name in begun(served))
            finally:
                os.kill(silent, signal.SIGCONT)
            code, stdout, stderr = ended(process)
        assert code == 130, stderr
        found = results(stdout)
        assert set(found.values()) == {"stopped", "not started"}
        assert sum(result == "not started" for result in found.values()) == 4


def ended_of(*words: str) -> tuple[int, str, str]:
    with running(*words) as process:
        return ended(process)
