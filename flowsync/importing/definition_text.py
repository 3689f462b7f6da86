"""The YAML of a definition that does not exist yet, and of single values in it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from flowsync.formatting.definition import format_definition
from flowsync.formatting.json_strings import encoded
from flowsync.model import LIVE, DesiredState, FlowStatus, RemoteFlow, known_status
from flowsync.sources import parse_yaml

FLOW_JSON_NAME = "flow.json"  # beside flow.yaml
_SCHEMAS = ("schemas/flow.schema.json", "flow.schema.json")  # where the README puts it
# Looks like text in block and in bracket style alike; anything else stands in quotes.
_PLAIN = re.compile(r"https://[\w./~%?=&+-]*[\w/]|[^\W\d_](?:[\w .()&+/-]*[\w)])?")


def state_of(flow: RemoteFlow) -> DesiredState:
    """Give the state that a definition asks for when it wants what a flow is."""
    status = known_status(flow.status)
    if status is FlowStatus.DEPRECATED:
        return DesiredState.DEPRECATED
    return DesiredState.PUBLISHED if status in LIVE else DesiredState.DRAFT


def yaml_text(text: str) -> str:
    """Give a text as YAML writes it in one line: plain where that is unmistakable."""
    if _PLAIN.fullmatch(text) and text.isprintable():
        document = parse_yaml(f"[{text}]", "", [])
        if document is not None and document.value == [text]:
            return text
    return encoded(text)


def yaml_list(texts: Iterable[str]) -> str:
    """Give texts as a YAML list in one line."""
    return f"[{', '.join(map(yaml_text, texts))}]"


def schema_comment(definition: Path, root: Path) -> str:
    """Give the line that tells editors the schema, where the repository keeps one, or nothing."""
    for name in _SCHEMAS:
        if (root / name).is_file():
            path = Path(os.path.relpath(root / name, definition.parent)).as_posix()
            return f"# yaml-language-server: $schema={path}\n"
    return ""


def new_definition(flow: RemoteFlow, *, has_content: bool, head: str) -> str:
    """Give the text of a new definition in canonical form; `head` are its first lines."""
    lines = [f"name: {yaml_text(flow.name)}"]
    if flow.categories:
        lines.append(f"categories: {yaml_list(dict.fromkeys(flow.categories))}")
    if has_content:
        lines.append(f"flow_json: {FLOW_JSON_NAME}")
    if flow.endpoint_uri:
        lines.append(f"endpoint_uri: {yaml_text(flow.endpoint_uri)}")
    lines.append(f"state: {state_of(flow).value}")
    text = head + "\n".join(lines) + "\n"
    formatted = format_definition(text, "", [])
    return text if formatted is None else formatted.text
