"""What earlier runs recorded, as text and for reading by machine."""

from __future__ import annotations

from collections.abc import Iterable

from flowsync.apply.journal import RecordedRun
from flowsync.model import JsonValue
from flowsync.render.style import Style, clean, count


def run_summary(run: RecordedRun) -> dict[str, JsonValue]:
    """Give what a run was, and its writes whose outcome is not known."""
    unfinished: list[JsonValue] = list(run.unfinished_writes)
    return {
        "run": run.run,
        "target": run.started.get("target"),
        "started": run.started.get("time"),
        "is_finished": run.is_finished,
        "writes": sum(line.get("event") == "intent" for line in run.lines),
        "unfinished_writes": unfinished,
    }


def render_runs(runs: Iterable[RecordedRun], style: Style) -> str:
    """Give a line for each run; nothing for none."""
    lines = []
    for run in runs:
        writes = sum(line.get("event") == "intent" for line in run.lines)
        state = _state(run)
        state = style.good(state) if state == "finished" else style.bad(state)
        lines.append(f"{clean(run.run)}  {state}, {count(writes, 'write')}\n")
    return "".join(lines)


def render_run(run: RecordedRun, style: Style) -> str:
    """Give a run write by write, with repetitions, pauses and backups."""
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
