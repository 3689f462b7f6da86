"""From options to something to work with: the target, its files, its remote."""

from __future__ import annotations

import hashlib
import signal
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from types import FrameType
from typing import TYPE_CHECKING

from flowsync.checked_before import CheckedBefore
from flowsync.cli.console import Console
from flowsync.cli.options import Common, environment, refuse_files
from flowsync.diagnostics import Diagnostic, has_errors
from flowsync.errors import Interrupted
from flowsync.project import Project
from flowsync.render.diagnostics_text import render_diagnostics, render_summary
from flowsync.render.excerpt import Excerpts
from flowsync.render.style import count
from flowsync.targets import Target
from flowsync.workspace import FilesWrong, Workspace, as_planned, load_workspace, open_target

if TYPE_CHECKING:
    from flowsync.cli.countdown import Countdown
    from flowsync.cli.events import Events
    from flowsync.cli.repetitions import Repetitions
    from flowsync.remotes.http import Adapter, HttpClient
    from flowsync.remotes.interface import Remote
    from flowsync.remotes.pace import Wait

EMULATED_HOST = "https://emulator.invalid"  # never resolved: requests stay in this process


def opened_target(common: Common, *, read_only: bool) -> tuple[Project, Target]:
    """Give the project and target that the options name. Raises `FilesInvalid`."""
    texts: dict[str, str] = {}
    found = open_target(
        common.config,
        common.target,
        environment(),
        read_only=read_only,
        texts=texts,
        account=common.account,
    )
    if isinstance(found, FilesWrong):
        raise refuse_files(
            common.console, _findings(common.console, found.diagnostics, texts), found.diagnostics
        )
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
    return workspace_of(common.console, project, target, patterns, in_order=in_order)


def workspace_of(
    console: Console,
    project: Project,
    target: Target,
    patterns: tuple[str, ...],
    *,
    in_order: bool = True,
) -> Workspace:
    """Give the files of a target that was opened before, as `opened_workspace` does."""
    workspace = as_planned(
        load_workspace(
            project,
            target,
            environment(),
            patterns,
            today=date.today(),
            checked_before=_checked_before(project, target),
        )
    )
    if in_order:
        show_findings(console, workspace)
    elif has_errors(workspace.diagnostics):
        console.progress("some definitions have errors; `flowsync validate` shows them")
    return workspace


def _checked_before(project: Project, target: Target) -> CheckedBefore:
    """Give what was found of the same repository and target before, from the user's cache."""
    from platformdirs import user_cache_path

    name = hashlib.sha256(f"{project.root.resolve()}\n{target.name}".encode()).hexdigest()
    folder = user_cache_path("flowsync", appauthor=False) / "checked"
    return CheckedBefore(folder / name)


def show_findings(console: Console, workspace: Workspace) -> None:
    """Show warnings on stderr. Raises `FilesInvalid` after showing what is wrong."""
    is_refused = has_errors(workspace.diagnostics)
    if console.quiet and not is_refused:
        return
    text = _findings(console, workspace.diagnostics, workspace.texts)
    if is_refused:
        summary = render_summary(workspace.diagnostics, len(workspace.flows), console.error_style)
        raise refuse_files(console, text + summary, workspace.diagnostics)
    console.note(text)


def _findings(console: Console, diagnostics: Iterable[Diagnostic], texts: Mapping[str, str]) -> str:
    """Give findings for stderr, with the lines they concern where a person reads it."""
    excerpts = Excerpts(texts, columns=console.columns) if console.error_excerpts else None
    return render_diagnostics(diagnostics, console.error_style, excerpts)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRemote:
    """A remote ready for requests; `clients` tell how many were sent, `countdown` shows waits."""

    remote: Remote
    account: str
    clients: tuple[HttpClient, ...]
    countdown: Countdown
    repetitions: Repetitions


