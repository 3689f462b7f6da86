"""The ids of the flows that definitions mean, for services that send them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flowsync.model import DesiredState, FlowDefinition, FlowKey, ListedFlow, Listing
from flowsync.plan.build import matches_of
from flowsync.plan.identity import Match


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFlow:
    """What is known of the flow that a key means: the flow as listed, or a sentence why not."""

    key: FlowKey
    flow: ListedFlow | None
    reason: str = ""


def known_flows(
    definitions: Iterable[FlowDefinition], listing: Listing, keys: Iterable[FlowKey]
) -> tuple[KnownFlow, ...]:
    """Give the flows that `keys` mean, in order of key, as a plan would take them.

    `definitions` are all that could be read, because each may bear on what another means.
    """
    ordered = sorted(definitions, key=lambda definition: definition.key)
    by_key = {definition.key: definition for definition in ordered}
    matches = matches_of(ordered, listing)
    return tuple(
        _known(by_key[key], matches[key], listing)
        if key in matches
        else KnownFlow(
            key=key,
            flow=None,
            reason="its definition cannot be used; `flowsync validate` says why.",
        )
        for key in sorted(keys)
    )


def _known(definition: FlowDefinition, match: Match, listing: Listing) -> KnownFlow:
    key = definition.key
    if match.flow is not None:
        return KnownFlow(key=key, flow=match.flow)
    if match.problem is not None:
        return KnownFlow(key=key, flow=None, reason=f"{match.problem} {match.way_out}")
    if not listing.is_whole:
        return KnownFlow(
            key=key,
            flow=None,
            reason="it is not in a listing that is not whole. Run the command again.",
        )
    if definition.state in {DesiredState.ABSENT, DesiredState.DEPRECATED}:
        state = definition.state.value
        return KnownFlow(
            key=key, flow=None, reason=f"the account has no such flow, which is to be {state}."
        )
    reason = "it is not on the remote yet. Run `flowsync apply` first."
    return KnownFlow(key=key, flow=None, reason=reason)
