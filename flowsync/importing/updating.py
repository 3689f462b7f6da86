"""Brings a definition and its Flow JSON to what the remote has, in the author's own files."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from flowsync.definitions import LoadedFlow
from flowsync.flows_folder import FOLDER_DEFINITION
from flowsync.formatting.flow_json import canonical_flow_json, written_literally
from flowsync.importing.definition_text import FLOW_JSON_NAME, state_of
from flowsync.importing.flow_json_merge import merge_flow_json
from flowsync.importing.values import FileChange
from flowsync.importing.yaml_edits import CannotEdit, with_field, with_list, with_value
from flowsync.model import (
    ContentState,
    DesiredState,
    JsonValue,
    RemoteFlow,
    mapping_in,
    text_in,
)
from flowsync.plan.compare import same_value
from flowsync.sources import Document, Pointer, Variables, has_variable, replace_in_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """The files that change, the Flow JSON first; both texts are given also where they do not.

    `content` and `content_file` are None where the flow has no Flow JSON here.
    """

    files: tuple[FileChange, ...]
    definition: str
    content: str | None
    content_file: Path | None
    remarks: tuple[str, ...]


def update_flow(
    flow: LoadedFlow,
    remote: RemoteFlow,
    accepted_name: str,
    target: str,
    variables: Variables,
    targets: Iterable[str],
) -> Update:
    """Give the author's files with what differs from the remote changed, for one of the targets.

    Raises `CannotEdit` with a sentence where that has to be left to a person.
    """
    editor = _Editor(flow, target, variables, tuple(each for each in targets if each != target))
    editor.fields(remote, accepted_name)
    content_file, content = editor.content(remote)
    files: list[FileChange] = []
    if content_file is not None and content is not None:
        before = flow.flow_json.text if flow.flow_json else None
        if content != before:
            files.append(FileChange(path=content_file, before=before, after=content))
    after = editor.document.text
    if after != flow.document.text:
        path = Path(flow.document.path)
        files.append(FileChange(path=path, before=flow.document.text, after=after))
    return Update(
        files=tuple(files),
        definition=after,
        content=content,
        content_file=content_file,
        remarks=tuple(editor.remarks),
    )


class _Editor:
    """Edits the YAML of a definition field by field."""

    def __init__(
        self, flow: LoadedFlow, target: str, variables: Variables, others: tuple[str, ...]
    ) -> None:
        self._others = others
        self.document: Document = flow.document
        self.remarks: list[str] = []
        self._flow, self._target, self._variables = flow, target, variables

    def fields(self, remote: RemoteFlow, accepted_name: str) -> None:
        """Change the fields that differ from the remote's."""
        definition = self._flow.definition
        if remote.name != accepted_name:
            self._set("name", remote.name)
            self.remarks.append(
                f'name: the definition renames the flow to "{definition.name}", which is not '
                "applied yet; the file now has the name that the flow has."
            )
        if remote.categories and set(definition.categories) != set(remote.categories):
            self._set_categories(remote.categories)
        endpoint = remote.endpoint_uri or None
        if definition.manages_endpoint and (definition.endpoint_uri or None) != endpoint:
            self._set("endpoint_uri", endpoint)
        state = state_of(remote)
        stays_away = (DesiredState.ABSENT, DesiredState.DEPRECATED)
        if definition.state is not state and (definition.state, state) != stays_away:
            self._set("state", state.value)
            if (definition.state, state) == (DesiredState.PUBLISHED, DesiredState.DRAFT):
                self.remarks.append(
                    "state: the flow is a draft, as after an edit in WhatsApp Manager; a version "
                    "that was published before is still live. Write `state: published` to have the "
                    "edit published."
                )

    def content(self, remote: RemoteFlow) -> tuple[Path | None, str | None]:
        """Give the Flow JSON file and its text."""
        definition, author = self._flow.definition, self._flow.flow_json
        if definition.flow_json is None or author is None:
            is_needed = state_of(remote) is not DesiredState.DEPRECATED
            is_needed = is_needed and definition.state is not state_of(remote)
            return self._new_content(remote) if is_needed else (None, None)
        file = Path(definition.flow_json.path)
        here, there = definition.flow_json.value, remote.content.value
        if remote.content.state is not ContentState.READ or same_value(here, there):
            return file, author.text
        merged = merge_flow_json(author.text, here, there)
        for text in merged.replaced:
            self.remarks.append(f"{text} in {file.as_posix()} gave way to what the remote has.")
        return file, merged.text

    def _new_content(self, remote: RemoteFlow) -> tuple[Path, str]:
        """Add a Flow JSON to a definition that had none, such as one with `state: absent`."""
        definition = Path(self.document.path)
        is_folder = definition.stem == FOLDER_DEFINITION
        file = definition.with_name(FLOW_JSON_NAME if is_folder else f"{definition.stem}.json")
        if os.path.lexists(file):
            raise CannotEdit(
                f"{definition.as_posix()} names no flow_json, and {file.as_posix()} exists. Name "
                "the file there, and import again."
            )
        self.document = with_field(self.document, "flow_json", file.name)
        return file, canonical_flow_json(written_literally(remote.content.value))

    def _place(self, field: str) -> Pointer | None:
        """Give where a field stands for the target, None where it does not."""
        fields = mapping_in(self.document.value)
        if field in mapping_in(mapping_in(fields.get("targets")).get(self._target)):
            return ("targets", self._target, field)
        return (field,) if field in fields else None

    def _note_others(self, field: str, pointer: Pointer) -> None:
        """Say of a value that stands for all targets that it changes for the others too."""
        if len(pointer) == 1 and self._others:
            named = ", ".join(self._others)
            self.remarks.append(f"{field}: this is also what holds for {named}.")

    def _written(self, pointer: Pointer) -> JsonValue:
        value: JsonValue = self.document.value
        for part in pointer:
            value = mapping_in(value)[str(part)]
        return value

    def _set(self, field: str, value: str | None) -> None:
        if value is not None:
            _refuse_variable(value)
        pointer = self._place(field)
        assert pointer is not None  # name and state are required, endpoint_uri is managed
        self._note_others(field, pointer)
        before = text_in(self._written(pointer))
        if before is not None and has_variable(before):
            self.remarks.append(f"{field}: {before} gave way to what the remote has.")
        self.document = with_value(self.document, pointer, value)

    def _set_categories(self, wanted: tuple[str, ...]) -> None:
        pointer = self._place("categories")
        if pointer is None:
            self.document = with_field(self.document, "categories", wanted)
            return
        self._note_others("categories", pointer)
        entries = self._written(pointer)
        assert isinstance(entries, list)
        there = [replace_in_text(str(entry), self._variables)[0] for entry in entries]
        kept = [index for index, entry in enumerate(there) if entry in wanted]
        added = [entry for entry in dict.fromkeys(wanted) if entry not in there]
        for index, entry in enumerate(entries):
            if index not in kept and has_variable(str(entry)):
                self.remarks.append(f"categories: {entry} gave way to what the remote has.")
        self.document = with_list(self.document, pointer, kept, added)


def _refuse_variable(text: str) -> None:
    if has_variable(text):
        raise CannotEdit(
            f'"{text}" would be read as a variable of flowsync, and YAML has no way to write it '
            "otherwise. Change it in WhatsApp Manager."
        )
