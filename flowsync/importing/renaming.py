"""Says where a flow that seems new may be one that was renamed in the console."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from flowsync.importing.values import FlowImport, Verdict
from flowsync.model import ContentState, FlowDefinition, FlowId, FlowKey, RemoteFlow
from flowsync.plan.compare import same_value


def with_renaming_hints(
    flows: Iterable[FlowImport],
    lost: Iterable[FlowKey],
    definitions: Mapping[FlowKey, FlowDefinition],
    details: Mapping[FlowId, RemoteFlow],
) -> tuple[FlowImport, ...]:
    """Give the flows, a new one with a remark where it has the content of a definition in `lost`.

    Those have no flow in the account. Only where exactly one of each has the same content: nothing
    is guessed.
    """
    flows, lost = tuple(flows), tuple(lost)
    pairs = [
        (key, flow.flow_id)
        for flow in flows
        if flow.verdict is Verdict.NEW
        for key in lost
        if _has_content(definitions[key], details[flow.flow_id])
    ]
    keys, ids = Counter(key for key, _ in pairs), Counter(flow_id for _, flow_id in pairs)
    hints = {
        flow_id: f'it has the very content of "{key}", whose flow is gone. If it was renamed, '
        f"write its name into {definitions[key].path} instead, and remove this folder."
        for key, flow_id in pairs
        if keys[key] == 1 and ids[flow_id] == 1
    }
    return tuple(
        replace(flow, remarks=(*flow.remarks, hints[flow.flow_id]))
        if flow.flow_id in hints
        else flow
        for flow in flows
    )


def _has_content(definition: FlowDefinition, flow: RemoteFlow) -> bool:
    flow_json = definition.flow_json
    is_read = flow.content.state is ContentState.READ
    return is_read and flow_json is not None and same_value(flow_json.value, flow.content.value)
