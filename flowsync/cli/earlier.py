"""Carrying out what asks for an earlier state, beside the definitions that ask for today's."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

from flowsync.apply.outcome import Outcome
from flowsync.cli import clock
from flowsync.cli.applying import apply_shown
from flowsync.cli.opening import OpenRemote
from flowsync.cli.options import Common
from flowsync.cli.outcome_formats import OutcomeShown
from flowsync.cli.rehearsing import account_copies
from flowsync.cli.reported import Run
from flowsync.plan.values import Plan
from flowsync.workflow import Consent, make_plan
from flowsync.workspace import Workspace


def plan_earlier(
    workspace: Workspace, opened: OpenRemote, *, stop_before: str | None, no_rehearse: bool
) -> Plan:
    """Plan for chosen flows as they were; of others the repository's definitions are not asked."""
    plan = make_plan(
        workspace,
        opened.remote,
        account=opened.account,
        stop_before_publish=stop_before is not None,
        copied=None if no_rehearse else account_copies(workspace, opened.remote),
        moment=clock.now(),
    ).plan
    return replace(plan, unmanaged=())
