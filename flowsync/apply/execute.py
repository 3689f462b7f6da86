"""Applying a whole plan: its flows in parallel, a failing flow not stopping the others."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from flowsync.apply.backups import Backups
from flowsync.apply.context import Progress, RunContext
from flowsync.apply.flow_run import FlowRun
from flowsync.apply.journal import Record
from flowsync.apply.listings import Listings
from flowsync.apply.outcome import FlowOutcome, Outcome, Result
from flowsync.errors import Interrupted
from flowsync.model import FlowDefinition, FlowKey
from flowsync.plan.document import plan_digest
from flowsync.plan.values import Plan
from flowsync.remotes.interface import Remote


def apply_plan(
    plan: Plan,
    definitions: Mapping[FlowKey, FlowDefinition],
    remote: Remote,
    journal: Record,
    *,
    parallelism: int,
    stop: threading.Event,
    backups: Backups | None = None,
    rolls_back: bool = False,
    tell: Callable[[Progress], None] = lambda progress: None,
    wait_s: Callable[[float], None] | None = None,
) -> Outcome:
    """Carry out a plan and say how it ended for each flow, in the plan's order.

    `backups` keeps what is about to be written over; with `rolls_back` it is uploaded again where
    the new Flow JSON cannot be published. `stop`, once set, lets the steps in flight end and starts
    no other. `tell` is called from the threads that do the work. `wait_s` replaces waiting.
    """

    def pause(seconds: float) -> None:
        if stop.wait(seconds):
            raise Interrupted("stopped while waiting")

    digest = plan_digest(plan)
    journal.start(
        run=journal.run,
        target=plan.target,
        remote=plan.remote,
        account=plan.account,
        plan_digest=digest,
        flowsync_version=plan.flowsync_version,
        flows=[change.label for change in plan.pending],
    )
    context = RunContext(
        remote=remote,
        listings=Listings(remote),
        journal=journal,
        stop=stop,
        wait=wait_s or pause,
        settle=wait_s or time.sleep,
        clock=time.monotonic,
        tell=tell,
        backups=backups,
        rolls_back=rolls_back,
    )
    runs = [
        FlowRun(change, definitions.get(change.key) if change.key else None, context)
        for change in plan.changes
    ]
    with ThreadPoolExecutor(parallelism, thread_name_prefix="flowsync-apply") as pool:
        futures: list[Future[FlowOutcome]] = [pool.submit(run.run) for run in runs]
        waiting = set(futures)
        while waiting:  # in short waits, so that a signal handler gets its turn
            _, waiting = wait(waiting, timeout=0.5, return_when=FIRST_COMPLETED)
    flows = tuple(future.result() for future in futures)
    ended = {Result.APPLIED, Result.UNCHANGED, Result.CONFLICT}
    stopped_early = stop.is_set() and any(flow.result not in ended for flow in flows)
    journal.note(
        "run_finished",
        results={flow.label: flow.result.value for flow in flows},
        stopped_early=stopped_early,
    )
    return Outcome(
        run=journal.run,
        target=plan.target,
        plan_digest=digest,
        flows=flows,
        stopped_early=stopped_early,
        unrecorded=journal.lost,
    )
