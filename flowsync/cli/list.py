"""`flowsync list`."""

from __future__ import annotations

import click

from flowsync.cli.opening import opened_remote, opened_workspace
from flowsync.cli.options import Common, common_options, format_option
from flowsync.cli.placing import located_in_listing
from flowsync.errors import ExitCode
from flowsync.plan.identity import match_flows
from flowsync.render.flows_text import listing_to_json, render_listing


@click.command(
    epilog="""\b
Examples:
  flowsync list
  flowsync list --target staging --format json"""
)
@format_option
@common_options
def command(common: Common, output: str) -> None:
    """List the flows of the account, with the keys of those that have a definition here."""
    workspace = opened_workspace(common, (), read_only=True, in_order=False)
    with opened_remote(common, workspace.target, read_only=True) as opened:
        listing = opened.remote.list_flows()
    matches = match_flows(workspace.definitions.values(), listing)
    keys = {match.flow.id: key for key, match in matches.items() if match.flow}
    console = common.console
    if output == "json":
        console.show_json(listing_to_json(listing, keys))
    else:
        wrong = located_in_listing(listing, keys, workspace)
        console.show(render_listing(listing, keys, console.style, wrong))
    if not listing.is_whole:
        raise SystemExit(ExitCode.REMOTE_UNREADABLE)
