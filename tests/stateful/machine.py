"""Random lives of an account: edits, plans, applies, faults, other writers, kills and re-runs."""

from __future__ import annotations

import json
import shutil
import tempfile
import threading
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path

import hypothesis.strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from flowsync.apply.backups import Backups
from flowsync.apply.journal import Journal
from flowsync.apply.outcome import Outcome
from flowsync.cli.rehearsing import account_copies
from flowsync.errors import FlowsyncError
from flowsync.model import FlowDefinition, FlowKey, JsonValue, StepKind
from flowsync.plan.document import plan_to_json
from flowsync.plan.values import Plan
from flowsync.remotes.emulator.fault_kinds import KINDS
from flowsync.remotes.emulator.gateway_app import GatewayApp, GatewayOptions
from flowsync.remotes.interface import Remote
from flowsync.render.outcome_text import outcome_to_json
from flowsync.render.plan_text import render_plan
from flowsync.render.style import Style
from flowsync.workflow import Tracing, carry_out, make_plan
from flowsync.workspace import Workspace
from tests.apply.lab import definition, workspace_in
from tests.stateful.account import OTHER, BookKeeper, Killed, Line, Somebody, not_shown
from tests.support import TOKEN, EmulatedGateway, flow_json

KEYS = ("a", "b", "c")
STATES = ("draft", "published", "published", "published", "deprecated", "absent")
LABELS = ("One", "Two", "Three")
MOST_REQUESTS = 40
OPERATIONS = ("list", "get", "create", "update", "upload", "publish", "deprecate", "delete")
BESIDES = {"second-writer", "second-writer-after"}  # the machine has a second writer of its own
BLINDING = {"page-lost", "page-empty", "stale"}  # hide a flow, so that only its name is in the way
LASTING = {"bad-meta-token", "no-meta-token", "unauthenticated", "forbidden"}
FAULTS = tuple(
    (operation, kind)
    for kind, about in KINDS.items()
    for operation in OPERATIONS
    if about.concerns_operation(operation) and kind not in BESIDES | LASTING
)


