"""Says where a flow that seems new may be one that was renamed in the console."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from flowsync.definitions import LoadedFlow
from flowsync.errors import RemoteError
from flowsync.importing.proof import Seen
from flowsync.importing.values import ImportedFlow
from flowsync.model import FlowKey, RemoteFlow
from flowsync.plan.compare import same_value
from flowsync.workspace import Workspace


def with_renaming_hints(
    flows: list[ImportedFlow], gone: list[FlowKey], seen: Seen, workspace: Workspace
) -> list[ImportedFlow]:
    """Add a remark where a new flow may be the one that a definition has lost.

    Only where exactly one definition and one new flow have the same content: nothing is guessed.
    """
    pairs = [
        (key, flow.key)
        for flow in flows
        if flow.is_new and flow.files and flow.id is not None and flow.key is not None
        for key in gone
        if _same_content(workspace.flows[key], seen.flows[flow.id])
    ]
    lost, found = Counter(key for key, _ in pairs), Counter(new for _, new in pairs)
    hints = {
        new: f'it has the very content of "{key}", whose flow is gone: if it was renamed, set '
        f"its name in {workspace.files[key].as_posix()} instead, and remove this new folder."
        for key, new in pairs
        if lost[key] == 1 and found[new] == 1
    }
    return [
        replace(flow, remarks=(*flow.remarks, hints[flow.key])) if flow.key in hints else flow
        for flow in flows
    ]


def _same_content(flow: LoadedFlow, remote: RemoteFlow | RemoteError) -> bool:
    flow_json = flow.definition.flow_json
    return (
        flow_json is not None
        and isinstance(remote, RemoteFlow)
        and same_value(flow_json.value, remote.content.value)
    )
