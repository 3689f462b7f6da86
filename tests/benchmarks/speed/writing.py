"""The first apply of many flows, against the floor of the requests that the design asks for.

Design §5 asks of every step: read, write, read back until the proof holds. A gateway shows a flow
without Flow JSON by its listing only, so that the requests of a new flow are, in this order:

1. look: a listing, to see that the name is still free; one for all that have begun by then
2. write: create
3. proof: a listing that was begun after the create; one for all creates that have ended by then
4. write: upload
5. proof: the flow itself, which is also the look before publishing: nothing lies between
6. write: publish
7. proof: the flow itself

So a flow has five requests of its own, a round of flows shares a listing after its creates, and all
share the first one. The floor lets `parallelism` flows go through these in step, round by round.
"""

from __future__ import annotations

import math
import tempfile
import threading
from pathlib import Path

from flowsync.apply.backups import Backups
from flowsync.apply.journal import Journal
from flowsync.apply.outcome import Result
from flowsync.cli.opening import opened_remote
from flowsync.workflow import carry_out, make_plan
from tests.benchmarks.speed.places import (
    ACCOUNT,
    TOKEN,
    fill,
    inside,
    opened,
    seconds,
    served,
    small_texts,
    write_repository,
)
from tests.benchmarks.speed.rows import Measured, Row

FLOWS = 200
PARALLELISM = 16
LATENCY_S = 0.100
OF_ONE_FLOW = 5  # create, upload, its proof, publish, its proof
OF_A_ROUND = 1  # the listing that proves its creates
OF_ALL = 1  # the listing that shows all names free
IN_A_ROW = OF_ALL + math.ceil(FLOWS / PARALLELISM) * (OF_ONE_FLOW + OF_A_ROUND)
ROUNDS = 2


def _first_apply() -> Measured:
    took, requests = min(_once() for _ in range(ROUNDS))
    note = f"{requests} requests, of which {FLOWS * OF_ONE_FLOW} are of single flows"
    return Measured(ours=took, other=IN_A_ROW * LATENCY_S, note=note)


def _once() -> tuple[float, int]:
    """Apply to an account of its own; give the seconds, and the requests that apply has sent."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        fill(root / "served.db", [])
        with served(root / "served.db", LATENCY_S) as url, inside(root):
            write_repository(
                root,
                small_texts(FLOWS),
                remote="gateway",
                base_url=url,
                account=ACCOUNT,
                token=TOKEN,
                allow=["publish"],
                limits={"parallelism": PARALLELISM},
            )
            return _applied(root)


def _applied(root: Path) -> tuple[float, int]:
    common, workspace, target = opened(read_only=False)
    with opened_remote(common, target, read_only=False) as remote:
        plan = make_plan(workspace, remote.remote, account=remote.account).plan
        before = sum(remote.clients[0].sent.values())
        journal = Journal(root / "journal", target.name)
        backups = Backups(root / "backups", target=target.name, account=remote.account)
        outcomes = []

        def apply() -> None:
            outcomes.append(
                carry_out(
                    plan,
                    workspace,
                    remote.remote,
                    journal,
                    stop=threading.Event(),
                    tell=lambda progress: None,
                    backups=backups,
                )
            )

        took = seconds(apply)
        journal.close()
        assert all(flow.result is Result.APPLIED for flow in outcomes[0].flows)
        assert len(outcomes[0].flows) == FLOWS
        return took, sum(remote.clients[0].sent.values()) - before


ROWS = (
    Row(
        name="first-apply",
        work=f"first apply of {FLOWS} flows, {LATENCY_S * 1000:.0f} ms a request",
        against=f"{IN_A_ROW} requests in a row",
        wanted=1.15,
        measure=_first_apply,
    ),
)
