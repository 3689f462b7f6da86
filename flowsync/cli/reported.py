"""A run and what is left of it: its reports and its last event, also where it dies of an error.

Each report says first that the run did not finish, so that a run that is killed leaves no report of
an earlier one, and is replaced when the run ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

import click

from flowsync.cli.console import READER_GONE, Console, ReaderGone
from flowsync.cli.options import FilesRefused
from flowsync.cli.redacted import redacted
from flowsync.cli.report_files import ReportFile
from flowsync.errors import ExitCode, FlowsyncError
from flowsync.model import JsonValue
from flowsync.render.failure import Failure

if TYPE_CHECKING:  # `validate` needs neither, and is quick without them
    from flowsync.cli.events import Events
    from flowsync.cli.plan_formats import PlanShown

S = TypeVar("S")

_UNFINISHED = "the run did not finish: it was killed, or is still at work."
_FINE = {ExitCode.DONE, ExitCode.CHANGES_PENDING}


@dataclass(slots=True)
class Run(Generic[S]):
    """A run at work: `subject` is what its reports show, set once it is known.

    `plan` is the plan that had been made before a failure, `summary` what the last event says of
    the run. With `is_final` the subject stands whatever comes: it was written to a remote.
    `exit_code` is how the run ends, which a report that cannot be written may change.
    """

    subject: S | None = None
    plan: PlanShown | None = None
    summary: dict[str, JsonValue] = field(default_factory=dict)
    is_final: bool = False
    exit_code: ExitCode = ExitCode.DONE


@contextmanager
def reported(
    console: Console,
    command: str,
    reports: tuple[ReportFile, ...],
    formats: Mapping[str, Callable[[S], str]],
    events: Events | None = None,
) -> Iterator[Run[S]]:
    """Write the reports of a command and its last event when the block ends, in whatever way."""
    run: Run[S] = Run()
    begun = Failure(command=command, message=_UNFINISHED, exit_code=ExitCode.FAILED)
    for report in reports:
        report.write(_failure_report(begun, report.format))
    try:
        yield run
    except BaseException as exc:
        failure = redacted(failure_of(command, exc), console.redact)
        _write(console, reports, formats, run, failure)
        if events is not None:
            events.tell("summary", **_summary(command, run, failure))
        raise
    if not _write(console, reports, formats, run, None) and run.exit_code in _FINE:
        run.exit_code = ExitCode.FAILED
    if events is not None:
        events.show("summary", **_summary(command, run, None))


def _write(
    console: Console,
    reports: tuple[ReportFile, ...],
    formats: Mapping[str, Callable[[S], str]],
    run: Run[S],
    failure: Failure | None,
) -> bool:
    """Write all reports, and tell whether all could be."""
    problems = []
    for report in reports:
        if failure is not None and not run.is_final:
            text = _failure_report(failure, report.format, run.plan)
        else:
            assert run.subject is not None, "a run that ends well has something to report"
            text = formats[report.format](run.subject)
        problems.append(report.write(text))
    for problem in filter(None, problems):
        console.error(problem)
    return not any(problems)


def _failure_report(failure: Failure, form: str, plan: PlanShown | None = None) -> str:
    from flowsync.cli.failure_formats import failure_report

    return failure_report(failure, form, plan)


def _summary(command: str, run: Run[S], failure: Failure | None) -> dict[str, JsonValue]:
    """Give the last event: how the run ended."""
    from flowsync.render.diagnostics_json import diagnostics_to_json

    error: JsonValue = None
    if failure is not None:
        error = {"message": failure.message, "exit_code": failure.exit_code}
    return {
        "command": command,
        "exit_code": int(run.exit_code if failure is None else failure.exit_code),
        "error": error,
        "findings": diagnostics_to_json(failure.findings if failure else ()),
        **run.summary,
    }


def failure_of(command: str, error: BaseException) -> Failure:
    """Give what is reported of an exception that ends a run, with the exit code it ends with."""
    message, exit_code = _said(error)
    findings = error.findings if isinstance(error, FilesRefused) else ()
    return Failure(command=command, message=message, exit_code=exit_code, findings=findings)


def _said(error: BaseException) -> tuple[str, int]:
    """Give the sentence and the exit code of what ends a run, as `flowsync.cli.main` does."""
    match error:
        case FilesRefused():
            return "the files are wrong.", error.exit_code
        case FlowsyncError():
            return str(error), error.exit_code
        case click.UsageError():
            return error.format_message(), ExitCode.WRONG_USAGE
        case click.Abort() | KeyboardInterrupt():
            return "stopped.", ExitCode.INTERRUPTED
        case ReaderGone() | BrokenPipeError():
            return "nobody read what was printed.", READER_GONE
        case _:
            kind = type(error).__name__
            return f"flowsync has a bug ({kind}: {error}). Please report it.", ExitCode.FAILED
