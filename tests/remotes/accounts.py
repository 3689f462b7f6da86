"""An emulated account behind each kind of remote, opened as a command would open it."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from requests.adapters import BaseAdapter

from flowsync.cli.remote_kinds import Opening, open_remote
from flowsync.model import JsonValue
from flowsync.policy import Limits
from flowsync.remotes.emulator.faults import FaultPlan
from flowsync.remotes.emulator.gateway_app import GatewayApp, GatewayOptions, default_account
from flowsync.remotes.emulator.graph.app import GraphApp
from flowsync.remotes.emulator.graph.options import GRAPH_ACCOUNT, GraphOptions
from flowsync.remotes.emulator.graph.phones import phone_of
from flowsync.remotes.emulator.platform import Platform
from flowsync.remotes.emulator.server import EmulatorServer
from flowsync.remotes.emulator.store import Store
from flowsync.remotes.in_process import WsgiAdapter
from flowsync.remotes.interface import Remote
from flowsync.remotes.operations import Operation
from flowsync.remotes.pace import Pace
from flowsync.targets import Connection, Target
from flowsync.validation.platform import upload_findings
from tests.remotes.support import FakeTime
from tests.support import TOKEN, flow_json

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

IN_PROCESS = "http://localhost"  # what a WSGI application takes for its own address


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of remote with its dialect, and whether it is reached over HTTP."""

    remote: str
    dialect: str = "documented"
    is_served: bool = True

    @property
    def account(self) -> str:
        return GRAPH_ACCOUNT if self.remote == "graph" else default_account(self.dialect)


FORMS = {
    "embedded": Form("emulator", is_served=False),
    "documented": Form("gateway"),
    "reference": Form("gateway", "reference"),
    "graph": Form("graph"),
}


class EmulatedAccount:
    """An account with its platform; `operations` are those on flows that reached it, in order.

    `latencies` are the seconds that the emulator would have waited before each answer. `options`
    are those of the Graph API's emulator beyond its account and token.
    """

    def __init__(self, form: Form, *, clock: Callable[[], float] | None = None, **options: Any):
        self.form = form
        self.time = FakeTime()
        self.operations: list[Operation] = []
        self.latencies: list[float] = []
        self.faults = FaultPlan()
        self.store = Store(":memory:")
        self.platform = Platform(self.store, upload_findings, clock=clock or time.time)
        self.closing = ExitStack()
        self.closing.callback(self.store.close)
        self.app = self._app(options, {} if clock is None else {"clock": clock})
        self.url = self._serve() if form.is_served else IN_PROCESS

    def _app(self, options: dict[str, Any], more: dict[str, Any]) -> WSGIApplication:
        shared: dict[str, Any] = {
            "on_request": self.operations.append,
            "sleep": self._note_latency,
            **more,
        }
        accounts = (self.account,)
        if self.form.remote == "graph":
            graph = GraphOptions(**{"accounts": accounts, "token": TOKEN, **options})
            return GraphApp(self.platform, graph, self.faults, **shared)
        gateway = GatewayOptions(dialect=self.form.dialect, accounts=accounts, token=TOKEN)
        return GatewayApp(self.platform, gateway, self.faults, **shared)

    def _note_latency(self, seconds: float) -> None:
        self.latencies.append(seconds)

    def _serve(self) -> str:
        server = EmulatorServer(self.app, socket.create_server(("127.0.0.1", 0)), threads=4)
        self.closing.callback(server.close)
        return f"http://127.0.0.1:{server.port}"

    @property
    def account(self) -> str:
        """Give the id of the account."""
        return self.form.account

    def client(
        self,
        *,
        token: str = TOKEN,
        read_only: bool = False,
        adapter: BaseAdapter | None = None,
        pace: Pace | None = None,
        **target: Any,
    ) -> Remote:
        """Give a new client that never really waits; `adapter` takes the place of the network."""
        pace = pace or self.time.pace()
        inner = None if self.form.is_served else WsgiAdapter(self.app, sleep=self.time.sleep)
        is_graph = self.form.remote == "graph"
        connection = Connection(base_url=self.url, token=token)
        opened = open_remote(
            Opening(
                target=Target(
                    **{
                        "name": "test",
                        "remote": self.form.remote,
                        "account": self.account,
                        "dialect": self.form.dialect,
                        "phone_number": phone_of(self.account) if is_graph else None,
                        "connection": connection,
                        "limits": Limits(timeout=10, parallelism=4),
                        **target,
                    }
                ),
                connection=connection,
                account=target.get("account") or self.account,
                read_only=read_only,
                pace=pace,
                retrier=self.time.retrier(pace),
                adapter=adapter or inner,
            )
        )
        for client in opened.clients:
            self.closing.callback(client.close)
        return opened.remote

    def drafted(self, name: str = "Alpha", content: JsonValue = None) -> str:
        """Put a draft with Flow JSON on the account and give its id."""
        flow_id = self.emptied(name)
        text = json.dumps(flow_json() if content is None else content)
        self.platform.upload(flow_id, text.encode())
        return flow_id

    def emptied(self, name: str = "Alpha") -> str:
        """Put a draft without Flow JSON on the account and give its id."""
        return self.platform.create_flow(self.account, name=name, categories=["OTHER"])

    def published(self, name: str = "Alpha", content: JsonValue = None) -> str:
        """Put a published flow on the account and give its id."""
        flow_id = self.drafted(name, content)
        self.platform.publish(flow_id)
        return flow_id

    def messages(self) -> list[tuple[str, str, str]]:
        """Give flow, recipient and screen of each message that was sent."""
        with self.store.reading() as db:
            rows = db.execute("SELECT * FROM messages ORDER BY number").fetchall()
        return [(str(row["flow_id"]), row["recipient"], row["screen"]) for row in rows]


@contextmanager
def emulated(form: Form, **options: Any) -> Iterator[EmulatedAccount]:
    """Give an emulated account for as long as it is needed."""
    account = EmulatedAccount(form, **options)
    with account.closing:
        yield account
