"""Giving what the platform finds in flows its places in the files of the repository."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flowsync.cli.console import Console
from flowsync.diagnostics import Diagnostic
from flowsync.model import ContentState, FlowId, FlowKey, Listing, RemoteFinding, RemoteFlow
from flowsync.plan.compare import same_value
from flowsync.remote_findings import findings_elsewhere, locate_findings
from flowsync.render.excerpt import Excerpts
from flowsync.workspace import Workspace


def located_in_file(
    findings: Iterable[RemoteFinding], key: FlowKey | None, workspace: Workspace
) -> tuple[Diagnostic, ...]:
    """Give findings about the Flow JSON that the workspace holds for a flow."""
    flow = None if key is None else workspace.flows.get(key)
    return locate_findings(findings, flow, workspace.diagnostics)


def located_in_flow(
    found: RemoteFlow, key: FlowKey | None, workspace: Workspace
) -> tuple[Diagnostic, ...]:
    """Give the findings about a remote flow: in the file only where that has the same content."""
    flow = None if key is None else workspace.flows.get(key)
    content = flow.definition.flow_json if flow else None
    is_read = found.content.state is ContentState.READ
    if content is not None and is_read and same_value(content.value, found.content.value):
        return located_in_file(found.findings, key, workspace)
    return findings_elsewhere(found.findings, f"flow {found.id}")


def located_in_listing(
    listing: Listing, keys: Mapping[FlowId, FlowKey], workspace: Workspace
) -> tuple[Diagnostic, ...]:
    """Give the findings about listed flows, whose content is not known: in the file if there."""
    found: list[Diagnostic] = []
    for flow in listing.flows:
        here = located_in_file(flow.findings, keys.get(flow.id), workspace)
        found += here or findings_elsewhere(flow.findings, f"flow {flow.id}")
    return tuple(found)


def excerpts_for(console: Console, workspace: Workspace) -> Excerpts | None:
    """Give the excerpts that findings are shown with; None where no person reads them."""
    if not console.shows_excerpts:
        return None
    return Excerpts(workspace.texts, columns=console.columns - 4)
