"""`--report FORMAT=FILE` and `--format jsonl`: what is left of a run, however it ends."""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from flowsync.cli.failure_formats import FAILURE_FORMATS
from flowsync.cli.outcome_formats import OUTCOME_FORMATS
from flowsync.cli.plan_formats import PLAN_FORMATS
from flowsync.cli.reporting import REPORT_FORMATS
from flowsync.remotes.operations import Operation
from flowsync.validation.schema import fits
from tests.cli.serving import Served, embedded, run
from tests.cli.test_exit_codes import in_step
from tests.render.gfm import check_inert
from tests.support import TOKEN, Repository, flow_json

ROOT = Path(__file__).parent.parent.parent


def document(file: str) -> Any:
    return json.loads(Path(file).read_text("utf-8"))


def events_of(text: str) -> list[dict[str, Any]]:
    events = [json.loads(line) for line in text.splitlines()]
    for event in events:
        assert fits(event, "events") is None
    return events


def test_every_format_has_a_way_to_say_that_the_run_failed() -> None:
    assert {*PLAN_FORMATS, *OUTCOME_FORMATS, *REPORT_FORMATS} == set(FAILURE_FORMATS)


# --- reports beside what is shown ---


def test_reports_are_written_beside_what_is_shown(repository: Repository) -> None:
    repository.flow("a")
    shown = run(repository, "plan")
    ran = run(repository, "plan", "--report", "json=p.json", "--report", "markdown=p.md")
    assert (ran.stdout, ran.stderr) == (shown.stdout, shown.stderr)
    assert fits(document("p.json"), "plan") is None
    assert Path("p.md").read_text("utf-8").startswith("**1 to create** – `local`")
    ran = run(repository, "apply", "--yes", "--report", "json=a.json", "--report", "junit=a.xml")
    assert ran.stdout.count("Apply complete") == 1
    assert fits(document("a.json"), "outcome") is None
    assert ElementTree.parse("a.xml").getroot().get("failures") == "0"


def test_what_is_shown_as_markdown_is_what_the_report_holds(repository: Repository) -> None:
    repository.flow("a")
    for command in (["plan"], ["validate"]):
        ran = run(repository, *command, "--format", "markdown", "--report", "markdown=r.md")
        assert ran.stdout == Path("r.md").read_text("utf-8")
    ran = run(repository, "apply", "--yes", "--format", "markdown", "--report", "markdown=r.md")
    assert ran.stdout == Path("r.md").read_text("utf-8")


def test_a_report_replaces_an_earlier_one_and_is_for_its_owner_only(repository: Repository) -> None:
    repository.flow("a")
    Path("r.txt").write_text("old")
    run(repository, "validate", "--report", "text=r.txt", "--report", "json=r.json")
    assert Path("r.txt").read_text("utf-8") == "1 flow checked, nothing wrong.\n"
    assert stat.S_IMODE(Path("r.json").stat().st_mode) == 0o600
    assert sorted(path.name for path in Path().iterdir()) == ["flows", "r.json", "r.txt"]


@pytest.mark.parametrize(
    ("reports", "said"),
    [
        (["mardown=r"], 'no report format "mardown". Did you mean "markdown"?'),
        (["pdf=r"], "Use one of text, json"),
        (["json"], "write it as json=FILE"),
        (["json="], "write it as json=FILE"),
        (["json=-"], "stdout is for --format"),
        (["json=no/r"], "there is no folder no; make it first"),
        (["json=flows"], "flows must not be a report: it is not a plain file"),
        (["json=/dev/null"], "/dev/null must not be a report: it is not a plain file"),
        (["json=link"], "link must not be a report: it is not a plain file"),
        (["json=r", "text=./r"], "is named twice"),
    ],
)
def test_a_report_that_makes_no_sense_is_wrong_usage(
    repository: Repository, reports: list[str], said: str
) -> None:
    repository.flow("a")
    Path("link").symlink_to("elsewhere")
    ran = run(repository, "plan", *(word for name in reports for word in ("--report", name)))
    assert ran.exit_code == 64
    assert ran.stdout == ""
    assert said in " ".join(ran.stderr.split())
    assert not Path("r").exists()


