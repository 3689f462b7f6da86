"""Reports: what a run gives, in files beside what it shows, also where the run dies of an error.

Each file says first that the run did not finish, so that a run that is killed leaves no report of
an earlier one, and is replaced when the run ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import click

from flowsync.cli.console import Console, ReaderGone
from flowsync.cli.failure_formats import failure_report
from flowsync.cli.options import FilesRefused
from flowsync.cli.plan_formats import PlanShown
from flowsync.cli.redacted import redacted
from flowsync.diagnostics import nearest
from flowsync.errors import ExitCode, FlowsyncError, reason_of
from flowsync.private_files import write_private_file
from flowsync.render.failure import Failure

F = TypeVar("F", bound=Callable[..., Any])
S = TypeVar("S")

UNFINISHED = "the run did not finish: it was killed, or is still at work."
_FINE = {ExitCode.DONE, ExitCode.CHANGES_PENDING}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFile:
    """A report that was asked for."""

    format: str
    file: Path


def report_option(formats: Mapping[str, Any]) -> Callable[[F], F]:
    """Give a command the repeatable option --report, which takes these formats."""

    def read(
        ctx: click.Context, param: click.Parameter, values: tuple[str, ...]
    ) -> tuple[ReportFile, ...]:
        asked = tuple(_read(value, tuple(formats)) for value in values)
        files = [report.file.absolute() for report in asked]
        for file in files:
            if files.count(file) > 1:
                raise click.BadParameter(f"{file.name} is named twice; give each its own file.")
        return asked

    return click.option(
        "--report",
        "reports",
        multiple=True,
        callback=read,
        metavar="FORMAT=FILE",
        help=f"Also write a report to a file: {', '.join(formats)}. Repeatable; written even when "
        "the run ends by an error. Where a file cannot be written, 0 becomes exit code 1.",
    )


def _read(value: str, formats: tuple[str, ...]) -> ReportFile:
    name, is_given, path = value.partition("=")
    if name not in formats:
        near = nearest(name, formats)
        hint = f'Did you mean "{near}"?' if near else f"Use one of {', '.join(formats)}."
        raise click.BadParameter(f'there is no report format "{name}". {hint}')
    file = Path(path)
    if not is_given or not path:
        raise click.BadParameter(f"write it as {name}=FILE.")
    if path == "-":
        raise click.BadParameter(f"stdout is for --format; write {name}=FILE.")
    if not file.parent.is_dir():
        raise click.BadParameter(f"there is no folder {file.parent}; make it first.")
    if file.is_symlink() or (file.exists() and not file.is_file()):  # never replace a device
        raise click.BadParameter(f"{file} is not a plain file.")
    return ReportFile(format=name, file=file)


@dataclass(slots=True)
class Run(Generic[S]):
    """A run at work: `subject` is what its reports show, set once it is known.

    `plan` is the plan that had been made before a failure. `exit_code` is how the run
    ends, which a report that cannot be written may change.
    """

    subject: S | None = None
    plan: PlanShown | None = None
    exit_code: ExitCode = ExitCode.DONE
    is_final: bool = False


@contextmanager
def reported(
    console: Console,
    command: str,
    reports: tuple[ReportFile, ...],
    formats: Mapping[str, Callable[[S], str]],
) -> Iterator[Run[S]]:
    """Write the reports of a command when the block ends, in whatever way.

    A `subject` is rendered where the block ends well or the run says that it `is_final`, such as
    the outcome of what was written to a remote; else the failure is.
    """
    run: Run[S] = Run()
    for report in reports:
        begun = Failure(command=command, message=UNFINISHED, exit_code=ExitCode.FAILED)
        _write(report, failure_report(begun, report.format))
    try:
        yield run
    except BaseException as exc:
        _write_all(console, command, reports, formats, run, exc)
        raise
    if _write_all(console, command, reports, formats, run, None) and run.exit_code in _FINE:
        run.exit_code = ExitCode.FAILED


def _write_all(
    console: Console,
    command: str,
    reports: tuple[ReportFile, ...],
    formats: Mapping[str, Callable[[S], str]],
    run: Run[S],
    error: BaseException | None,
) -> bool:
    """Write all reports, and tell whether one of them could not be."""
    has_failed = False
    for report in reports:
        if run.subject is not None and (error is None or run.is_final):
            text = formats[report.format](run.subject)
        else:
            failure = redacted(_failure(command, error), console.redact)
            text = failure_report(failure, report.format, run.plan)
        problem = _write(report, text)
        if problem:
            has_failed = True
            console.error(problem)
    return has_failed


def _write(report: ReportFile, text: str) -> str:
    """Write a whole file, and give a sentence where that cannot be done."""
    try:
        write_private_file(report.file, text)
    except OSError as exc:
        return f"the report {report.file} cannot be written: {reason_of(exc)}."
    return ""


def _failure(command: str, error: BaseException | None) -> Failure:
    message, exit_code = _said(error)
    findings = error.findings if isinstance(error, FilesRefused) else ()
    return Failure(command=command, message=message, exit_code=exit_code, findings=findings)


def _said(error: BaseException | None) -> tuple[str, ExitCode]:
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
            return "nobody read what was printed.", ExitCode.FAILED
        case _:
            return f"a bug in flowsync: {type(error).__name__}: {error}", ExitCode.FAILED
