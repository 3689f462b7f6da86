"""`flowsync journal`."""

from __future__ import annotations

import itertools
from pathlib import Path

import click

from flowsync.apply.journal import FOLDER, recorded_runs
from flowsync.cli.opening import opened_target
from flowsync.cli.options import Common, common_options, environment, format_option, refuse_files
from flowsync.diagnostics import Diagnostic
from flowsync.errors import UsageFailure
from flowsync.fleet.accounts import is_fleet
from flowsync.project import load_project
from flowsync.render.diagnostics_text import render_diagnostics
from flowsync.render.journal_text import render_run, render_runs, run_summary
from flowsync.render.style import clean

_MOST_RUNS = 20


@click.command(
    epilog="""\b
Examples:
  flowsync journal                  the latest runs
  flowsync journal --last           every write of the latest run
  flowsync journal --unfinished     runs that died, with writes whose outcome is not known"""
)
@click.argument("run", required=False)
@click.option("--last", is_flag=True, help="Show the latest run.")
@click.option("--unfinished", is_flag=True, help="Only runs that did not come to their end.")
@format_option
@common_options
def command(common: Common, run: str | None, last: bool, unfinished: bool, output: str) -> None:
    """Show what earlier applies did on this machine: the runs, or one RUN write by write.

    With --target only the runs against that target, of one account with --account.
    """
    if run is not None and (last or unfinished):
        raise click.UsageError("give either a RUN, or --last and --unfinished.")
    folder = _folder(common)
    runs = (
        found
        for found in recorded_runs(folder)
        if (not unfinished or not found.is_finished)
        and (run is not None or common.target in {None, found.started.get("target")})
    )
    which = "unfinished run" if unfinished else "run"
    console = common.console
    if run is None and not last:
        shown = list(itertools.islice(runs, _MOST_RUNS))
        if output == "json":
            console.show_json([run_summary(found) for found in shown])
        else:
            console.show(render_runs(shown, console.style) or f"No {which}s{_of(common)}.\n")
        return
    chosen = next((found for found in runs if last or found.run == run), None)
    if chosen is None:
        what = f'there is no run "{run}"' if run is not None else f"there is no {which} yet"
        hint = " `flowsync journal` lists the runs." if run is not None or unfinished else ""
        raise UsageFailure(f"{what}{_of(common)} in {folder.as_posix()}.{hint}")
    if output == "json":
        console.show_json({**run_summary(chosen), "lines": list(chosen.lines)})
    else:
        console.show(render_run(chosen, console.style))


def _of(common: Common) -> str:
    return f' of the target "{clean(common.target)}"' if common.target else ""


def _folder(common: Common) -> Path:
    problems: list[Diagnostic] = []
    project = load_project(common.config, environment(), problems)
    if project is None:
        text = render_diagnostics(problems, common.console.error_style)
        raise refuse_files(common.console, text, problems)
    target = common.target or project.default_target
    if common.account is not None or (target is not None and is_fleet(project, target)):
        project, _ = opened_target(common, read_only=True)
    return project.state_folder / FOLDER
