"""An account as an outsider keeps book of it: who wrote what, and what flowsync may write.

It knows the platform's rules no more than needed, so that it does not repeat flowsync's mistakes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowsync.model import FlowDefinition, FlowKey, JsonValue
from flowsync.plan.values import Plan
from flowsync.remotes.emulator.platform import Platform
from tests.support import EmulatedGateway, flow_json

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

OTHER = "other-"  # how names begin that no definition has


class Killed(BaseException):
    """The process has died: nothing of it goes on."""


@dataclass(frozen=True)
class Write:
    """A write that reached the platform; `name` is the flow's name at that moment."""

    kind: str
    flow_id: str
    name: str


class BookKeeper(Platform):
    """The platform, with every write noted before it takes effect; `theirs` are not noted."""

    def __init__(self, inner: Platform) -> None:
        super().__init__(inner._store, inner._check)
        self.writes: list[Write] = []
        self.made: dict[str, str] = {}  # ids of flows that flowsync created, with their first name
        self._is_theirs = False

    @contextmanager
    def theirs(self) -> Iterator[None]:
        """Let somebody else write while the block runs."""
        self._is_theirs = True
        try:
            yield
        finally:
            self._is_theirs = False

    def _note(self, kind: str, flow_id: str, name: str | None = None) -> None:
        if not self._is_theirs:
            self.writes.append(Write(kind, flow_id, name or self.get_flow(flow_id).name))

    def create_flow(
        self,
        account: str,
        *,
        name: str | None,
        categories: Sequence[str] | None,
        clone_flow_id: str | None = None,
        endpoint_uri: str | None = None,
    ) -> str:
        """Note and create."""
        self._note("create", "", name or "")
        new = super().create_flow(
            account,
            name=name,
            categories=categories,
            clone_flow_id=clone_flow_id,
            endpoint_uri=endpoint_uri,
        )
        if not self._is_theirs:
            self.made[new] = name or ""
        return new

    def update_flow(
        self,
        flow_id: str,
        *,
        name: str | None = None,
        categories: Sequence[str] | None = None,
        endpoint_uri: str | None = None,
        application_id: str | None = None,
    ) -> None:
        """Note and update."""
        self._note("update", flow_id)
        super().update_flow(
            flow_id,
            name=name,
            categories=categories,
            endpoint_uri=endpoint_uri,
            application_id=application_id,
        )

    def upload(self, flow_id: str, content: bytes) -> tuple[JsonValue, ...]:
        """Note and upload."""
        self._note("upload", flow_id)
        return super().upload(flow_id, content)

    def publish(self, flow_id: str) -> None:
        """Note and publish."""
        self._note("publish", flow_id)
        super().publish(flow_id)

    def deprecate(self, flow_id: str) -> None:
        """Note and deprecate."""
        self._note("deprecate", flow_id)
        super().deprecate(flow_id)

    def delete(self, flow_id: str) -> None:
        """Note and delete."""
        self._note("delete", flow_id)
        super().delete(flow_id)


class Line:
    """What lies between flowsync and the platform: it can go dead, as the process can be killed.

    `kill_at` is the number of the request at which flowsync dies, before it is carried out or,
    with `kills_after`, after. `between` is called before each request.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app
        self.between: Callable[[int], None] = lambda number: None
        self.reset()

    def reset(self, kill_at: int | None = None, *, kills_after: bool = False) -> None:
        """Begin to count anew, alive."""
        self.number, self.kill_at, self.kills_after = 0, kill_at, kills_after
        self.is_dead = False

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Carry a request, or die."""
        if self.is_dead:
            raise Killed
        self.number += 1
        dies = self.number == self.kill_at
        if dies and not self.kills_after:
            self.is_dead = True
            raise Killed
        self.between(self.number)
        answer = list(self._app(environ, start_response))
        if dies:
            self.is_dead = True
            raise Killed
        return answer


class Somebody:
    """Another writer to the same account, as a person with the console."""

    def __init__(self, keeper: BookKeeper, gateway: EmulatedGateway) -> None:
        self._keeper, self._account = keeper, gateway.account
        self.touched: set[str] = set()  # ids of flows that are not as flowsync left them
        self.own: dict[str, tuple[str, JsonValue]] = {}  # status and content of flows by name

    def makes(self, name: str) -> None:
        """Make a flow that no definition speaks of."""
        with self._keeper.theirs():
            if name not in self.own:
                new = self._keeper.create_flow(self._account, name=name, categories=["OTHER"])
                self._keeper.upload(new, json.dumps(flow_json("Theirs")).encode())
                self.own[name] = ("DRAFT", flow_json("Theirs"))

    def edits(self, name: str, label: str) -> None:
        """Upload another Flow JSON to a flow of this name, where the platform lets them."""
        with self._keeper.theirs():
            for flow in self._keeper.list_flows(self._account):
                if flow.name == name and flow.status not in {"DEPRECATED"}:
                    self._keeper.upload(flow.id, json.dumps(flow_json(label)).encode())
                    self.touched.add(flow.id)

    def takes(self, name: str) -> None:
        """Make a flow with the name of a definition, if there is none."""
        with self._keeper.theirs():
            if all(flow.name != name for flow in self._keeper.list_flows(self._account)):
                new = self._keeper.create_flow(self._account, name=name, categories=["SURVEY"])
                self.touched.add(new)


def not_shown(
    writes: Iterable[Write], plan: Plan, definitions: dict[FlowKey, FlowDefinition]
) -> list[Write]:
    """Give the writes that the plan did not show, or that the definitions did not ask for."""
    return [write for write in writes if not _is_shown(write, plan, definitions)]


def _is_shown(write: Write, plan: Plan, definitions: dict[FlowKey, FlowDefinition]) -> bool:
    wanted = {"publish": {"published"}, "deprecate": {"deprecated"}, "delete": {"absent"}}
    for change in plan.changes:
        steps = (*change.steps, *change.fallback)
        new_names = {step.name for step in steps if step.kind.value == "create"}
        for step in steps:
            is_new = step.flow_id is None and write.name in new_names
            if step.kind.value != write.kind or not (is_new or step.flow_id == write.flow_id):
                continue
            state = definitions[change.key].state.value if change.key else ""
            return state in wanted.get(write.kind, {state})
    return False
