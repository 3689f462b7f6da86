"""`flowsync status`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import click

from flowsync.cli import clock
from flowsync.cli.completing import complete_keys
from flowsync.cli.opening import opened_remote, opened_workspace
from flowsync.cli.options import Common, common_options, format_option
from flowsync.cli.placing import located_in_flow
from flowsync.cli.redacted import redacted
from flowsync.errors import ExitCode, FilesInvalid, RemoteError
from flowsync.model import FlowId, PreviewLink, RemoteFlow
from flowsync.observing import read_flows, read_preview_links
from flowsync.plan.ids import KnownFlow, known_flows
from flowsync.render.status_text import render_status, status_to_json
from flowsync.render.style import clean
from flowsync.status.conditions import WORDS, read_conditions
from flowsync.status.report import FlowReport, report_on
from flowsync.workspace import Workspace

_WHO_SEES = (
    "Whoever has a preview link can see the flow, without a login: share it only with people who "
    "may, and do not post it publicly."
)


@click.command(
    epilog="""\b
Examples:
  flowsync status                                          all flows that have a definition
  flowsync status booking --format json                    one of them
  flowsync status booking --preview-links                  where a browser shows it
  flowsync status --fail-on 'throttled,frozen<30d'         for a scheduled check: 4 when met"""
)
@click.argument("keys", nargs=-1, metavar="[KEY]...", shell_complete=complete_keys)
@click.option(
    "--fail-on",
    "fail_on",
    multiple=True,
    metavar="WORDS",
    help=f"Exit code 4 when a flow is: {', '.join(WORDS)} (any number of days). `errors` are those "
    "that the platform finds in a Flow JSON that nobody changed. With commas, or several times.",
)
@click.option(
    "--preview-links",
    is_flag=True,
    help="Show the platform's web preview link of each flow. Whoever has it can see the flow.",
)
@format_option
@common_options
def command(
    common: Common,
    keys: tuple[str, ...],
    fail_on: tuple[str, ...],
    preview_links: bool,
    output: str,
) -> None:
    """Show how the flows are doing that definitions mean on a target.

    That is: status, health, whether the platform still takes the version of the Flow JSON, and the
    errors that it finds. KEYs choose flows by key or glob. Never writes to the remote. Exit code 5
    when some could not be read.
    """
    conditions = read_conditions(fail_on)
    if preview_links and common.console.in_ci:
        raise click.UsageError(
            "--preview-links is not for CI: a job's log may be public, and whoever has a preview "
            "link can see the flow. Run it on your own machine."
        )
    workspace = opened_workspace(common, keys, read_only=True, in_order=False)
    if not workspace.files:
        folder = workspace.project.flows.as_posix()
        raise FilesInvalid(f"there are no definitions in {folder}; `flowsync init` makes one.")
    target, console = workspace.target, common.console
    chosen = workspace.files if workspace.selected is None else workspace.selected
    with opened_remote(common, target, read_only=True) as opened:
        listing = opened.remote.list_flows()
        known = known_flows(workspace.definitions.values(), listing, chosen)
        there = tuple(one.flow.id for one in known if one.flow)
        parallelism = target.limits.parallelism
        read = read_flows(opened.remote, there, parallelism=parallelism) if there else {}
        links = (
            read_preview_links(opened.remote, there, parallelism=parallelism)
            if preview_links
            else {}
        )
    reports = tuple(
        _with_preview(_report(one, read, workspace, date.today()), links) for one in known
    )
    found = {
        one.key: located_in_flow(one.details, one.key, workspace)
        for one in reports
        if one.details is not None
    }
    if output == "json":
        document = status_to_json(
            reports,
            found,
            conditions,
            target=target.name,
            account=opened.account,
            doubts=listing.doubts,
            with_previews=preview_links,
        )
        console.show_json(document)
    else:
        shown, wrong = redacted(reports, console.redact), redacted(found, console.redact)
        console.show_ready(render_status(shown, wrong, console.style), output)
    if any(one.preview for one in reports):
        console.note(_WHO_SEES + "\n")
    for doubt in listing.doubts:
        console.error(f"the account's listing may not be whole: {doubt}.")
    if listing.doubts or any(one.is_unread for one in reports):
        raise SystemExit(ExitCode.REMOTE_UNREADABLE)
    met = [(one.key, each.text) for each in conditions for one in reports if each.holds(one)]
    for key, text in met:
        console.note(f"{clean(key)} fails on {text}\n")
    if met:
        raise SystemExit(ExitCode.INCOMPLETE)


def _with_preview(
    report: FlowReport, links: Mapping[FlowId, PreviewLink | RemoteError | None]
) -> FlowReport:
    """Give the report with the preview link of its flow, or with why there is none."""
    if report.flow is None or report.flow.id not in links:
        return report
    link = links[report.flow.id]
    if isinstance(link, PreviewLink):
        until = link.expires_at
        if until is None or until > clock.now():
            return replace(report, preview=link)
        return replace(
            report, no_preview=f"the one that the remote gives expired on {until:%Y-%m-%d}."
        )
    return replace(report, no_preview=str(link or "the remote gives none."))


def _report(
    known: KnownFlow,
    read: Mapping[FlowId, RemoteFlow | RemoteError],
    workspace: Workspace,
    today: date,
) -> FlowReport:
    details = read.get(known.flow.id) if known.flow else None
    is_read = isinstance(details, RemoteFlow)
    return report_on(
        known.key,
        workspace.definitions.get(known.key),
        known.flow,
        details if isinstance(details, RemoteFlow) else None,
        reason=known.reason if is_read or details is None else f"it could not be read: {details}",
        today=today,
    )
