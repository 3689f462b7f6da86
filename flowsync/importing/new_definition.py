"""The text of a definition for a flow that has none yet, in canonical form."""

from __future__ import annotations

from flowsync.formatting.yaml_words import yaml_word
from flowsync.model import DesiredState, RemoteFlow

FLOW_JSON_NAME = "flow.json"


def new_definition(
    flow: RemoteFlow, state: DesiredState, *, has_content: bool, schema: str | None
) -> str:
    """Give the text; `schema` is where editors find the schema of definitions, None for nowhere."""
    lines = [f"# yaml-language-server: $schema={schema}"] if schema else []
    lines.append(f"name: {yaml_word(flow.name)}")
    if flow.categories:
        categories = ", ".join(map(yaml_word, dict.fromkeys(flow.categories)))
        lines.append(f"categories: [{categories}]")
    if has_content:
        lines.append(f"flow_json: {FLOW_JSON_NAME}")
    if flow.endpoint_uri:
        lines.append(f"endpoint_uri: {yaml_word(flow.endpoint_uri)}")
    lines.append(f"state: {state.value}")
    return "\n".join((*lines, ""))
