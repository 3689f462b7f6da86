"""What the definitions of an earlier revision ask for, on a target of today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flowsync.flows_folder import find_definitions
from flowsync.model import FlowDefinition, FlowKey, mapping_in
from flowsync.revisions import Earlier
from flowsync.sources import Variables, parse_yaml, replace_in_text
from flowsync.validation.shapes import with_texts_where_text_is_meant
from flowsync.workspace import Workspace, load_flow


@dataclass(frozen=True, slots=True, kw_only=True)
class Then:
    """The definitions of then that can be read, and the keys of all that there were."""

    definitions: Mapping[FlowKey, FlowDefinition]
    keys: frozenset[FlowKey]


def definitions_then(workspace: Workspace, earlier: Earlier, env: Mapping[str, str]) -> Then:
    """Read the definitions of an earlier revision with the target's `vars` of then."""
    target = workspace.target
    variables = Variables(env, _vars_then(workspace, earlier, env), target.secret_variables)
    project = replace(workspace.project, flows=earlier.flows)
    found: dict[FlowKey, FlowDefinition] = {}
    files = find_definitions(earlier.flows, [], earlier.files)
    for key, file in files.items():
        read = load_flow(project, target, variables, key, file, earlier.files)
        if read.flow is not None:
            found[key] = read.flow.definition
    return Then(definitions=found, keys=frozenset(files))


def _vars_then(workspace: Workspace, earlier: Earlier, env: Mapping[str, str]) -> dict[str, str]:
    """Give the `vars` that the target had, with what environment variables hold today."""
    target = workspace.target
    document = parse_yaml(earlier.config, "flowsync.yaml", []) if earlier.config else None
    if document is None:
        return {}
    fields = mapping_in(with_texts_where_text_is_meant(document, "flowsync"))
    then = mapping_in(mapping_in(fields.get("targets")).get(target.name))
    variables = Variables(env, {}, target.secret_variables)
    return {
        name: replace_in_text(str(raw), variables)[0]
        for name, raw in mapping_in(then.get("vars")).items()
    }
