"""`flowsync ids`."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from pathlib import Path

import click

from flowsync.cli.completing import complete_keys
from flowsync.cli.console import Console, json_text
from flowsync.cli.ids_files import check_file, format_of, write_file
from flowsync.cli.opening import opened_remote, opened_workspace
from flowsync.cli.options import Common, common_options
from flowsync.cli.redacted import redacted
from flowsync.errors import ExitCode, FilesInvalid, FlowsyncError
from flowsync.model import Listing
from flowsync.plan.ids import KnownFlow, known_flows
from flowsync.render.ids_code import constant_name, render_python, render_typescript
from flowsync.render.ids_text import (
    ids_to_json,
    render_dotenv,
    render_ids,
    sharing_a_name,
    variable_name,
)
from flowsync.render.style import Style
from flowsync.workspace import Workspace

_NAMES = {"dotenv": variable_name, "python": constant_name, "typescript": constant_name}
_file = click.Path(path_type=Path, dir_okay=False)


@click.command(
    epilog="""\b
Examples:
  flowsync ids --format dotenv > flows.env    for services that read variables
  flowsync ids booking --format json          one flow; fails where it has no id
  flowsync ids --out src/flow_ids.py          a module for services in Python
  flowsync ids --check src/flow_ids.py        for CI: 2 when it is out of date"""
)
@click.argument("keys", nargs=-1, metavar="[KEY]...", shell_complete=complete_keys)
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json", "dotenv", "python", "typescript"]),
    help="A table for people (the default), JSON, lines FLOWSYNC_ID_KEY=ID, or a module with "
    "constants and a mapping. With a FILE, what its name ends with (.json, .env, .py, .ts).",
)
@click.option("--out", type=_file, metavar="FILE", help="Write them to a file.")
@click.option(
    "--check",
    type=_file,
    metavar="FILE",
    help="Write nothing; exit code 2, and what differs, when the file is out of date.",
)
@common_options
def command(
    common: Common, keys: tuple[str, ...], output: str | None, out: Path | None, check: Path | None
) -> None:
    """Give the ids of the flows that definitions mean on a target, for services that send.

    KEYs choose flows by key or glob. A flow that is not there yet has no id; exit code 1 when its
    KEY was asked for by name. No file is written or checked while a definition cannot be used.
    """
    file = out or check
    if out is not None and check is not None:
        raise click.UsageError("--out and --check exclude each other.")
    if file == Path():
        raise click.UsageError("--out and --check need the name of a file.")
    output = output or ("text" if file is None else format_of(file))
    workspace = opened_workspace(common, keys, read_only=True, in_order=False)
    if not workspace.files:
        folder = workspace.project.flows.as_posix()
        raise FilesInvalid(f"there are no definitions in {folder}; `flowsync init` makes one.")
    with opened_remote(common, workspace.target, read_only=True) as opened:
        listing = opened.remote.list_flows()
    chosen = workspace.files if workspace.selected is None else workspace.selected
    flows = known_flows(workspace.definitions.values(), listing, chosen)
    console = common.console
    command = _command(common, workspace, keys, output)
    if output in _NAMES:
        _refuse_shared_names(flows, output)
    if file is None:
        _show(flows, workspace, opened.account, output, command, console)
        _refuse_missing(flows, listing, keys, console)
        return
    _refuse_unusable(flows, workspace)
    _refuse_missing(flows, listing, keys, console)
    text = _rendered(
        redacted(flows, console.redact), workspace, opened.account, output, command, Style()
    )
    if out is not None:
        write_file(out, text, output, console)
    else:
        write = f"{command} --out {shlex.quote(str(file))}"
        check_file(file, text, output, write, console)


def _command(common: Common, workspace: Workspace, keys: tuple[str, ...], output: str) -> str:
    """Give the command that does the same, whatever the default target is by then."""
    words = ["flowsync", "ids", *keys, "--target", workspace.target.name, "--format", output]
    words += ["--config", str(common.config)] if common.config else []
    return shlex.join(words)


def _show(
    flows: tuple[KnownFlow, ...],
    workspace: Workspace,
    account: str,
    output: str,
    command: str,
    console: Console,
) -> None:
    if output == "json":
        console.show_json(ids_to_json(flows, workspace.target.name, account))
        return
    shown = redacted(flows, console.redact)
    text = _rendered(shown, workspace, account, output, command, console.style)
    console.show_ready(text, output)


def _rendered(
    flows: tuple[KnownFlow, ...],
    workspace: Workspace,
    account: str,
    output: str,
    command: str,
    style: Style,
) -> str:
    target = workspace.target.name
    match output:
        case "json":
            return json_text(ids_to_json(flows, target, account))
        case "dotenv":
            return render_dotenv(flows)
        case "python":
            return render_python(flows, target, command)
        case "typescript":
            return render_typescript(flows, target, command)
        case _:
            return render_ids(flows, style)


def _refuse_missing(
    flows: Iterable[KnownFlow], listing: Listing, keys: tuple[str, ...], console: Console
) -> None:
    """End where the listing may lack some, or a key that was asked for by name has no id."""
    if not listing.is_whole:
        for doubt in listing.doubts:
            console.error(f"the account's listing may not be whole: {doubt}.")
        raise SystemExit(ExitCode.REMOTE_UNREADABLE)
    missing = [one for one in flows if one.flow is None and one.key in keys]
    if missing:
        raise FlowsyncError("\n".join(f'"{one.key}" has no id: {one.reason}' for one in missing))


def _refuse_unusable(flows: Iterable[KnownFlow], workspace: Workspace) -> None:
    unusable = [one.key for one in flows if one.key not in workspace.flows]
    if unusable:
        raise FilesInvalid(
            f"the definition of {', '.join(unusable)} cannot be used, so the file would lack it. "
            "`flowsync validate` says why."
        )


def _refuse_shared_names(flows: Iterable[KnownFlow], output: str) -> None:
    name_of = _NAMES[output]
    shared = sharing_a_name(flows, name_of)
    if shared is not None:
        first, second = shared
        raise FlowsyncError(
            f'the keys "{first}" and "{second}" would both be {name_of(first)}. Choose one '
            "of them by its key, rename one, or use --format json."
        )
