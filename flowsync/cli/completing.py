"""What a shell completes: keys of flows, and targets. Reads the repository, never the network.

A shell asks in the middle of a line, so whatever goes wrong gives nothing and says nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import click
from click.shell_completion import CompletionItem


def complete_keys(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Give the keys that begin so, without those that stand in the line already."""
    with suppress(Exception):
        from flowsync.flows_folder import find_definitions
        from flowsync.project import load_project

        project = load_project(_config(ctx), os.environ, [])
        if project is not None:
            given = ctx.params.get(param.name or "")
            taken = set(given) if isinstance(given, tuple) else set()
            keys = find_definitions(project.flows, [])
            return _beginning((key for key in keys if key not in taken), incomplete)
    return []


def complete_keys_or_files(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Give the keys that begin so, and let the shell add its files."""
    return [CompletionItem(incomplete, type="file"), *complete_keys(ctx, param, incomplete)]


def complete_targets(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Give the targets of flowsync.yaml that begin so."""
    with suppress(Exception):
        from flowsync.project import load_project

        project = load_project(_config(ctx), os.environ, [])
        if project is not None:
            return _beginning(project.targets, incomplete)
    return []


def complete_accounts(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Give the names of the accounts of the target that begin so."""
    with suppress(Exception):
        from flowsync.fleet.accounts import is_fleet, read_accounts
        from flowsync.project import choose_target, load_project

        project = load_project(_config(ctx), os.environ, [])
        if project is None:
            return []
        target = choose_target(project, ctx.params.get("target"))
        if is_fleet(project, target):
            accounts = read_accounts(project, target, [])
            return _beginning((account.name for account in accounts), incomplete)
    return []


def _config(ctx: click.Context) -> Path | None:
    config = ctx.params.get("config")
    return Path(config) if config else None


def _beginning(words: Iterable[str], incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(word) for word in sorted(words) if word.startswith(incomplete)]
