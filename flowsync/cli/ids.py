"""`flowsync ids`."""

from __future__ import annotations

from collections.abc import Iterable

import click

from flowsync.cli.opening import opened_remote, opened_workspace
from flowsync.cli.options import Common, common_options
from flowsync.errors import ExitCode, FilesInvalid, FlowsyncError
from flowsync.plan.ids import KnownFlow, known_flows
from flowsync.render.ids_text import (
    ids_to_json,
    render_dotenv,
    render_ids,
    sharing_a_variable,
    variable_name,
)


@click.command(
    epilog="""\b
Examples:
  flowsync ids --format dotenv > flows.env    for services that read variables
  flowsync ids booking --format json          one flow; fails where it has no id
  flowsync ids --target staging               another target"""
)
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json", "dotenv"]),
    default="text",
    show_default=True,
    help="A table for people, JSON, or lines FLOWSYNC_ID_KEY=ID.",
)
@common_options
def command(common: Common, keys: tuple[str, ...], output: str) -> None:
    """Give the ids of the flows that definitions mean on a target, for services that send.

    KEYs choose flows by key or glob. A flow that is not there yet has no id; exit code 1 when its
    KEY was asked for by name.
    """
    workspace = opened_workspace(common, keys, read_only=True, in_order=False)
    if not workspace.files:
        folder = workspace.project.flows.as_posix()
        raise FilesInvalid(f"there are no definitions in {folder}; `flowsync init` makes one.")
    with opened_remote(common, workspace.target, read_only=True) as opened:
        listing = opened.remote.list_flows()
    chosen = workspace.files if workspace.selected is None else workspace.selected
    flows = known_flows(workspace.definitions.values(), listing, chosen)
    console = common.console
    match output:
        case "json":
            console.show_json(ids_to_json(flows, workspace.target.name, opened.account))
        case "dotenv":
            _refuse_shared_variables(flows)
            console.show(render_dotenv(flows))
        case _:
            console.show(render_ids(flows, console.style))
    if not listing.is_whole:
        for doubt in listing.doubts:
            console.error(f"the account's listing may not be whole: {doubt}.")
        raise SystemExit(ExitCode.REMOTE_UNREADABLE)
    missing = [one for one in flows if one.flow is None and one.key in keys]
    if missing:
        raise FlowsyncError("\n".join(f'"{one.key}" has no id: {one.reason}' for one in missing))


def _refuse_shared_variables(flows: Iterable[KnownFlow]) -> None:
    shared = sharing_a_variable(flows)
    if shared is not None:
        first, second = shared
        raise FlowsyncError(
            f'the keys "{first}" and "{second}" would both be {variable_name(first)}. Choose one '
            "of them by its key, rename one, or use --format json."
        )
