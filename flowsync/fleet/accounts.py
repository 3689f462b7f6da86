"""The accounts of a target of many: a list in flowsync.yaml, or a CSV or YAML file beside it.

An account says only what differs from its target. Its credential is never written: it is named by
the environment variable that holds it.
"""

from __future__ import annotations

from flowsync.diagnostics import Diagnostic, nearest
from flowsync.errors import UsageFailure
from flowsync.fleet.account import FleetAccount
from flowsync.fleet.account_checks import AccountChecks
from flowsync.fleet.account_file import listed_in_file
from flowsync.fleet.account_table import Listed
from flowsync.model import mapping_in
from flowsync.project import Project
from flowsync.sources import Pointer


def is_fleet(project: Project, target: str) -> bool:
    """Tell whether a target names many accounts."""
    return "accounts" in project.targets.get(target, {})


def read_accounts(
    project: Project,
    target: str,
    problems: list[Diagnostic],
    texts: dict[str, str] | None = None,
) -> tuple[FleetAccount, ...]:
    """Give the accounts of a target of many, in the order of the file; mistakes go to `problems`.

    The text of a file of its own is added to `texts`.
    """
    config = project.document
    assert config is not None, "only flowsync.yaml can name accounts"
    fields = project.targets[target]
    if "account" in fields:
        place = ("targets", target, "account")
        message = "the target has both account and accounts."
        fix = "Remove one of the two."
        problems.append(config.finding(place, "FS012", message, fix, at_key=True))
    written = fields["accounts"]
    at: Pointer = ("targets", target, "accounts")
    listed: Listed | None = Listed(config, at, written)
    if isinstance(written, str):
        found = {} if texts is None else texts
        listed = listed_in_file(project, written, config, at, problems, found)
    if listed is None or not isinstance(listed.entries, list):
        return ()
    checks = AccountChecks(project, target, problems)
    accounts = (
        checks.account(listed.document, (*listed.pointer, index), mapping_in(entry))
        for index, entry in enumerate(listed.entries)
    )
    return tuple(account for account in accounts if account is not None)


def account_named(accounts: tuple[FleetAccount, ...], target: str, name: str) -> FleetAccount:
    """Give the account of a name. Raises `UsageFailure` where there is none."""
    found = next((one for one in accounts if one.name == name), None)
    if found is None:
        near = nearest(name, (one.name for one in accounts))
        hint = f'Did you mean "{near}"?' if near else f"`flowsync fleet list -t {target}` has all."
        raise UsageFailure(f'the target "{target}" has no account "{name}". {hint}')
    return found
