"""What one remote flow makes of its files: new ones, or its author's with other values.

Nothing is read or written here: texts in, texts out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from flowsync.definitions import LoadedFlow
from flowsync.diagnostics import pointer_text
from flowsync.importing.definition_edits import edited_definition, place_of
from flowsync.importing.flow_json_text import merged_text, text_of_remote
from flowsync.importing.new_definition import FLOW_JSON_NAME, new_definition
from flowsync.importing.values import FileChange, ImportedFlow
from flowsync.model import (
    LIVE,
    ContentState,
    DesiredState,
    FlowDefinition,
    FlowKey,
    FlowStatus,
    JsonValue,
    RemoteFlow,
    known_status,
)
from flowsync.plan.compare import same_value
from flowsync.plan.identity import Match
from flowsync.sources import Variables, has_variable

_TOO_DEEP = "its Flow JSON is nested deeper than flowsync reads. Make it flatter, then import it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """What flows are imported into.

    `schema` is where editors find the schema of definitions, seen from a new definition. `targets`
    are all targets by name. `redact` takes secrets out of a value.
    """

    flows: Path
    schema: Callable[[Path], str | None]
    target: str
    targets: tuple[str, ...]
    variables: Variables
    redact: Callable[[JsonValue], JsonValue]


def problem_with(flow: RemoteFlow, repository: Repository) -> str:
    """Say why a remote flow cannot be kept as files, in a sentence; empty where it can."""
    if known_status(flow.status) is None:
        return f'it has the status "{flow.status}", which this flowsync does not know. Upgrade it.'
    if flow.content.state is ContentState.UNKNOWN:
        return f"its content could not be read: {flow.content.note}. Run the command again."
    texts: JsonValue = [flow.name, flow.endpoint_uri, *flow.categories]
    if repository.redact([texts, flow.content.value]) != [texts, flow.content.value]:
        return (
            "it repeats the target's token, which must not stand in a file. Take the token out of "
            "there, and have it revoked."
        )
    for what, text in (("name", flow.name), ("endpoint", flow.endpoint_uri or "")):
        if has_variable(text):
            return (
                f"its {what} holds what a definition would replace as a variable: {text}. Change "
                "it in WhatsApp Manager."
            )
    return ""


def new_candidate(flow: RemoteFlow, key: FlowKey, repository: Repository) -> ImportedFlow:
    """Give the files of a flow that has no definition here."""
    found = _imported(flow, key, is_new=True)
    has_content = flow.content.state is ContentState.READ
    state = _state_of(flow)
    if not has_content and state is not DesiredState.DEPRECATED:
        return replace(found, problem=_without_content(flow, "and a definition of it needs one."))
    folder = repository.flows / key
    text = new_definition(flow, state, has_content=has_content, schema=repository.schema(folder))
    files = [FileChange(path=folder / "flow.yaml", before=None, after=text)]
    if has_content:
        content = text_of_remote(flow.content.value)
        if content is None:
            return replace(found, problem=_TOO_DEEP)
        files.insert(0, FileChange(path=folder / FLOW_JSON_NAME, before=None, after=content))
    return replace(found, files=tuple(files))


def updated_candidate(
    flow: RemoteFlow,
    match: Match,
    loaded: LoadedFlow,
    shared: Mapping[str, FlowKey],
    repository: Repository,
) -> ImportedFlow:
    """Give the files of a flow that has a definition, as far as they differ from the remote.

    `shared` are Flow JSON files that another definition names too.
    """
    definition = loaded.definition
    found = _imported(flow, definition.key)
    is_frozen = known_status(flow.status) is FlowStatus.DEPRECATED
    if is_frozen and definition.state is DesiredState.ABSENT:  # the most that absence can come to
        return found
    if not is_frozen and flow.content.state is ContentState.NONE:
        problem = _without_content(flow, "so nothing is imported over what stands here.")
        return replace(found, problem=problem)
    changes = _changes(flow, match.accepted_name, definition)
    files: list[FileChange] = []
    remarks = list(_remarks(flow, changes, loaded, repository))
    if flow.content.state is ContentState.READ and definition.flow_json is not None:
        assert loaded.flow_json is not None
        path, author = definition.flow_json.path, loaded.flow_json.text
        if not same_value(definition.flow_json.value, flow.content.value):
            if path in shared:
                other = f'{path} is also the Flow JSON of "{shared[path]}"'
                problem = f"its Flow JSON differs, but {other}. Give each its own file."
                return replace(found, problem=problem)
            merged = merged_text(author, definition.flow_json.value, flow.content.value)
            if merged is None:
                return replace(found, problem=_TOO_DEEP)
            files.append(FileChange(path=Path(path), before=author, after=merged.text))
            remarks += [
                f"{path}: the text with a variable at {pointer_text(place)} has no such text on "
                "the remote any more; what the remote has is written without the variable."
                for place in merged.lost
            ]
    elif flow.content.state is ContentState.READ and not is_frozen:
        file = Path(loaded.document.path).with_suffix(".json")
        content = text_of_remote(flow.content.value)
        if content is None:
            return replace(found, problem=_TOO_DEEP)
        if file.exists():
            problem = f"its definition names no Flow JSON, and there is a file {file.as_posix()}."
            return replace(found, problem=f"{problem} Add `flow_json: {file.name}` if it is meant.")
        files.append(FileChange(path=file, before=None, after=content))
        changes["flow_json"] = file.name
    if changes:
        text = edited_definition(loaded.document, repository.target, changes, repository.variables)
        if text is None:
            return replace(found, problem=_by_hand(changes, loaded))
        before = loaded.document.text
        files.append(FileChange(path=Path(loaded.document.path), before=before, after=text))
    return replace(found, files=tuple(files), remarks=tuple(remarks))


def _imported(flow: RemoteFlow, key: FlowKey, *, is_new: bool = False) -> ImportedFlow:
    return ImportedFlow(id=flow.id, name=flow.name, status=flow.status, key=key, is_new=is_new)


def _state_of(flow: RemoteFlow) -> DesiredState:
    status = known_status(flow.status)
    if status in LIVE:
        return DesiredState.PUBLISHED
    return DesiredState.DRAFT if status is FlowStatus.DRAFT else DesiredState.DEPRECATED


def _without_content(flow: RemoteFlow, why: str) -> str:
    note = f" ({flow.content.note})" if flow.content.note else ""
    return f"it has no Flow JSON yet{note}, {why}"


def _changes(
    flow: RemoteFlow, accepted_name: str, definition: FlowDefinition
) -> dict[str, JsonValue]:
    """Give the fields of a definition in which the remote differs, with the remote's values."""
    changes: dict[str, JsonValue] = {}
    if flow.name != accepted_name:
        changes["name"] = flow.name
    is_frozen = known_status(flow.status) is FlowStatus.DEPRECATED
    may_lack = is_frozen and not definition.categories  # it needs no more than a name
    if set(flow.categories) != set(definition.categories) and not may_lack:
        changes["categories"] = [*dict.fromkeys(flow.categories)]
    if definition.manages_endpoint and (flow.endpoint_uri or None) != definition.endpoint_uri:
        changes["endpoint_uri"] = flow.endpoint_uri or None
    if _state_of(flow) is not definition.state:
        changes["state"] = _state_of(flow).value
    return changes


