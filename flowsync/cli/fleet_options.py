"""Options of `plan` and `apply` that are for targets of many accounts alone."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import click

from flowsync.cli.completing import complete_accounts
from flowsync.cli.options import WholeNumber
from flowsync.fleet.running import DEFAULT_AT_ONCE

F = TypeVar("F", bound=Callable[..., Any])

_MOST_AT_ONCE = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetWanted:
    """Which accounts are meant, and how the work on them is to be done."""

    accounts: tuple[str, ...] = ()
    canary: int | None = None
    max_failures: int | None = None
    only_failed: bool = False
    shard: str | None = None
    at_once: int | None = None
    executor: str | None = None

    def given(self) -> list[str]:
        """Give the options that were given, as they are written."""
        options = {
            "--accounts": self.accounts,
            "--canary": self.canary,
            "--max-failures": self.max_failures,
            "--only-failed": self.only_failed,
            "--shard": self.shard,
            "--accounts-at-once": self.at_once,
            "--executor": self.executor,
        }
        return [name for name, value in options.items() if value not in (None, (), False)]


accounts_option = click.option(
    "--accounts",
    multiple=True,
    metavar="PATTERN",
    shell_complete=complete_accounts,
    help="Fleet: only accounts of this name or glob (repeatable).",
)


def fleet_options(command: F) -> F:
    """Give a command the options for targets of many accounts; it receives them as `fleet`."""

    @accounts_option
    @click.option(
        "--canary",
        type=WholeNumber(min=1),
        metavar="N",
        help="Fleet: N accounts first, and the others only if none of these failed.",
    )
    @click.option(
        "--max-failures",
        type=WholeNumber(min=1),
        metavar="N",
        help="Fleet: begin no other account after N have failed.",
    )
    @click.option(
        "--only-failed",
        is_flag=True,
        help="Fleet: only accounts that failed, or were not reached, in the last run.",
    )
    @click.option("--shard", metavar="I/N", help="Fleet: only the I-th of N parts, for CI.")
    @click.option(
        "--accounts-at-once",
        "at_once",
        type=WholeNumber(min=1, max=_MOST_AT_ONCE),
        metavar="N",
        help=f"Fleet: so many accounts at a time, {DEFAULT_AT_ONCE} by default; on each worker "
        "with --executor.",
    )
    @click.option(
        "--executor",
        metavar="URL",
        help="Fleet: work on a dask cluster, dask://HOST:PORT, instead of in this process.",
    )
    @functools.wraps(command)
    def wrapped(
        *args: Any,
        accounts: tuple[str, ...],
        canary: int | None,
        max_failures: int | None,
        only_failed: bool,
        shard: str | None,
        at_once: int | None,
        executor: str | None,
        **more: Any,
    ) -> Any:
        wanted = FleetWanted(
            accounts=accounts,
            canary=canary,
            max_failures=max_failures,
            only_failed=only_failed,
            shard=shard,
            at_once=at_once,
            executor=executor,
        )
        return command(*args, fleet=wanted, **more)

    return wrapped  # type: ignore[return-value]  # functools.wraps keeps the signature for click
