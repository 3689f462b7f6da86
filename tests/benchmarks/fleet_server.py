"""A served gateway of many accounts with slow answers: `python -m tests.benchmarks.fleet_server`.

Prints its address. With more threads than `flowsync serve` has, so that not the server but the
time of an answer is what clients wait for.
"""

from __future__ import annotations

import json
import socket
import sys
import time

from flowsync.remotes.emulator.faults import FaultPlan
from flowsync.remotes.emulator.gateway_app import GatewayApp, GatewayOptions
from flowsync.remotes.emulator.platform import Platform
from flowsync.remotes.emulator.server import EmulatorServer
from flowsync.remotes.emulator.store import Store
from tests.support import flow_json

TOKEN = "benchmark-token"
_THREADS = 256


def account_of(number: int) -> str:
    """Give the id of an account."""
    return str(7_000_000_000 + number)


def main(accounts: int, flows: int, latency_ms: int) -> None:
    """Serve until the process is ended; the accounts have `flows` published flows each."""
    platform = Platform(Store(":memory:"), lambda content: [])
    for number in range(accounts):
        for flow in range(flows):
            flow_id = platform.create_flow(
                account_of(number), name=f"Flow-{flow}", categories=["OTHER"]
            )
            platform.upload(flow_id, json.dumps(flow_json()).encode())
            platform.publish(flow_id)
    options = GatewayOptions(
        accounts=tuple(map(account_of, range(accounts))), token=TOKEN, latency=latency_ms / 1000
    )
    listening = socket.create_server(("127.0.0.1", 0), backlog=1024)
    server = EmulatorServer(GatewayApp(platform, options, FaultPlan()), listening, threads=_THREADS)
    print(f"http://127.0.0.1:{server.port}", flush=True)
    while server.is_running:
        time.sleep(1)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
