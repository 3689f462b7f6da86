"""The option `--report FORMAT=FILE`, and writing such a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any, TypeVar

import click

from flowsync.cli.own_files import are_same, why_not_replaced
from flowsync.diagnostics import nearest
from flowsync.errors import reason_of
from flowsync.private_files import write_private_file

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFile:
    """A report that was asked for."""

    format: str
    file: Path

    def write(self, text: str) -> str:
        """Write the whole file, and give a sentence where that cannot be done."""
        try:
            write_private_file(self.file, text)
        except OSError as exc:
            return f"the report {self.file} cannot be written: {reason_of(exc)}."
        return ""


def report_option(formats: Mapping[str, object]) -> Callable[[F], F]:
    """Give a command the repeatable option --report, which takes these formats."""

    def read(
        ctx: click.Context, param: click.Parameter, values: tuple[str, ...]
    ) -> tuple[ReportFile, ...]:
        asked = tuple(_read(value, tuple(formats)) for value in values)
        for one, other in combinations(asked, 2):
            if are_same(one.file, other.file):
                raise click.BadParameter(f"{other.file} is named twice; give each its own file.")
        return asked

    return click.option(
        "--report",
        "reports",
        multiple=True,
        callback=read,
        metavar="FORMAT=FILE",
        help=f"Also write a report to a file: {', '.join(formats)}. Repeatable. Written even when "
        "the run ends by an error; where it cannot be written, a run that went well exits with 1.",
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
    if problem := why_not_replaced(file):
        raise click.BadParameter(f"{file} must not be a report: {problem}")
    return ReportFile(format=name, file=file)


def check_apart(reports: tuple[ReportFile, ...], file: Path | None, what: str) -> None:
    """Raise `click.UsageError` where a report would replace another file of the same command."""
    for report in reports:
        if file is not None and are_same(report.file, file):
            raise click.UsageError(f"{report.file} is {what}; give the report another file.")
