"""Files that show flows: a page to attach, pictures of screens, before and after."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from flowsync.cli.options import environment
from flowsync.cli.own_files import why_not_replaced
from flowsync.errors import FlowsyncError, UsageFailure, reason_of
from flowsync.model import FlowKey, JsonValue
from flowsync.plan.contents import Contents
from flowsync.plan.difference.screens import flow_json_differences, renamed_screens
from flowsync.plan.difference_values import Difference
from flowsync.preview.export import (
    ALONE,
    PAIR,
    export_page,
    file_stem,
    pair_page,
    screen_pages,
)
from flowsync.preview.page.values import Look
from flowsync.preview.pictures import Camera, camera
from flowsync.preview.sheet import Pair, Side
from flowsync.preview.studio import PreviewFlow
from flowsync.preview.views import Pointer

PAGE = "preview.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture that was taken: of which screen, and its file."""

    screen: str
    file: Path


def export_flows(
    flows: Mapping[FlowKey, PreviewFlow], folder: Path, look: Look, *, with_pictures: bool
) -> Iterator[Path]:
    """Write a page of all flows into a folder, and a picture of each screen; give the files.

    Raises `FlowsyncError` where a file cannot be written, or no picture can be taken.
    """
    there = {key: flow for key, flow in flows.items() if flow.flow_json is not None}
    if not there:
        raise UsageFailure("there is no flow to export whose Flow JSON can be read.")
    today = date.today()
    titles = [(f"{key}: {flow.name}", flow.flow_json) for key, flow in there.items()]
    yield _written(folder / PAGE, export_page(titles, look, today=today).encode())
    if not with_pictures:
        return
    with camera(environment().get("PATH")) as taking:
        for key, flow in there.items():
            for page in screen_pages(flow.flow_json, look, today=today):
                file = folder / f"{file_stem(key, page.screen)}.png"
                yield _written(file, taking.picture(page.html, ALONE))


def picture_changes(
    contents: Mapping[FlowKey, Contents], folder: Path, look: Look
) -> dict[FlowKey, tuple[Picture, ...]]:
    """Write pictures of each changed screen, before and after, into a folder.

    Raises `FlowsyncError` where a file cannot be written, or no picture can be taken.
    """
    found: dict[FlowKey, tuple[Picture, ...]] = {}
    with camera(environment().get("PATH")) as taking:
        for key, both in contents.items():
            found[key] = tuple(_pictures(key, both, folder, look, taking))
    return found


def _pictures(
    key: FlowKey, contents: Contents, folder: Path, look: Look, taking: Camera
) -> Iterator[Picture]:
    for pair in changed_screens(contents):
        file = folder / f"{file_stem(key, pair.name)}.png"
        html = pair_page(pair, look, today=date.today())
        yield Picture(screen=pair.name, file=_written(file, taking.picture(html, PAIR)))


_Pointers = tuple[Pointer, ...]


def changed_screens(contents: Contents) -> Iterator[Pair]:
    """Give each screen that changed, comes or goes, with what is to be marked on both sides.

    The difference is looked at from both sides: seen backwards, what is gone is what is added.
    """
    before, after = contents.before, contents.after

    def pair(now: str | None, was: str | None, added: _Pointers, gone: _Pointers) -> Pair:
        return Pair(
            before=Side(heading="before", flow_json=before, screen=was, changed=gone),
            after=Side(heading="after", flow_json=after, screen=now, changed=added),
        )

    ids_now = _ids(after)
    if before is None:
        yield from (pair(screen, None, (), ()) for screen in ids_now)
        return
    forwards = _by_screen(flow_json_differences(before, after))
    backwards = _by_screen(flow_json_differences(after, before))
    then = {new: old for old, new in renamed_screens(before, after).items()}
    ids_then = _ids(before)
    for screen in ids_now:
        was = then.get(screen, screen if screen in ids_then else None)
        if screen in forwards or was in backwards:
            yield pair(screen, was, forwards.get(screen, ()), backwards.get(was or "", ()))
    kept = {then.get(screen, screen) for screen in ids_now}
    yield from (pair(None, was, (), ()) for was in ids_then if was not in kept)


def _by_screen(differences: tuple[Difference, ...]) -> dict[str, _Pointers]:
    found: dict[str, _Pointers] = {}
    for one in differences:
        if one.screen is not None:
            places = (one.pointer,) if len(one.pointer) > 2 and one.component else ()
            found[one.screen] = (*found.get(one.screen, ()), *places)
    return found


def _ids(flow_json: JsonValue) -> tuple[str, ...]:
    from flowsync.screen_graph import read_graph

    return tuple(screen.id for screen in read_graph(flow_json).screens)


def _written(file: Path, data: bytes) -> Path:
    """Write a whole file in its place. Raises `FlowsyncError`, or `UsageFailure` for a source."""
    if problem := why_not_replaced(file):
        raise UsageFailure(f"{file} is not written: {problem}")
    beside = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        with _removed_on_failure(beside):
            file.parent.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(data)
            beside.replace(file)
    except OSError as exc:
        raise FlowsyncError(f"{file} cannot be written: {reason_of(exc)}.") from exc
    return file


@contextmanager
def _removed_on_failure(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError:
        file.unlink(missing_ok=True)
        raise
