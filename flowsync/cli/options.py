"""Options that all commands share, and reading the repository as a command does."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from flowsync.cli.completing import complete_accounts, complete_targets
from flowsync.cli.console import Console
from flowsync.diagnostics import Diagnostic
from flowsync.errors import FilesInvalid, UsageFailure
from flowsync.sources import MAX_FILE_BYTES

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """The shared options of a command, and its console."""

    target: str | None
    config: Path | None
    console: Console
    account: str | None = None


def common_options(command: F) -> F:
    """Give a command the shared options; it receives them as `common`."""

    @click.option(
        "--target",
        "-t",
        envvar="FLOWSYNC_TARGET",
        metavar="NAME",
        shell_complete=complete_targets,
        help="The target of flowsync.yaml.  [env: FLOWSYNC_TARGET]",
    )
    @click.option(
        "--account",
        metavar="NAME",
        shell_complete=complete_accounts,
        help="One account of a target that has many.",
    )
    @click.option(
        "--config",
        "-c",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="Another file than ./flowsync.yaml.",
    )
    @click.option("--verbose", "-v", is_flag=True, help="Say more.")
    @click.option("--quiet", "-q", is_flag=True, help="No progress.")
    @click.option("--no-color", is_flag=True, help="No colours.  [env: NO_COLOR]")
    @functools.wraps(command)
    def wrapped(
        *args: Any,
        target: str | None,
        account: str | None,
        config: Path | None,
        verbose: bool,
        quiet: bool,
        no_color: bool,
        **kwargs: Any,
    ) -> Any:
        if verbose and quiet:
            raise click.UsageError("--verbose and --quiet contradict each other.")
        console = Console(no_color=no_color, verbose=verbose, quiet=quiet)
        common = Common(target=target, config=config, console=console, account=account)
        return command(*args, common=common, **kwargs)

    return wrapped  # type: ignore[return-value]  # functools.wraps keeps the signature for click


class NumberRange(click.FloatRange):
    """A range of numbers, which what is no number (`nan`) does not lie in."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Give the number, or end as wrong usage."""
        number: float = super().convert(value, param, ctx)
        if number != number:
            self.fail(f"{value!r} is not in the range {self._describe_range()}.", param, ctx)
        return number


class WholeNumber(click.IntRange):
    """A whole number from `min` on, or up to `max`; what is none is refused in plain words."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Give the number, or end as wrong usage."""
        try:
            number: int = super().convert(value, param, ctx)
        except click.BadParameter:
            most = "up" if self.max is None else f"to {self.max}"
            self.fail(f'"{value}" is no whole number from {self.min} {most}.', param, ctx)
        return number


def format_option_of(*formats: str, help: str = "") -> Callable[[F], F]:
    """Give a command the option --format, which is text unless told otherwise."""
    return click.option(
        "--format",
        "output",
        type=click.Choice(formats),
        default="text",
        show_default=True,
        help=help or "Text for people, JSON for machines, or Markdown for a comment.",
    )


format_option = format_option_of("text", "json", help="Text for people or JSON for machines.")


class FilesRefused(FilesInvalid):
    """The repository's files are wrong; `findings` were shown, and say everything."""

    def __init__(self, findings: tuple[Diagnostic, ...]) -> None:
        super().__init__("")
        self.findings = findings


def environment() -> dict[str, str]:
    """Give the environment variables."""
    return dict(os.environ)


def refuse_files(console: Console, text: str, findings: Iterable[Diagnostic]) -> FilesRefused:
    """Show findings on stderr and give the exception that ends the command."""
    console.note(text)
    return FilesRefused(tuple(findings))


def stdin_bytes() -> bytes:
    """Give what comes in, one byte more than a file may have at most. Raises `UsageFailure`."""
    try:
        if sys.stdin is None:
            raise OSError
        return sys.stdin.buffer.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as exc:  # a folder, or closed
        raise UsageFailure("stdin cannot be read. Name a file instead of -.") from exc