class AccountMachine(RuleBasedStateMachine):
    """One account, a repository of definitions, and everybody who works on them."""

    @initialize(names_are_unique=st.booleans())
    def begin(self, names_are_unique: bool) -> None:
        """Open an empty account; where names need not be unique, flowsync alone keeps them so."""
        self.names_are_unique = names_are_unique
        self.gateway = EmulatedGateway("documented")
        self.keeper = BookKeeper(self.gateway.platform)
        if not names_are_unique:
            with self.gateway.store.transaction() as db:
                db.execute("DROP INDEX flow_names")
        options = GatewayOptions(accounts=(self.gateway.account,), token=TOKEN)
        app = GatewayApp(
            self.keeper,
            options,
            self.gateway.faults,
            sleep=self.gateway.sleep,
            clock=lambda: self.gateway.now,
        )
        self.line = Line(app)
        self.gateway.app = self.line  # type: ignore[assignment]  # a WSGI application
        self.somebody = Somebody(self.keeper, self.gateway)
        self.folder = Path(tempfile.mkdtemp(prefix="flowsync-stateful-"))
        self.now = datetime(2026, 11, 24, tzinfo=timezone.utc)
        self.definitions: dict[FlowKey, FlowDefinition] = {}
        self.names: dict[str, list[str]] = {key: [key.upper()] for key in KEYS}

    def teardown(self) -> None:
        """Close what was opened."""
        if hasattr(self, "gateway"):
            self.gateway.store.close()
            shutil.rmtree(self.folder)

    # --- the repository ---

    @rule(key=st.sampled_from(KEYS), state=st.sampled_from(STATES), label=st.sampled_from(LABELS))
    def define(self, key: str, state: str, label: str) -> None:
        """Write or change a definition."""
        names = self.names[key]
        self.definitions[FlowKey(key)] = definition(
            key,
            name=names[-1],
            renamed_from=tuple(names[-2::-1]),
            state=state,
            content=flow_json(label),
        )

    @rule(key=st.sampled_from(KEYS))
    def rename(self, key: str) -> None:
        """Give a definition another name."""
        if FlowKey(key) in self.definitions and len(self.names[key]) < 3:
            before = self.definitions[FlowKey(key)]
            self.names[key].append(f"{key.upper()}{len(self.names[key])}")
            label = before.flow_json.value if before.flow_json else None
            self.definitions[FlowKey(key)] = definition(
                key,
                name=self.names[key][-1],
                renamed_from=tuple(self.names[key][-2::-1]),
                state=before.state.value,
                content=label,
            )

    @rule(key=st.sampled_from(KEYS))
    def undefine(self, key: str) -> None:
        """Take a definition out of the repository."""
        self.definitions.pop(FlowKey(key), None)

    # --- other writers ---

    @rule(number=st.integers(0, 2))
    def somebody_makes_a_flow(self, number: int) -> None:
        """Let somebody make a flow that has nothing to do with the repository."""
        self.somebody.makes(f"{OTHER}{number}")

    @rule(key=st.sampled_from(KEYS))
    def somebody_edits_our_flow(self, key: str) -> None:
        """Let somebody change a flow of ours by hand."""
        self.somebody.edits(self.names[key][-1], "By hand")

    # --- flowsync ---

    @rule(days=st.integers(-400, 400))
    def put_the_clock(self, days: int) -> None:
        """Let the clock of the machine jump."""
        self.now = datetime(2026, 11, 24, tzinfo=timezone.utc) + timedelta(days=days)

    @rule()
    def plan(self) -> None:
        """Plan, which writes nothing."""
        before = len(self.keeper.writes)
        with suppress(FlowsyncError):
            self.planned()
        assert len(self.keeper.writes) == before

    @rule(
        faults=st.lists(
            st.tuples(st.sampled_from(FAULTS), st.integers(1, 8), st.integers(1, 5)),
            min_size=0,
            max_size=4,
        ),
        parallelism=st.sampled_from((1, 3)),
        rolls_back=st.booleans(),
    )
    def apply_with_faults(
        self, faults: list[tuple[tuple[str, str], int, int]], parallelism: int, rolls_back: bool
    ) -> None:
        """Plan and apply while things go wrong."""
        for (operation, kind), call, times in faults:
            if self.names_are_unique or kind not in BLINDING:
                self.gateway.faults.add(f"{operation}@{call}:{kind}*{times}")
        with suppress(FlowsyncError):
            self.applied(parallelism=parallelism, rolls_back=rolls_back)
        self.gateway.faults.clear()

    @rule(
        at=st.integers(1, MOST_REQUESTS),
        kills_after=st.booleans(),
        parallelism=st.sampled_from((1, 3)),
    )
    def apply_killed(self, at: int, kills_after: bool, parallelism: int) -> None:
        """Plan and apply until the process is killed."""
        self.line.reset(at, kills_after=kills_after)
        with suppress(Killed, FlowsyncError):
            self.applied(parallelism=parallelism)
        self.line.reset()

    @rule(
        at=st.integers(1, MOST_REQUESTS),
        key=st.sampled_from(KEYS),
        what=st.sampled_from(("edits", "takes", "makes")),
    )
    def apply_overtaken(self, at: int, key: str, what: str) -> None:
        """Plan and apply while somebody else writes between two requests."""

        def between(number: int) -> None:
            if number != at:
                return
            name = self.names[key][-1]
            match what:
                case "edits":
                    self.somebody.edits(name, "In between")
                case "takes":
                    self.somebody.takes(name)
                case _:
                    self.somebody.makes(f"{OTHER}{key}")

        self.line.reset()
        self.line.between = between
        with suppress(FlowsyncError):
            self.applied()
        self.line.between = lambda number: None

    @precondition(lambda self: self.definitions)
    @rule()
    def converge(self) -> None:
        """Without faults, at most two runs bring everything into step.

        A draft that was live once cannot be deleted, and nothing that can be read says so: such a
        deletion is refused each time.
        """
        for _ in range(2):
            self.applied()
        was_live = {
            flow.id
            for flow in self.keeper.list_flows(self.gateway.account)
            if flow.status == "DRAFT" and flow.was_published
        }
        left = [
            step
            for change in self.planned().pending
            for step in change.steps
            if not (step.kind is StepKind.DELETE and step.flow_id in was_live)
        ]
        assert not left

    # --- what always holds ---

    @invariant()
    def no_definition_has_two_flows(self) -> None:
        """Of the flows that flowsync made for a definition, one is there at most."""
        if not hasattr(self, "keeper"):
            return
        there = {flow.id for flow in self.keeper.list_flows(self.gateway.account)}
        for key in KEYS:
            made = [
                flow_id
                for flow_id, name in self.keeper.made.items()
                if flow_id in there and name in self.names[key]
            ]
            assert len(made) <= 1, f"{key} has the flows {made}"

    @invariant()
    def unmanaged_flows_are_as_their_owner_left_them(self) -> None:
        """What no definition speaks of is not touched."""
        if not hasattr(self, "keeper"):
            return
        found = {
            flow.name: (flow.status, flow.content)
            for flow in self.keeper.list_flows(self.gateway.account)
            if flow.name.startswith(OTHER)
        }
        assert found == self.somebody.own

    @invariant()
    def no_file_holds_the_token(self) -> None:
        """The credential is in none of the files that are kept."""
        if not hasattr(self, "folder"):
            return
        for file in self.folder.rglob("*"):
            if file.is_file():
                assert TOKEN not in file.read_text("utf-8"), file

    # --- how flowsync is run ---

    def _workspace(self, parallelism: int) -> Workspace:
        return workspace_in(
            self.folder,
            self.gateway.account,
            self.definitions.values(),
            parallelism=parallelism,
        )

    def _planned(self, workspace: Workspace, remote: Remote) -> Plan:
        plan = make_plan(
            workspace,
            remote,
            account=self.gateway.account,
            copied=account_copies(workspace, remote),
            tracing=Tracing(prefers_repository=True),
        ).plan
        shown = render_plan(plan, Style(), verbose=True) + json.dumps(plan_to_json(plan))
        assert TOKEN not in shown
        assert plan.rehearsal is not None
        assert plan.rehearsal.converges, plan.rehearsal
        return plan

    def planned(self) -> Plan:
        """Plan as `flowsync plan` does, with a client that cannot write."""
        plan = self._planned(self._workspace(1), self.gateway.client(read_only=True))
        for change in plan.changes:  # whatever died half-way, it is nobody else's edit
            assert not change.is_drift or change.flow_id in self.somebody.touched, change
        return plan

    def applied(self, *, parallelism: int = 1, rolls_back: bool = False) -> Outcome | None:
        """Apply as `flowsync apply --yes` does, and check every write against the plan."""
        workspace, remote = self._workspace(parallelism), self.gateway.client()
        plan = self._planned(workspace, remote)
        if plan.listing_doubts or not plan.pending:
            return None
        journal = Journal(self.folder / "journal", "test", now=lambda: self.now)
        first = len(self.keeper.writes)
        try:
            outcome = carry_out(
                plan,
                workspace,
                remote,
                journal,
                stop=threading.Event(),
                tell=lambda progress: None,
                backups=Backups(
                    self.folder / "backups",
                    target="test",
                    account=self.gateway.account,
                    now=lambda: self.now,
                ),
                rolls_back=rolls_back,
                wait_s=self.gateway.sleep,
            )
        finally:
            journal.close()
            unshown = not_shown(self.keeper.writes[first:], plan, self.definitions)
            assert not unshown, unshown
        assert TOKEN not in json.dumps(_as_json(outcome))
        return outcome


def _as_json(outcome: Outcome) -> JsonValue:
    return outcome_to_json(outcome, {})
