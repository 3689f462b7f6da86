"""What `flowsync serve` serves: the emulated platform in the form of one API or the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowsync.errors import UsageFailure

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from flowsync.remotes.emulator.faults import FaultSource
    from flowsync.remotes.emulator.platform import Platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """What was asked for; `latency` is in seconds, no accounts mean the API's usual one."""

    api: str
    dialect: str | None
    accounts: tuple[str, ...]
    token: str
    latency: float
    calls_per_hour: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedApp:
    """An application, with what a client needs to know: variables of the environment by name."""

    app: WSGIApplication
    form: str
    account: str
    variables: tuple[tuple[str, str], ...]


def make_app(asked: Serving, platform: Platform, faults: FaultSource) -> ServedApp:
    """Give the application that was asked for. Raises `UsageFailure` for what does not fit it."""
    return (
        _graph(asked, platform, faults)
        if asked.api == "graph"
        else _gateway(asked, platform, faults)
    )


def _gateway(asked: Serving, platform: Platform, faults: FaultSource) -> ServedApp:
    from flowsync.remotes.emulator.gateway_app import (
        GatewayApp,
        GatewayOptions,
        default_account,
        is_channel,
    )

    if asked.calls_per_hour is not None:
        raise UsageFailure("--calls-per-hour is for --api graph alone. Leave it out.")
    dialect = asked.dialect or "documented"
    for account in asked.accounts:
        if dialect == "reference" and not is_channel(account):
            raise UsageFailure(
                f'the dialect reference serves channels, and "{account}" is no UUID.'
            )
    options = GatewayOptions(
        dialect=dialect,
        accounts=asked.accounts or (default_account(dialect),),
        token=asked.token,
        latency=asked.latency,
    )
    is_usual = dialect == "documented"
    return ServedApp(
        app=GatewayApp(platform, options, faults),
        form=dialect,
        account=options.accounts[0],
        variables=() if is_usual else (("FLOWSYNC_DIALECT", dialect),),
    )


def _graph(asked: Serving, platform: Platform, faults: FaultSource) -> ServedApp:
    from flowsync.remotes.emulator.graph.app import GraphApp
    from flowsync.remotes.emulator.graph.options import GRAPH_ACCOUNT, GraphOptions

    if asked.dialect is not None:
        raise UsageFailure("--dialect is for --api gateway alone. Leave it out.")
    options = GraphOptions(
        accounts=asked.accounts or (GRAPH_ACCOUNT,),
        token=asked.token,
        latency=asked.latency,
        calls_per_hour=asked.calls_per_hour,
    )
    return ServedApp(
        app=GraphApp(platform, options, faults),
        form="Graph API",
        account=options.accounts[0],
        variables=(("FLOWSYNC_REMOTE", "graph"),),
    )
