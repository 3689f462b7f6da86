"""Planning what asks for an earlier state, beside definitions that ask for that of today."""

from __future__ import annotations

from dataclasses import replace

from flowsync.cli import clock
from flowsync.cli.opening import OpenRemote
from flowsync.cli.rehearsing import account_copies
from flowsync.workflow import Planned, Tracing, make_plan
from flowsync.workspace import Workspace


def plan_earlier(
    workspace: Workspace,
    opened: OpenRemote,
    *,
    stop_before: str | None,
    no_rehearse: bool,
    tracing: Tracing | None = None,
) -> Planned:
    """Plan for chosen flows as they were; what the repository asks for today is not asked."""
    planned = make_plan(
        workspace,
        opened.remote,
        account=opened.account,
        stop_before_publish=stop_before is not None,
        copied=None if no_rehearse else account_copies(workspace, opened.remote),
        moment=clock.now(),
        tracing=tracing,
    )
    return replace(planned, plan=replace(planned.plan, unmanaged=()))
