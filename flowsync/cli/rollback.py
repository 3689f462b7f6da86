"""`flowsync rollback`."""

from __future__ import annotations

import shlex
import threading
from dataclasses import KW_ONLY, dataclass
from datetime import date

import click

from flowsync.cli.applying import apply_shown
from flowsync.cli.completing import complete_keys
from flowsync.cli.consent import consent_options
from flowsync.cli.earlier import plan_earlier
from flowsync.cli.events import JSONL, Events, summary_of_plan
from flowsync.cli.locking import lock_timeout_option, locked
from flowsync.cli.opening import OpenRemote, opened_remote, opened_workspace, show_findings
from flowsync.cli.options import Common, common_options, environment, format_option_of
from flowsync.cli.outcome_formats import OUTCOME_FORMATS
from flowsync.cli.plan import exit_code_of, show_plan, stop_before_option
from flowsync.cli.plan_formats import PLAN_FORMATS, plan_shown
from flowsync.cli.rehearsing import no_rehearse_option
from flowsync.cli.report_files import ReportFile, report_option
from flowsync.cli.reported import reported
from flowsync.cli.tracing import TracingWanted, prefer_option
from flowsync.diagnostics import has_errors
from flowsync.render.style import clean
from flowsync.revisions import read_earlier
from flowsync.rolling_back import RollBack, roll_back_to, what_stays
from flowsync.workflow import Consent, Planned


@click.command(
    epilog="""\b
Examples:
  flowsync rollback --to v1.4 --dry-run    show what going back would change
  flowsync rollback --to HEAD~1            plan, ask, apply
  flowsync rollback --to v1.4 booking      one flow only"""
)
@click.argument("keys", nargs=-1, metavar="[KEY]...", shell_complete=complete_keys)
@click.option("--to", "revision", required=True, metavar="REV", help="A commit, tag or branch.")
@click.option("--dry-run", is_flag=True, help="Show the plan and change nothing.")
@consent_options
@prefer_option
@stop_before_option
@no_rehearse_option
@lock_timeout_option
@report_option(OUTCOME_FORMATS)
@format_option_of("text", "json", JSONL, "markdown")
@common_options
def command(
    common: Common,
    keys: tuple[str, ...],
    revision: str,
    dry_run: bool,
    yes: bool,
    allow: frozenset[str],
    accept_gate: dict[str, float],
    prefer: str | None,
    stop_before: str | None,
    no_rehearse: bool,
    lock_timeout: float,
    reports: tuple[ReportFile, ...],
    output: str,
) -> None:
    """Bring flows back to what their definitions asked for at a git revision.

    The definitions and Flow JSON are those of REV, the target, its variables and its policy those
    of today. Flows without a definition then are left alone, and no file is changed: the next
    apply makes the flows what the repository asks for.
    """
    console = common.console
    events = Events(console, are_shown=output == JSONL)
    wanted = _Wanted(
        common,
        revision,
        keys,
        tracing=TracingWanted(prefer=prefer),
        stop_before=stop_before,
        no_rehearse=no_rehearse,
    )
    if dry_run:
        with reported(console, "rollback", reports, PLAN_FORMATS, events) as plan_run:
            back = wanted.read(read_only=True)
            with opened_remote(
                common, back.workspace.target, read_only=True, events=events
            ) as opened:
                planned = wanted.planned(back, opened)
            shown = plan_shown(planned.plan, back.workspace, console, planned.contents)
            plan_run.subject = plan_run.plan = shown
            plan_run.summary = summary_of_plan(shown)
            plan_run.exit_code = exit_code_of(planned.plan, detailed=False)
            show_plan(planned.plan, shown, output, console, events)
        raise SystemExit(plan_run.exit_code)
    stop = threading.Event()
    with reported(console, "rollback", reports, OUTCOME_FORMATS, events) as run:
        back = wanted.read(read_only=False)
        workspace = back.workspace
        with (
            opened_remote(
                common, workspace.target, read_only=False, stop=stop, events=events
            ) as opened,
            locked(
                console,
                workspace.target,
                opened.account,
                workspace.project.state_folder,
                timeout=lock_timeout,
            ),
        ):
            outcome = apply_shown(
                common,
                workspace,
                opened,
                wanted.planned(back, opened).plan,
                Consent(allow=allow, accepted_gates=accept_gate),
                yes=yes,
                output=output,
                stop=stop,
                run=run,
                events=events,
            )
        run.exit_code = outcome.exit_code
    raise SystemExit(run.exit_code)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is to be rolled back, to where and how."""

    common: Common
    revision: str
    keys: tuple[str, ...]
    _: KW_ONLY
    tracing: TracingWanted
    stop_before: str | None
    no_rehearse: bool

    def read(self, *, read_only: bool) -> RollBack:
        """Read the definitions of then; says which flows are left alone. Raises `FilesInvalid`."""
        today = opened_workspace(self.common, (), read_only=read_only, in_order=False)
        env, console = environment(), self.common.console
        earlier = read_earlier(today.project, self.revision, env)
        back = roll_back_to(today, earlier, env, self.keys, day=date.today())
        shown = earlier.revision.shown
        if has_errors(back.workspace.diagnostics):
            console.note(f"these are the definitions as of {clean(shown)}:\n")
        show_findings(console, back.workspace)
        if back.later:
            console.progress(
                f"without a definition at {shown}, and left alone: {', '.join(back.later)}"
            )
        return back

    def planned(self, back: RollBack, opened: OpenRemote) -> Planned:
        """Plan, and say what stays as it is and what the repository still asks for."""
        planned = plan_earlier(
            back.workspace,
            opened,
            stop_before=self.stop_before,
            no_rehearse=self.no_rehearse,
            tracing=self.tracing.tracing(back.workspace),
        )
        console = self.common.console
        for said in what_stays(planned.plan):
            console.progress(said)
        if planned.plan.pending:
            console.progress(self._next_step(back))
        return planned

    def _next_step(self, back: RollBack) -> str:
        folder = shlex.quote(back.workspace.project.flows.as_posix())
        return (
            "no file is changed: the repository still asks for the newer state, and the next apply "
            f"brings it back. `git revert`, or `git checkout {shlex.quote(self.revision)} -- "
            f"{folder}` and a commit, makes the files ask for this too"
        )
