"""The Flow JSON on both sides of a plan, for raw differences and pictures.

A plan says how they differ and holds neither, so that a saved plan stays small.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flowsync.model import ContentState, FlowDefinition, FlowKey, JsonValue, Observed
from flowsync.plan.values import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """The Flow JSON of a flow: `before` as it is on the remote, `after` as the repository has it.

    `before` is None where the flow has none, or is not there yet.
    """

    before: JsonValue
    after: JsonValue


def contents_of(
    plan: Plan, definitions: Mapping[FlowKey, FlowDefinition], observed: Observed
) -> dict[FlowKey, Contents]:
    """Give both sides of each flow whose Flow JSON the plan writes."""
    found: dict[FlowKey, Contents] = {}
    for change in plan.pending:
        definition = definitions.get(change.key) if change.key else None
        is_written = any(field.name == "flow_json" for field in change.fields)
        if definition is None or definition.flow_json is None or not is_written:
            continue
        remote = observed.details.get(change.flow_id) if change.flow_id else None
        is_read = remote is not None and remote.content.state is ContentState.READ
        found[definition.key] = Contents(
            before=remote.content.value if remote is not None and is_read else None,
            after=definition.flow_json.value,
        )
    return found
