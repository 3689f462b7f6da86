"""`flowsync serve`."""

from __future__ import annotations

import errno
import re
import socket
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flowsync.cli.console import Console
from flowsync.cli.options import NumberRange, environment
from flowsync.cli.serve_apps import ServedApp, Serving, make_app
from flowsync.cli.serve_token import serve_token, shown_export
from flowsync.cli.stopping import set_on_signals
from flowsync.errors import FlowsyncError, RefusedForSafety, UsageFailure, reason_of
from flowsync.remotes.emulator.publishing import TROUBLES

if TYPE_CHECKING:
    from flowsync.remotes.emulator.faults import FaultSource
    from flowsync.remotes.emulator.server import EmulatorServer

_LOOPBACK = re.compile(r"localhost|127(\.\d{1,3}){3}|::1")


@click.command(
    epilog="""\b
Examples:
  flowsync serve                                   then, in another terminal, what it prints
  flowsync serve --port 9000 --latency 50
  flowsync serve --dialect reference --fault 'create:drop-after*1' --fault any:slow=200
  flowsync serve --fault-script storm.txt          a SPEC in each line
  flowsync serve --fault-seed 7 --fault-percent 20
  flowsync serve --api graph --trouble no-phone-number
  flowsync serve --list-faults"""
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8790,
    show_default=True,
    help="0 takes a free one.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--allow-remote", is_flag=True, help="Let --host be other than this machine's own.")
@click.option(
    "--api",
    type=click.Choice(["gateway", "graph"]),
    default="gateway",
    show_default=True,
    help="The gateway API, or Meta's Graph API.",
)
@click.option(
    "--dialect",
    type=click.Choice(["documented", "reference"]),
    help="The paths of the gateway API; documented without this.",
)
@click.option(
    "--account",
    "accounts",
    multiple=True,
    metavar="ID",
    help="An account to serve; a UUID in the dialect reference. May be repeated.",
)
@click.option(
    "--token-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Holds the credential that requests must carry; else FLOWSYNC_SERVE_TOKEN, else "
    "emulator-token.",
)
@click.option(
    "--latency",
    type=click.IntRange(0, 60_000),
    default=0,
    metavar="MS",
    help="Milliseconds before each answer.",
)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="SPEC",
    help="OPERATION[@N]:KIND[=VALUE][*COUNT]; see --list-faults. May be repeated.",
)
@click.option(
    "--fault-script",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A file with a fault in each line, and comments behind #.",
)
@click.option(
    "--fault-seed",
    type=int,
    metavar="N",
    help="Faults by chance, the same for the same N; with --fault-percent.",
)
@click.option(
    "--fault-percent",
    type=NumberRange(0, 100),
    metavar="P",
    help="How many of all calls meet a fault by chance; with --fault-seed.",
)
@click.option(
    "--calls-per-hour",
    type=click.IntRange(min=1),
    metavar="N",
    help="Graph API: refuse calls of an account beyond N in an hour, and tell in headers how many "
    "are used up.",
)
@click.option(
    "--trouble",
    "troubles",
    multiple=True,
    type=click.Choice(list(TROUBLES)),
    help="What keeps the accounts from publishing. May be repeated.",
)
@click.option("--list-faults", is_flag=True, help="List the kinds of fault and end.")
@click.option(
    "--db",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Keep the flows in this file; otherwise they end with the server.",
)
@click.option("--quiet", "-q", is_flag=True, help="Print nothing but errors.")
def command(
    port: int,
    host: str,
    allow_remote: bool,
    api: str,
    dialect: str | None,
    accounts: tuple[str, ...],
    token_file: Path | None,
    latency: int,
    faults: tuple[str, ...],
    fault_script: Path | None,
    fault_seed: int | None,
    fault_percent: float | None,
    calls_per_hour: int | None,
    troubles: tuple[str, ...],
    list_faults: bool,
    db: Path | None,
    quiet: bool,
) -> None:
    """Serve the emulator over HTTP, in the form of the gateway API or of Meta's. Ctrl-C ends it."""
    from flowsync.remotes.emulator.fault_kinds import KINDS, OPERATIONS
    from flowsync.remotes.emulator.platform import Platform
    from flowsync.remotes.emulator.server import EmulatorServer
    from flowsync.remotes.emulator.store import Store
    from flowsync.validation.platform import upload_findings

    console = Console(quiet=quiet)
    if list_faults:
        console.show("".join(f"{kind:<20} {about.meaning}\n" for kind, about in KINDS.items()))
        console.progress(
            f"write them as OPERATION[@N]:KIND[=VALUE][*COUNT], for example create:drop-after*1; "
            f"OPERATION is one of {', '.join(OPERATIONS)}, any"
        )
        return
    if not _LOOPBACK.fullmatch(host) and not allow_remote:
        raise RefusedForSafety(
            f"{host} can be reached from other machines. Pass --allow-remote if that is meant."
        )
    asked = Serving(
        api=api,
        dialect=dialect,
        accounts=accounts,
        token=serve_token(token_file, environment()),
        latency=latency / 1000,
        calls_per_hour=calls_per_hour,
    )
    source = _faults(faults, fault_script, fault_seed, fault_percent)
    with ExitStack() as closing:
        listening = closing.enter_context(_listening_socket(host, port))
        store = Store(":memory:" if db is None else str(db))
        closing.callback(store.close)
        platform = Platform(store, upload_findings, troubles=troubles)
        served = make_app(asked, platform, source)
        server = EmulatorServer(served.app, listening)
        stopping = set_on_signals()
        if not quiet:
            console.show(_greeting(host, server.port, served, asked.token))
        _serve_until(stopping, server)
    if not quiet:
        console.show("stopped.\n")


