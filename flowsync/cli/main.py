"""The command `flowsync`: its subcommands by name, and how each ends.

A command's module is imported when it runs, so that `flowsync --help` stays quick.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click

from flowsync import __version__
from flowsync.cli.console import READER_GONE, ReaderGone, current_console, forget_console
from flowsync.cli.encodings import never_fail_on_characters
from flowsync.errors import ExitCode, FlowsyncError, reason_of

COMMANDS = {
    "init": ("flowsync.cli.init", "Make a flows folder with a first flow."),
    "validate": ("flowsync.cli.validate", "Check definitions and Flow JSON, without a network."),
    "rules": (
        "flowsync.cli.rules",
        "List the rules that validate checks, or explain some of them.",
    ),
    "fmt": ("flowsync.cli.fmt", "Write definitions and Flow JSON in one canonical form."),
    "upgrade": ("flowsync.cli.upgrade", "Bring Flow JSON to a newer version."),
    "plan": ("flowsync.cli.plan", "Show what apply would change, and why."),
    "apply": ("flowsync.cli.apply", "Make the changes that plan shows."),
    "rollback": (
        "flowsync.cli.rollback",
        "Bring flows back to what an earlier git revision asked for.",
    ),
    "restore": (
        "flowsync.cli.restore",
        "Put back what a flow held before apply wrote over it.",
    ),
    "import": (
        "flowsync.cli.import_",
        "Write definitions and Flow JSON for flows of the account.",
    ),
    "compare": ("flowsync.cli.compare", "Show how the accounts of two targets differ."),
    "list": ("flowsync.cli.list", "List the flows of the account."),
    "show": ("flowsync.cli.show", "Show one flow of the account."),
    "preview": ("flowsync.cli.preview", "Try flows in a browser, as a person with a phone would."),
    "test": ("flowsync.cli.testing", "Run the scenarios of flows, without a browser or a network."),
    "graph": ("flowsync.cli.graph", "Draw the screens of a flow and what leads between them."),
    "status": ("flowsync.cli.status", "Show how the flows are doing: status, health, versions."),
    "ids": ("flowsync.cli.ids", "Give the ids of the flows that definitions mean."),
    "send": ("flowsync.cli.send", "Send a message that opens a published flow."),
    "serve": ("flowsync.cli.serve", "Serve the emulator over HTTP."),
    "schema": ("flowsync.cli.schema", "Print a JSON Schema for your editor."),
    "journal": ("flowsync.cli.journal", "Show what earlier applies did."),
    "fleet": ("flowsync.cli.fleet", "List the accounts of a target of many, or split them for CI."),
    "ci": ("flowsync.cli.ci", "Write comments, issues and outputs in a job of GitHub Actions."),
}

FIRST_STEPS = """\
flowsync keeps WhatsApp Flows as code: definitions in flows/, a plan of what would change, an apply.

First steps, without an account or a network:
  flowsync init          make flows/ with a first flow (or use the flows of this repository)
  flowsync validate      check the files
  flowsync plan          see what would change on the built-in emulator
  flowsync apply         change it
  flowsync --help        all commands
"""


class _LazyCommands(click.Group):
    """A group whose commands are imported when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the commands in the order of first use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and give a command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is meant, and suggest the nearest for a typo."""
        from flowsync.diagnostics import nearest

        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in COMMANDS:
            near = nearest(name, COMMANDS)
            hint = f'Did you mean "{near}"?' if near else "`flowsync --help` lists all."
            raise click.UsageError(f'there is no command "{name}". {hint}', ctx)
        return super().resolve_command(ctx, args)

    def main(self, args: Sequence[str] | None = None, *more: Any, **extra: Any) -> NoReturn:
        """Run a command and end the process with its exit code."""
        extra["standalone_mode"] = False
        forget_console()
        never_fail_on_characters(sys.stdout, sys.stderr)
        try:
            code = super().main(args, *more, **extra)
            if sys.stdout is not None:
                sys.stdout.flush()
        except click.UsageError as exc:
            exc.show(sys.stderr)
            code = ExitCode.WRONG_USAGE
        except click.ClickException as exc:
            exc.show(sys.stderr)
            code = ExitCode.FAILED
        except (click.Abort, KeyboardInterrupt):
            current_console().error("stopped.")
            code = ExitCode.INTERRUPTED
        except (BrokenPipeError, ReaderGone):
            _discard_stdout()
            code = READER_GONE
        except FlowsyncError as exc:
            if str(exc):
                current_console().error(str(exc))
            code = exc.exit_code
        except OSError as exc:
            if exc.filename is not None:  # not one of the streams: a bug
                raise
            _discard_stdout()
            current_console().error(f"the output cannot be written: {reason_of(exc)}.")
            code = ExitCode.FAILED
        sys.exit(int(code or 0))


def _discard_stdout() -> None:
    """Let nothing more be written to stdout, also not when the process ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(
    cls=_LazyCommands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 done, 1 failed, 2 changes pending (plan --detailed-exitcode, fmt and ids "
    "--check), 3 files wrong or conflict, 4 apply or import incomplete, or status --fail-on met, 5 "
    "remote not readable, 6 refused for safety, 64 wrong usage, 129, 130 and 143 interrupted.",
)
@click.version_option(__version__, prog_name="flowsync")
@click.pass_context
def main(ctx: click.Context) -> None:
    """WhatsApp Flows as code: validate, plan and apply flow definitions kept in git."""
    if ctx.invoked_subcommand is None:
        click.echo(FIRST_STEPS, nl=False)


def run() -> NoReturn:
    """Run the command line; the entry point of the package."""
    main.main()
