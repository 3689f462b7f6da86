"""Which flows of an account are meant: by name, id, key or glob, or all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from flowsync.diagnostics import nearest
from flowsync.errors import RemoteUnavailable, UsageFailure
from flowsync.model import FlowId, FlowKey, FlowStatus, ListedFlow, Listing
from flowsync.plan.identity import Match


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The flows to import in order of name, those with a definition here by its key.

    `left_out` are deprecated flows without a definition that were not named. `unclear` are the keys
    of chosen definitions of which it is not clear which flow they mean.
    """

    flows: tuple[ListedFlow, ...]
    keys: Mapping[FlowId, FlowKey]
    left_out: tuple[ListedFlow, ...]
    unclear: tuple[FlowKey, ...]


def choose_flows(
    listing: Listing,
    matches: Mapping[FlowKey, Match],
    words: Iterable[str],
    *,
    with_deprecated: bool,
) -> Choice:
    """Choose by words, each a name, an id, a key or a glob of names and keys; none stands for all.

    Raises `UsageFailure` for a word that chooses nothing, or `RemoteUnavailable` where the listing
    may not be whole.
    """
    words = tuple(words)
    keys = {match.flow.id: key for key, match in matches.items() if match.flow is not None}
    named: set[FlowId] = set()
    found: set[FlowId] = set() if words else {flow.id for flow in listing.flows}
    unclear: set[FlowKey] = set()
    if not words:
        unclear |= {key for key, match in matches.items() if match.problem}
    for word in words:
        exact = _flows_named(word, listing, matches)
        chosen = exact or _flows_like(word, listing, keys)
        doubtful = {
            key for key, match in matches.items() if match.problem and fnmatchcase(key, word)
        }
        if not chosen and not doubtful:
            raise _nothing(word, listing, matches)
        named |= exact
        found |= chosen
        unclear |= doubtful
    earlier = {flow.id for match in matches.values() for flow in match.predecessors}
    flows = sorted(
        (flow for flow in listing.flows if flow.id in found), key=lambda one: (one.name, one.id)
    )
    left_out = [
        flow
        for flow in flows
        if flow.status == FlowStatus.DEPRECATED.value
        and flow.id not in keys.keys() | named | earlier
        and not with_deprecated
    ]
    return Choice(
        flows=tuple(
            flow
            for flow in flows
            if flow not in left_out and (flow.id not in earlier or flow.id in named)
        ),
        keys=keys,
        left_out=tuple(left_out),
        unclear=tuple(sorted(unclear)),
    )


def _flows_named(word: str, listing: Listing, matches: Mapping[FlowKey, Match]) -> set[FlowId]:
    """Give the flows that have this very name, id or key."""
    found = {flow.id for flow in listing.flows if word in {flow.id, flow.name}}
    match = matches.get(FlowKey(word))
    return found | ({match.flow.id} if match is not None and match.flow is not None else set())


def _flows_like(word: str, listing: Listing, keys: Mapping[FlowId, FlowKey]) -> set[FlowId]:
    """Give the flows whose name or key a glob takes."""
    return {
        flow.id
        for flow in listing.flows
        if fnmatchcase(flow.name, word) or (flow.id in keys and fnmatchcase(keys[flow.id], word))
    }


def _nothing(
    word: str, listing: Listing, matches: Mapping[FlowKey, Match]
) -> UsageFailure | RemoteUnavailable:
    """Say that a word chooses nothing, and what was most likely meant."""
    if not listing.is_whole:
        return RemoteUnavailable(
            f'no flow that the remote lists has the name, id or key "{word}", and the listing may '
            f"not be whole: {listing.doubts[0]}. Run the command again."
        )
    if any(fnmatchcase(key, word) for key in matches):
        return UsageFailure(
            f'"{word}" has a definition here, but its flow is not on the remote, so there is '
            "nothing to import."
        )
    near = nearest(word, [*matches, *(flow.name for flow in listing.flows)])
    hint = f'Did you mean "{near}"?' if near else "`flowsync list` shows all flows."
    return UsageFailure(f'no flow has the name, id or key "{word}". {hint}')
