"""`flowsync apply`."""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType

import click

from flowsync.apply.journal import FOLDER as JOURNAL_FOLDER
from flowsync.apply.journal import Journal
from flowsync.apply.outcome import FlowOutcome, Outcome, Result
from flowsync.cli.console import is_interactive
from flowsync.cli.opening import OpenRemote, opened_remote, opened_workspace
from flowsync.cli.options import Common, common_options, format_option
from flowsync.cli.placing import excerpts_for, located_in_file
from flowsync.cli.plan import allow_empty_option, stop_before_option
from flowsync.cli.progress import apply_progress
from flowsync.diagnostics import nearest
from flowsync.errors import (
    ExitCode,
    RefusedForSafety,
    RemoteUnavailable,
    StalePlan,
    UsageFailure,
)
from flowsync.json_numbers import load_json
from flowsync.plan.document import plan_digest, plan_from_json
from flowsync.plan.values import Action, Plan
from flowsync.render.outcome_text import outcome_to_json, render_outcome
from flowsync.render.plan_text import render_plan
from flowsync.workflow import carry_out, check_consent, check_not_stale, make_plan
from flowsync.workspace import Workspace

_STEPS = ("publish", "deprecate", "delete")
_GATES = ("max_publish", "max_deprecate", "max_delete", "max_changed_percent")


def _read_allow(ctx: click.Context, param: click.Parameter, value: str | None) -> frozenset[str]:
    steps = frozenset(part.strip() for part in (value or "").split(",") if part.strip())
    for step in sorted(steps - set(_STEPS)):
        near = nearest(step, _STEPS)
        hint = f'Did you mean "{near}"?' if near else f"Use one of {', '.join(_STEPS)}."
        raise click.BadParameter(f'there is no one-way step "{step}". {hint}')
    return steps


def _read_gates(
    ctx: click.Context, param: click.Parameter, values: tuple[str, ...]
) -> dict[str, float]:
    accepted: dict[str, float] = {}
    for value in values:
        name, _, number = value.partition("=")
        if name not in _GATES:
            near = nearest(name, _GATES)
            hint = f'Did you mean "{near}"?' if near else f"Use one of {', '.join(_GATES)}."
            raise click.BadParameter(f'there is no gate "{name}". {hint}')
        if not re.fullmatch(r"\d{1,6}(\.\d{1,6})?", number):
            raise click.BadParameter(f"write it as {name}=NUMBER.")
        accepted[name] = float(number)
    return accepted


@click.command(
    epilog="""\b
Examples:
  flowsync apply                        plan, ask, apply
  flowsync apply --yes                  in CI, without asking
  flowsync apply plan.json --yes        exactly a saved plan
  flowsync apply --allow deprecate      consent to steps that cannot be taken back
  flowsync apply --stop-before publish  upload and let the platform check only"""
)
@click.argument("what", nargs=-1, metavar="[KEY]... | [PLAN.json]")
@click.option("--yes", "-y", is_flag=True, help="Do not ask. Gives no consent to one-way steps.")
@click.option(
    "--allow",
    callback=_read_allow,
    metavar="STEPS",
    help="Consent to one-way steps this once: publish, deprecate, delete (comma-separated).",
)
@click.option(
    "--accept-gate",
    multiple=True,
    callback=_read_gates,
    metavar="GATE=NUMBER",
    help="Let this plan pass a gate, up to a number, for example max_deprecate=5.",
)
@click.option(
    "--expect-digest",
    metavar="DIGEST",
    help="Apply only if the plan has this digest, for example the one a pull request showed.",
)
@stop_before_option
@allow_empty_option
@format_option
@common_options
def command(
    common: Common,
    what: tuple[str, ...],
    yes: bool,
    allow: frozenset[str],
    accept_gate: dict[str, float],
    expect_digest: str | None,
    stop_before: str | None,
    allow_empty_remote: bool,
    output: str,
) -> None:
    """Make the changes that plan shows; what was not shown is not done.

    KEYs choose flows by key or glob; a file that `plan --out` wrote is applied exactly. Exit code
    4 when some flow could not be brought in step, 6 when nothing was written for safety.
    """
    saved = _saved_plan_file(what)
    if saved is not None and (stop_before or allow_empty_remote):
        raise click.UsageError(
            "a saved plan is applied as it is; give --stop-before and --allow-empty-remote to "
            "`flowsync plan`."
        )
    workspace = opened_workspace(common, () if saved else what, read_only=False)
    console = common.console
    stop = threading.Event()
    with opened_remote(common, workspace.target, read_only=False, stop=stop) as opened:
        if saved is not None:
            plan = _read_plan(saved)
            check_not_stale(plan, workspace, opened.remote, account=opened.account)
        else:
            plan = make_plan(
                workspace,
                opened.remote,
                account=opened.account,
                allow_empty_remote=allow_empty_remote,
                stop_before_publish=stop_before is not None,
            )
        text = render_plan(plan, console.style, verbose=console.verbose)
        if output == "text":
            console.show(text)
        if plan.listing_doubts:
            raise RemoteUnavailable(
                "nothing was written: the account's listing may not be whole "
                f"({plan.listing_doubts[0]}). Run the command again."
            )
        digest = plan_digest(plan)
        if expect_digest is not None and expect_digest != digest:
            raise StalePlan(
                f"nothing was written: the plan has the digest {digest}, not {expect_digest}. "
                "The remote or the repository is no longer what was reviewed."
            )
        check_consent(plan, workspace, allow=allow, accepted_gates=accept_gate)
        if plan.pending:
            if output == "json" and not yes:
                console.note(text)
            _confirm(common, yes=yes, target=plan.target)
            outcome = _apply(common, workspace, plan, opened, stop)
        else:
            outcome = _nothing_done(plan, digest)
    located = {
        flow.key: located_in_file(flow.findings, flow.key, workspace) for flow in outcome.flows
    }
    if output == "json":
        console.show_json(outcome_to_json(outcome, located))
    elif plan.pending:
        excerpts = excerpts_for(console, workspace)
        console.show("\n" + render_outcome(outcome, console.style, located, excerpts))
    raise SystemExit(outcome.exit_code)


