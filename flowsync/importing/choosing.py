"""Which flows of the account an import is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from flowsync.diagnostics import nearest
from flowsync.errors import UsageFailure
from flowsync.model import FlowId, FlowKey, FlowStatus, ListedFlow, Listing
from flowsync.plan.identity import Match

_MOST_NAMES = 10  # named where a word means no flow


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The flows to import, in order of name, and how many deprecated ones were left out.

    `keys` are those of the definitions that mean a flow.
    """

    flows: tuple[ListedFlow, ...]
    keys: Mapping[FlowId, FlowKey]
    left_out: int


def choose_flows(
    words: Iterable[str],
    listing: Listing,
    matches: Mapping[FlowKey, Match],
    *,
    with_deprecated: bool,
) -> Choice:
    """Give the flows that words mean: a name, an id, a key, or a glob over names and keys.

    Without words all are meant. A deprecated flow without a definition here comes only where a
    word names it in full, or with `with_deprecated`; earlier versions of a flow that was replaced
    come only where they are named.

    Raises `UsageFailure` for a word that means no flow.
    """
    keys = {match.flow.id: key for key, match in matches.items() if match.flow}
    earlier = {flow.id for match in matches.values() for flow in match.predecessors}
    words = tuple(words)
    named: set[FlowId] = set()
    meant: set[FlowId] = set()
    for word in words:
        exact = {flow.id for flow in listing.flows if word in _names(flow, keys)}
        found = exact or {
            flow.id
            for flow in listing.flows
            if any(fnmatchcase(name, word) for name in _names(flow, keys))
        }
        if not found:
            raise UsageFailure(_explain_missing(word, listing, matches))
        named |= exact
        meant |= found
    chosen, left_out = [], 0
    for flow in sorted(listing.flows, key=lambda flow: (flow.name, flow.id)):
        if words and flow.id not in meant:
            continue
        is_retired = flow.status == FlowStatus.DEPRECATED.value and flow.id not in keys
        is_wanted = with_deprecated and flow.id not in earlier
        if flow.id in named or is_wanted or not (is_retired or flow.id in earlier):
            chosen.append(flow)
        else:
            left_out += is_retired and flow.id not in earlier
    return Choice(flows=tuple(chosen), keys=keys, left_out=left_out)


def _names(flow: ListedFlow, keys: Mapping[FlowId, FlowKey]) -> tuple[str, ...]:
    return (flow.id, flow.name, *((keys[flow.id],) if flow.id in keys else ()))


def _explain_missing(word: str, listing: Listing, matches: Mapping[FlowKey, Match]) -> str:
    """Say that a word means no flow, and what was most likely meant."""
    match = matches.get(FlowKey(word))
    if match is not None and match.problem:
        return f'which flow "{word}" means is not clear: {match.problem} {match.way_out or ""}'
    if match is not None:
        return f'"{word}" has a definition here, but no flow in the account to import.'
    names = sorted({flow.name for flow in listing.flows})
    near = nearest(word, [*names, *matches])
    if near:
        hint = f'Did you mean "{near}"?'
    elif names:
        more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
        listed = ", ".join(f'"{name}"' for name in names[:_MOST_NAMES])
        hint = f"The account has {listed}{more}."
    else:
        hint = "The account has no flows."
    return f'no flow has the name, id or key "{word}". {hint}'
