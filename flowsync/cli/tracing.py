"""Options about where changes come from: what is compared, and what settles a conflict."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import click

from flowsync.cli.console import Console
from flowsync.cli.options import environment
from flowsync.plan.values import Plan
from flowsync.render.style import clean
from flowsync.workflow import Tracing
from flowsync.workspace import Workspace

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class TracingWanted:
    """What the options ask for; `base` is the name of a revision."""

    base: str | None = None
    prefer: str | None = None
    only_drift: bool = False

    @property
    def is_given(self) -> bool:
        """Tell whether anything was asked for."""
        return self != TracingWanted()

    def tracing(self, workspace: Workspace) -> Tracing:
        """Read the base. Raises `UsageFailure` for what is no revision."""
        from flowsync.base_revision import EarlierRevisions

        earlier = EarlierRevisions(workspace, self.base, environment())
        return Tracing(
            base=earlier.base,
            asked_before=earlier.asked_before,
            prefers_repository=self.prefer is not None,
            only_drift=self.only_drift,
        )

    def remark(self, console: Console, plan: Plan) -> None:
        """Say it where only drift was wanted, and there is none."""
        if self.only_drift and not plan.changes:
            console.progress(f"no flow was changed on the remote since {clean(plan.since or '')}")


prefer_option = click.option(
    "--prefer",
    type=click.Choice(["repository"]),
    help="Where a flow changed on both sides, write the repository's instead of stopping.",
)


def tracing_options(command: F) -> F:
    """Give a command --base, --prefer and --only-drift; it receives them as `tracing`."""

    @click.option(
        "--base",
        metavar="REV",
        help="Tell where changes come from by this git revision, the one that was applied last.",
    )
    @prefer_option
    @click.option(
        "--only-drift",
        is_flag=True,
        help="Only flows that somebody changed on the remote.",
    )
    @functools.wraps(command)
    def wrapped(
        *args: Any, base: str | None, prefer: str | None, only_drift: bool, **more: Any
    ) -> Any:
        wanted = TracingWanted(base=base, prefer=prefer, only_drift=only_drift)
        return command(*args, tracing=wanted, **more)

    return wrapped  # type: ignore[return-value]  # functools.wraps keeps the signature for click
