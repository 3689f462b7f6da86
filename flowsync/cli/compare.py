"""`flowsync compare`."""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase

import click

from flowsync.cli.completing import complete_targets
from flowsync.cli.opening import opened_remote, opened_target
from flowsync.cli.options import Common, common_options, format_option
from flowsync.errors import ExitCode
from flowsync.targets import Target


@click.command(
    epilog="""\b
Examples:
  flowsync compare staging production
  flowsync compare staging production 'Book*'      flows of these names
  flowsync compare staging production --format json
  flowsync compare agency/acme agency/globex       two of many accounts"""
)
@click.argument("first", metavar="TARGET", shell_complete=complete_targets)
@click.argument("second", metavar="TARGET", shell_complete=complete_targets)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--detailed-exitcode", is_flag=True, help="Exit code 2 when the accounts differ.")
@format_option
@common_options
def command(
    common: Common,
    first: str,
    second: str,
    names: tuple[str, ...],
    detailed_exitcode: bool,
    output: str,
) -> None:
    """Show how the flows of two targets' accounts differ. Never writes to either.

    Flows are compared by name: status, categories, endpoint and Flow JSON. Definitions are not
    asked; NAMEs, which may be globs, choose flows. TARGET/ACCOUNT is one account of a target of
    many; --target has no part in it. Exit code 5 when something could not be read.
    """
    from flowsync.comparing.accounts import compare_accounts
    from flowsync.comparing.values import Side
    from flowsync.render.comparison import comparison_to_json, render_comparison

    ours, theirs = _target(common, first), _target(common, second)

    def is_wanted(name: str) -> bool:
        return not names or any(fnmatchcase(name, pattern) for pattern in names)

    with (
        opened_remote(common, ours, read_only=True) as here,
        opened_remote(common, theirs, read_only=True) as there,
    ):
        found = compare_accounts(
            here.remote,
            there.remote,
            (
                Side(target=first, account=here.account),
                Side(target=second, account=there.account),
            ),
            is_wanted=is_wanted,
            parallelism=min(ours.limits.parallelism, theirs.limits.parallelism),
        )
    console = common.console
    if names and not found.flows:
        raise click.UsageError("neither account has a flow of such a name.")
    if output == "json":
        console.show_json(comparison_to_json(found))
    else:
        console.show(
            render_comparison(
                found, console.style, verbose=console.verbose, columns=console.columns
            )
        )
    if not found.is_certain:
        raise SystemExit(ExitCode.REMOTE_UNREADABLE)
    if detailed_exitcode and not found.are_equal:
        raise SystemExit(ExitCode.CHANGES_PENDING)


def _target(common: Common, name: str) -> Target:
    """Give the target that a name means; `TARGET/ACCOUNT` names one of many accounts."""
    target, slash, account = name.partition("/")
    chosen = replace(common, target=target, account=account if slash else common.account)
    return opened_target(chosen, read_only=True)[1]
