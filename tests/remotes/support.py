"""Shared by the tests of remotes: clients over any adapter, and a plan and apply without files."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import requests
import responses
from requests.adapters import BaseAdapter

from flowsync.apply.execute import apply_plan
from flowsync.apply.journal import Journal
from flowsync.apply.outcome import Outcome
from flowsync.model import (
    DesiredState,
    FlowDefinition,
    FlowJson,
    FlowKey,
    JsonValue,
    StepKind,
)
from flowsync.observing import observe
from flowsync.plan.build import PlanRequest, build_plan
from flowsync.plan.values import Plan
from flowsync.policy import Policy
from flowsync.remotes.emulator.gateway_app import default_account
from flowsync.remotes.gateway.client import GatewayRemote, gateway_reads
from flowsync.remotes.gateway.dialects import DIALECTS
from flowsync.remotes.http import HttpClient
from flowsync.remotes.in_process import WsgiAdapter
from flowsync.remotes.interface import Remote
from flowsync.remotes.operations import Operation
from flowsync.remotes.pace import Pace
from flowsync.remotes.retry import Retrier
from flowsync.retry_policy import POLICY, Retry
from tests.support import TOKEN, EmulatedGateway, flow_json

BASE_URL = "https://gateway.test"
FLOW = "1001"


@dataclass(frozen=True)
class Sent:
    """A request as it left: `path` with its query, and the time-out that went with it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    timeout: Any

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class WatchingAdapter(BaseAdapter):
    """Notes every request, and lets a test do something before it goes on."""

    def __init__(
        self,
        inner: BaseAdapter,
        before: Callable[[requests.PreparedRequest], None] = lambda request: None,
    ) -> None:
        super().__init__()
        self.inner, self.before = inner, before
        self.sent: list[Sent] = []

    def send(self, request: requests.PreparedRequest, *a: Any, **kw: Any) -> requests.Response:
        body = request.body or b""
        self.sent.append(
            Sent(
                method=request.method or "",
                path=request.path_url,
                headers=dict(request.headers),
                body=body if isinstance(body, bytes) else str(body).encode(),
                timeout=kw.get("timeout"),
            )
        )
        self.before(request)
        return self.inner.send(request, *a, **kw)

    def close(self) -> None:
        self.inner.close()


class CannedAdapter(BaseAdapter):
    """Answers each request with the next of `answers`, or raises it."""

    def __init__(self, *answers: requests.Response | Exception) -> None:
        super().__init__()
        self.answers = list(answers)
        self.sent = 0

    def send(self, request: requests.PreparedRequest, *a: Any, **kw: Any) -> requests.Response:
        self.sent += 1
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        answer.request = request
        return answer

    def close(self) -> None:
        """Do nothing: there is no connection."""