@contextmanager
def opened_remote(
    common: Common,
    target: Target,
    *,
    read_only: bool,
    stop: threading.Event | None = None,
    events: Events | None = None,
) -> Iterator[OpenRemote]:
    """Give the target's remote for as long as the command needs it.

    `stop`, once set, ends every wait with `Interrupted`; Ctrl-C sets it. `events` are told of waits
    and repetitions.

    Raises `FilesInvalid` where the target's connection lacks something.
    """
    from flowsync.cli.countdown import Countdown
    from flowsync.cli.remote_kinds import Opening, open_remote
    from flowsync.cli.repetitions import Repetitions
    from flowsync.remotes.pace import Pace
    from flowsync.remotes.retry import Retrier

    console = common.console
    if target.connection_problems:
        text = render_diagnostics(target.connection_problems, console.error_style)
        raise refuse_files(console, text, target.connection_problems)

    stopping = stop or threading.Event()

    def sleep(seconds: float) -> None:
        if stopping.wait(seconds):
            raise Interrupted("stopped while waiting for the remote.")

    def tell_wait(wait: Wait) -> None:
        countdown.tell(wait)
        if events is not None:
            events.tell_wait(wait)

    repetitions = Repetitions(console, events)
    with ExitStack() as closing:
        closing.enter_context(_stopping_on_ctrl_c(stopping))
        target, adapter = _with_emulator(target, closing, stopping)
        assert target.connection is not None
        assert target.account is not None
        countdown = Countdown(console, lambda: pace.remaining())
        pace = Pace(target.limits.requests_per_hour, on_wait=tell_wait, sleep=sleep)
        opened = open_remote(
            Opening(
                target=target,
                connection=target.connection,
                account=target.account,
                read_only=read_only,
                pace=pace,
                retrier=Retrier(pace=pace, sleep=sleep, on_retry=repetitions.tell),
                adapter=adapter,
            )
        )
        try:
            yield OpenRemote(
                remote=opened.remote,
                account=target.account,
                clients=opened.clients,
                countdown=countdown,
                repetitions=repetitions,
            )
        finally:
            countdown.end()
            for client in opened.clients:
                client.close()
            if console.verbose:
                sent = sum((client.sent for client in opened.clients), Counter[str]())
                console.progress(_request_counts(sent, repetitions.count))


def _request_counts(sent: Mapping[str, int], repeated: int) -> str:
    counts = ", ".join(f"{number} {method}" for method, number in sorted(sent.items()))
    again = f"; {count(repeated, 'read')} repeated" if repeated else ""
    return f"requests: {counts or 'none'}{again}"


@contextmanager
def _stopping_on_ctrl_c(stopping: threading.Event) -> Iterator[None]:
    """Let Ctrl-C also end the waits of other threads, which the main thread waits for."""
    before = signal.getsignal(signal.SIGINT)
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or not callable(before):  # only the main thread handles; or it is ignored
        yield
        return

    def handle(number: int, frame: FrameType | None) -> None:
        stopping.set()
        before(number, frame)

    signal.signal(signal.SIGINT, handle)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _with_emulator(
    target: Target, closing: ExitStack, stopping: threading.Event
) -> tuple[Target, Adapter | None]:
    """Give an emulator target a connection that stays in this process."""
    if target.remote != "emulator":
        return target, None
    from flowsync.remotes.emulator.faults import FaultPlan, parse_fault
    from flowsync.remotes.emulator.gateway_app import GatewayApp, GatewayOptions, default_account
    from flowsync.remotes.emulator.platform import Platform
    from flowsync.remotes.emulator.store import Store
    from flowsync.remotes.in_process import WsgiAdapter
    from flowsync.targets import Connection
    from flowsync.validation.platform import upload_findings

    account = target.account or default_account(target.dialect)
    options = GatewayOptions(dialect=target.dialect, accounts=(account,))
    store = Store(str(target.database))
    closing.callback(store.close)
    faults = FaultPlan(parse_fault(spec) for spec in target.faults)
    # Its waits end early when the command stops: an answer that is waited for is then late.
    app = GatewayApp(Platform(store, upload_findings), options, faults, sleep=stopping.wait)
    adapter = WsgiAdapter(app, sleep=stopping.wait)
    connection = Connection(base_url=EMULATED_HOST, token="embedded")
    return replace(target, account=account, connection=connection), adapter
