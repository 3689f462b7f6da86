"""`flowsync import`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import date

import click

from flowsync.assets import schema_beside
from flowsync.cli.completing import complete_keys
from flowsync.cli.opening import opened_remote, opened_target
from flowsync.cli.options import (
    Common,
    common_options,
    environment,
    format_option,
    refuse_files,
)
from flowsync.diagnostics import Severity
from flowsync.errors import ExitCode
from flowsync.importing.build import build_import
from flowsync.importing.candidates import Repository
from flowsync.importing.choosing import choose_flows
from flowsync.importing.proof import Seen
from flowsync.importing.values import Carried, Import, Result
from flowsync.importing.writing import carry_out_import
from flowsync.model import FlowKey, RemoteFlow
from flowsync.observing import read_flows
from flowsync.plan.identity import match_flows
from flowsync.project import Project
from flowsync.remotes.interface import Remote
from flowsync.render.diagnostics_text import render_diagnostics
from flowsync.render.import_json import import_to_json
from flowsync.render.import_text import render_import
from flowsync.sources import Variables
from flowsync.targets import Target
from flowsync.workflow import note_imported, plan_request
from flowsync.workspace import Workspace, as_planned, load_workspace

_IN_STEP = {Result.CREATED, Result.UPDATED, Result.UNCHANGED}


@click.command(
    name="import",
    epilog="""\b
Examples:
  flowsync import                       all flows of the account
  flowsync import --target staging      of another account
  flowsync import "Summer offer"        one flow, by name, id or key
  flowsync import 'promo-*' --force     write changes made in WhatsApp Manager into the files
  flowsync import --dry-run             show what would be written""",
)
@click.argument("words", nargs=-1, metavar="[NAME|ID|KEY|GLOB]...", shell_complete=complete_keys)
@click.option("--force", is_flag=True, help="Write also files that are there and differ.")
@click.option("--deprecated", is_flag=True, help="Also deprecated flows that have no definition.")
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
    """Write definitions and Flow JSON for flows of the account. Never writes to the remote.

    A flow without a definition gets a folder of its own. One that has a definition is changed in
    place where it differs: comments and layout stay. Files that are there are written only with
    --force; without it the differences are shown and the exit code is 6. A deprecated flow without
    a definition is left out unless its name or id is given. After an import a plan of the imported
    flows has nothing to do.

    Exit code 3 when an imported Flow JSON has errors that would stop a plan, 4 when a flow cannot
    be imported; the others still are. With --dry-run neither differences nor errors count.
    """
    project, target = opened_target(common, read_only=True)
    workspace = _workspace(common, project, target)
    with opened_remote(common, target, read_only=True) as opened:
        seen, found = _import(common, words, deprecated, workspace, opened.remote, opened.account)
    carried = tuple(carry_out_import(found.flows, overwrites=force, is_dry=dry_run))
    note_imported(workspace, opened.account, dict(_in_step(carried, seen)))
    code = exit_code_of(found, carried, is_dry=dry_run)
    console = common.console
    if output == "json":
        document = import_to_json(
            found, carried, target=target.name, exit_code=code, is_dry=dry_run
        )
        console.show_json(document)
    else:
        console.show(render_import(found, carried, console.style, verbose=console.verbose))
    findings = [finding for one in carried for finding in one.flow.findings]
    console.note(render_diagnostics(findings, console.error_style))
    for sentence in _next_steps(carried):
        console.progress(sentence)
    raise SystemExit(code)


def exit_code_of(found: Import, carried: Iterable[Carried], *, is_dry: bool) -> ExitCode:
    """Give the exit code that an import ends with: the first that holds, in this order."""
    carried = tuple(carried)
    results = {one.result for one in carried}
    if found.doubts:
        return ExitCode.REMOTE_UNREADABLE
    if Result.FAILED in results:
        return ExitCode.FAILED
    if Result.SKIPPED in results:
        return ExitCode.INCOMPLETE
    if is_dry:
        return ExitCode.DONE
    if Result.KEPT in results:
        return ExitCode.REFUSED_FOR_SAFETY
    if any(one.flow.findings for one in carried):
        return ExitCode.FILES_INVALID
    return ExitCode.DONE


def _workspace(common: Common, project: Project, target: Target) -> Workspace:
    """Read all definitions; that a Flow JSON has errors, or that there are no flows yet, is fine.

    Raises `FilesInvalid` where a definition cannot be read: whether it means a flow of the account
    could not be told.
    """
    workspace = as_planned(load_workspace(project, target, environment(), (), today=date.today()))
    contents = {
        flow.flow_json.path for flow in workspace.flows.values() if flow.flow_json is not None
    }
    has_folder = os.path.lexists(project.flows)
    wrong = [
        finding
        for finding in workspace.diagnostics
        if finding.severity is Severity.ERROR
        and finding.path not in contents
        and (has_folder or finding.path != project.flows.as_posix())
    ]
    if wrong:
        text = render_diagnostics(wrong, common.console.error_style)
        raise refuse_files(common.console, text, wrong)
    return workspace


def _import(
    common: Common,
    words: tuple[str, ...],
    deprecated: bool,
    workspace: Workspace,
    remote: Remote,
    account: str,
) -> tuple[Seen, Import]:
    """Read what is asked for; give that, and what importing it would write."""
    project, target = workspace.project, workspace.target
    listing = remote.list_flows()
    matches = match_flows(workspace.definitions.values(), listing)
    choice = choose_flows(listing, matches, words, with_deprecated=deprecated)
    wanted = tuple(flow.id for flow in choice.flows)
    flows = read_flows(remote, wanted, parallelism=target.limits.parallelism)
    request = plan_request(workspace, remote, account)
    repository = Repository(
        flows=project.flows,
        schema=lambda folder: schema_beside(project.root, folder, "flow"),
        target=target.name,
        targets=tuple(project.targets),
        variables=Variables(environment(), target.vars, target.secret_variables),
        redact=common.console.redact_json,
    )
    seen = Seen(listing=listing, flows=flows)
    return seen, build_import(choice, seen, workspace, repository, request)


def _in_step(carried: Iterable[Carried], seen: Seen) -> Iterator[tuple[FlowKey, RemoteFlow]]:
    """Give the flows whose files now hold what the remote has."""
    for one in carried:
        flow = seen.flows.get(one.flow.id) if one.flow.id else None
        if one.flow.key and one.result in _IN_STEP and isinstance(flow, RemoteFlow):
            yield one.flow.key, flow


def _next_steps(carried: Iterable[Carried]) -> list[str]:
    """Say what a person does next."""
    carried = tuple(carried)
    results = {one.result for one in carried}
    said = []
    if Result.KEPT in results:
        said.append("--force writes the differences shown into the files")
    if any(one.flow.findings for one in carried):
        said.append(
            "the errors above stop a plan of all flows until they are corrected, here or in "
            "WhatsApp Manager"
        )
    elif results & {Result.CREATED, Result.UPDATED}:
        said.append("next: flowsync plan, which has nothing to do for what was imported")
    return said
