"""What every command's `--help` says, as one page: docs/commands.md."""

from __future__ import annotations

from collections.abc import Iterator

import click

from flowsync.cli.main import COMMANDS, main

WIDTH = 100
_HEAD = """\
# Commands

What each command says with `--help`; made by `python -m tests.generate`. What an exit code means
stands in the [README](../README.md#exit-codes), how to read a plan in [plan.md](plan.md).
"""


def render_commands() -> str:
    """Give the page: a section for each command, in the order of `flowsync --help`."""
    context = click.Context(main, info_name="flowsync", **main.context_settings)
    sections = [_HEAD, _section(context, main, level=2)]
    for name in COMMANDS:
        command = main.get_command(context, name)
        assert command is not None
        sections += _sections(command, name, context)
    return "\n".join(sections)


def _sections(command: click.Command, name: str, parent: click.Context) -> Iterator[str]:
    context = click.Context(command, info_name=name, parent=parent)
    yield _section(context, command, level=2)
    if isinstance(command, click.Group):
        for inner_name, inner in command.commands.items():
            inner_context = click.Context(inner, info_name=inner_name, parent=context)
            yield _section(inner_context, inner, level=3)


def _section(context: click.Context, command: click.Command, *, level: int) -> str:
    formatter = click.HelpFormatter(width=WIDTH, max_width=WIDTH)
    command.format_help(context, formatter)
    title = context.command_path
    return f"{'#' * level} {title}\n\n```text\n{formatter.getvalue().rstrip()}\n```\n"
