"""Which remote flow a definition means: by exact name, by an earlier name, or by succession.

A flow that was replaced has successors named `<name> v2`, `<name> v3` …; the definition then means
the highest version that is not deprecated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from flowsync.model import DesiredState, FlowDefinition, FlowKey, FlowStatus, ListedFlow, Listing
from flowsync.plan.values import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The remote flow that a definition means, None where there is none.

    `accepted_name` is the name the flow should have; `predecessors` are earlier versions, oldest
    first; `taken` all names of the account and of the definitions. `problem` and `way_out` are
    sentences when it is not clear which flow is meant.
    """

    flow: ListedFlow | None
    accepted_name: str
    reason: Reason | None = None
    predecessors: tuple[ListedFlow, ...] = ()
    taken: frozenset[str] = frozenset()
    problem: str | None = None
    way_out: str | None = None


class _Names:
    """The names of an account's flows and of the definitions, each found without a search."""

    def __init__(self, definitions: tuple[FlowDefinition, ...], listing: Listing) -> None:
        self.of_definitions = {definition.name for definition in definitions}
        self.named: dict[str, list[ListedFlow]] = {}
        self.alike: dict[str, list[ListedFlow]] = {}
        self.versions: dict[str, list[tuple[int, ListedFlow]]] = {}
        for flow in sorted(listing.flows, key=lambda flow: (flow.name, flow.id)):
            self.named.setdefault(flow.name, []).append(flow)
            self.alike.setdefault(flow.name.casefold(), []).append(flow)
            match = _VERSION_NAME.fullmatch(flow.name)
            if match:
                self.versions.setdefault(match[1], []).append((int(match[2]), flow))
        self.taken = frozenset(self.of_definitions | self.named.keys())
        self.heirs: dict[str, list[FlowKey]] = {}
        for definition in definitions:
            if definition.name not in self.named:
                for earlier in set(definition.renamed_from):
                    self.heirs.setdefault(earlier, []).append(definition.key)

    def is_of_another(self, name: str, definition: FlowDefinition) -> bool:
        """Tell whether a name is that of another definition."""
        return name != definition.name and name in self.of_definitions


_VERSION_NAME = re.compile(r"(.*) v([2-9]|[1-9]\d{1,3})", re.DOTALL)


def match_flows(definitions: Iterable[FlowDefinition], listing: Listing) -> dict[FlowKey, Match]:
    """Give for each definition the remote flow that it means."""
    definitions = tuple(definitions)
    names = _Names(definitions, listing)
    return {
        definition.key: replace(
            _handed_on(definition, names) or _match(definition, names), taken=names.taken
        )
        for definition in definitions
    }


def _handed_on(definition: FlowDefinition, names: _Names) -> Match | None:
    """Give the problem of a name that passes from one definition's flow to another's at once."""
    heirs = names.heirs.get(definition.name, [])
    earlier = [name for name in definition.renamed_from if name in names.named]
    if definition.name not in names.named or not heirs or not earlier:
        return None
    return Match(
        flow=None,
        accepted_name=definition.name,
        problem=f'the flow "{definition.name}" may be the one that "{heirs[0]}" means with its '
        f'renamed_from, and "{earlier[0]}", an earlier name of this one, is there too.',
        way_out=f'Rename "{heirs[0]}" first and apply that, then rename this one.',
    )


def _match(definition: FlowDefinition, names: _Names) -> Match:
    name = definition.name
    named = names.named.get(name, [])
    if len(named) > 1:
        return _ambiguous(definition, named)
    found = Match(flow=named[0], accepted_name=name) if named else None
    if found is None and definition.state is not DesiredState.ABSENT:
        found = _by_earlier_name(definition, names)
    if found is not None and found.problem:
        return found
    base = [found.flow] if found and found.flow else []
    successors = _successors(definition, names)
    wants_content = definition.state in {DesiredState.DRAFT, DesiredState.PUBLISHED}
    is_followed = definition.replace or (wants_content and base and _is_deprecated(base[0]))
    if successors and is_followed:  # what is to be removed must not lead on by its name alone
        twins = [flow for flow in successors if _count(successors, flow.name) > 1]
        return _ambiguous(definition, twins) if twins else _latest_version(name, base, successors)
    if found is not None:
        return found
    if definition.state is DesiredState.ABSENT:  # one deletion must not lead to another
        return Match(flow=None, accepted_name=name)
    alike = names.alike.get(name.casefold())
    if alike:
        return Match(
            flow=None,
            accepted_name=name,
            problem=f'the account has a flow named "{alike[0].name}" (id {alike[0].id}), which '
            "differs from the definition's name only in letter case.",
            way_out=f'Add `renamed_from: ["{alike[0].name}"]` to rename it, or use its name.',
        )
    return Match(flow=None, accepted_name=name)


def _by_earlier_name(definition: FlowDefinition, names: _Names) -> Match | None:
    for earlier in definition.renamed_from:
        found = names.named.get(earlier, [])
        if found and names.is_of_another(earlier, definition):
            if definition.state is DesiredState.DEPRECATED:
                continue
            return Match(
                flow=None,
                accepted_name=definition.name,
                problem=f'"{earlier}" in renamed_from is the name of another definition.',
                way_out="Remove it from renamed_from.",
            )
        if len(found) > 1:
            return _ambiguous(definition, found)
        if found:
            return Match(flow=found[0], accepted_name=definition.name, reason=Reason.RENAMED)
    return None


def _ambiguous(definition: FlowDefinition, flows: list[ListedFlow]) -> Match:
    ids = ", ".join(flow.id for flow in flows)
    return Match(
        flow=None,
        accepted_name=definition.name,
        problem=f'the account has {len(flows)} flows named "{flows[0].name}" ({ids}).',
        way_out="Rename or delete all but one in WhatsApp Manager.",
    )


def _count(flows: list[ListedFlow], name: str) -> int:
    return sum(flow.name == name for flow in flows)


def _successors(definition: FlowDefinition, names: _Names) -> list[ListedFlow]:
    versions = sorted(names.versions.get(definition.name, []), key=lambda version: version[0])
    return [flow for _, flow in versions if not names.is_of_another(flow.name, definition)]


def _latest_version(name: str, base: list[ListedFlow], successors: list[ListedFlow]) -> Match:
    versions = [*base, *successors]
    alive = [flow for flow in versions if not _is_deprecated(flow)]
    current = alive[-1] if alive else versions[-1]
    is_successor = current in successors
    return Match(
        flow=current,
        accepted_name=current.name if is_successor else name,
        reason=Reason.SUCCESSOR if is_successor else None,
        predecessors=tuple(versions[: versions.index(current)]),
    )


def next_version_name(name: str, accepted_name: str, taken: frozenset[str] = frozenset()) -> str:
    """Give the name of the flow that replaces the one named `accepted_name`, not a taken one."""
    suffix = accepted_name.removeprefix(name).removeprefix(" v")
    number = int(suffix) + 1 if suffix.isdigit() else 2
    while f"{name} v{number}" in taken:
        number += 1
    return f"{name} v{number}"


def _is_deprecated(flow: ListedFlow) -> bool:
    return flow.status == FlowStatus.DEPRECATED.value