def _faults(
    specs: tuple[str, ...], script: Path | None, seed: int | None, percent: float | None
) -> FaultSource:
    """Give the faults that the options ask for. Raises `UsageFailure`."""
    from flowsync.remotes.emulator.chance import ChanceFaults
    from flowsync.remotes.emulator.fault_script import read_fault_script
    from flowsync.remotes.emulator.faults import FaultPlan, FaultsTogether, parse_fault

    if (seed is None) != (percent is None):
        raise UsageFailure(
            "faults by chance need both --fault-seed and --fault-percent, for example "
            "--fault-seed 7 --fault-percent 20."
        )
    written = [parse_fault(spec) for spec in specs]
    plan = FaultPlan([*written, *(() if script is None else read_fault_script(script))])
    if seed is None or percent is None:
        return plan
    return FaultsTogether(plan, ChanceFaults(seed, percent))


def _listening_socket(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as exc:
        reason = reason_of(exc).partition(" (while")[0]
        other = "--port" if exc.errno in {errno.EADDRINUSE, errno.EACCES} else "--host"
        raise FlowsyncError(
            f"{host}:{port} cannot be listened on: {reason}. Choose another {other}."
        ) from exc


def _greeting(host: str, port: int, served: ServedApp, token: str) -> str:
    shown_host = f"[{host}]" if ":" in host else host
    more = "".join(f"export {name}={value}\n" for name, value in served.variables)
    return (
        f"Emulator on http://{shown_host}:{port} ({served.form}). In another terminal:\n\n"
        f"export FLOWSYNC_BASE_URL=http://{shown_host}:{port}\n"
        f"export FLOWSYNC_ACCOUNT={served.account}\n"
        f"{shown_export(token)}\n{more}"
        "export FLOWSYNC_TARGET=env\n"
        "flowsync plan\n\nCtrl-C ends the server.\n"
    )


def _serve_until(stopping: threading.Event, server: EmulatorServer) -> None:
    """Serve until the event is set; requests in flight get their answer."""
    while server.is_running and not stopping.wait(0.2):
        continue
    server.close()
