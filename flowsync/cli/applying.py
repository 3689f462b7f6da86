"""Carrying out a plan for a command: the question, signals, the journal, the outcome."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import FrameType

import click

from flowsync.apply.backups import FOLDER as BACKUP_FOLDER
from flowsync.apply.backups import Backups
from flowsync.apply.context import Progress
from flowsync.apply.journal import FOLDER as JOURNAL_FOLDER
from flowsync.apply.journal import Journal
from flowsync.apply.outcome import FlowOutcome, Outcome, Result
from flowsync.cli import clock
from flowsync.cli.console import is_interactive
from flowsync.cli.events import Events, retry_fields, summary_of_outcome, summary_of_plan
from flowsync.cli.opening import OpenRemote
from flowsync.cli.options import Common
from flowsync.cli.outcome_formats import OUTCOME_FORMATS, OutcomeShown, outcome_shown
from flowsync.cli.placing import excerpts_for, located_in_file
from flowsync.cli.plan_formats import plan_shown
from flowsync.cli.progress import apply_progress
from flowsync.cli.reported import Run
from flowsync.errors import ExitCode, Interrupted, RefusedForSafety, RemoteUnavailable
from flowsync.plan.document import plan_digest
from flowsync.plan.values import Action, Plan
from flowsync.render.outcome_text import render_outcome
from flowsync.render.plan_text import render_plan
from flowsync.retry_policy import Retry
from flowsync.workflow import Consent, carry_out, check_consent, policy_results
from flowsync.workspace import Workspace

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")  # a lost terminal sends SIGHUP; Windows has none
_STOPPED_AT_ONCE = "\nstopped at once; `flowsync apply` goes on from where it is\n"
EXIT_CODES: dict[int, ExitCode] = {
    signal.SIGTERM: ExitCode.TERMINATED,
    getattr(signal, "SIGHUP", -1): ExitCode.HUNG_UP,
}


def apply_shown(
    common: Common,
    workspace: Workspace,
    opened: OpenRemote,
    plan: Plan,
    consent: Consent,
    *,
    yes: bool,
    output: str,
    stop: threading.Event,
    rolls_back: bool = False,
    check: Callable[[str], None] = lambda digest: None,
    run: Run[OutcomeShown] | None = None,
    events: Events | None = None,
) -> Outcome:
    """Show a plan, ask, carry it out and show how it ended.

    `check` may refuse the plan by its digest; `run` is told what its reports show, `events`
    of what happens.

    Raises `RefusedForSafety` before anything is written.
    """
    console, moment = common.console, clock.now()
    plan = replace(plan, policy=policy_results(plan, workspace, moment))  # a saved one may be old
    run, events = run or Run(), events or Events(console, are_shown=False)
    run.plan = plan_shown(plan, workspace, console)
    run.summary = summary_of_plan(run.plan)
    events.show_plan(run.plan)
    left = [block for block in plan.blocks if not consent.covers(block)]
    text = render_plan(
        plan,
        console.style,
        verbose=console.verbose,
        blocks=left,
        columns=console.terminal_columns,
    )
    if output == "text":
        console.show(text)
    if plan.listing_doubts:
        raise RemoteUnavailable(
            "nothing was written: the account's listing may not be whole "
            f"({plan.listing_doubts[0]}). Run the command again."
        )
    digest = plan_digest(plan)
    check(digest)
    check_consent(plan, workspace, consent, moment=moment)
    if plan.pending:
        if output != "text" and not yes:
            console.note(text)
        if rolls_back:
            console.progress(
                "--rollback-on-failure: where publishing fails after an upload, the earlier Flow "
                "JSON is uploaded again"
            )
        _confirm(common, yes=yes, target=plan.target)
        check_consent(plan, workspace, consent, moment=clock.now())  # the answer may take hours
        outcome = _apply(common, workspace, plan, opened, stop, events, rolls_back=rolls_back)
    else:
        outcome = _nothing_done(plan, digest)
    located = {
        flow.key: located_in_file(flow.findings, flow.key, workspace) for flow in outcome.flows
    }
    run.subject = outcome_shown(outcome, located, console, workspace)
    run.is_final = bool(plan.pending)
    run.summary = summary_of_outcome(outcome)
    if output in OUTCOME_FORMATS and output != "text":
        console.show_ready(OUTCOME_FORMATS[output](run.subject), output)
    elif output == "text" and plan.pending:
        excerpts = excerpts_for(console, workspace)
        console.show("\n" + render_outcome(outcome, console.style, located, excerpts))
    return outcome


def _confirm(common: Common, *, yes: bool, target: str) -> None:
    if yes:
        return
    if not is_interactive():
        raise RefusedForSafety(
            "nothing was written: there is no terminal to ask on. Pass --yes to apply in CI."
        )
    question = f'Apply this plan to "{target}"? Only "yes" is taken'
    try:
        answer = click.prompt(question, default="no", err=True)
    except click.Abort as exc:
        common.console.note("\n")
        raise Interrupted("nothing was written: stopped at the question.") from exc
    if answer.strip() != "yes":
        raise RefusedForSafety("nothing was written: the plan was declined.")
    common.console.progress("")


def _apply(
    common: Common,
    workspace: Workspace,
    plan: Plan,
    opened: OpenRemote,
    stop: threading.Event,
    events: Events,
    *,
    rolls_back: bool,
) -> Outcome:
    console, state_folder = common.console, workspace.project.state_folder
    backups = Backups(
        state_folder / BACKUP_FOLDER,
        target=plan.target,
        account=plan.account,
        redact=console.redact_json,
    )
    journal = Journal(state_folder / JOURNAL_FOLDER, plan.target, redact=console.redact_json)

    def record_retry(retry: Retry) -> None:
        journal.note("retry", cause=retry.cause, **retry_fields(retry))

    def tell(progress: Progress) -> None:
        show(progress)
        events.tell_progress(progress)

    with (
        stop_on_signals(common, stop) as received,
        apply_progress(console, opened.countdown) as show,
        opened.repetitions.passed_on(record_retry),
    ):
        try:
            outcome = carry_out(
                plan,
                workspace,
                opened.remote,
                journal,
                stop=stop,
                tell=tell,
                backups=backups,
                rolls_back=rolls_back,
            )
        finally:
            journal.close()
    if not outcome.stopped_early:
        return outcome
    codes = [EXIT_CODES[number] for number in received if number in EXIT_CODES]
    return replace(outcome, stopped_by=codes[0]) if codes else outcome


@contextmanager
def stop_on_signals(common: Common, stop: threading.Event) -> Iterator[list[int]]:
    """Turn Ctrl-C, SIGTERM and SIGHUP into `stop`; a second signal ends the process at once.

    Gives the signals received. Ending at once is as safe as being killed: every line of the journal
    is on disk, and the lock ends with the process. What is ignored stays so, as under `nohup`.
    Only the main thread can heed signals; for work in another one, it sets `stop` itself.
    """
    received: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield received
        return

    def handle(number: int, frame: FrameType | None) -> None:
        received.append(number)
        if len(received) > 1:
            common.console.last_word(_STOPPED_AT_ONCE)
            os._exit(EXIT_CODES.get(number, ExitCode.INTERRUPTED))
        stop.set()
        common.console.note("\nstopping: steps in flight are finished (again to stop at once)\n")

    numbers = [getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)]
    heeded = [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, handle) for number in heeded}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _nothing_done(plan: Plan, digest: str) -> Outcome:
    return Outcome(
        run="",
        target=plan.target,
        plan_digest=digest,
        flows=tuple(
            FlowOutcome(
                key=change.key,
                name=change.name,
                action=change.action.value,
                result=(Result.CONFLICT if change.action is Action.CONFLICT else Result.UNCHANGED),
                flow_id=change.flow_id,
                message=f"{change.conflict} {change.way_out}" if change.conflict else "",
            )
            for change in plan.changes
        ),
    )
