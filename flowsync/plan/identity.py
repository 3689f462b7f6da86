"""Which remote flow a definition means: by exact name, by an earlier name, or by succession.

A flow that was replaced has successors named `<name> v2`, `<name> v3` …; the definition then means
the highest version that is not deprecated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from flowsync.model import FlowDefinition, FlowKey, FlowStatus, ListedFlow, Listing
from flowsync.plan.values import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The remote flow that a definition means, None where there is none.

    `accepted_name` is the name the flow should have; `predecessors` are earlier versions, oldest
    first. `problem` and `way_out` are sentences when it is not clear which flow is meant.
    """

    flow: ListedFlow | None
    accepted_name: str
    reason: Reason | None = None
    predecessors: tuple[ListedFlow, ...] = ()
    problem: str | None = None
    way_out: str | None = None


def match_flows(definitions: Iterable[FlowDefinition], listing: Listing) -> dict[FlowKey, Match]:
    """Give for each definition the remote flow that it means."""
    definitions = tuple(definitions)
    names = {definition.name for definition in definitions}
    flows = tuple(sorted(listing.flows, key=lambda flow: (flow.name, flow.id)))
    return {
        definition.key: _match(definition, flows, names - {definition.name})
        for definition in definitions
    }


def _match(
    definition: FlowDefinition, flows: tuple[ListedFlow, ...], other_names: set[str]
) -> Match:
    name = definition.name
    named = [flow for flow in flows if flow.name == name]
    if len(named) > 1:
        ids = ", ".join(flow.id for flow in named)
        return Match(
            flow=None,
            accepted_name=name,
            problem=f'the account has {len(named)} flows named "{name}" ({ids}).',
            way_out="Rename or delete all but one in WhatsApp Manager.",
        )
    successors = _successors(definition, flows, other_names)
    if successors and (definition.replace or not named or _is_deprecated(named[0])):
        return _latest_version(name, [*named, *successors])
    if named:
        return Match(flow=named[0], accepted_name=name)
    for earlier in definition.renamed_from:
        found = [flow for flow in flows if flow.name == earlier]
        if found and earlier in other_names:
            return Match(
                flow=None,
                accepted_name=name,
                problem=f'"{earlier}" in renamed_from is the name of another definition.',
                way_out="Remove it from renamed_from.",
            )
        if len(found) == 1:
            return Match(flow=found[0], accepted_name=name, reason=Reason.RENAMED)
        if found:
            return Match(
                flow=None,
                accepted_name=name,
                problem=f'the account has {len(found)} flows named "{earlier}" (renamed_from).',
                way_out="Rename or delete all but one in WhatsApp Manager.",
            )
    alike = [flow for flow in flows if flow.name.casefold() == name.casefold()]
    if alike:
        return Match(
            flow=None,
            accepted_name=name,
            problem=f'the account has a flow named "{alike[0].name}" (id {alike[0].id}), which '
            "differs from the definition's name only in letter case.",
            way_out=f'Add `renamed_from: ["{alike[0].name}"]` to rename it, or use its name.',
        )
    return Match(flow=None, accepted_name=name)


def _successors(
    definition: FlowDefinition, flows: tuple[ListedFlow, ...], other_names: set[str]
) -> list[ListedFlow]:
    pattern = re.compile(re.escape(definition.name) + r" v([2-9]|[1-9]\d{1,3})")
    versions = [
        (int(match[1]), flow)
        for flow in flows
        if flow.name not in other_names and (match := pattern.fullmatch(flow.name))
    ]
    return [flow for _, flow in sorted(versions, key=lambda version: version[0])]


def _latest_version(name: str, versions: list[ListedFlow]) -> Match:
    alive = [flow for flow in versions if not _is_deprecated(flow)]
    current = alive[-1] if alive else versions[-1]
    earlier = tuple(versions[: versions.index(current)])
    return Match(
        flow=current,
        accepted_name=current.name,
        reason=Reason.SUCCESSOR if current.name != name else None,
        predecessors=earlier,
    )


def next_version_name(name: str, accepted_name: str) -> str:
    """Give the name of the flow that replaces the one named `accepted_name`."""
    suffix = accepted_name.removeprefix(name).removeprefix(" v")
    return f"{name} v{int(suffix) + 1 if suffix.isdigit() else 2}"


def _is_deprecated(flow: ListedFlow) -> bool:
    return flow.status == FlowStatus.DEPRECATED.value
