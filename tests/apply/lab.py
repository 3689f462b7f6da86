"""A bench for apply: definitions in memory, an emulated gateway, plan and apply in one call."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable
from pathlib import Path

from flowsync.apply.backups import Backup, Backups, saved_backups
from flowsync.apply.context import Progress
from flowsync.apply.execute import apply_plan
from flowsync.apply.journal import Journal, RecordedRun, recorded_runs
from flowsync.apply.outcome import FlowOutcome, Outcome
from flowsync.definitions import LoadedFlow
from flowsync.model import DesiredState, FlowDefinition, FlowJson, FlowKey, JsonValue
from flowsync.observing import observe
from flowsync.plan.build import PlanRequest, build_plan
from flowsync.plan.values import Plan
from flowsync.policy import Limits, Policy
from flowsync.project import Project
from flowsync.remotes.emulator.stored import StoredFlow
from flowsync.sources import parse_json
from flowsync.targets import Target
from flowsync.workspace import Workspace
from tests.support import EmulatedGateway, flow_json


def definition(
    key: str = "contact",
    *,
    name: str | None = None,
    state: str = "published",
    content: JsonValue = None,
    endpoint_uri: str | None = None,
    replace: bool = False,
    categories: tuple[str, ...] = ("OTHER",),
    renamed_from: tuple[str, ...] = (),
    clone_from: str | None = None,
) -> FlowDefinition:
    """Give a definition as it would be read from a file."""
    value = flow_json() if content is None else content
    return FlowDefinition(
        key=FlowKey(key),
        path=f"flows/{key}.yaml",
        name=name or key.title(),
        categories=categories,
        state=DesiredState(state),
        flow_json=FlowJson(path=f"flows/{key}.json", text=json.dumps(value, indent=2), value=value),
        endpoint_uri=endpoint_uri,
        manages_endpoint=endpoint_uri is not None,
        replace=replace,
        renamed_from=renamed_from,
        clone_from=clone_from,
        digest="0" * 64,
    )


def workspace_in(
    folder: Path,
    account: str,
    definitions: Iterable[FlowDefinition],
    *,
    parallelism: int = 1,
) -> Workspace:
    """Give a repository in a folder that holds these definitions, for a target named `test`."""
    document = parse_json("{}", "x", [])
    assert document is not None
    return Workspace(
        project=Project(
            root=folder,
            flows=folder / "flows",
            document=None,
            targets={},
            default_target="test",
        ),
        target=Target(
            name="test",
            remote="gateway",
            account=account,
            limits=Limits(parallelism=parallelism),
        ),
        files={},
        flows={one.key: LoadedFlow(one, document, None) for one in definitions},
        diagnostics=(),
        selected=None,
        texts={},
        paths={},
    )


class Bench:
    """Plans and applies against one emulated gateway, with a journal in a folder."""

    def __init__(self, gateway: EmulatedGateway, folder: Path) -> None:
        self.gateway = gateway
        self.folder = folder
        self.remote = gateway.client()
        self.stop = threading.Event()
        self.told: list[Progress] = []
        self.backups = Backups(folder / "backups", target="test", account=gateway.account)

    def plan(self, *definitions: FlowDefinition, policy: Policy | None = None) -> Plan:
        """Observe and plan."""
        observed = observe(self.remote, definitions, selected=None, parallelism=1)
        capabilities = self.remote.capabilities
        request = PlanRequest(
            target="test",
            remote="gateway",
            account=self.gateway.account,
            policy=policy or Policy(),
            can_clear_endpoint=capabilities.can_clear_endpoint,
            max_content_depth=capabilities.max_content_depth,
            max_content_bytes=capabilities.max_content_bytes,
        )
        return build_plan(definitions, observed, request)

    def carry_out(
        self,
        plan: Plan,
        *definitions: FlowDefinition,
        parallelism: int = 1,
        rolls_back: bool = False,
    ) -> Outcome:
        """Apply a plan, keeping backups beside the journals."""
        journal = Journal(self.folder, "test")
        try:
            return apply_plan(
                plan,
                {item.key: item for item in definitions},
                self.remote,
                journal,
                parallelism=parallelism,
                stop=self.stop,
                tell=self.told.append,
                wait_s=self.gateway.sleep,
                backups=self.backups,
                rolls_back=rolls_back,
            )
        finally:
            journal.close()

    def apply(self, *definitions: FlowDefinition, parallelism: int = 1) -> Outcome:
        """Plan and apply."""
        return self.carry_out(self.plan(*definitions), *definitions, parallelism=parallelism)

    def apply_one(self, item: FlowDefinition) -> FlowOutcome:
        """Plan and apply a single definition."""
        (outcome,) = self.apply(item).flows
        return outcome

    def converges(self, *definitions: FlowDefinition) -> bool:
        """Tell whether nothing is left to do."""
        return not self.plan(*definitions).pending

    @property
    def names(self) -> list[str]:
        """Give the names of all flows of the account, sorted."""
        return sorted(flow.name for flow in self.flows())

    def flows(self) -> list[StoredFlow]:
        """Give the flows as the emulator has them."""
        return list(self.gateway.platform.list_flows(self.gateway.account))

    @property
    def kept(self) -> list[Backup]:
        """Give the backups, the latest first."""
        return list(saved_backups(self.folder / "backups"))

    @property
    def last_run(self) -> RecordedRun:
        """Give the journal of the latest run."""
        return next(iter(recorded_runs(self.folder)))
