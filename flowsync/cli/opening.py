"""From options to something to work with: the target, its files, its remote."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flowsync.cli.console import Console
from flowsync.cli.options import Common, environment, refuse_files
from flowsync.diagnostics import Diagnostic, has_errors
from flowsync.errors import Interrupted
from flowsync.project import Project
from flowsync.render.diagnostics_text import render_diagnostics, render_summary
from flowsync.render.excerpt import Excerpts
from flowsync.targets import Target
from flowsync.workspace import FilesWrong, Workspace, as_planned, load_workspace, open_target

if TYPE_CHECKING:
    from flowsync.remotes.http import Adapter, HttpClient
    from flowsync.remotes.interface import Remote

EMULATED_HOST = "https://emulator.invalid"  # never resolved: requests stay in this process


def opened_target(common: Common, *, read_only: bool) -> tuple[Project, Target]:
    """Give the project and target that the options name. Raises `FilesInvalid`."""
    texts: dict[str, str] = {}
    found = open_target(
        common.config, common.target, environment(), read_only=read_only, texts=texts
    )
    if isinstance(found, FilesWrong):
        raise refuse_files(common.console, _findings(common.console, found.diagnostics, texts))
    for secret in found[1].secrets:
        common.console.hide(secret)
    return found


def opened_workspace(
    common: Common, patterns: tuple[str, ...], *, read_only: bool, in_order: bool = True
) -> Workspace:
    """Give the files that a command works with; warnings are shown on stderr.

    Raises `FilesInvalid` after showing what is wrong. Without `in_order` the command can do with
    the definitions that can be read, and only a remark is shown.
    """
    project, target = opened_target(common, read_only=read_only)
    workspace = as_planned(
        load_workspace(project, target, environment(), patterns, today=date.today())
    )
    console = common.console
    text = _findings(console, workspace.diagnostics, workspace.texts)
    if not in_order:
        if has_errors(workspace.diagnostics):
            console.progress("some definitions have errors; `flowsync validate` shows them")
        return workspace
    if has_errors(workspace.diagnostics):
        summary = render_summary(workspace.diagnostics, len(workspace.flows), console.error_style)
        raise refuse_files(console, text + summary)
    if not console.quiet:
        console.note(text)
    return workspace


def _findings(console: Console, diagnostics: Iterable[Diagnostic], texts: Mapping[str, str]) -> str:
    """Give findings for stderr, with the lines they concern where a person reads it."""
    excerpts = Excerpts(texts, columns=console.columns) if console.error_excerpts else None
    return render_diagnostics(diagnostics, console.error_style, excerpts)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRemote:
    """A remote ready for requests; `http` tells how many were sent."""

    remote: Remote
    account: str
    http: HttpClient


@contextmanager
def opened_remote(
    common: Common,
    target: Target,
    *,
    read_only: bool,
    stop: threading.Event | None = None,
) -> Iterator[OpenRemote]:
    """Give the target's remote for as long as the command needs it.

    `stop`, once set, ends every wait with `Interrupted`.

    Raises `FilesInvalid` where the target's connection lacks something.
    """
    from flowsync.remotes.gateway.client import GatewayRemote, gateway_reads
    from flowsync.remotes.http import HttpClient
    from flowsync.remotes.pace import Pace
    from flowsync.remotes.retry import Retrier, RetryPolicy

    console = common.console
    if target.connection_problems:
        text = render_diagnostics(target.connection_problems, console.error_style)
        raise refuse_files(console, text)

    def tell_wait(seconds: float) -> None:
        if seconds >= 1:
            console.progress(f"waiting {seconds:.0f} s: the account is called too often")

    stopping = stop or threading.Event()

    def sleep(seconds: float) -> None:
        if stopping.wait(seconds):
            raise Interrupted("stopped while waiting for the remote.")

    with ExitStack() as closing:
        target, adapter = _with_emulator(target, closing)
        assert target.connection is not None
        assert target.account is not None
        pace = Pace(target.limits.requests_per_hour, on_wait=tell_wait, sleep=sleep)
        connection = target.connection
        http = HttpClient(
            base_url=connection.base_url,
            credential=f"{connection.auth_scheme} {connection.token}",
            reads=gateway_reads(
                target.dialect, target.account, urlsplit(connection.base_url).path.rstrip("/")
            ),
            read_only=read_only,
            read_timeout=target.limits.timeout,
            pace=pace,
            connections=target.limits.parallelism,
            adapter=adapter,
        )
        remote = GatewayRemote(
            http,
            dialect=target.dialect,
            account=target.account,
            retrier=Retrier(policy=RetryPolicy(), pace=pace, sleep=sleep),
        )
        try:
            yield OpenRemote(remote=remote, account=target.account, http=http)
        finally:
            http.close()
            if console.verbose:
                counts = ", ".join(
                    f"{number} {method}" for method, number in sorted(http.sent.items())
                )
                console.progress(f"requests: {counts or 'none'}")


def _with_emulator(target: Target, closing: ExitStack) -> tuple[Target, Adapter | None]:
    """Give an emulator target a connection that stays in this process."""
    if target.remote != "emulator":
        return target, None
    from flowsync.remotes.emulator.gateway_app import GatewayApp, GatewayOptions, default_account
    from flowsync.remotes.emulator.platform import Platform
    from flowsync.remotes.emulator.store import Store
    from flowsync.remotes.http import WsgiAdapter
    from flowsync.targets import Connection
    from flowsync.validation.platform import upload_findings

    account = target.account or default_account(target.dialect)
    options = GatewayOptions(dialect=target.dialect, accounts=(account,))
    store = Store(str(target.database))
    closing.callback(store.close)
    app = GatewayApp(Platform(store, upload_findings), options)
    connection = Connection(base_url=EMULATED_HOST, token="embedded")
    return replace(target, account=account, connection=connection), WsgiAdapter(app)
