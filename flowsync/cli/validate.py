"""`flowsync validate`."""

from __future__ import annotations

import click

from flowsync.cli.opening import opened_target
from flowsync.cli.options import Common, common_options, environment, format_option
from flowsync.diagnostics import Severity, has_errors
from flowsync.errors import FilesInvalid
from flowsync.render.diagnostics_text import (
    diagnostics_to_json,
    render_diagnostics,
    render_summary,
)
from flowsync.workflow import load_workspace


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
    project, target = opened_target(common, read_only=True)
    workspace = load_workspace(project, target, environment(), keys)
    found = workspace.diagnostics
    checked = len(workspace.flows)
    if workspace.selected is not None:
        files = {path for key in workspace.selected for path in workspace.files_of(key)}
        found = tuple(finding for finding in found if finding.path in files)
        checked = len(workspace.selected)
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
