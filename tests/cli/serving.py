"""Shared by tests of commands: an emulated gateway over HTTP, and looking into its database."""

from __future__ import annotations

import json
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from click.testing import Result

from flowsync.model import JsonValue
from flowsync.remotes.emulator.gateway_app import DOCUMENTED_ACCOUNT, GatewayApp
from flowsync.remotes.emulator.platform import Platform
from flowsync.remotes.emulator.server import EmulatorServer
from flowsync.remotes.emulator.store import Store
from flowsync.remotes.operations import ON_FLOWS, Operation
from flowsync.validation.platform import upload_findings
from tests.support import TOKEN, EmulatedGateway, Repository

WRITES = frozenset(ON_FLOWS) - {Operation.LIST, Operation.GET}
DATABASE = Path(".flowsync/emulator.db")


class Served:
    """The emulated gateway on a port; `operations` are those that reached it.

    `on_request` is called with each operation before it is carried out. What a test enters into
    `closing` ends with the server.
    """

    def __init__(self) -> None:
        self.closing = ExitStack()
        self.emulated = EmulatedGateway("documented")
        self.operations: list[Operation] = []
        self.on_request: Callable[[Operation], None] = lambda operation: None
        app = GatewayApp(
            self.emulated.platform,
            self.emulated.app.options,
            self.emulated.faults,
            on_request=self._note,
            sleep=self.emulated.sleep,
        )
        listening = socket.create_server(("127.0.0.1", 0))
        self._server = EmulatorServer(app, listening, threads=8)
        self.url = f"http://127.0.0.1:{self._server.port}"

    def _note(self, operation: Operation) -> None:
        self.operations.append(operation)
        self.on_request(operation)

    def target(self, **fields: JsonValue) -> dict[str, JsonValue]:
        """Give a target of flowsync.yaml that leads here, one request at a time."""
        return {
            "remote": "gateway",
            "base_url": self.url,
            "account": DOCUMENTED_ACCOUNT,
            "token": "${env:FLOWSYNC_TOKEN}",
            "limits": {"parallelism": 1},
            "allow": ["publish", "deprecate", "delete"],
            **fields,
        }

    @property
    def platform(self) -> Platform:
        """Give the platform behind the gateway."""
        return self.emulated.platform

    def taken(self) -> Counter[str]:
        """Give how often each operation came since the last call."""
        counts = Counter(operation.value for operation in self.operations)
        self.operations.clear()
        return counts

    def close(self) -> None:
        """End the server and everything it holds."""
        self.closing.close()
        self._server.close()
        assert not self._server.is_running
        self.emulated.store.close()


def run(repository: Repository, *args: str, token: str = TOKEN) -> Result:
    """Run a command with a token in the environment; a bug shows as its own exception."""
    ran = repository.run(*args, env={"FLOWSYNC_TOKEN": token})
    if ran.exception is not None and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    return ran


def parsed(ran: Result) -> Any:
    """Give the JSON on stdout."""
    return json.loads(ran.stdout)


@contextmanager
def embedded() -> Iterator[Platform]:
    """Give the platform of the embedded emulator of the current folder."""
    store = Store(str(DATABASE))
    yield Platform(store, upload_findings)
    store.close()


def flow_id(name: str) -> str:
    """Give the id of a flow of the embedded emulator by its name."""
    with embedded() as platform:
        return next(f.id for f in platform.list_flows(DOCUMENTED_ACCOUNT) if f.name == name)


def statuses(platform: Platform) -> dict[str, str]:
    """Give the status of each flow by name."""
    return {flow.name: flow.status for flow in platform.list_flows(DOCUMENTED_ACCOUNT)}
