"""The job that the options of `plan` or `apply` stand for, and the options that have none.

An option that means the same for each of many accounts has a line here and a field in `AccountJob`.
"""

from __future__ import annotations

import click
from click.core import ParameterSource

from flowsync.cli.fleet_formats import FLEET_FORMATS
from flowsync.errors import UsageFailure
from flowsync.fleet.values import AccountJob

# An option, by the name of its parameter → the field of a job that hands it on.
_FIELDS = {
    "keys": "keys",
    "what": "keys",
    "changed_since": "changed_since",
    "states": "states",
    "base": "base",
    "prefer": "prefer",
    "only_drift": "only_drift",
    "allow_empty_remote": "allow_empty_remote",
    "stop_before": "stop_before",
    "no_rehearse": "no_rehearse",
    "no_preflight": "no_preflight",
    "allow": "allow",
    "accept_gate": "accepted_gates",
    "rollback_on_failure": "rolls_back",
    "lock_timeout": "lock_timeout",
}
# Options that are about the run as a whole.
_OF_THE_RUN = {
    "detailed_exitcode", "yes", "output", "target", "config", "verbose", "quiet", "no_color",
    "accounts", "canary", "max_failures", "only_failed", "shard", "at_once", "executor",
}  # fmt: skip


def job_of_options(command: str) -> AccountJob:
    """Give what the options of the command at work, `plan` or `apply`, ask for of each account."""
    given = click.get_current_context().params
    return AccountJob(
        command=command,
        **{_FIELDS[name]: value for name, value in given.items() if name in _FIELDS},
    )


def check_options(output: str, target: str) -> None:
    """Raise `UsageFailure` for options that have no meaning for many accounts at once."""
    context = click.get_current_context()
    given = [
        max(param.opts, key=len)
        for param in context.command.params
        if context.get_parameter_source(param.name or "") is ParameterSource.COMMANDLINE
        and param.name not in _FIELDS
        and param.name not in _OF_THE_RUN
    ]
    if output not in FLEET_FORMATS:
        given.append(f"--format {output}")
    if given:
        raise UsageFailure(
            f'{", ".join(given)} has no meaning for all accounts of "{target}" together. Leave it '
            "out, or choose one with --account NAME."
        )
