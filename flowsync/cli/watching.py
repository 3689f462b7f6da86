"""Validating again whenever a file is saved (the only use of watchfiles).

The system's notices only wake this up; whether something changed is seen in the files themselves.
So nothing is missed where notices do not come, such as on a network drive or for a new folder.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from flowsync.checking import Request, named_files
from flowsync.cli.console import Console
from flowsync.cli.options import environment
from flowsync.errors import UsageFailure
from flowsync.project import CONFIG_NAME, load_project
from flowsync.sources import leads_outside

_SUFFIXES = {".yaml", ".yml", ".json"}
_SETTLED_MS = 50  # without a further notice, before the files are looked at
_LONGEST_MS = 300  # of notices without such a pause
_LOOK_AGAIN_S = 1.0  # at the files, also without a notice
_STOP_MS = 200  # after which a thread sees that it should stop


@dataclass(frozen=True, slots=True)
class _Places:
    """What to watch: a folder with all below it, None for none, and single files."""

    flows: Path | None
    files: tuple[Path, ...]


_State = dict[str, tuple[int, int, int]]


def watch_files(console: Console, request: Request, report: Callable[[str], object]) -> None:
    """Call `report`, and again after each change, until Ctrl-C, which is how this should end.

    It is given the time to show. A `UsageFailure` of the first check is raised; a
    later one, such as for a file that is gone for a moment, is shown.
    """
    changed = threading.Event()
    is_first = True
    try:
        while True:
            places = _places(request)
            before = _state(places)
            with _notices(places, changed):
                console.clear()
                _show(console, report, is_first=is_first)
                is_first = False
                while _state(places) == before:
                    changed.wait(_LOOK_AGAIN_S)
                    changed.clear()
    except KeyboardInterrupt:
        console.progress("stopped.")


def on_changes(
    flows: Path, files: Iterable[Path], call: Callable[[], object], stopping: threading.Event
) -> None:
    """Call whenever something below a folder or one of some files has changed, until the event."""
    places, changed = _Places(flows, tuple(files)), threading.Event()
    before = _state(places)
    with _notices(places, changed):
        while not stopping.is_set():
            changed.wait(_STOP_MS / 1000)
            changed.clear()
            now = _state(places)
            if now != before:
                before = now
                call()


def _show(console: Console, report: Callable[[str], object], *, is_first: bool) -> None:
    now = time.strftime("%H:%M:%S")
    try:
        report(now)
    except UsageFailure as exc:
        if is_first:
            raise
        console.error(f"{exc} ({now})")


def _places(request: Request) -> _Places:
    """Give what the findings depend on, as far as it is there."""
    named = named_files(request)
    project = None
    with suppress(UsageFailure):
        project = load_project(request.config, environment(), [])
    flows = project.flows if project else None
    if flows and not request.needs_project and all(leads_outside(file, flows) for file in named):
        flows = None
    return _Places(flows, (request.config or Path(CONFIG_NAME), *named))


def _state(places: _Places) -> _State:
    """Give what changes when a file is saved, made, moved or removed."""
    found: _State = {}
    for file in places.files:
        _note(found, os.fspath(file))
    for folder, _, names in os.walk(places.flows) if places.flows else ():
        _note(found, folder)
        for name in names:
            if Path(name).suffix.lower() in _SUFFIXES:
                _note(found, os.path.join(folder, name))  # noqa: PTH118  # twice as fast as Path
    return found


def _note(found: _State, path: str) -> None:
    with suppress(OSError, ValueError):
        status = os.stat(path)  # noqa: PTH116  # path is text
        found[path] = (status.st_mtime_ns, status.st_size, status.st_ino)


@contextmanager
def _notices(places: _Places, changed: threading.Event) -> Iterator[None]:
    """Set `changed` whenever the system gives notice of a change, for as long as this is open."""
    stop = threading.Event()
    beside = {file.parent for file in places.files}
    if places.flows:
        beside.add(places.flows.parent)
    watched = [(beside, False), ({places.flows} if places.flows else set(), True)]
    threads = [
        threading.Thread(target=_wait, args=(folders, deep, changed, stop), daemon=True)
        for folders, deep in watched
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _wait(folders: set[Path], deep: bool, changed: threading.Event, stop: threading.Event) -> None:
    from watchfiles import watch

    there = [folder for folder in folders if folder.is_dir()]
    with suppress(OSError, RuntimeError):  # too many folders are watched; the files are looked at
        for _ in (
            watch(
                *there,
                watch_filter=None,
                debounce=_LONGEST_MS,
                step=_SETTLED_MS,
                stop_event=stop,
                rust_timeout=_STOP_MS,
                yield_on_timeout=False,
                raise_interrupt=False,
                recursive=deep,
            )
            if there
            else ()
        ):
            changed.set()
