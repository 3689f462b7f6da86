"""Shared by tests: the emulated Graph API on a port of this machine, with what reached it."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Callable, Sequence

from flowsync.model import JsonValue
from flowsync.remotes.emulator.faults import FaultPlan
from flowsync.remotes.emulator.graph.app import GraphApp
from flowsync.remotes.emulator.graph.options import GRAPH_ACCOUNT, GraphOptions
from flowsync.remotes.emulator.platform import Platform
from flowsync.remotes.emulator.server import EmulatorServer
from flowsync.remotes.emulator.store import Store
from flowsync.remotes.operations import Operation
from flowsync.validation.platform import upload_findings
from tests.support import TOKEN


class ServedGraph:
    """The emulated Graph API; `operations` are those that reached it, in order.

    `on_request` is called with each operation before it is carried out.
    """

    def __init__(self, *, troubles: Sequence[str] = (), accounts: tuple[str, ...] = ()) -> None:
        self.store = Store(":memory:")
        self.platform = Platform(self.store, upload_findings, troubles=troubles)
        self.faults = FaultPlan()
        self.operations: list[Operation] = []
        self.on_request: Callable[[Operation], None] = lambda operation: None
        self.account = accounts[0] if accounts else GRAPH_ACCOUNT
        options = GraphOptions(accounts=accounts or (GRAPH_ACCOUNT,), token=TOKEN)
        app = GraphApp(self.platform, options, self.faults, on_request=self._note)
        self._server = EmulatorServer(app, socket.create_server(("127.0.0.1", 0)), threads=8)
        self.url = f"http://127.0.0.1:{self._server.port}"

    def _note(self, operation: Operation) -> None:
        self.operations.append(operation)
        self.on_request(operation)

    def target(self, **fields: JsonValue) -> dict[str, JsonValue]:
        """Give a target of flowsync.yaml that leads here, one request at a time."""
        return {
            "remote": "graph",
            "base_url": self.url,
            "account": self.account,
            "token": "${env:FLOWSYNC_TOKEN}",
            "limits": {"parallelism": 1},
            "allow": ["publish", "deprecate", "delete"],
            **fields,
        }

    def taken(self) -> Counter[str]:
        """Give how often each operation came since the last call."""
        counts = Counter(operation.value for operation in self.operations)
        self.operations.clear()
        return counts

    def close(self) -> None:
        """End the server and everything it holds."""
        self._server.close()
        self.store.close()
