"""`flowsync show`."""

from __future__ import annotations

import click

from flowsync.cli.completing import complete_keys
from flowsync.cli.opening import opened_remote, opened_workspace
from flowsync.cli.options import Common, common_options, format_option
from flowsync.cli.placing import excerpts_for, located_in_flow
from flowsync.errors import RemoteUnavailable
from flowsync.model import ContentState
from flowsync.render.flows_text import flow_to_json, render_flow
from flowsync.workflow import read_flow


@click.command(
    epilog="""\b
Examples:
  flowsync show booking                 by key
  flowsync show 1170000000000001        by id
  flowsync show booking --flow-json     only its Flow JSON, as the remote has it"""
)
@click.argument("flow", metavar="KEY|ID|NAME", shell_complete=complete_keys)
@click.option("--flow-json", is_flag=True, help="Print the remote's Flow JSON and nothing else.")
@format_option
@common_options
def command(common: Common, flow: str, flow_json: bool, output: str) -> None:
    """Show one flow of the account: status, health, and what the platform finds wrong."""
    workspace = opened_workspace(common, (), read_only=True, in_order=False)
    with opened_remote(common, workspace.target, read_only=True) as opened:
        key, found = read_flow(opened.remote, flow, workspace.definitions.values())
    console = common.console
    wrong = located_in_flow(found, key, workspace)
    if flow_json:
        if found.content.state is not ContentState.READ:
            raise RemoteUnavailable(f'the remote shows no Flow JSON of "{found.name}".')
        console.show_json(found.content.value)
    elif output == "json":
        console.show_json(flow_to_json(found, key, wrong))
    else:
        excerpts = excerpts_for(console, workspace)
        console.show(render_flow(found, key, console.style, wrong, excerpts))
