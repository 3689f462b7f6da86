"""`flowsync validate`."""

from __future__ import annotations

from datetime import date

import click

from flowsync.cli.options import Common, common_options, environment, format_option
from flowsync.diagnostics import Diagnostic, Severity, has_errors
from flowsync.errors import FilesInvalid
from flowsync.render.diagnostics_text import (
    diagnostics_to_json,
    render_diagnostics,
    render_ignored,
    render_summary,
)
from flowsync.workflow import FilesWrong, Workspace, load_workspace, open_target


@click.command(
    epilog="""\b
Examples:
  flowsync validate                     all flows
  flowsync validate booking 'promo-*'   some of them
  flowsync validate --format json       for other programs"""
)
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@format_option
@common_options
def command(common: Common, keys: tuple[str, ...], strict: bool, output: str) -> None:
    """Check definitions and Flow JSON, without a network.

    Everything found is shown at once, as file:line:column, what is wrong, and how to fix it.
    KEYs choose flows by key or glob. Exit code 3 when something is wrong.
    """
    opened = open_target(common.config, common.target, environment(), read_only=True)
    if isinstance(opened, FilesWrong):
        found, checked = opened.diagnostics, 0
    else:
        workspace = load_workspace(*opened, environment(), keys, today=date.today())
        found, checked = _chosen(workspace)
        if common.console.verbose:
            common.console.note(render_ignored(workspace.ignored, common.console.error_style))
    is_wrong = has_errors(found) or (
        strict and any(finding.severity is Severity.WARNING for finding in found)
    )
    console = common.console
    if output == "json":
        console.show_json({"is_valid": not is_wrong, "findings": diagnostics_to_json(found)})
    else:
        console.show(render_diagnostics(found, console.style))
        console.show(render_summary(found, checked, console.style))
    if is_wrong:
        raise FilesInvalid("")


def _chosen(workspace: Workspace) -> tuple[tuple[Diagnostic, ...], int]:
    """Give the findings about the chosen flows, and how many flows were checked."""
    if workspace.selected is None:
        return workspace.diagnostics, len(workspace.flows)
    files = {path for key in workspace.selected for path in workspace.files_of(key)}
    found = tuple(finding for finding in workspace.diagnostics if finding.path in files)
    return found, len(workspace.selected)
