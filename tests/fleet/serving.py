"""A platform of many accounts served over HTTP on a thread, as a gateway or as the Graph API."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flowsync.model import JsonValue
from flowsync.remotes.emulator.faults import FaultPlan, parse_fault
from flowsync.remotes.emulator.gateway_app import GatewayApp, GatewayOptions
from flowsync.remotes.emulator.graph.app import GraphApp
from flowsync.remotes.emulator.graph.options import GraphOptions
from flowsync.remotes.emulator.platform import Platform
from flowsync.remotes.emulator.server import EmulatorServer
from flowsync.remotes.emulator.store import Store
from flowsync.validation.platform import upload_findings

TOKEN = "test-token-not-secret"


class ServedFleet:
    """The platform behind a server, and its address."""

    def __init__(self, platform: Platform, url: str, api: str) -> None:
        self.platform, self.url, self.api = platform, url, api

    def target(self, **fields: JsonValue) -> dict[str, JsonValue]:
        """Give a target of flowsync.yaml that leads here."""
        hosts: dict[str, JsonValue] = {"asset_hosts": ["127.0.0.1"]} if self.api == "graph" else {}
        return {
            "remote": self.api,
            "base_url": self.url,
            "token": "${env:FLOWSYNC_TOKEN}",
            **hosts,
            **fields,
        }

    def statuses(self, account: str) -> dict[str, str]:
        """Give the status of each flow of an account by name."""
        return {flow.name: flow.status for flow in self.platform.list_flows(account)}


@contextmanager
def served_fleet(
    api: str, accounts: tuple[str, ...], faults: tuple[str, ...] = ()
) -> Iterator[ServedFleet]:
    """Serve these accounts while the block runs, with faults as `--fault` takes them."""
    store = Store(":memory:")
    platform = Platform(store, upload_findings)
    closing = threading.Event()  # no answer is held back longer, so that none meets a closed store
    plan = FaultPlan(map(parse_fault, faults))
    app = (
        GraphApp(platform, GraphOptions(accounts=accounts, token=TOKEN), plan, sleep=closing.wait)
        if api == "graph"
        else GatewayApp(
            platform, GatewayOptions(accounts=accounts, token=TOKEN), plan, sleep=closing.wait
        )
    )
    listening = socket.create_server(("127.0.0.1", 0))
    server = EmulatorServer(app, listening)
    try:
        yield ServedFleet(platform, f"http://127.0.0.1:{server.port}", api)
    finally:
        closing.set()
        server.close()
        store.close()