def _saved_plan_file(what: tuple[str, ...]) -> Path | None:
    """Give the file of a saved plan, when that is what was named."""
    files = [word for word in what if word.endswith(".json") or _holds_json(Path(word))]
    if not files:
        return None
    if len(what) > 1:
        raise click.UsageError("give either one saved plan or keys of flows.")
    return Path(files[0])


def _holds_json(file: Path) -> bool:
    """Tell whether a word that looks like a key is the file of a plan under another ending."""
    try:
        if not file.is_file():
            return False
        with file.open("rb") as stream:
            return stream.read(1) == b"{"
    except (OSError, ValueError):
        return False


def _read_plan(file: Path) -> Plan:
    from flowsync.validation.schema import fits

    if file.exists() and not file.is_file():
        raise UsageFailure(f"{file} is not a file, so it cannot be a saved plan.")
    try:
        document = load_json(file.read_text(encoding="utf-8"))
    except OSError as exc:
        reason = (exc.strerror or "unknown reason").lower()
        raise UsageFailure(f"the plan {file} cannot be read: {reason}.") from exc
    except (ValueError, RecursionError) as exc:
        raise StalePlan(f"{file} is not a saved plan: it is not JSON.") from exc
    problem = fits(document, "plan")
    if problem is not None:
        raise StalePlan(
            f"{file} is not a plan that this flowsync can apply ({problem}). Run `flowsync plan "
            "--out FILE` again; to choose a flow, name its key instead of a file."
        )
    return plan_from_json(document)


def _confirm(common: Common, *, yes: bool, target: str) -> None:
    if yes:
        return
    if not is_interactive():
        raise RefusedForSafety(
            "nothing was written: there is no terminal to ask on. Pass --yes to apply in CI."
        )
    question = f'Apply this plan to "{target}"? Only "yes" is taken'
    if click.prompt(question, default="no", err=True).strip() != "yes":
        raise RefusedForSafety("nothing was written: the plan was declined.")
    common.console.progress("")


def _apply(
    common: Common, workspace: Workspace, plan: Plan, opened: OpenRemote, stop: threading.Event
) -> Outcome:
    console = common.console
    journal = Journal(
        workspace.project.state_folder / JOURNAL_FOLDER, plan.target, redact=console.redact_json
    )
    with stop_on_signals(common, stop) as received, apply_progress(console) as tell:
        try:
            outcome = carry_out(plan, workspace, opened.remote, journal, stop=stop, tell=tell)
        finally:
            journal.close()
    if outcome.stopped_early and signal.SIGTERM in received:
        return replace(outcome, stopped_by=ExitCode.TERMINATED)
    return outcome


@contextmanager
def stop_on_signals(common: Common, stop: threading.Event) -> Iterator[list[int]]:
    """Turn Ctrl-C and SIGTERM into `stop`; a second Ctrl-C ends at once. Gives those received."""
    received: list[int] = []

    def handle(number: int, frame: FrameType | None) -> None:
        received.append(number)
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        common.console.note("\nstopping: steps in flight are finished (again to stop at once)\n")

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
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
