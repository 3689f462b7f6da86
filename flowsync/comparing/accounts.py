"""Comparing the flows of two accounts by name; one pair at a time is held, and let go.

Ids differ between accounts, and preview links, health and the like are nobody's doing: compared is
what a plan compares. Endpoints often differ on purpose, and are shown all the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from flowsync.comparing.values import Compared, Comparison, Side, Verdict
from flowsync.errors import RemoteRejected, RemoteUnavailable
from flowsync.model import ContentState, ListedFlow, Listing, RemoteFlow
from flowsync.plan.difference.screens import flow_json_differences
from flowsync.plan.values import FieldChange
from flowsync.remotes.interface import Remote


def compare_accounts(
    first: Remote,
    second: Remote,
    sides: tuple[Side, Side],
    *,
    is_wanted: Callable[[str], bool],
    parallelism: int,
) -> Comparison:
    """Compare two accounts; `is_wanted` chooses flows by name.

    A flow that cannot be read on one side is not compared, the others are. Raises `RemoteError`
    where an account cannot be listed, or refuses the credential.
    """
    with ThreadPoolExecutor(2, thread_name_prefix="flowsync-list") as pool:
        listings = list(pool.map(lambda remote: remote.list_flows(), (first, second)))
    ours, theirs = (_by_name(listing, is_wanted) for listing in listings)
    repeated = _repeated(listings[0]) | _repeated(listings[1])

    def compared(name: str) -> Compared:
        if name in repeated:
            note = "one of the accounts has several flows of this name"
            return Compared(name=name, verdict=Verdict.UNKNOWN, note=note)
        here, there = ours.get(name), theirs.get(name)
        if here is None or there is None:
            is_first = here is not None
            return Compared(
                name=name,
                verdict=Verdict.ONLY_FIRST if is_first else Verdict.ONLY_SECOND,
                first=here.id if here else None,
                second=there.id if there else None,
            )
        return _pair(first, second, here, there)

    with ThreadPoolExecutor(parallelism, thread_name_prefix="flowsync-compare") as pool:
        flows = tuple(pool.map(compared, sorted({*ours, *theirs})))
    told = tuple(
        Side(target=side.target, account=side.account, doubts=listing.doubts)
        for side, listing in zip(sides, listings, strict=True)
    )
    return Comparison(first=told[0], second=told[1], flows=flows)


def _by_name(listing: Listing, is_wanted: Callable[[str], bool]) -> dict[str, ListedFlow]:
    return {flow.name: flow for flow in listing.flows if is_wanted(flow.name)}


def _repeated(listing: Listing) -> set[str]:
    counts = Counter(flow.name for flow in listing.flows)
    return {name for name, number in counts.items() if number > 1}


def _pair(first: Remote, second: Remote, here: ListedFlow, there: ListedFlow) -> Compared:
    try:
        ours, theirs = first.get_flow(here.id), second.get_flow(there.id)
    except (RemoteUnavailable, RemoteRejected) as exc:  # about this flow alone
        return _not_compared(here, there, str(exc))
    notes = [
        one.content.note for one in (ours, theirs) if one.content.state is ContentState.UNKNOWN
    ]
    if notes:
        return _not_compared(here, there, f"its content is unknown: {notes[0]}.")
    fields = tuple(_fields(ours, theirs))
    return Compared(
        name=here.name,
        verdict=Verdict.DIFFERENT if fields else Verdict.SAME,
        first=here.id,
        second=there.id,
        fields=fields,
    )


def _not_compared(here: ListedFlow, there: ListedFlow, note: str) -> Compared:
    return Compared(
        name=here.name, verdict=Verdict.UNKNOWN, first=here.id, second=there.id, note=note
    )


def _fields(ours: RemoteFlow, theirs: RemoteFlow) -> list[FieldChange]:
    found: list[FieldChange] = []
    if ours.status != theirs.status:
        found.append(FieldChange(name="status", old=ours.status, new=theirs.status))
    if set(ours.categories) != set(theirs.categories):
        old, new = sorted(set(ours.categories)), sorted(set(theirs.categories))
        found.append(FieldChange(name="categories", old=[*old], new=[*new]))
    if (ours.endpoint_uri or None) != (theirs.endpoint_uri or None):
        found.append(
            FieldChange(name="endpoint_uri", old=ours.endpoint_uri, new=theirs.endpoint_uri)
        )
    is_empty = [one.content.state is ContentState.NONE for one in (ours, theirs)]
    if any(is_empty):
        if not all(is_empty):
            had, has = ("none" if empty else "some" for empty in is_empty)
            found.append(FieldChange(name="flow_json", old=had, new=has))
    elif ours.content.digest != theirs.content.digest:
        differences = flow_json_differences(ours.content.value, theirs.content.value)
        found.append(FieldChange(name="flow_json", differences=differences))
    return found
