"""`flowsync validate`."""

from __future__ import annotations

from datetime import date
from functools import partial

import click
from click.core import ParameterSource

from flowsync.checking import Request, check
from flowsync.cli.completing import complete_keys_or_files
from flowsync.cli.options import (
    Common,
    common_options,
    environment,
    format_option_of,
    stdin_bytes,
)
from flowsync.cli.report_files import ReportFile, report_option
from flowsync.cli.reported import reported
from flowsync.cli.reporting import (
    REPORT_FORMATS,
    SHOWN_FORMATS,
    ReportShown,
    report_shown,
    show_report,
)
from flowsync.errors import ExitCode
from flowsync.sources import STDIN


@click.command(
    epilog="""\b
Examples:
  flowsync validate                         all flows
  flowsync validate booking 'promo-*'       some of them
  flowsync validate export.json             a Flow JSON without a definition
  curl … | flowsync validate -              the same from stdin
  flowsync validate --format github         annotations in GitHub Actions
  flowsync validate --changed-since main    what changed since then only; the work tree counts
  flowsync validate --watch                 again after each save"""
)
@click.argument(
    "what", nargs=-1, metavar="[KEY|FILE.json|-]...", shell_complete=complete_keys_or_files
)
@click.option(
    "--changed-since",
    metavar="REV",
    help="Only flows whose definition, Flow JSON, fixtures, scenarios or used variables are others "
    "than at this git revision.",
)
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option(
    "--excerpt/--no-excerpt",
    default=None,
    help="Show the line that each finding is about; by default on a terminal only.",
)
@click.option("--watch", is_flag=True, help="Validate again after each save, until Ctrl-C.")
@report_option(REPORT_FORMATS)
@format_option_of(
    *SHOWN_FORMATS,
    help="Text for people, JSON for machines, Markdown for a comment, or what a CI service shows "
    "beside the lines.",
)
@common_options
def command(
    common: Common,
    what: tuple[str, ...],
    changed_since: str | None,
    strict: bool,
    excerpt: bool | None,
    watch: bool,
    reports: tuple[ReportFile, ...],
    output: str,
) -> None:
    """Check definitions and Flow JSON, without a network.

    Everything found is shown at once, as file:line:column, what is wrong, and how to fix it. KEYs
    choose flows by key or glob. A FILE of Flow JSON needs no definition, nor does stdin (-). Exit
    code 3 when something is wrong.
    """
    if watch and (STDIN in what or output != "text" or reports):
        reason = "stdin cannot be watched" if STDIN in what else "--watch shows text only"
        raise click.UsageError(f"{reason}; leave out one of the two.")
    if changed_since is not None and STDIN in what:
        raise click.UsageError("stdin has no revisions; leave out - or --changed-since.")
    console = common.console

    def check_and_show(request: Request, now: str = "") -> ReportShown:
        checked = check(request, environment())
        shown = report_shown(checked, console, is_strict=strict)
        show_report(console, shown, checked, output, excerpt=excerpt, now=now)
        return shown

    if watch:
        from flowsync.cli.watching import watch_files

        request = _request(common, what, changed_since)
        watch_files(console, request, partial(check_and_show, request))
        return
    with reported(console, "validate", reports, REPORT_FORMATS) as run:
        run.subject = check_and_show(_request(common, what, changed_since))
        run.exit_code = ExitCode.DONE if run.subject.is_valid else ExitCode.FILES_INVALID
    raise SystemExit(run.exit_code)


def _request(common: Common, what: tuple[str, ...], changed_since: str | None) -> Request:
    """Give what is asked for; a target from the environment is not insisted on."""
    source = click.get_current_context().get_parameter_source("target")
    is_named = common.target is not None and source is ParameterSource.COMMANDLINE
    return Request(
        words=what,
        config=common.config,
        target=common.target,
        account=common.account,
        insists=is_named or common.account is not None or common.config is not None,
        stdin=stdin_bytes() if STDIN in what else None,
        today=date.today(),
        changed_since=changed_since,
    )
