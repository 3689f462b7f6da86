"""Remote → observed: listing the flows, reading those that matter, doubting what is not there.

Only reads. Absence is believed of a listing that says it is whole, that a second one repeats, and
that lacks no flow which an earlier run here saw and which can still be read (G-18).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TypeVar

from flowsync.errors import RemoteError, RemoteRejected, RemoteUnavailable, says_unknown_flow
from flowsync.model import (
    Content,
    ContentState,
    FlowDefinition,
    FlowId,
    FlowKey,
    Listing,
    Observed,
    PreviewLink,
    RemoteFlow,
)
from flowsync.packed import packed
from flowsync.plan.build import flows_to_read
from flowsync.remotes.interface import Remote

_MOST_NAMED = 3
T = TypeVar("T")


def observe(
    remote: Remote,
    definitions: Iterable[FlowDefinition],
    *,
    selected: frozenset[FlowKey] | None,
    parallelism: int,
) -> Observed:
    """List the flows, and read those that the definitions concern, several at a time."""
    listing = remote.list_flows()
    wanted = flows_to_read(tuple(definitions), listing, selected)
    return Observed(listing=listing, details=_read_details(remote, wanted, parallelism))


def _read_details(
    remote: Remote, wanted: tuple[FlowId, ...], parallelism: int
) -> dict[FlowId, RemoteFlow]:
    def read(flow_id: FlowId) -> RemoteFlow:
        flow = remote.get_flow(flow_id)
        return replace(flow, content=packed(flow.content))

    found = _sorted_out(wanted, _read_all(read, wanted, parallelism))
    return {flow_id: flow for flow_id, flow in found.items() if isinstance(flow, RemoteFlow)}


def read_flows(
    remote: Remote, wanted: tuple[FlowId, ...], *, parallelism: int
) -> dict[FlowId, RemoteFlow | RemoteError]:
    """Give each flow as read by its id, or the error that concerns this flow alone.

    Raises `RemoteError` where none could be read, or for an error about all of them.
    """
    return _sorted_out(wanted, _read_all(remote.get_flow, wanted, parallelism))


def _sorted_out(
    wanted: tuple[FlowId, ...], answers: list[RemoteFlow | RemoteError]
) -> dict[FlowId, RemoteFlow | RemoteError]:
    found = dict(zip(wanted, answers, strict=True))
    failed = [answer for answer in found.values() if isinstance(answer, RemoteError)]
    if failed and len(failed) == len(wanted):
        raise failed[0]
    about_one_flow = (RemoteUnavailable, RemoteRejected)
    stops = [error for error in failed if not isinstance(error, about_one_flow)]
    if stops:
        raise stops[0]
    if any(isinstance(error, RemoteUnavailable) for error in failed):
        # then HTTP 500 is no sign of an empty draft (G-06)
        return {
            flow_id: answer if isinstance(answer, RemoteError) else _distrusted(answer)
            for flow_id, answer in found.items()
        }
    return found


def read_preview_links(
    remote: Remote, wanted: Iterable[FlowId], *, parallelism: int
) -> dict[FlowId, PreviewLink | RemoteError | None]:
    """Ask for the preview link of each flow; an error stands in the place of one not read.

    The links carry tokens (G-28): this is for a person who asks to see them.
    """
    ids = tuple(wanted)
    return dict(zip(ids, _read_all(remote.preview_link, ids, parallelism), strict=True))


def _read_all(
    read: Callable[[FlowId], T], wanted: tuple[FlowId, ...], parallelism: int
) -> list[T | RemoteError]:
    """Read several flows at a time; an error stands in the place of its flow."""
    found: dict[FlowId, T | RemoteError] = {}
    waiting = deque(wanted)

    def work() -> None:
        while waiting:
            try:
                flow_id = waiting.popleft()
            except IndexError:  # another thread took the last one
                return
            try:
                found[flow_id] = read(flow_id)
            except RemoteError as exc:
                found[flow_id] = exc
            except BaseException:
                waiting.clear()  # nobody will look at the others
                raise

    # Each thread takes flows by itself: handing them out one by one costs as much as a quick read.
    threads = min(parallelism, len(wanted)) or 1
    with ThreadPoolExecutor(threads, thread_name_prefix="flowsync-read") as pool:
        try:
            for worker in [pool.submit(work) for _ in range(threads)]:
                worker.result()
        finally:
            waiting.clear()  # after Ctrl-C nothing else is asked for
    return [found[flow_id] for flow_id in wanted]


def _distrusted(flow: RemoteFlow) -> RemoteFlow:
    """Give a flow whose emptiness was only concluded as one with unknown content."""
    if flow.content.state is ContentState.NONE and flow.content.note:
        note = "the remote fails to show it, and other flows too"
        return replace(flow, content=Content(state=ContentState.UNKNOWN, note=note))
    return flow


# --- is what was not listed really absent? ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """How far absence may be concluded: the doubts, and the earlier flows that are really gone."""

    doubts: tuple[str, ...]
    gone: frozenset[FlowId]


def check_absence(
    remote: Remote, listing: Listing, seen: frozenset[FlowId], *, parallelism: int
) -> Absence:
    """List once more, and ask for each flow that was seen before and is not listed now.

    `seen` are the flows of earlier runs.
    """
    again = remote.list_flows()
    first, second = ({flow.id: flow.name for flow in found.flows} for found in (listing, again))
    doubts = list(again.doubts)
    unsteady = sorted(first.keys() ^ second.keys())
    named = {**first, **second}
    doubts += [
        f'flow {flow_id} ("{named[flow_id]}") is in only one of two listings'
        for flow_id in unsteady[:_MOST_NAMED]
    ]
    missing = tuple(sorted(seen - named.keys()))
    answers = dict(zip(missing, _read_all(remote.get_flow, missing, parallelism), strict=True))
    gone = frozenset(flow_id for flow_id, answer in answers.items() if _says_gone(answer))
    lost = [flow_id for flow_id in missing if flow_id not in gone]
    for flow_id in lost[:_MOST_NAMED]:
        answer = answers[flow_id]
        how = "cannot be asked for" if isinstance(answer, RemoteError) else "can still be read"
        doubts.append(
            f"flow {flow_id}, which an earlier run saw, is not listed but {how}; if it is gone for "
            "good, --allow-empty-remote says so"
        )
    return Absence(doubts=tuple(doubts), gone=gone)


def _says_gone(answer: RemoteFlow | RemoteError) -> bool:
    return isinstance(answer, RemoteRejected) and says_unknown_flow(answer)