class FakeTime:
    """A clock that only sleeping moves."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now
        self.sleeps: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.now += seconds

    def pace(self, requests_per_hour: int | None = None) -> Pace:
        return Pace(requests_per_hour, clock=self.clock, sleep=self.sleep)

    def retrier(
        self,
        pace: Pace | None = None,
        *,
        on_retry: Callable[[Retry], None] = lambda retry: None,
        **changes: Any,
    ) -> Retrier:
        """Give a retrier by the real policy, in which each rule is changed as given."""
        return Retrier(
            policy={trouble: replace(rule, **changes) for trouble, rule in POLICY.items()},
            pace=pace or self.pace(),
            on_retry=on_retry,
            clock=self.clock,
            sleep=self.sleep,
            jitter=lambda: 1.0,
        )


def http_client(
    adapter: BaseAdapter | None = None,
    *,
    base_url: str = BASE_URL,
    credential: str | None = f"Bearer {TOKEN}",
    dialect: str = "documented",
    prefix: str = "",
    read_only: bool = False,
    read_timeout: float = 5,
    clock: Callable[[], float] | None = None,
) -> HttpClient:
    """Give an HTTP client that never waits for its turn."""
    extra: dict[str, Any] = {} if clock is None else {"clock": clock}
    return HttpClient(
        base_url=base_url,
        credential=credential,
        reads=gateway_reads(dialect, default_account(dialect), prefix),
        read_only=read_only,
        read_timeout=read_timeout,
        pace=Pace(),
        adapter=adapter,
        **extra,
    )


def remote_over(
    adapter: BaseAdapter | None,
    dialect: str = "documented",
    *,
    time: FakeTime | None = None,
    **http: Any,
) -> GatewayRemote:
    """Give a gateway client over an adapter, or over the (patched) network."""
    time = time or FakeTime()
    client = http_client(adapter, dialect=dialect, **http)
    return GatewayRemote(
        client, dialect=dialect, account=default_account(dialect), retrier=time.retrier()
    )


def watched(
    gateway: EmulatedGateway,
    before: Callable[[requests.PreparedRequest], None] = lambda request: None,
) -> tuple[GatewayRemote, WatchingAdapter]:
    """Give a client of an emulated gateway whose requests are noted."""
    adapter = WatchingAdapter(WsgiAdapter(gateway.app), before)
    return remote_over(adapter, gateway.dialect), adapter


def url_of(operation: Operation, dialect: str = "documented", flow_id: str = FLOW) -> str:
    """Give the address of an operation, without a query."""
    return BASE_URL + DIALECTS[dialect][operation].fill(default_account(dialect), flow_id)


def listed_remote(
    mock: responses.RequestsMock, dialect: str = "documented", *, time: FakeTime | None = None
) -> GatewayRemote:
    """Give a client over canned answers that has listed the draft `FLOW`."""
    entry = {"id": FLOW, "name": "Alpha", "status": "DRAFT", "categories": ["OTHER"]}
    answer = {"success": True, "message": "", "data": [entry]}
    mock.add("GET", url_of(Operation.LIST, dialect), json=answer)
    remote = remote_over(None, dialect, time=time)
    assert [flow.id for flow in remote.list_flows().flows] == [FLOW]
    mock.calls.reset()
    return remote


# --- planning and applying without files ---


def definition(
    key: str = "alpha",
    *,
    name: str = "Alpha",
    categories: tuple[str, ...] = ("OTHER",),
    state: DesiredState = DesiredState.PUBLISHED,
    content: JsonValue = None,
    endpoint_uri: str | None = None,
    manages_endpoint: bool = False,
    **more: Any,
) -> FlowDefinition:
    """Give a definition as loading would, without validation."""
    value = flow_json() if content is None else content
    has_content = state in {DesiredState.DRAFT, DesiredState.PUBLISHED}
    return FlowDefinition(
        key=FlowKey(key),
        path=f"flows/{key}.yaml",
        name=name,
        categories=categories,
        state=state,
        flow_json=FlowJson(path=f"flows/{key}.json", text=json.dumps(value), value=value)
        if has_content
        else None,
        endpoint_uri=endpoint_uri,
        manages_endpoint=manages_endpoint or endpoint_uri is not None,
        digest=key,
        **more,
    )


def plan_of(remote: Remote, *definitions: FlowDefinition, parallelism: int = 1) -> Plan:
    """Observe a remote and plan, with consent to everything."""
    observed = observe(remote, definitions, selected=None, parallelism=parallelism)
    request = PlanRequest(
        target="test",
        remote="gateway",
        account="account",
        policy=Policy(allow=frozenset(StepKind)),
        can_clear_endpoint=remote.capabilities.can_clear_endpoint,
        max_content_depth=remote.capabilities.max_content_depth,
        max_content_bytes=remote.capabilities.max_content_bytes,
    )
    return build_plan(definitions, observed, request)


_runs = itertools.count()


def apply_of(
    plan: Plan, remote: Remote, folder: Path, definitions: Iterable[FlowDefinition]
) -> Outcome:
    """Carry out a plan without waiting; the journal is written below `folder`."""
    journal = Journal(folder / f"journal-{next(_runs)}", "test")
    try:
        return apply_plan(
            plan,
            {definition.key: definition for definition in definitions},
            remote,
            journal,
            parallelism=1,
            stop=threading.Event(),
            wait_s=lambda seconds: None,
        )
    finally:
        journal.close()


def plan_and_apply(remote: Remote, folder: Path, *definitions: FlowDefinition) -> Outcome:
    """Plan and apply in one go."""
    return apply_of(plan_of(remote, *definitions), remote, folder, definitions)


def published(gateway: EmulatedGateway, name: str = "Alpha", content: JsonValue = None) -> str:
    """Put a published flow on an emulated gateway and give its id."""
    flow_id = drafted(gateway, name, content)
    gateway.platform.publish(flow_id)
    return flow_id


def drafted(gateway: EmulatedGateway, name: str = "Alpha", content: JsonValue = None) -> str:
    """Put a draft with Flow JSON on an emulated gateway and give its id."""
    flow_id = gateway.platform.create_flow(gateway.account, name=name, categories=["OTHER"])
    text = json.dumps(flow_json() if content is None else content)
    gateway.platform.upload(flow_id, text.encode())
    return flow_id
