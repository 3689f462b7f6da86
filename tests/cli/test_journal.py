from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.serving import Served, parsed, run
from tests.support import Repository, flow_json

FOLDER = Path(".flowsync/journal")


def record(run_name: str, *lines: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{run_name}.jsonl").write_text("".join(f"{line}\n" for line in lines))


def line(event: str, **fields: object) -> str:
    return json.dumps({"time": "2026-11-24T10:00:00.000+00:00", "event": event, **fields})


INTENT = {"write": 1, "flow": "a", "step": "create", "flow_id": None, "attempt": 1}


@pytest.fixture
def died(repository: Repository) -> Repository:
    """A run that came to its end, and a later one that died with a write on its way."""
    record(
        "20260101T000000Z-local-aaaaaa", line("run_started", target="local"), line("run_finished")
    )
    record(
        "20260102T000000Z-local-bbbbbb",
        line("run_started", target="local"),
        line("intent", **{**INTENT, "write": 2, "flow": "b"}),
        line("result", **{**INTENT, "write": 2, "flow": "b"}, result="done", message=""),
        line("intent", **INTENT),
        '{"event": "inte',
        "[]",
    )
    return repository


def test_runs_are_listed_the_latest_first(died: Repository) -> None:
    assert run(died, "journal").stdout == (
        "20260102T000000Z-local-bbbbbb  did not finish, 2 writes\n"
        "20260101T000000Z-local-aaaaaa  finished, 0 writes\n"
    )


def test_unfinished_runs_can_be_listed_alone(died: Repository) -> None:
    (found,) = parsed(run(died, "journal", "--unfinished", "--format", "json"))
    assert found == {
        "run": "20260102T000000Z-local-bbbbbb",
        "target": "local",
        "started": "2026-11-24T10:00:00.000+00:00",
        "is_finished": False,
        "writes": 2,
        "unfinished_writes": [json.loads(line("intent", **INTENT))],
    }


def test_a_target_chooses_its_runs(died: Repository) -> None:
    record("20260103T000000Z-env-cccccc", line("run_started", target="env"), line("run_finished"))
    ran = run(died, "journal", "--target", "env")
    assert ran.stdout == "20260103T000000Z-env-cccccc  finished, 0 writes\n"
    ran = run(died, "journal", "--target", "other")
    assert ran.stdout == 'No runs of the target "other".\n'
    ran = run(died, "journal", "--last", "--target", "local")
    assert ran.stdout.startswith("20260102T000000Z-local-bbbbbb\n")


def test_a_run_that_was_asked_to_stop_says_so(repository: Repository) -> None:
    name = "20260101T000000Z-local-aaaaaa"
    record(name, line("run_started", target="local"), line("run_finished", stopped_early=True))
    assert run(repository, "journal").stdout == f"{name}  stopped as asked, 0 writes\n"
    shown = run(repository, "journal", name).stdout
    assert shown.endswith("stopped as asked; `flowsync plan` shows what is left\n")


def test_no_unfinished_run_is_not_said_to_be_no_run(repository: Repository) -> None:
    record("20260101T000000Z-local-aaaaaa", line("run_started"), line("run_finished"))
    assert run(repository, "journal", "--unfinished").stdout == "No unfinished runs.\n"
    ran = run(repository, "journal", "--unfinished", "--last")
    assert ran.exit_code == 64
    assert "there is no unfinished run yet in .flowsync/journal." in ran.stderr
    ran = run(repository, "journal", "--unfinished", "20260101T000000Z-local-aaaaaa")
    assert ran.exit_code == 64
    assert "give either a RUN, or --last and --unfinished." in ran.stderr


def test_a_run_that_died_shows_the_write_whose_outcome_is_not_known(died: Repository) -> None:
    text = run(died, "journal", "--last").stdout
    assert "b create  done\n" in text
    assert "a create  outcome not known\n" in text
    assert text.endswith("did not finish; `flowsync plan` shows what is left\n")


def test_a_run_is_shown_by_its_name(died: Repository) -> None:
    name = "20260101T000000Z-local-aaaaaa"
    assert run(died, "journal", name).stdout == f"{name}\nfinished\n"
    document = parsed(run(died, "journal", name, "--format", "json"))
    assert [entry["event"] for entry in document["lines"]] == ["run_started", "run_finished"]


def test_only_the_latest_twenty_runs_are_listed(repository: Repository) -> None:
    for number in range(25):
        record(f"202601{number + 1:02}T000000Z-local-aaaaaa", line("run_started", target="local"))
    shown = run(repository, "journal").stdout.splitlines()
    assert len(shown) == 20
    assert shown[0].startswith("20260125")


def test_an_empty_journal_file_is_a_run_that_did_not_finish(repository: Repository) -> None:
    record("20260101T000000Z-local-aaaaaa")
    (found,) = parsed(run(repository, "journal", "--format", "json"))
    assert (found["target"], found["is_finished"], found["writes"]) == (None, False, 0)


def test_every_write_of_an_apply_is_recorded_with_its_outcome(
    repository: Repository, served: Served
) -> None:
    repository.flow("a", content=flow_json("A very special label"))
    repository.config(staging=served.target())
    served.emulated.faults.add("publish:forbidden")
    outcome = parsed(run(repository, "apply", "--yes", "--format", "json"))
    document = parsed(run(repository, "journal", outcome["run"], "--format", "json"))
    events = [
        (entry["event"], entry.get("step"), entry.get("result")) for entry in document["lines"]
    ]
    assert events == [
        ("run_started", None, None),
        ("intent", "create", None),
        ("result", "create", "done"),
        ("intent", "upload", None),
        ("result", "upload", "done"),
        ("intent", "publish", None),
        ("result", "publish", "not done"),
        ("run_finished", None, None),
    ]
    assert "A very special label" not in json.dumps(document)
    text = run(repository, "journal", "--last").stdout
    assert "HTTP 403" in text
    assert text.endswith("finished\n")


def test_the_journal_is_for_its_owner_only(repository: Repository) -> None:
    repository.flow("a")
    run(repository, "apply", "--yes")
    (file,) = FOLDER.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


def test_repetitions_pauses_and_backups_of_a_run_are_shown(
    repository: Repository, served: Served
) -> None:
    repository.config(staging=served.target())
    repository.flow("a")
    assert run(repository, "apply", "--yes").exit_code == 0
    repository.flow("a", content=flow_json("Mail"))
    served.emulated.faults.add("get@3:server-error*1")
    served.emulated.faults.add("upload:busy*1")
    served.emulated.faults.add("publish:rate-limit=1*1")
    assert run(repository, "apply", "--yes").exit_code == 0
    shown = run(repository, "journal", "--last").stdout
    assert re.search(r"get of flow \d+: HTTP 500; again in 0\.\d+ s \(1 of 3\)", shown)
    assert re.search(r"a upload \d+  not done: .*; again in 0\.\d+ s", shown)
    assert "publish of flow" in shown
    assert "the account is paused for 1.0 s" in shown
    assert re.search(r"a kept as \S+ before the upload", shown)
