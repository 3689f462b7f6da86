"""`flowsync plan --why KEY`: the story of one decision of a plan."""

from __future__ import annotations

import click

from flowsync.cli.completing import complete_keys
from flowsync.cli.console import Console
from flowsync.cli.redacted import redacted
from flowsync.diagnostics import nearest
from flowsync.errors import UsageFailure
from flowsync.model import FlowKey, mapping_in
from flowsync.plan.explaining import explain
from flowsync.render.story_json import story_to_json
from flowsync.render.story_text import render_story
from flowsync.workflow import Planned
from flowsync.workspace import Workspace

why_option = click.option(
    "--why",
    metavar="KEY",
    shell_complete=complete_keys,
    help="Tell the story of one flow instead: what was desired, observed and compared, which row "
    "of the planning table applied, which rules kept it from more.",
)


def check_why(why: str, workspace: Workspace) -> FlowKey:
    """Give the key of the one flow that is asked about. Raises `UsageFailure`."""
    if why not in workspace.flows:
        near = nearest(why, workspace.flows)
        hint = f'Did you mean "{near}"?' if near else "--why takes the key of one flow, no glob."
        raise UsageFailure(f'no flow has the key "{why}". {hint}')
    key = FlowKey(why)
    if workspace.selected is not None and key not in workspace.selected:
        raise UsageFailure(f'"{why}" is not among the flows that are chosen. Leave them out.')
    return key


def show_why(
    key: FlowKey, planned: Planned, workspace: Workspace, output: str, console: Console
) -> None:
    """Show the story of one decision, as text or JSON."""
    fields = mapping_in(workspace.flows[key].document.value)
    overridden = mapping_in(mapping_in(fields.get("targets")).get(workspace.target.name))
    story = explain(
        key,
        planned.plan,
        workspace.definitions.values(),
        planned.observed,
        planned.request,
        overridden=overridden,
    )
    if output == "json":
        console.show_json(story_to_json(story, planned.plan))
    else:
        text = render_story(redacted(story, console.redact), console.style)
        console.show_ready(text, output)
