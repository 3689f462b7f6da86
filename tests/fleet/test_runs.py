"""How a run over many accounts goes: which come first, when it stops, what is done again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from flowsync.fleet.executor import Executor
from flowsync.fleet.running import Caution, run_fleet
from flowsync.fleet.shards import matrix
from flowsync.fleet.values import AccountJob, AccountResult, Ending, FleetSummary
from flowsync.validation.schema import fits
from tests.fleet.cluster import dask_cluster, free_port
from tests.support import Repository, flow_json

ROOT = Path(__file__).parent.parent.parent
BAD = "${env:NOBODY_SETS_THIS}"


def fleet(repository: Repository, number: int, *, bad: tuple[int, ...] = ()) -> None:
    """Write a fleet of accounts s00, s01 …; those that are bad lack a variable."""
    rows = "".join(
        f"{1000 + n},s{n:02},{BAD if n in bad else f'E-mail {n}'}\n" for n in range(number)
    )
    (repository.root / "shops.csv").write_text("account,name,vars.label\n" + rows)
    repository.config(shops={"remote": "emulator", "accounts": "shops.csv"})
    repository.flow("a", name="A", content=flow_json("${var:label}"))


def results(ran: Result) -> dict[str, Any]:
    document = json.loads(ran.stdout)
    assert fits(document, "fleet") is None
    assert document["summary"]["exit_code"] == ran.exit_code
    return {one["name"]: one["result"] for one in document["accounts"]}


def test_nothing_else_is_begun_when_a_canary_fails(repository: Repository) -> None:
    fleet(repository, 6, bad=(1,))
    ran = repository.run("apply", "--yes", "--canary", "2", "--format", "json")
    assert ran.exit_code == 4
    found = results(ran)
    assert (found["s00"], found["s01"]) == ("applied", "files wrong")
    assert [found[f"s{n:02}"] for n in range(2, 6)] == ["not started"] * 4
    fleet(repository, 6)
    again = repository.run("apply", "--yes", "--only-failed", "--canary", "2", "--format", "json")
    assert results(again) == {f"s{n:02}": "applied" for n in range(1, 6)}


def test_a_run_stops_after_so_many_failures(repository: Repository) -> None:
    fleet(repository, 8, bad=(0, 1, 2))
    words = ("plan", "--max-failures", "2", "--accounts-at-once", "1")
    ran = repository.run(*words, "--format", "json")
    assert list(results(ran).values()) == ["files wrong"] * 2 + ["not started"] * 6
    shown = repository.run(*words)
    assert "Stopped early: 2 accounts failed (--max-failures 2)." in shown.stdout
    assert "- s02: not started: 2 accounts failed (--max-failures 2).\n" in shown.stdout


def test_every_account_is_in_exactly_one_shard_and_sizes_differ_by_one(
    repository: Repository,
) -> None:
    fleet(repository, 11)
    ran = repository.run("fleet", "matrix", "--shards", "4")
    shards = json.loads(ran.stdout)["shard"]
    assert shards == ["1/4", "2/4", "3/4", "4/4"]
    parts = [
        set(results(repository.run("plan", "--shard", shard, "--format", "json")))
        for shard in shards
    ]
    assert sorted(name for part in parts for name in part) == [f"s{n:02}" for n in range(11)]
    assert sorted(map(len, parts)) == [2, 3, 3, 3]
    lines = (repository.root / "shops.csv").read_text().splitlines()
    (repository.root / "shops.csv").write_text("\n".join([lines[0], *reversed(lines[1:])]) + "\n")
    again = results(repository.run("plan", "--shard", "1/4", "--format", "json"))
    assert set(again) == parts[0]
    assert matrix(3, 16) == ["1/3", "2/3", "3/3"]


def test_exit_codes_say_what_became_of_all(repository: Repository) -> None:
    fleet(repository, 3)
    assert repository.run("plan").exit_code == 0
    assert repository.run("plan", "--detailed-exitcode").exit_code == 2
    assert repository.run("apply").exit_code == 6
    assert repository.run("apply", "--yes").exit_code == 0
    assert repository.run("plan", "--detailed-exitcode").exit_code == 0
    fleet(repository, 3, bad=(0, 1, 2))
    assert repository.run("plan").exit_code == 3
    fleet(repository, 3, bad=(0,))
    assert repository.run("plan").exit_code == 4
    repository.config(
        shops={
            "remote": "gateway",
            "base_url": f"http://127.0.0.1:{free_port()}",
            "token": "${env:FLOWSYNC_TOKEN}",
            "accounts": [{"account": "1"}],
            "vars": {"label": "x"},
        }
    )
    env = {"FLOWSYNC_TOKEN": "a-token"}
    assert repository.run("plan", env=env).exit_code == 5


def test_gates_and_consent_count_for_each_account(repository: Repository) -> None:
    fleet(repository, 2)
    repository.config(
        shops={"remote": "emulator", "accounts": "shops.csv", "gates": {"max_publish": 0}}
    )
    ran = repository.run("apply", "--yes", "--format", "json")
    assert (ran.exit_code, set(results(ran).values())) == (6, {"refused"})
    planned = repository.run("plan").stdout
    assert "✓ s00: 1 to create (the plan would publish" in planned
    let = repository.run("apply", "--yes", "--accept-gate", "max_publish=1", "--format", "json")
    assert (let.exit_code, set(results(let).values())) == (0, {"applied"})


def test_options_about_flows_count_for_each_account(repository: Repository) -> None:
    fleet(repository, 2)
    repository.flow("b", name="B", state="draft")
    ran = repository.run("plan", "--state", "draft", "--format", "json")
    assert [one["counts"] for one in json.loads(ran.stdout)["accounts"]] == [{"create": 1}] * 2
    words = ("apply", "a", "--yes", "--stop-before", "publish", "--format", "json")
    assert set(results(repository.run(*words)).values()) == {"applied"}
    for name in ("s00", "s01"):
        listed = repository.run("list", "--account", name, "--format", "json")
        [flow] = json.loads(listed.stdout)["flows"]
        assert (flow["name"], flow["status"]) == ("A", "DRAFT")


def test_events_tell_of_each_account_and_end_with_a_summary(repository: Repository) -> None:
    fleet(repository, 3, bad=(2,))
    ran = repository.run("apply", "--yes", "--format", "jsonl")
    events = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [fits(event, "events") for event in events] == [None] * 4
    assert [event["event"] for event in events] == ["account_finished"] * 3 + ["summary"]
    assert events[-1]["accounts"] == {"applied": 2, "files wrong": 1}
    assert events[-1]["exit_code"] == ran.exit_code == 4


REFUSED = pytest.mark.parametrize(
    ("words", "said"),
    [
        (("plan", "--out", "p.json"), "--out has no meaning for all accounts"),
        (("plan", "--why", "a"), "--why has no meaning"),
        (("plan", "--report", "json=r.json"), "--report has no meaning"),
        (("apply", "--yes", "--expect-digest", "x"), "--expect-digest has no meaning"),
        (("apply", "p.json", "--yes"), "a saved plan is for one account"),
        (("plan", "--account", "s00", "--canary", "1"), "--canary is for a target of many"),
        (("apply", "--yes", "--account", "s00", "--canary", "1"), "--canary is for a target of"),
        (("plan", "--account", "s09"), 'the target "shops" has no account "s09".'),
        (("plan", "--shard", "0/3"), '"0/3" is no shard.'),
        (("plan", "--shard", "9/4"), '"9/4" is no shard.'),
        (("plan", "--executor", "ray://x"), '"ray://x" is no executor.'),
        *(
            (("plan", "--executor", address), f'"{address}" is no executor.')
            for address in (
                "dask://",
                "dask://host",
                "dask://host:abc",
                "dask://host:0",
                "dask://host:65536",
                "dask://host:1/x",
                f"dask://{'a' * 64}:1",
            )
        ),
        (("plan", "nix"), 'no flow has the key "nix". There are: a.'),
        (("apply", "nix", "--yes"), 'no flow has the key "nix". There are: a.'),
        (("plan", "--base", "nix"), "is not in a git repository"),
        (("plan", "--changed-since", "nix"), "is not in a git repository"),
        (("plan", "--accounts", ""), 'named "". `flowsync fleet list -t shops` has all.'),
        (("plan", "--account", "s00", "--shard", "1/2"), "--shard is for a target of many"),
        (("plan", "--accounts", "s0?x"), 'no account of "shops" is named "s0?x".'),
        (("plan", "--only-failed"), 'no earlier plan of "shops" is known here'),
    ],
)


@REFUSED
def test_an_option_that_cannot_be_kept_to_is_refused_in_a_sentence(
    repository: Repository, words: tuple[str, ...], said: str
) -> None:
    fleet(repository, 2)
    ran = repository.run(*words)
    assert ran.exit_code == 64
    assert said in ran.stderr
    assert ran.stdout == ""
    assert not (repository.root / ".flowsync").exists()  # nothing was begun that could be noted


@pytest.mark.parametrize(
    ("words", "said"),
    [
        *(
            (("plan", option, number), f'"{number}" is no whole number from 1 up.')
            for option in ("--canary", "--max-failures")
            for number in ("0", "-1", "x", "1.5", "")
        ),
        (("plan", "--accounts-at-once", "0"), '"0" is no whole number from 1 to 256.'),
        (("fleet", "matrix", "--shards", "257"), '"257" is no whole number from 1 to 256.'),
    ],
)
def test_a_number_that_means_nothing_is_refused_in_a_sentence(
    repository: Repository, words: tuple[str, ...], said: str
) -> None:
    fleet(repository, 2)
    ran = repository.run(*words)
    assert (ran.exit_code, ran.stdout) == (64, "")
    assert ran.stderr.endswith(f"Error: Invalid value for '{words[-2]}': {said}\n")


def test_options_that_no_fleet_can_keep_to_are_refused_in_a_sentence(
    repository: Repository,
) -> None:
    fleet(repository, 2)
    for words, said in (
        (("plan", "--format", "markdown"), "--format markdown has no meaning"),
        (("fleet", "list", "--account", "s00"), "--account chooses the one to work on."),
    ):
        ran = repository.run(*words)
        assert (ran.exit_code, ran.stdout, said in ran.stderr) == (64, "", True)


def only_event(ran: Result) -> dict[str, Any]:
    """Give the event of a stream that holds nothing but its summary."""
    [event] = map(json.loads, ran.stdout.splitlines())
    assert fits(event, "events") is None
    assert event["event"] == "summary"
    assert event["exit_code"] == event["error"]["exit_code"] == ran.exit_code
    found: dict[str, Any] = event
    return found


@REFUSED
def test_the_stream_of_a_refused_option_is_a_summary_with_the_sentence(
    repository: Repository, words: tuple[str, ...], said: str
) -> None:
    fleet(repository, 2)
    ran = repository.run(*words, "--format", "jsonl")
    assert ran.exit_code == 64
    assert said in only_event(ran)["error"]["message"]
    assert said in ran.stderr


def test_the_stream_of_an_apply_that_nobody_consented_to_is_a_summary(
    repository: Repository,
) -> None:
    fleet(repository, 2)
    ran = repository.run("apply", "--format", "jsonl")
    assert ran.exit_code == 6
    assert "then pass --yes." in only_event(ran)["error"]["message"]


@pytest.mark.parametrize("text", [None, "", "name\ns00\n", "account,name\n1,a\n1,b\n"])
def test_the_stream_of_a_wrong_file_of_accounts_is_a_summary_with_what_is_wrong(
    repository: Repository, text: str | None
) -> None:
    fleet(repository, 2)
    file = repository.root / "shops.csv"
    file.unlink() if text is None else file.write_text(text)
    for command_words in (("plan",), ("apply", "--yes"), ("plan", "--account", "s00")):
        ran = repository.run(*command_words, "--format", "jsonl")
        assert ran.exit_code == 3
        found = only_event(ran)["findings"]
        assert found[0]["path"] == ("flowsync.yaml" if text is None else "shops.csv")
        assert found[0]["message"] in ran.stderr


def test_a_bug_on_one_account_is_its_failure_with_a_traceback_in_the_report(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flowsync.cli import fleet_work

    def broken(job: AccountJob, *more: object) -> object:
        if job.name == "s01":
            raise ZeroDivisionError("seven")
        return kept(job, *more)  # type: ignore[arg-type]

    kept = fleet_work._plan
    monkeypatch.setattr(fleet_work, "_plan", broken)
    fleet(repository, 3)
    ran = repository.run("apply", "--yes", "--format", "json")
    assert results(ran) == {"s00": "applied", "s01": "failed", "s02": "applied"}
    assert "flowsync has a bug (ZeroDivisionError: seven)" in ran.stdout
    lines = (repository.root / ".flowsync/fleet/shops.jsonl").read_text().splitlines()
    [bug] = [json.loads(line) for line in lines if "traceback" in line]
    assert "ZeroDivisionError" in bug["traceback"]


def test_accounts_that_failed_are_listed_with_why_until_none_has(repository: Repository) -> None:
    fleet(repository, 2, bad=(1,))
    assert repository.run("apply", "--yes").exit_code == 4
    listed = repository.run("fleet", "list", "--failed").stdout.splitlines()
    assert len(listed) == 2
    assert 's01   1001     files wrong: shops.csv:3:10: the environment variable "NO' in listed[1]
    fleet(repository, 2)
    assert repository.run("apply", "--yes", "--only-failed").exit_code == 0
    ran = repository.run("fleet", "list", "--failed")
    assert len(ran.stdout.splitlines()) == 1
    assert ran.stderr == "no account failed in its last apply\n"


def test_a_run_that_is_killed_is_finished_by_only_failed(repository: Repository) -> None:
    fleet(repository, 6)
    slow = {"remote": "emulator", "accounts": "shops.csv", "faults": ["list:slow=400"]}
    repository.config(shops=slow)  # type: ignore[arg-type]  # values of JSON
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    words = ["apply", "--yes", "--accounts-at-once", "1"]
    command = [sys.executable, "-u", "-m", "flowsync", *words]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("✓ s00")
        process.send_signal(signal.SIGKILL)
    fleet(repository, 6)
    ran = repository.run("apply", "--yes", "--only-failed", "--format", "json")
    assert ran.exit_code == 0
    assert "s00" not in results(ran)
    assert repository.run("plan", "--detailed-exitcode").exit_code == 0


class _Scripted(Executor):
    """Ends each job at once, and sees how many there are at a time."""

    def __init__(self, slots: int, stop: threading.Event, stop_after: int) -> None:
        super().__init__(slots)
        self._stop, self._stop_after = stop, stop_after
        self.at_work = self.most = self.begun = self.stops = 0

    def start(self, job: AccountJob) -> None:
        self.begun += 1
        self.at_work += 1
        self.most = max(self.most, self.at_work)
        if self.begun == self._stop_after:
            self._stop.set()
        result = AccountResult(name=job.name, account=job.account, ending=Ending.APPLIED)
        self._ended.put(lambda: self._end(result))

    def stop_early(self) -> None:
        self.stops += 1

    def _end(self, result: AccountResult) -> AccountResult:
        self.at_work -= 1
        return result


def scripted(stop_after: int) -> tuple[_Scripted, FleetSummary, list[AccountResult]]:
    stop, seen = threading.Event(), list[AccountResult]()
    executor = _Scripted(4, stop, stop_after)
    jobs = [AccountJob(command="apply", name=str(n), account=str(n)) for n in range(20)]
    summary = run_fleet(
        jobs, executor, Caution(), stop=stop, on_start=lambda job: None, on_result=seen.append
    )
    return executor, summary, seen


def test_no_more_accounts_than_slots_are_at_work_at_a_time() -> None:
    executor, summary, seen = scripted(stop_after=0)
    assert (executor.most, len(seen), summary.is_fine) == (4, 20, True)


def test_a_run_that_is_stopped_begins_nothing_else_and_says_so_of_the_rest() -> None:
    executor, summary, seen = scripted(stop_after=4)
    assert (executor.begun, executor.stops, len(seen)) == (4, 1, 20)
    assert summary.counts[Ending.NOT_STARTED] == 16
    assert summary.why_stopped == "the run was stopped"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    pytest.importorskip("distributed")
    with dask_cluster(
        tmp_path_factory.mktemp("dask"), workers=2, threads=2, env={"ONLY_ON_WORKERS": "yes"}
    ) as address:
        yield address


def command(*words: str) -> tuple[int, str, str]:
    """Run flowsync in a process of its own, as dask leaves threads behind."""
    ran = subprocess.run(
        [sys.executable, "-m", "flowsync", *words],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return ran.returncode, ran.stdout, ran.stderr


def test_dask_workers_do_the_same_work_with_variables_of_their_own(
    repository: Repository, cluster: str
) -> None:
    fleet(repository, 6, bad=(4,))
    csv = repository.root / "shops.csv"
    csv.write_text(csv.read_text().replace("E-mail 5", "${env:ONLY_ON_WORKERS}"))
    code, stdout, stderr = command("apply", "--yes", "--executor", cluster, "--format", "json")
    assert code == 4, stderr
    found = {one["name"]: one["result"] for one in json.loads(stdout)["accounts"]}
    wanted = {f"s{n:02}": "applied" for n in range(6)}
    assert found == {**wanted, "s04": "files wrong"}, stdout


def test_a_scheduler_that_is_not_there_is_a_sentence(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flowsync.fleet.dask_cluster.CONNECT_S", 1)
    fleet(repository, 2)
    begin = time.monotonic()
    ran = repository.run("plan", "--executor", f"dask://127.0.0.1:{free_port()}")
    assert ran.exit_code == 1
    assert "no dask scheduler answers at 127.0.0.1:" in ran.stderr
    assert time.monotonic() - begin < 30


def test_a_missing_package_is_a_sentence(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    fleet(repository, 2)
    ran = repository.run("plan", "--executor", "dask://127.0.0.1:1")
    assert ran.exit_code == 1
    assert 'pip install "flowsync[fleet]"' in ran.stderr
