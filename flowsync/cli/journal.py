"""`flowsync journal`."""

from __future__ import annotations

import itertools
from pathlib import Path

import click

from flowsync.apply.journal import FOLDER, RecordedRun, recorded_runs
from flowsync.cli.options import Common, common_options, environment, format_option, refuse_files
from flowsync.diagnostics import Diagnostic
from flowsync.errors import UsageFailure
from flowsync.model import JsonValue
from flowsync.project import load_project
from flowsync.render.diagnostics_text import render_diagnostics
from flowsync.render.style import Style, clean, count

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

    With --target only the runs against that target.
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
            console.show_json([_summary(found) for found in shown])
        else:
            console.show(_render_runs(shown, console.style) or f"No {which}s{_of(common)}.\n")
        return
    chosen = next((found for found in runs if last or found.run == run), None)
    if chosen is None:
        what = f'there is no run "{run}"' if run is not None else f"there is no {which} yet"
        hint = " `flowsync journal` lists the runs." if run is not None or unfinished else ""
        raise UsageFailure(f"{what}{_of(common)} in {folder.as_posix()}.{hint}")
    if output == "json":
        console.show_json({**_summary(chosen), "lines": list(chosen.lines)})
    else:
        console.show(_render_run(chosen, console.style))


def _of(common: Common) -> str:
    return f' of the target "{clean(common.target)}"' if common.target else ""


def _folder(common: Common) -> Path:
    problems: list[Diagnostic] = []
    project = load_project(common.config, environment(), problems)
    if project is None:
        raise refuse_files(common.console, render_diagnostics(problems, common.console.error_style))
    return project.state_folder / FOLDER


def _summary(run: RecordedRun) -> dict[str, JsonValue]:
    unfinished: list[JsonValue] = list(run.unfinished_writes)
    return {
        "run": run.run,
        "target": run.started.get("target"),
        "started": run.started.get("time"),
        "is_finished": run.is_finished,
        "writes": sum(line.get("event") == "intent" for line in run.lines),
        "unfinished_writes": unfinished,
    }


def _render_runs(runs: list[RecordedRun], style: Style) -> str:
    lines = []
    for run in runs:
        writes = sum(line.get("event") == "intent" for line in run.lines)
        state = _state(run)
        state = style.good(state) if state == "finished" else style.bad(state)
        lines.append(f"{clean(run.run)}  {state}, {count(writes, 'write')}\n")
    return "".join(lines)


def _render_run(run: RecordedRun, style: Style) -> str:
    lines = [style.strong(clean(run.run))]
    for line in run.lines:
        said = _said(line)
        if said:
            text = clean(f"{line.get('time')}  {said}")
            lines.append(text if line.get("event") == "result" else style.quiet(text))
    lines += [
        style.bad(clean(f"{line.get('time')}  {_step(line)}  outcome not known"))
        for line in run.unfinished_writes
    ]
    end = _state(run)
    if end != "finished":
        end += "; `flowsync plan` shows what is left"
    return "\n".join([*lines, end]) + "\n"


def _state(run: RecordedRun) -> str:
    """Give how a run ended; one that was asked to stop did not do all it had to."""
    if not run.is_finished:
        return "did not finish"
    return "stopped as asked" if run.lines[-1].get("stopped_early") is True else "finished"


def _said(line: dict[str, JsonValue]) -> str:
    """Give what a line of a journal says, empty for one that says nothing by itself."""
    message = f": {line['message']}" if line.get("message") else ""
    match line.get("event"):
        case "result":
            again = f"; again in {line['again_in_s']} s" if "again_in_s" in line else ""
            message = message.rstrip(".") if again else message
            return f"{_step(line)}  {line.get('result')}{message}{again}"
        case "backup":
            return f"{line.get('flow')} kept as {line.get('backup')} before the {line.get('step')}"
        case "retry":
            what = "again in" if line.get("is_repeated") else "the account is paused for"
            tried = f"({line.get('attempt')} of {line.get('attempts')})"
            about = f"{line.get('request')}: {line.get('cause')}"
            return f"{about}; {what} {line.get('seconds')} s {tried}"
        case _:
            return ""


def _step(line: dict[str, JsonValue]) -> str:
    said = (line.get(name) for name in ("flow", "step", "flow_id"))  # a create has no id yet
    return " ".join(str(word) for word in said if word is not None)
