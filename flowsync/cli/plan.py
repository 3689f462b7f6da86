"""`flowsync plan`."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from pathlib import Path

import click

from flowsync.cli import clock
from flowsync.cli.completing import complete_keys
from flowsync.cli.console import Console
from flowsync.cli.events import JSONL, Events, summary_of_plan
from flowsync.cli.fleet_options import FleetWanted, fleet_options
from flowsync.cli.opening import opened_remote, opened_workspace
from flowsync.cli.options import Common, common_options, format_option_of
from flowsync.cli.plan_details import Wanted, detail_lines
from flowsync.cli.plan_formats import PLAN_FORMATS, PlanShown, plan_shown
from flowsync.cli.redacted import redacted
from flowsync.cli.rehearsing import account_copies, no_preflight_option, no_rehearse_option
from flowsync.cli.report_files import ReportFile, check_apart, report_option
from flowsync.cli.reported import reported
from flowsync.cli.saving import save_private
from flowsync.cli.selecting import Selection, narrowed, selection_options
from flowsync.cli.tracing import TracingWanted, tracing_options
from flowsync.cli.why import check_why, show_why, why_option
from flowsync.errors import ExitCode, FlowsyncError
from flowsync.model import FlowKey
from flowsync.plan.contents import Contents
from flowsync.plan.document import plan_to_json
from flowsync.plan.values import Plan
from flowsync.render.plan_text import render_plan
from flowsync.render.style import clean, count
from flowsync.workflow import make_plan

allow_empty_option = click.option(
    "--allow-empty-remote",
    is_flag=True,
    help="Believe that flows which an earlier run saw are gone, even all of them.",
)
stop_before_option = click.option(
    "--stop-before",
    type=click.Choice(["publish"]),
    help="Leave out publishing and what follows it: upload and let the platform check only.",
)


@click.command(
    epilog="""\b