def _remarks(
    flow: RemoteFlow,
    changes: Mapping[str, JsonValue],
    loaded: LoadedFlow,
    repository: Repository,
) -> list[str]:
    """Say what a person should know about the values that a definition is given."""
    document, definition = loaded.document, loaded.definition
    found: list[str] = []
    for name in changes:
        place = place_of(document, repository.target, name)
        span = document.span(place)
        written = document.text.splitlines()[span.line - 1 : span.end_line]
        if place in document.places and has_variable("\n".join(written)):
            found.append(f"{name} is written without the variable that stood there.")
        others = [name for name in repository.targets if name != repository.target]
        if others and len(place) == 1:
            found.append(f"{name} holds for other targets too ({', '.join(others)}).")
    if "name" in changes:
        found.append(
            f'the definition renames the flow to "{definition.name}", which is not applied yet; '
            "the name is written as it is now."
        )
    if definition.state is DesiredState.PUBLISHED and changes.get("state") == "draft":
        found.append(
            "the flow is a draft, as after an edit in WhatsApp Manager; a version that was "
            "published before is still live. Write `state: published` to have it published."
        )
    return found


def _by_hand(changes: Mapping[str, JsonValue], loaded: LoadedFlow) -> str:
    names = ", ".join(changes)
    return (
        f"{names} cannot be changed in {loaded.document.path} without changing something else, as "
        "where values are shared by anchors. Change it by hand."
    )
