"""`flowsync apply`."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path

import click

from flowsync.cli import clock
from flowsync.cli.applying import apply_shown
from flowsync.cli.completing import complete_keys_or_files
from flowsync.cli.consent import consent_options
from flowsync.cli.events import JSONL, Events
from flowsync.cli.fleet_options import FleetWanted, fleet_options
from flowsync.cli.locking import lock_timeout_option, locked
from flowsync.cli.opening import opened_remote, opened_workspace
from flowsync.cli.options import Common, common_options, format_option_of
from flowsync.cli.outcome_formats import OUTCOME_FORMATS
from flowsync.cli.plan import allow_empty_option, stop_before_option
from flowsync.cli.rehearsing import account_copies, no_preflight_option, no_rehearse_option
from flowsync.cli.report_files import ReportFile, check_apart, report_option
from flowsync.cli.reported import reported
from flowsync.cli.selecting import Selection, narrowed, selection_options
from flowsync.cli.tracing import TracingWanted, tracing_options
from flowsync.errors import LOOK_AT_IT, RefusedForSafety, StalePlan, UsageFailure, reason_of
from flowsync.json_numbers import load_json
from flowsync.plan.document import plan_from_json
from flowsync.plan.values import Plan
from flowsync.workflow import Consent, check_not_stale, make_plan


@click.command(
    epilog="""\b
Examples:
  flowsync apply                        plan, ask, apply
  flowsync apply --yes                  in CI, without asking
  flowsync apply plan.json --yes        exactly a saved plan
  flowsync apply --allow deprecate      consent to steps that cannot be taken back
  flowsync apply --stop-before publish  upload and let the platform check only"""
)
@click.argument(
    "what", nargs=-1, metavar="[KEY]... | [PLAN.json]", shell_complete=complete_keys_or_files
)
@consent_options
@click.option(
    "--expect-digest",
    metavar="DIGEST",
    help="Apply only if the plan has this digest, for example the one a pull request showed.",
)
@click.option(
    "--rollback-on-failure",
    is_flag=True,
    help="Where publishing fails after an upload, upload the earlier Flow JSON again.",
)
@selection_options
@tracing_options
@stop_before_option
@allow_empty_option
@no_rehearse_option
@no_preflight_option
@lock_timeout_option
@fleet_options
@report_option(OUTCOME_FORMATS)
@format_option_of("text", "json", JSONL, "markdown")
@common_options
def command(
    common: Common,
    what: tuple[str, ...],
    selection: Selection,
    tracing: TracingWanted,
    fleet: FleetWanted,
    yes: bool,
    allow: frozenset[str],
    accept_gate: dict[str, float],
    expect_digest: str | None,
    rollback_on_failure: bool,
    stop_before: str | None,
    allow_empty_remote: bool,
    no_rehearse: bool,
    no_preflight: bool,
    lock_timeout: float,
    reports: tuple[ReportFile, ...],
    output: str,
) -> None:
    """Make the changes that plan shows; what was not shown is not done.

    KEYs choose flows by key or glob; a file that `plan --out` wrote is applied exactly. Exit code
    4 when some flow could not be brought in step, 6 when nothing was written for safety.
    """
    from flowsync.cli.fleet_run import fleet_target, refuse_fleet_options, run_on_fleet

    many = fleet_target(common)
    if many is not None:
        refuse = partial(_check_for_many, many, what, yes=yes)
        raise SystemExit(run_on_fleet(common, many, fleet, "apply", output=output, check=refuse))
    for word in what:
        check_apart(reports, Path(word), "the saved plan")
    events = Events(common.console, are_shown=output == JSONL)
    with reported(common.console, "apply", reports, OUTCOME_FORMATS, events) as run:
        saved = _saved_plan_file(what)
        if saved is not None and (
            stop_before
            or allow_empty_remote
            or no_rehearse
            or no_preflight
            or selection.is_given
            or tracing.is_given
        ):
            raise click.UsageError(
                "a saved plan is applied as it is; give --stop-before, --allow-empty-remote, "
                "--no-rehearse, --no-preflight, --changed-since, --state, --base, --prefer and "
                "--only-drift to `flowsync plan`."
            )
        workspace = opened_workspace(common, () if saved else what, read_only=False)
        refuse_fleet_options(common, workspace.target.name, fleet)
        workspace = narrowed(workspace, selection, common.console)
        stop = threading.Event()

        def check(digest: str) -> None:
            if expect_digest is not None and expect_digest != digest:
                why = (
                    "The remote or the repository is no longer what was reviewed; look at it anew."
                    if len(expect_digest) == len(digest)
                    else f"A digest has {len(digest)} characters; that one was not given whole."
                )
                raise StalePlan(
                    f"nothing was written: the plan has the digest {digest}, not "
                    f"{expect_digest or 'an empty one'}. {why}"
                )

        with (
            opened_remote(
                common, workspace.target, read_only=False, stop=stop, events=events
            ) as opened,
            locked(
                common.console,
                workspace.target,
                opened.account,
                workspace.project.state_folder,
                timeout=lock_timeout,
            ),
        ):
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
                    copied=None if no_rehearse else account_copies(workspace, opened.remote),
                    moment=clock.now(),
                    with_preflight=not no_preflight,
                    tracing=tracing.tracing(workspace),
                ).plan
                tracing.remark(common.console, plan)
            outcome = apply_shown(
                common,
                workspace,
                opened,
                plan,
                Consent(allow=allow, accepted_gates=accept_gate),
                yes=yes,
                output=output,
                stop=stop,
                rolls_back=rollback_on_failure,
                check=check,
                run=run,
                events=events,
            )
        run.exit_code = outcome.exit_code
    raise SystemExit(run.exit_code)


def _check_for_many(target: str, what: tuple[str, ...], *, yes: bool) -> None:
    """Raise `UsageFailure` or `RefusedForSafety` for what is not done to many accounts."""
    if _saved_plan_file(what) is not None:
        raise UsageFailure(
            f'a saved plan is for one account, and the target "{target}" has many. Choose the '
            "one that it was made for with --account NAME."
        )
    if not yes:
        raise RefusedForSafety(
            "nothing was written: the plans of many accounts are not asked about one by one. "
            f"Look at `flowsync plan --target {target}`, then pass --yes."
        )


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
        raise UsageFailure(
            f"the plan {file} cannot be read: {reason_of(exc)}. {LOOK_AT_IT}"
        ) from exc
    except (ValueError, RecursionError) as exc:
        raise StalePlan(
            f"{file} is not a saved plan: it is not JSON. `flowsync plan --out FILE` saves one."
        ) from exc
    problem = fits(document, "plan")
    if problem is not None:
        raise StalePlan(
            f"{file} is not a plan that this flowsync can apply ({problem}). Run `flowsync plan "
            "--out FILE` again; to choose a flow, name its key instead of a file."
        )
    return plan_from_json(document)