Examples:
  flowsync plan                         all flows, on the default target
  flowsync plan --target staging        another target
  flowsync plan 'promo-*'               chosen flows only; never prunes
  flowsync plan --why booking           why this flow is planned as it is
  flowsync plan --changed-since main    what changed since then only; the work tree counts
  flowsync plan --base main             where changes come from, as of what was applied last
  flowsync plan --detailed-exitcode     2 when there are changes, for CI
  flowsync plan --out plan.json         save it, for `flowsync apply plan.json`
  flowsync plan --report markdown=plan.md --report junit=plan.xml"""
)
@click.argument("keys", nargs=-1, metavar="[KEY]...", shell_complete=complete_keys)
@click.option("--detailed-exitcode", is_flag=True, help="Exit code 2 when there are changes.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Save the plan as JSON, to be applied as it is.",
)
@stop_before_option
@click.option(
    "--diff",
    type=click.Choice(["words", "raw"]),
    default="words",
    show_default=True,
    help="Say in words what differs in a Flow JSON, or show it line by line too.",
)
@click.option(
    "--before-after",
    is_flag=True,
    help="Show the screens of each changed flow, and which ways between them come and go.",
)
@click.option(
    "--pictures",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write pictures of each changed screen, before and after; Markdown names them.",
)
@why_option
@selection_options
@tracing_options
@allow_empty_option
@no_rehearse_option
@no_preflight_option
@fleet_options
@report_option(PLAN_FORMATS)
@format_option_of("text", "json", JSONL, "markdown", "github")
@common_options
def command(
    common: Common,
    keys: tuple[str, ...],
    selection: Selection,
    tracing: TracingWanted,
    fleet: FleetWanted,
    detailed_exitcode: bool,
    out: Path | None,
    stop_before: str | None,
    diff: str,
    before_after: bool,
    pictures: Path | None,
    why: str | None,
    allow_empty_remote: bool,
    no_rehearse: bool,
    no_preflight: bool,
    reports: tuple[ReportFile, ...],
    output: str,
) -> None:
    """Show what apply would change, and why. Never writes to the remote.

    KEYs choose flows by key or glob. The plan is rehearsed on a copy of the account in memory. Exit
    code 3 when a flow conflicts or the rehearsal fails, 5 when the remote cannot be read whole, 6
    when a rule of `policy` in flowsync.yaml denies it whatever the time.
    """
    from flowsync.cli.fleet_run import fleet_target, refuse_fleet_options, run_on_fleet

    many = fleet_target(common)
    if many is not None:
        code = run_on_fleet(common, many, fleet, "plan", output=output, detailed=detailed_exitcode)
        raise SystemExit(code)
    check_apart(reports, out, "where --out saves the plan")
    console = common.console
    events = Events(console, are_shown=output == JSONL)
    with reported(console, "plan", reports, PLAN_FORMATS, events) as run:
        if out == Path():
            raise click.UsageError("--out needs the name of a file.")
        if why is not None and output not in {"text", "json"}:
            raise click.UsageError("--why is told as text or json.")
        if why is not None and tracing.only_drift:
            raise click.UsageError("--why tells of one flow; leave --only-drift out.")
        workspace = opened_workspace(common, keys, read_only=True)
        refuse_fleet_options(common, workspace.target.name, fleet)
        workspace = narrowed(workspace, selection, console)
        why_key = None if why is None else check_why(why, workspace)
        with opened_remote(common, workspace.target, read_only=True, events=events) as opened:
            planned = make_plan(
                workspace,
                opened.remote,
                account=opened.account,
                allow_empty_remote=allow_empty_remote,
                stop_before_publish=stop_before is not None,
                copied=None if no_rehearse else account_copies(workspace, opened.remote),
                moment=clock.now(),
                tracing=tracing.tracing(workspace),
                with_preflight=not no_preflight,
            )
        plan = planned.plan
        tracing.remark(console, plan)
        wanted = Wanted(
            raw_diffs=diff == "raw",
            graphs=before_after,
            pictures=_pictures(planned.contents, pictures, console),
        )
        shown = plan_shown(plan, workspace, console, planned.contents, wanted)
        run.subject = run.plan = shown
        run.summary = summary_of_plan(shown)
        run.exit_code = exit_code_of(plan, detailed=detailed_exitcode)
        if out is not None:
            _save_plan(plan, out, console)
        if why_key is not None:
            show_why(why_key, planned, workspace, output, console)
        else:
            show_plan(plan, shown, output, console, events)
        if out is not None and output not in {"json", JSONL}:
            console.progress(f"saved as {out}; apply it with: {_apply_command(common, out)}")
    raise SystemExit(run.exit_code)


def _pictures(
    contents: Mapping[FlowKey, Contents], folder: Path | None, console: Console
) -> dict[FlowKey, tuple[tuple[str, str], ...]]:
    """Take pictures of what changes, and give the screens and their files, by key."""
    if folder is None:
        return {}
    from flowsync.cli.preview_files import picture_changes
    from flowsync.preview.page.values import Look

    shown = redacted(contents, console.redact)
    found = {
        key: tuple((one.screen, one.file.as_posix()) for one in taken)
        for key, taken in picture_changes(shown, folder, Look()).items()
    }
    number = sum(map(len, found.values()))
    console.progress(f"{count(number, 'picture')} written to {clean(folder.as_posix())}")
    return found


def show_plan(plan: Plan, shown: PlanShown, output: str, console: Console, events: Events) -> None:
    """Show a plan on stdout in the format that --format names."""
    if output == JSONL:
        events.show_plan(shown)
    elif output == "text":
        text = render_plan(
            plan,
            console.style,
            verbose=console.verbose,
            columns=console.terminal_columns,
            details=detail_lines(shown.contents, shown.wanted, console.style),
        )
        console.show(text)
    elif output == "github":
        console.show_commands(PLAN_FORMATS[output](shown))
    else:
        console.show_ready(PLAN_FORMATS[output](shown), output)


def exit_code_of(plan: Plan, *, detailed: bool) -> ExitCode:
    """Give the exit code that a plan stands for."""
    if plan.listing_doubts:
        return ExitCode.REMOTE_UNREADABLE
    if plan.conflicts or (plan.rehearsal is not None and not plan.rehearsal.converges):
        return ExitCode.FILES_INVALID
    if plan.denials:
        return ExitCode.REFUSED_FOR_SAFETY
    return ExitCode.CHANGES_PENDING if detailed and plan.pending else ExitCode.DONE


def _apply_command(common: Common, file: Path) -> str:
    """Give the command that applies a saved plan, as a shell takes it."""
    words = ["flowsync", "apply", f"./{file}" if str(file).startswith("-") else str(file)]
    words += ["--target", common.target] if common.target else []
    words += ["--config", str(common.config)] if common.config else []
    return shlex.join(words)


def _save_plan(plan: Plan, out: Path, console: Console) -> None:
    document = plan_to_json(plan)
    if console.redact_json(document) != document:
        raise FlowsyncError(
            "the plan is not saved, because it holds the target's token: a flow's name or "
            "endpoint repeats it. Take the token out of there."
        )
    text = json.dumps(document, indent=2) + "\n"
    save_private(out, text, what="the plan", instead="`--format json` prints the plan.")
