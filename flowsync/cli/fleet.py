"""`flowsync fleet`: the accounts of a target of many, and their parts for the jobs of a CI."""

from __future__ import annotations

import json

import click

from flowsync.cli.fleet_options import accounts_option
from flowsync.cli.fleet_run import chosen_by_name
from flowsync.cli.options import (
    Common,
    WholeNumber,
    common_options,
    environment,
    format_option,
    refuse_files,
)
from flowsync.diagnostics import Diagnostic, in_reading_order
from flowsync.errors import UsageFailure
from flowsync.fleet.account import FleetAccount
from flowsync.fleet.accounts import is_fleet, read_accounts
from flowsync.fleet.remembering import Memory, result_to_json
from flowsync.fleet.shards import MOST_SHARDS, matrix
from flowsync.fleet.values import AccountResult
from flowsync.model import JsonValue
from flowsync.project import Project, choose_target, load_project
from flowsync.render.diagnostics_text import render_diagnostics
from flowsync.render.fleet_text import counts_in_words, render_accounts


@click.group(
    epilog="""\b
Examples:
  flowsync fleet list --target customers
  flowsync fleet list --target customers --failed
  flowsync fleet matrix --target customers --shards 16"""
)
def command() -> None:
    """List the accounts of a target of many, or split them for CI.

    `flowsync plan` and `flowsync apply` work on all of them when they are given such a target.
    """


@command.command("list")
@click.option("--failed", is_flag=True, help="Only accounts whose last apply did not go well.")
@accounts_option
@format_option
@common_options
def list_(common: Common, failed: bool, accounts: tuple[str, ...], output: str) -> None:
    """List the accounts with what became of each in the last apply. Reads no remote."""
    project, target, found = _accounts(common, accounts)
    memory = Memory(project.state_folder, target)
    applied, planned = memory.last("apply"), memory.last("plan")
    if failed:
        found = tuple(
            one for one in found if one.name in applied and not applied[one.name].ending.is_fine
        )
        if not found:
            common.console.progress("no account failed in its last apply")
    if output == "json":
        common.console.show_json(
            [
                {
                    "name": one.name,
                    "account": one.account,
                    "last_plan": _as_json(planned.get(one.name)),
                    "last_apply": _as_json(applied.get(one.name)),
                }
                for one in found
            ]
        )
        return
    rows = [(one.name, one.account, _in_words(applied.get(one.name))) for one in found]
    common.console.show(render_accounts(rows, common.console.style))


def _as_json(result: AccountResult | None) -> JsonValue:
    return None if result is None else result_to_json(result)


def _in_words(result: AccountResult | None) -> str:
    if result is None:
        return "-"
    if result.ending.is_fine:
        return counts_in_words(result.counts) or result.ending.value
    said = [result.message, *(f"{one.flow}: {one.message}" for one in result.failures)]
    return f"{result.ending.value}: {next(filter(None, said), '')}".splitlines()[0]


@command.command("matrix")
@click.option(
    "--shards",
    type=WholeNumber(min=1, max=MOST_SHARDS),
    required=True,
    metavar="N",
    help="How many jobs there are to be; fewer where there are fewer accounts.",
)
@accounts_option
@common_options
def matrix_(common: Common, shards: int, accounts: tuple[str, ...]) -> None:
    """Print a matrix of shards for GitHub Actions: `{"shard": ["1/2", "2/2"]}`.

    Each job then runs `flowsync apply --shard ${{ matrix.shard }}`, with the same --accounts.
    """
    _, _, found = _accounts(common, accounts)
    common.console.show_ready(json.dumps({"shard": matrix(len(found), shards)}) + "\n", "json")


def _accounts(
    common: Common, patterns: tuple[str, ...]
) -> tuple[Project, str, tuple[FleetAccount, ...]]:
    """Give the project, the target and its accounts. Raises `FilesInvalid` and `UsageFailure`."""
    if common.account is not None:
        raise UsageFailure("--account chooses the one to work on. Use --accounts to list some.")
    problems: list[Diagnostic] = []
    texts: dict[str, str] = {}
    project = load_project(common.config, environment(), problems, texts)
    target = "" if project is None else choose_target(project, common.target)
    found: tuple[FleetAccount, ...] = ()
    if project is not None:
        if not is_fleet(project, target):
            raise UsageFailure(
                f'the target "{target}" has a single account. Give it `accounts`, or name another '
                "with --target."
            )
        found = read_accounts(project, target, problems, texts)
    if project is None or problems:
        text = render_diagnostics(in_reading_order(problems), common.console.error_style)
        raise refuse_files(common.console, text, problems)
    return project, target, chosen_by_name(found, patterns, target)
