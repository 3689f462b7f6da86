"""`flowsync restore`."""

from __future__ import annotations

import threading
from pathlib import Path

import click

from flowsync.apply.backups import FOLDER, Backup, saved_backups
from flowsync.cli.applying import apply_shown
from flowsync.cli.completing import complete_keys
from flowsync.cli.consent import consent_options
from flowsync.cli.earlier import plan_earlier
from flowsync.cli.locking import lock_timeout_option, locked
from flowsync.cli.opening import opened_remote, opened_target
from flowsync.cli.options import Common, common_options, format_option
from flowsync.cli.plan import stop_before_option
from flowsync.cli.rehearsing import no_rehearse_option
from flowsync.diagnostics import nearest
from flowsync.errors import MAKE_ROOM, ExitCode, FlowsyncError, UsageFailure, reason_of
from flowsync.model import mapping_in
from flowsync.render.backups_text import backup_summary, render_backups
from flowsync.restoring import definition_of, flow_id_of, flow_json_text, key_of, workspace_of
from flowsync.workflow import Consent


@click.command(
    epilog="""\b
Examples:
  flowsync restore                            list what apply has kept
  flowsync restore booking                    put back what was kept last of a flow
  flowsync restore booking --out old.json     write its Flow JSON to a file instead"""
)
@click.argument("what", required=False, metavar="[BACKUP|KEY|ID]", shell_complete=complete_keys)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the Flow JSON to a new file and change nothing on the remote.",
)
@consent_options
@stop_before_option
@no_rehearse_option
@lock_timeout_option
@format_option
@common_options
def command(
    common: Common,
    what: str | None,
    out: Path | None,
    yes: bool,
    allow: frozenset[str],
    accept_gate: dict[str, float],
    stop_before: str | None,
    no_rehearse: bool,
    lock_timeout: float,
    output: str,
) -> None:
    """Put back what a flow held before apply wrote over it or deleted it.

    Without a word it lists what was kept. With one the flow is planned, shown and applied as it
    was: its Flow JSON, name, categories and endpoint.
    """
    if out == Path():
        raise click.UsageError("--out needs the name of a file.")
    project, target = opened_target(common, read_only=what is None or out is not None)
    folder = project.state_folder / FOLDER
    console = common.console
    if what is None:
        if out is not None:
            raise click.UsageError("name a backup, a key or an id to be written with --out.")
        kept = list(saved_backups(folder))
        if output == "json":
            console.show_json([backup_summary(backup) for backup in kept])
        else:
            console.show(render_backups(kept, console.style))
        return
    backup = _chosen(folder, what, target.name)
    if out is not None:
        _write(out, flow_json_text(backup))
        console.progress(f"{backup.name} written to {out}")
        return
    stop = threading.Event()
    with (
        opened_remote(common, target, read_only=False, stop=stop) as opened,
        locked(console, target, opened.account, project.state_folder, timeout=lock_timeout),
    ):
        if backup.document["account"] != opened.account:
            raise UsageFailure(
                f"{backup.name} is of account {backup.document['account']}, and the target "
                f'"{target.name}" is account {opened.account} now.'
            )
        definition = definition_of(backup, opened.remote.list_flows())
        workspace = workspace_of(project, target, backup, definition)
        planned = plan_earlier(workspace, opened, stop_before=stop_before, no_rehearse=no_rehearse)
        outcome = apply_shown(
            common,
            workspace,
            opened,
            planned.plan,
            Consent(allow=allow, accepted_gates=accept_gate),
            yes=yes,
            output=output,
            stop=stop,
        )
    if outcome.exit_code is ExitCode.DONE:
        console.progress(
            "the definitions in flows/ are as they were: the next apply makes the flow what they "
            "ask for"
        )
    console.progress(
        f"`flowsync restore {backup.name} --out FILE` writes the Flow JSON that was kept into a "
        "file, for a definition"
    )
    raise SystemExit(outcome.exit_code)


def _chosen(folder: Path, what: str, target: str) -> Backup:
    """Give the backup of this name, or else the latest of a flow of the target."""
    from flowsync.validation.schema import fits

    kept = list(saved_backups(folder))
    named = [backup for backup in kept if backup.name == what]
    ours = [backup for backup in kept if backup.document.get("target") == target]
    words = [backup for backup in ours if what in _words(backup)]
    if not named and Path(what).name == what and (folder / f"{what}.json").is_file():
        raise UsageFailure(
            f"{folder / what}.json is not a backup that can be restored. Choose another."
        )
    if named and named[0] not in ours:
        raise UsageFailure(
            f'{what} is of the target "{named[0].document.get("target")}". Name it with --target.'
        )
    if not named and not words:
        others = {str(one.document.get("target")) for one in kept if what in _words(one)}
        if others:
            raise UsageFailure(
                f'nothing is kept of "{what}" for the target "{target}", but there is for '
                f"{', '.join(sorted(others))}. Name it with --target."
            )
        near = nearest(what, {word for backup in ours for word in (*_words(backup), backup.name)})
        hint = f'Did you mean "{near}"?' if near else "`flowsync restore` lists what there is."
        raise UsageFailure(f'nothing is kept of "{what}" for the target "{target}". {hint}')
    backup = (named or words)[0]
    problem = fits(backup.document, "backup")
    if problem is not None:
        raise UsageFailure(
            f"{backup.file} is not a backup that can be restored ({problem}). "
            "Choose another: `flowsync restore` lists what there is."
        )
    return backup


def _words(backup: Backup) -> tuple[str, ...]:
    name = str(mapping_in(backup.document.get("flow")).get("name"))
    return (key_of(backup), flow_id_of(backup), name)


def _write(file: Path, text: str) -> None:
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError as exc:
        raise FlowsyncError(
            f"{file} exists already, and is left as it is. Name another file."
        ) from exc
    except OSError as exc:
        raise FlowsyncError(f"{file} cannot be written: {reason_of(exc)}. {MAKE_ROOM}") from exc
