"""`flowsync plan` and `flowsync apply` on a target of many accounts."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

from flowsync.cli.applying import EXIT_CODES, stop_on_signals
from flowsync.cli.console import Console
from flowsync.cli.events import JSONL, Events
from flowsync.cli.fleet_formats import FLEET_FORMATS, FleetOutput, summary_fields
from flowsync.cli.fleet_job import check_options, job_of_options
from flowsync.cli.fleet_options import FleetWanted
from flowsync.cli.fleet_work import files_digest, fleet_of, work_on_account
from flowsync.cli.options import Common, FilesRefused, environment, refuse_files
from flowsync.cli.reported import Run, reported
from flowsync.diagnostics import Diagnostic, nearest
from flowsync.errors import ExitCode, RefusedForSafety, UsageFailure
from flowsync.fleet.account import FleetAccount
from flowsync.fleet.accounts import is_fleet
from flowsync.fleet.executors import is_elsewhere, opened_executor
from flowsync.fleet.remembering import Memory
from flowsync.fleet.running import DEFAULT_AT_ONCE, Caution, run_fleet
from flowsync.fleet.shards import in_shard, read_shard
from flowsync.fleet.values import AccountJob, AccountResult, FleetSummary
from flowsync.flows_folder import find_definitions, select_keys
from flowsync.project import CONFIG_NAME, Project, choose_target, load_project
from flowsync.render.diagnostics_text import render_diagnostics
from flowsync.render.style import clean, count
from flowsync.revisions import read_earlier


def fleet_target(common: Common) -> str | None:
    """Give the name of the target where it is one of many accounts, all of which are meant.

    What is wrong with flowsync.yaml, or with the name of the target, is left to those who read it
    next.
    """
    try:
        project = load_project(common.config, environment(), [])
        target = "" if project is None else choose_target(project, common.target)
    except UsageFailure:
        return None
    if project is None or common.account is not None or not is_fleet(project, target):
        return None
    return target


def refuse_fleet_options(common: Common, target: str, fleet: FleetWanted) -> None:
    """Raise `UsageFailure` for options of a fleet where a single account is meant."""
    given = fleet.given()
    if given:
        one = f'account "{clean(common.account)}"' if common.account else f'target "{target}"'
        raise UsageFailure(
            f"{', '.join(given)} is for a target of many accounts; the {one} is a single one. "
            "Leave it out."
        )


def run_on_fleet(
    common: Common,
    target: str,
    fleet: FleetWanted,
    command: str,
    *,
    output: str,
    detailed: bool = False,
    check: Callable[[], None] = lambda: None,
) -> ExitCode:
    """Work on all accounts that are meant, show what becomes of each, and give the exit code.

    `command` is `plan` or `apply`, at work with its options; `check` may refuse what it was given.
    Raises `UsageFailure` where an option cannot be kept to.
    """
    console = common.console
    events = Events(console, are_shown=output == JSONL)
    run: Run[None]
    with reported(console, command, (), {}, events) as run:
        check_options(output, target)
        check()
        shown = FLEET_FORMATS[output](console, events, command, target)
        project, accounts, job = _opened(common, target, job_of_options(command), fleet)
        _check_choice(project, job)
        memory = Memory(project.state_folder, target)
        chosen = _chosen(accounts, target, command, fleet, memory)
        jobs = [replace(job, name=one.name, account=one.account) for one in chosen]
        if not jobs:
            console.progress(f"no account is left to work on of the {len(accounts)} of {target}")
        summary = _run(common, jobs, fleet, memory, shown)
        run.summary = summary_fields(summary)
        run.exit_code = summary.exit_code(detailed=detailed)
        shown.end(summary, run.exit_code)
    return run.exit_code


def _check_choice(project: Project, job: AccountJob) -> None:
    """Raise `UsageFailure` for keys and revisions that no account could make anything of."""
    problems: list[Diagnostic] = []
    definitions = find_definitions(project.flows, problems)
    if definitions or not problems:
        select_keys(job.keys, definitions)
    for word in (job.changed_since, job.base):
        if word is not None:
            read_earlier(project, word, environment())


def _opened(
    common: Common, target: str, job: AccountJob, fleet: FleetWanted
) -> tuple[Project, tuple[FleetAccount, ...], AccountJob]:
    """Read the accounts, and give the job with what all of them share."""
    config = common.config or Path(CONFIG_NAME)
    elsewhere = is_elsewhere(fleet.executor)
    job = replace(
        job,
        run=secrets.token_hex(8),
        config=str(config.absolute() if elsewhere else config),
        target=target,
    )
    try:
        project, accounts, _ = fleet_of(job.run, job.config, target)
    except FilesRefused as exc:
        text = render_diagnostics(exc.findings, common.console.error_style)
        raise refuse_files(common.console, text, exc.findings) from None
    if elsewhere:
        job = replace(job, files=files_digest(job.run, project, target))
    return project, tuple(accounts.values()), job


def chosen_by_name(
    accounts: Sequence[FleetAccount], patterns: Sequence[str], target: str
) -> tuple[FleetAccount, ...]:
    """Give the accounts whose names patterns choose. Raises `UsageFailure` for one of none."""
    for pattern in patterns:
        if not any(fnmatchcase(one.name, pattern) for one in accounts):
            near = nearest(pattern, (one.name for one in accounts))
            has_all = f"`flowsync fleet list -t {target}` has all."
            hint = f'Did you mean "{near}"?' if near else has_all
            raise UsageFailure(f'no account of "{target}" is named "{clean(pattern)}". {hint}')
    return tuple(
        one
        for one in accounts
        if not patterns or any(fnmatchcase(one.name, pattern) for pattern in patterns)
    )


def _chosen(
    accounts: Sequence[FleetAccount],
    target: str,
    command: str,
    fleet: FleetWanted,
    memory: Memory,
) -> tuple[FleetAccount, ...]:
    """Give the accounts that the options leave."""
    chosen = chosen_by_name(accounts, fleet.accounts, target)
    if fleet.shard is not None:
        chosen = in_shard(chosen, read_shard(fleet.shard))
    if not fleet.only_failed:
        return chosen
    last = memory.last(command)
    if not last:
        raise UsageFailure(
            f'no earlier {command} of "{target}" is known here, so that --only-failed chooses '
            "nothing. Leave the option out."
        )
    return tuple(one for one in chosen if one.name in last and not last[one.name].ending.is_fine)


def _run(
    common: Common,
    jobs: Sequence[AccountJob],
    fleet: FleetWanted,
    memory: Memory,
    shown: FleetOutput,
) -> FleetSummary:
    """Do the jobs, and note and show each result as it comes."""
    console, stop = common.console, threading.Event()
    at_once = fleet.at_once or DEFAULT_AT_ONCE
    with (
        opened_executor(
            fleet.executor, work_on_account, at_once, stop=stop, tell=console.progress
        ) as executor,
        stop_on_signals(common, stop) as received,
    ):
        _begin(memory, jobs, shown)
        watched = _Watched(console, len(jobs))

        def take(result: AccountResult) -> None:
            memory.note(shown.command, result)
            shown.show(result)
            watched.take(result)

        summary = run_fleet(
            jobs,
            executor,
            Caution(canary=fleet.canary or 0, max_failures=fleet.max_failures),
            stop=stop,
            on_start=watched.start,
            on_result=take,
        )
        console.status("")
    if received:
        summary.stopped_by = EXIT_CODES.get(received[0], ExitCode.INTERRUPTED)
    return summary


def _begin(memory: Memory, jobs: Sequence[AccountJob], shown: FleetOutput) -> None:
    """Note that these accounts come now; without the note only a reading command goes on."""
    try:
        memory.begin(jobs)
    except RefusedForSafety:
        if shown.command == "apply":
            raise
        shown.console.progress(
            f"{memory.file.as_posix()} cannot be written: --only-failed of a "
            "later run will not know of this one"
        )
    shown.begin()


class _Watched:
    """Shows on a terminal how far a run is: a line that the next output replaces."""

    def __init__(self, console: Console, total: int) -> None:
        self._console, self._total = console, total
        self._done = self._failed = 0
        self._at_work: dict[str, None] = {}

    def start(self, job: AccountJob) -> None:
        self._at_work[job.name] = None
        self._show()

    def take(self, result: AccountResult) -> None:
        self._at_work.pop(result.name, None)
        self._done += 1
        self._failed += not result.ending.is_fine
        self._show()

    def _show(self) -> None:
        if self._console.is_live:
            failed = f", {self._failed} failed" if self._failed else ""
            names = ", ".join(self._at_work)
            self._console.status(
                f"{self._done} of {count(self._total, 'account')}{failed}; at work: {names}"
            )
