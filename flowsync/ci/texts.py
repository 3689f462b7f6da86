"""The text of a comment, an issue or a job's summary: marker, report, and whence it comes."""

from __future__ import annotations

from collections.abc import Sequence

from flowsync.ci.job import Job
from flowsync.ci.marker import Marker, State
from flowsync.render.comment_size import COMMENT_LIMIT
from flowsync.render.style import clean

MAX_SUMMARY_BYTES = 1024 * 1024  # of one step

# Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
_TOO_LONG = "The report is too long to stand here; it is in the files of [the run]({run}).\n"


def body_text(marker: Marker, state: State, report: str, job: Job) -> str:
    """Give a whole comment; of a report that is too long only what stands before its table."""
    head = f"{marker.line}\n{state.line}\n"
    foot = f"\n<sub>{_origin(state, job)}</sub>\n"
    room = COMMENT_LIMIT - len(head) - len(foot)
    return head + _fitting(report, room, job) + foot


def summary_text(report: str, job: Job) -> str:
    """Give a report as it fits into the summary of a step."""
    if len(report.encode()) <= MAX_SUMMARY_BYTES:
        return report
    return _fitting(report, 0, job)


def _fitting(report: str, room: int, job: Job) -> str:
    """Give a report, or its first paragraph where all of it has no room."""
    report = report.rstrip("\n") + "\n"
    if len(report) <= room:
        return report
    first = report.split("\n\n", 1)[0]
    note = _TOO_LONG.format(run=job.run_url)
    return f"{first}\n\n{note}" if len(first) < COMMENT_LIMIT // 2 else note


def _origin(state: State, job: Job) -> str:
    digest = f" · plan `{state.digest}`" if state.digest else ""
    return f"[run]({job.run_url}) · commit {state.head[:12]}{digest}"


def report_text(reports: Sequence[str], remark: str, exit_code: int) -> str:
    """Give what a run has to say: its reports, then what it said instead of one.

    A remark is the text of a terminal; it stands in a block where nothing in it has a meaning.
    """
    parts = [report.strip("\n") for report in reports]
    if remark.strip():
        lines = clean(remark.strip(), keep="\n").splitlines()
        parts.append("\n".join(f"    {line}" for line in lines))
    if not parts:
        parts.append(f"flowsync ended with exit code {exit_code}; the log of the run says why.")
    return "\n\n".join(parts) + "\n"