def test_a_report_that_cannot_be_written_fails_only_a_run_that_went_well(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(file: Path, text: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("flowsync.cli.report_files.write_private_file", full)
    repository.flow("a")
    report = ("--report", "json=r.json")
    for args, code in (
        (("validate", *report), 1),
        (("plan", "--detailed-exitcode", *report), 1),
        (("plan", "bb", *report), 64),
        (("apply", *report), 6),
        (("apply", "--yes", *report), 1),
    ):
        ran = run(repository, *args)
        assert ran.exit_code == code, args
        said = "the report r.json cannot be written: no space left on device."
        assert ran.stderr.count(said) == 1


def test_a_watch_takes_no_reports(repository: Repository) -> None:
    repository.flow("a")
    ran = run(repository, "validate", "--watch", "--report", "json=r.json")
    assert ran.exit_code == 64
    assert not Path("r.json").exists()


# --- a run that dies ---


def test_wrong_files_are_reported_with_their_findings(repository: Repository) -> None:
    repository.flow("a", state="liv")
    ran = run(repository, "plan", "--report", "json=r.json", "--report", "markdown=r.md")
    assert ran.exit_code == 3
    report = document("r.json")
    assert report["error"] == {"message": "the files are wrong.", "exit_code": 3}
    assert report["findings"][0]["path"] == "flows/a.yaml"
    markdown = Path("r.md").read_text("utf-8")
    assert markdown.startswith("**flowsync plan failed** (exit code 3)\n")
    assert 'cannot be "liv"' in markdown


def test_a_remote_that_cannot_be_reached_is_reported(
    repository: Repository, served: Served
) -> None:
    repository.flow("a")
    repository.config(staging=served.target())
    reports = ("--report", "json=r.json", "--report", "sarif=r.sarif", "--report", "junit=r.xml")
    ran = run(repository, "plan", *reports, token="wrong-one")
    assert ran.exit_code == 5
    assert "refuses the credential" in document("r.json")["error"]["message"]
    assert document("r.sarif")["runs"][0]["invocations"][0]["executionSuccessful"] is False
    assert ElementTree.parse("r.xml").getroot().get("errors") == "1"


def test_a_refusal_is_reported_with_the_plan_and_the_reasons(repository: Repository) -> None:
    repository.flow("a")
    repository.config(local={"remote": "emulator", "gates": {"max_publish": 0}})
    ran = run(repository, "apply", "--yes", "--report", "json=r.json", "--report", "markdown=r.md")
    assert ran.exit_code == 6
    report = document("r.json")
    assert "the gate lets 0 pass" in report["error"]["message"]
    assert fits(report["plan"], "plan") is None
    markdown = Path("r.md").read_text("utf-8")
    check_inert(markdown)
    assert markdown.index("nothing was written, because:") < markdown.index("**1 to create**")


def test_a_bug_is_reported_and_still_shows_its_traceback(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError("x")

    monkeypatch.setattr("flowsync.cli.plan.make_plan", broken)
    repository.flow("a")
    ran = repository.run("plan", "--report", "json=r.json", "--format", "jsonl")
    assert isinstance(ran.exception, ZeroDivisionError)
    error = {"message": "flowsync has a bug (ZeroDivisionError: x). Please report it."}
    assert document("r.json")["error"] == {**error, "exit_code": 1}
    (summary,) = events_of(ran.stdout)
    assert summary["error"] == {**error, "exit_code": 1}


def test_ctrl_c_is_reported(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("flowsync.cli.plan.make_plan", stopped)
    repository.flow("a")
    ran = run(repository, "plan", "--report", "json=r.json")
    assert ran.exit_code == 130
    assert document("r.json")["error"] == {"message": "stopped.", "exit_code": 130}


def test_an_interrupted_apply_is_reported_as_the_outcome_that_it_is(
    repository: Repository, served: Served
) -> None:
    repository.flow("a")
    repository.flow("b")
    repository.config(staging=served.target())

    def interrupt(operation: Operation) -> None:
        if operation is Operation.CREATE:
            os.kill(os.getpid(), signal.SIGINT)

    served.on_request = interrupt
    ran = run(repository, "apply", "--yes", "--report", "json=r.json")
    assert ran.exit_code == 130
    assert fits(document("r.json"), "outcome") is None
    assert document("r.json")["exit_code"] == 130


def test_a_plan_that_cannot_be_saved_is_a_failure_that_shows_the_plan(
    repository: Repository,
) -> None:
    repository.flow("a")
    ran = run(repository, "plan", "--out", "no/p.json", "--report", "json=r.json")
    assert ran.exit_code == 1
    assert "cannot be saved" in document("r.json")["error"]["message"]
    assert document("r.json")["plan"]["summary"]["create"] == 1


def test_what_was_applied_is_reported_even_if_it_could_not_be_shown(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> str:
        raise OSError("stdout is gone")

    monkeypatch.setattr("flowsync.cli.applying.render_outcome", broken)
    repository.flow("a")
    repository.run("apply", "--yes", "--report", "json=r.json")
    assert document("r.json")["summary"]["applied"] == 1


def test_a_run_that_is_killed_leaves_no_report_of_an_earlier_one(
    repository: Repository, served: Served
) -> None:
    repository.flow("a")
    repository.config(staging=served.target())
    Path("r.md").write_text("**Nothing to do**")
    process: list[subprocess.Popen[bytes]] = []

    def kill(operation: Operation) -> None:
        process[0].kill()

    served.on_request = kill
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "FLOWSYNC_TOKEN": TOKEN}
    command = [sys.executable, "-m", "flowsync", "plan", "--report", "markdown=r.md"]
    process.append(subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL))
    assert process[0].wait(60) == -signal.SIGKILL
    assert "the run did not finish" in Path("r.md").read_text("utf-8")


# --- secrets ---


@pytest.mark.parametrize("secret", ["a_secret_*token*", 'with "quotes" & <b>', "pipe|and`ticks`"])
def test_no_report_holds_a_secret_however_its_format_escapes_it(
    repository: Repository, served: Served, monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    token = f"token-{secret}"
    monkeypatch.setenv("FLOWSYNC_TOKEN", token)
    repository.flow("a", name=f"A {token}", state="draft")
    for command, formats in (("plan", PLAN_FORMATS), ("apply", OUTCOME_FORMATS)):
        reports = [word for name in formats for word in ("--report", f"{name}={command}.{name}")]
        yes = ["--yes"] if command == "apply" else []
        ran = repository.run(command, *yes, "--format", "jsonl", *reports, env={})
        texts = [Path(f"{command}.{name}").read_text("utf-8") for name in formats]
        for text in (*texts, ran.stdout):
            letters = re.sub(r"[^a-z]", "", text)
            assert re.sub(r"[^a-z]", "", token) not in letters
        assert "***" in texts[0] + texts[1]


def test_no_report_of_a_failure_holds_a_secret(repository: Repository) -> None:
    token = "a_secret_*token*"
    repository.flow("a")
    reports = [word for name in PLAN_FORMATS for word in ("--report", f"{name}=r.{name}")]
    ran = run(repository, "plan", token, "--format", "jsonl", *reports, token=token)
    assert ran.exit_code == 64
    for text in (*(Path(f"r.{name}").read_text("utf-8") for name in PLAN_FORMATS), ran.stdout):
        assert "secret" not in text
        assert "***" in text


# --- events ---


def test_events_tell_the_whole_run_in_order(repository: Repository, served: Served) -> None:
    repository.flow("a")
    repository.flow("b", state="draft")
    repository.config(staging=served.target())
    served.emulated.faults.add("publish:forbidden")
    ran = run(repository, "apply", "--yes", "--format", "jsonl")
    events = events_of(ran.stdout)
    assert [event["event"] for event in events[:3]] == ["plan", "change_planned", "change_planned"]
    assert events[0]["counts"]["create"] == 2
    assert events[1]["one_way"] == ["publish"]
    told = [
        (event["event"], event.get("step"), event.get("result"))
        for event in events
        if event.get("flow") == "a" and event["event"] != "change_planned"
    ]
    assert told == [
        ("step_started", "create", None),
        ("step_done", "create", "done"),
        ("step_started", "upload", None),
        ("step_done", "upload", "done"),
        ("step_started", "publish", None),
        ("step_failed", "publish", "failed"),
        ("flow_finished", None, "failed"),
    ]
    (failed,) = (event for event in events if event["event"] == "step_failed")
    assert failed["message"]
    summary = events[-1]
    assert summary["counts"]["applied"] == summary["counts"]["failed"] == 1
    assert summary["exit_code"] == ran.exit_code == 4
    assert summary["digest"] == events[0]["digest"]
    assert summary["run"]
    moments = [event["at"] for event in events]
    assert moments == sorted(moments)
    assert all(moment.endswith("+00:00") for moment in moments)


def test_repetitions_and_waits_are_events(repository: Repository, served: Served) -> None:
    repository.flow("a")
    repository.config(staging=served.target())
    served.emulated.faults.add("list:server-error*1")
    events = events_of(run(repository, "plan", "--format", "jsonl").stdout)
    (retry,) = (event for event in events if event["event"] == "retry")
    assert retry["is_repeated"]
    assert retry["attempt"] == 1


def test_events_are_written_at_once_and_nothing_else_is_on_stdout(repository: Repository) -> None:
    in_step(repository, None)  # type: ignore[arg-type]  # it needs no server
    repository.flow("a", content=flow_json("Other\x1b[31m ::error::x \u202e\x7f"))
    ran = run(repository, "plan", "--format", "jsonl")
    assert ran.stdout.isascii()
    assert "\x1b" not in ran.stdout
    assert "\x7f" not in ran.stdout
    assert [event["event"] for event in events_of(ran.stdout)] == [
        "plan",
        "change_planned",
        "summary",
    ]


def test_a_plan_whose_events_nobody_reads_is_not_applied(repository: Repository) -> None:
    repository.flow("a")
    ran = subprocess.run(
        f"{sys.executable} -m flowsync apply --yes --format jsonl | true; echo ${{PIPESTATUS[0]}}",
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        shell=True,
        executable="/bin/bash",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.stdout == "141\n"
    with embedded() as platform:
        assert platform.list_flows("100000000000001") == ()


def test_work_goes_on_when_the_reader_of_events_goes_away(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flowsync.cli.console import Console, ReaderGone

    show = Console.show_ready

    def gone_after_the_plan(self: Console, text: str, form: str) -> None:
        if '"step_' in text or '"summary"' in text:
            raise ReaderGone
        show(self, text, form)

    monkeypatch.setattr(Console, "show_ready", gone_after_the_plan)
    monkeypatch.setattr("flowsync.cli.main._discard_stdout", lambda: None)
    repository.flow("a")
    ran = run(repository, "apply", "--yes", "--format", "jsonl", "--report", "json=r.json")
    assert ran.exit_code == 141
    assert document("r.json")["summary"]["applied"] == 1
