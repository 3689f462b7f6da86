"""Which flows the repository asks for otherwise than it did at an earlier revision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flowsync.definitions import LoadedFlow
from flowsync.flows_folder import find_definitions
from flowsync.model import FlowKey, mapping_in
from flowsync.revisions import Earlier
from flowsync.sources import Variables, parse_yaml, replace_in_text
from flowsync.validation.shapes import with_texts_where_text_is_meant
from flowsync.workspace import Workspace, load_flow

_ENV, _VAR = "${env:", "${var:"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedSince:
    """The flows that changed, the definitions that are gone since, and what cannot be known.

    `may_depend` are unchanged flows that use environment variables, whose values of then nobody
    knows.
    """

    changed: frozenset[FlowKey]
    deleted: tuple[FlowKey, ...]
    may_depend: tuple[FlowKey, ...]


def changed_since(workspace: Workspace, earlier: Earlier, env: Mapping[str, str]) -> ChangedSince:
    """Compare what each definition asks for with what it asked for then, for one target.

    Definition, Flow JSON and the target's `vars` count, comments and layout of a definition do
    not. What could not be read then counts as changed.
    """
    target = workspace.target
    variables = Variables(env, _vars_then(workspace, earlier, env), target.secret_variables)
    project = replace(workspace.project, flows=earlier.flows)
    then: dict[FlowKey, str] = {}
    files = find_definitions(earlier.flows, [], earlier.files)
    for key, file in files.items():
        read = load_flow(project, target, variables, key, file, earlier.files)
        if read.flow is not None:
            then[key] = read.flow.definition.digest
    changed = frozenset(
        key for key, flow in workspace.flows.items() if flow.definition.digest != then.get(key)
    )
    return ChangedSince(
        changed=changed,
        deleted=tuple(sorted(files.keys() - workspace.files.keys())),
        may_depend=tuple(
            sorted(
                key
                for key, flow in workspace.flows.items()
                if key not in changed and _uses_environment(flow, workspace)
            )
        ),
    )


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


def _uses_environment(flow: LoadedFlow, workspace: Workspace) -> bool:
    texts = [document.text for document in flow.documents]
    if any(_ENV in text for text in texts):
        return True
    raw = mapping_in(workspace.project.targets[workspace.target.name].get("vars"))
    through = [f"{_VAR}{name}}}" for name, value in raw.items() if _ENV in str(value)]
    return any(word in text for word in through for text in texts)
