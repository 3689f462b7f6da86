"""`flowsync import`."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date

import click

from flowsync.cli.opening import opened_remote, opened_target
from flowsync.cli.options import Common, common_options, environment, format_option, refuse_files
from flowsync.diagnostics import Diagnostic, Severity, in_reading_order
from flowsync.errors import ExitCode, FlowsyncError, RemoteError, RemoteUnavailable
from flowsync.importing.choosing import choose_flows
from flowsync.importing.planning import ImportRequest, plan_import
from flowsync.importing.values import Fate, FlowImport, Import
from flowsync.importing.writing import carry_out
from flowsync.model import Observed, RemoteFlow
from flowsync.observing import read_flows
from flowsync.plan.identity import match_flows
from flowsync.render.diagnostics_text import render_diagnostics
from flowsync.render.import_text import import_to_json, render_import
from flowsync.render.style import count
from flowsync.sources import Variables
from flowsync.workflow import plan_request
from flowsync.workspace import Workspace, load_workspace


@click.command(
    epilog="""\b
Examples:
  flowsync import                        all flows of the account
  flowsync import 'Promo *' booking      by name, id, glob, or the key of a definition here
  flowsync import --dry-run              show what would be written
  flowsync import booking --force        take over what was changed in WhatsApp Manager"""
)
@click.argument("words", nargs=-1, metavar="[NAME|ID|GLOB|KEY]...")
@click.option("--force", is_flag=True, help="Also change files that exist; comments stay.")
@click.option("--deprecated", is_flag=True, help="Deprecated flows too, not only named ones.")
@click.option("--dry-run", is_flag=True, help="Write nothing; show what would be written.")
@format_option
@common_options
def command(
    common: Common,
    words: tuple[str, ...],
    force: bool,
    deprecated: bool,
    dry_run: bool,
    output: str,
) -> None:
    """Write definitions and Flow JSON for flows of the account, so that a plan is empty.

    A new flow gets a folder of its own. A flow that has a definition here is updated in place, and
    only with --force: without it the differences are shown, and the exit code is 6. Exit code 4
    when a flow had to be skipped. Only reads from the remote.
    """
    console = common.console
    workspace, variables = _repository(common)
    planned = _planned(common, workspace, variables, words, deprecated=deprecated)
    failures: list[str] = []
    flows = workspace.project.flows
    results = [
        (flow, carry_out(flow, flows, failures, force=force, dry_run=dry_run))
        for flow in planned.flows
    ]
    if output == "json":
        console.show_json(import_to_json(planned, results))
    else:
        _show_findings(common, planned.flows)
        console.show(render_import(planned, results, console.style))
    if failures:
        raise FlowsyncError("\n".join(failures))
    fates = {fate for _, fate in results}
    if dry_run:
        return
    if Fate.SKIPPED in fates:
        raise SystemExit(ExitCode.INCOMPLETE)
    if Fate.KEPT in fates:
        raise SystemExit(ExitCode.REFUSED_FOR_SAFETY)


def _repository(common: Common) -> tuple[Workspace, Variables]:
    """Give the repository, whose definitions must all be readable to know which flows they mean.

    Raises `FilesInvalid` where one is not. What is wrong in Flow JSON does not matter here.
    """
    project, target = opened_target(common, read_only=True)
    workspace = load_workspace(project, target, environment(), (), today=date.today())
    findings = [one for one in workspace.diagnostics if _is_about_files(one, workspace)]
    if findings:
        text = render_diagnostics(findings, common.console.error_style)
        raise refuse_files(common.console, text, findings)
    return workspace, Variables(environment(), target.vars, target.secret_variables)


def _is_about_files(finding: Diagnostic, workspace: Workspace) -> bool:
    flows = workspace.project.flows
    is_missing = finding.path == flows.as_posix() and not os.path.lexists(flows)
    is_error = finding.severity is Severity.ERROR
    return is_error and finding.rule.startswith("FS0") and not is_missing


def _planned(
    common: Common,
    workspace: Workspace,
    variables: Variables,
    words: Iterable[str],
    *,
    deprecated: bool,
) -> Import:
    """Read the chosen flows, and plan what to write for them."""
    console, target = common.console, workspace.target
    with opened_remote(common, target, read_only=True) as opened:
        listing = opened.remote.list_flows()
        if not listing.is_whole:
            raise RemoteUnavailable(
                f"the account's listing may not be whole: {'; '.join(listing.doubts)}. Nothing "
                "was written."
            )
        matches = match_flows(workspace.definitions.values(), listing)
        choice = choose_flows(words, listing, matches, with_deprecated=deprecated)
        wanted = tuple(flow.id for flow in choice.flows)
        answers = read_flows(opened.remote, wanted, target.limits.parallelism) if wanted else {}
        details = {key: flow for key, flow in answers.items() if isinstance(flow, RemoteFlow)}
        unread = {
            key: str(error) for key, error in answers.items() if isinstance(error, RemoteError)
        }
        request = ImportRequest(
            workspace=workspace,
            variables=variables,
            choice=choice,
            matches=matches,
            observed=Observed(listing=listing, details=details),
            unread=unread,
            plan=plan_request(workspace, opened.remote, opened.account),
            holds_secret=lambda value: console.redact_json(value) != value,
        )
    return plan_import(request)


def _show_findings(common: Common, flows: Iterable[FlowImport]) -> None:
    """Show on stderr what is wrong in imported Flow JSON, and what that means for a plan."""
    findings = in_reading_order(one for flow in flows for one in flow.findings)
    if not findings:
        return
    common.console.note(render_diagnostics(findings, common.console.error_style))
    errors = sum(one.severity is Severity.ERROR for one in findings)
    if errors:
        common.console.progress(
            f"{count(errors, 'error')} in the Flow JSON of the account; a plan goes on when they "
            "are corrected"
        )
