"""Each kind of remote made from a target: the one place that knows them all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flowsync.targets import Connection, Target

if TYPE_CHECKING:
    from flowsync.remotes.http import Adapter, HttpClient
    from flowsync.remotes.interface import Remote
    from flowsync.remotes.pace import Pace
    from flowsync.remotes.retry import Retrier


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a remote is made of; `adapter` takes the place of the network."""

    target: Target
    connection: Connection
    account: str
    read_only: bool
    pace: Pace
    retrier: Retrier
    adapter: Adapter | None = None

    @property
    def prefix(self) -> str:
        """Give the path that all addresses of the remote begin with."""
        return urlsplit(self.connection.base_url).path.rstrip("/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A remote, with all the clients that it sends requests through, the main one first."""

    remote: Remote
    clients: tuple[HttpClient, ...]


def _gateway(opening: Opening) -> Opened:
    from flowsync.remotes.gateway.client import GatewayRemote, gateway_reads
    from flowsync.remotes.http import HttpClient

    target = opening.target
    http = HttpClient(
        base_url=opening.connection.base_url,
        credential=f"{opening.connection.auth_scheme} {opening.connection.token}",
        reads=gateway_reads(target.dialect, opening.account, opening.prefix),
        read_only=opening.read_only,
        read_timeout=target.limits.timeout,
        pace=opening.pace,
        connections=target.limits.parallelism,
        adapter=opening.adapter,
    )
    remote = GatewayRemote(
        http, dialect=target.dialect, account=opening.account, retrier=opening.retrier
    )
    return Opened(remote=remote, clients=(http,))


def _graph(opening: Opening) -> Opened:
    from flowsync.remotes.graph.client import GraphAccount, GraphRemote
    from flowsync.remotes.graph.links import LinkedContents
    from flowsync.remotes.graph.paths import graph_reads, link_reads
    from flowsync.remotes.http import HttpClient
    from flowsync.remotes.pace import Pace

    target, connection = opening.target, opening.connection
    http = HttpClient(
        base_url=connection.base_url,
        credential=f"{connection.auth_scheme} {connection.token}",
        reads=graph_reads(target.api_version, opening.prefix),
        read_only=opening.read_only,
        read_timeout=target.limits.timeout,
        pace=opening.pace,
        connections=target.limits.parallelism,
        adapter=opening.adapter,
    )
    # Links lead to other hosts, which neither see the credential nor count towards its limits.
    files = HttpClient(
        base_url="",
        credential=None,
        reads=link_reads(),
        read_only=True,
        read_timeout=target.limits.timeout,
        pace=Pace(),
        connections=target.limits.parallelism,
        hosts=target.limits.parallelism,
        adapter=opening.adapter,
    )
    remote = GraphRemote(
        http,
        GraphAccount(
            account=opening.account, version=target.api_version, phone_number=target.phone_number
        ),
        links=LinkedContents(files, base_url=connection.base_url, hosts=target.asset_hosts),
        pace=opening.pace,
        retrier=opening.retrier,
    )
    return Opened(remote=remote, clients=(http, files))


KINDS: dict[str, Callable[[Opening], Opened]] = {
    "emulator": _gateway,  # behind the gateway's protocol, without a network
    "gateway": _gateway,
    "graph": _graph,
}


def open_remote(opening: Opening) -> Opened:
    """Give the remote that a target names."""
    return KINDS[opening.target.remote](opening)
