"""Definitions: read from their files, and made ready for one target."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from flowsync.diagnostics import Diagnostic, about_file, has_errors
from flowsync.flow_json_file import Content, KnownFacts, read_flow_json
from flowsync.ignoring import Ignore, read_ignores
from flowsync.model import (
    DesiredState,
    FlowDefinition,
    FlowJson,
    FlowKey,
    JsonValue,
    canonical_json,
    mapping_in,
    text_in,
    texts_in,
)
from flowsync.sources import (
    Document,
    Files,
    OnDisk,
    Pointer,
    Variables,
    parse_yaml,
    replace_in_text,
)
from flowsync.validation.shapes import check_shape, with_texts_where_text_is_meant


class LoadedFlow:
    """A definition made ready for a target, with the documents it was read from.

    `flow_json` is the author's file (before variables are replaced), for positions. `ignores` are
    the findings that the definition asks to leave out for this target.
    """

    def __init__(
        self,
        definition: FlowDefinition,
        document: Document,
        flow_json: Document | None,
        ignores: tuple[Ignore, ...] = (),
    ) -> None:
        self.definition = definition
        self.document = document
        self.flow_json = flow_json
        self.ignores = ignores

    @property
    def documents(self) -> tuple[Document, ...]:
        """Give the files of the flow."""
        return (self.document,) if self.flow_json is None else (self.document, self.flow_json)


class Reading(NamedTuple):
    """What became of a definition: the flow where all is in order, or else `problems` that say why.

    `content` is its Flow JSON, also where the definition is wrong, so that all can be said at once.
    `texts` are the texts of its files by their names, also where they cannot be parsed.
    """

    flow: LoadedFlow | None
    content: Content | None
    problems: list[Diagnostic]
    texts: dict[str, str]


def load_definition(
    key: FlowKey,
    file: Path,
    flows: Path,
    *,
    target: str,
    known_targets: Iterable[str] | None,
    variables: Variables,
    source: Files | None = None,
    known: KnownFacts | None = None,
) -> Reading:
    """Read one definition, and the Flow JSON it names, for one target.

    `known_targets` are the targets of flowsync.yaml, None where any name is taken.
    The files are those on disk, or of another `source`. A Flow JSON that is `known` is not parsed.
    """
    source = source or OnDisk()
    shown = file.as_posix()
    problems: list[Diagnostic] = []
    texts: dict[str, str] = {}
    if source.leads_outside(file, flows):
        message = "the file is a link that leads out of the flows folder."
        problems.append(about_file(shown, "FS020", message, "Put the file itself here."))
        return Reading(None, None, problems, texts)
    text = source.read(file, problems)
    if text is not None:
        texts[shown] = text
    document = None if text is None else parse_yaml(text, shown, problems)
    if document is None:
        return Reading(None, None, problems, texts)
    value = with_texts_where_text_is_meant(document, "flow")
    problems += check_shape(document, value, "flow")
    has_shape = not has_errors(problems)
    reader = _DefinitionReader(document, value, target, variables, problems)
    reader.check_targets(known_targets)
    content = reader.flow_json(file.parent, flows, texts, source, known)
    flow = None
    if has_shape:
        definition = reader.definition(key, content.flow_json if content else None)
        if not has_errors(problems):
            author = content.author if content else None
            flow = LoadedFlow(definition, document, author, reader.ignores())
    return Reading(flow, content, problems, texts)


def check_together(flows: Iterable[LoadedFlow]) -> Iterable[Diagnostic]:
    """Find what is wrong between definitions: two with one name, letter case not counted (G-12)."""
    by_name: dict[str, FlowDefinition] = {}
    for flow in flows:
        definition = flow.definition
        folded = definition.name.casefold()
        other = by_name.setdefault(folded, definition)
        if other is not definition:
            same = "the same name" if other.name == definition.name else "a name that differs only "
            case = "" if other.name == definition.name else "in letter case"
            yield flow.document.finding(
                ("name",),
                "FS021",
                f'{other.path} has {same}{case}: "{definition.name}".',
                "Give one of the two another name.",
            )


class _DefinitionReader:
    """Reads the fields of a definition as they stand for one target."""

    def __init__(
        self,
        document: Document,
        value: JsonValue,
        target: str,
        variables: Variables,
        problems: list[Diagnostic],
    ) -> None:
        self._document = document
        self._variables = variables
        self._problems = problems
        fields = dict(value) if isinstance(value, dict) else {}
        self._targets = mapping_in(fields.pop("targets", None))
        overrides = dict(mapping_in(self._targets.get(target)))
        self._target = target
        self._ignores: dict[Pointer, JsonValue] = {
            ("ignore",): fields.pop("ignore", None),
            ("targets", target, "ignore"): overrides.pop("ignore", None),
        }
        places: dict[str, Pointer] = {name: (name,) for name in fields}
        places |= {name: ("targets", target, name) for name in overrides}
        self._places = places
        self._fields = {
            name: self._replaced(item, places[name]) for name, item in (fields | overrides).items()
        }

    def _replaced(self, value: JsonValue, pointer: Pointer) -> JsonValue:
        if isinstance(value, list):
            return [self._replaced(item, (*pointer, i)) for i, item in enumerate(value)]
        if not isinstance(value, str):
            return value
        text, missing = replace_in_text(value, self._variables)
        for message, fix in missing:
            self._refuse(pointer, message, fix, rule="FS004")
        return text

    def _refuse(self, pointer: Pointer, message: str, fix: str, *, rule: str = "FS020") -> None:
        self._problems.append(self._document.finding(pointer, rule, message, fix))

    def check_targets(self, known: Iterable[str] | None) -> None:
        """Refuse overrides for targets that flowsync.yaml does not have."""
        if known is None:
            return
        for name in sorted(self._targets.keys() - set(known)):
            self._problems.append(
                self._document.finding(
                    ("targets", name),
                    "FS020",
                    f'flowsync.yaml has no target "{name}".',
                    f"Use one of {', '.join(sorted(known))}.",
                    at_key=True,
                )
            )

    def ignores(self) -> tuple[Ignore, ...]:
        """Read what the definition asks to leave out, for all targets and for this one.

        Mistakes in it are added to the problems, and do not keep the flow from being read.
        """
        return tuple(
            entry
            for place in (("ignore",), ("targets", self._target, "ignore"))
            for entry in read_ignores(
                self._document, place, self._ignores.get(place), self._problems
            )
        )

    def flow_json(
        self,
        folder: Path,
        flows: Path,
        texts: dict[str, str],
        source: Files,
        known: KnownFacts | None,
    ) -> Content | None:
        """Read the Flow JSON file; None where there is none, or after adding to the problems."""
        name = self._fields.get("flow_json")
        if not isinstance(name, str) or not name:
            return None
        pointer = self._places["flow_json"]
        file = Path(os.path.normpath(folder / name))
        if Path(name).is_absolute() or source.leads_outside(file, flows):
            message = f'flow_json "{name}" lies outside the flows folder.'
            self._refuse(pointer, message, "Move the file into the flows folder.")
            return None
        if not source.has(file):
            message = f'flow_json "{name}" does not exist.'
            self._refuse(pointer, message, f"Create {file.as_posix()}, or correct the name.")
            return None
        text = source.read(file, self._problems)
        if text is None:
            return None
        texts[file.as_posix()] = text
        return read_flow_json(text, file.as_posix(), self._variables, self._problems, known=known)

    def definition(self, key: FlowKey, flow_json: FlowJson | None) -> FlowDefinition:
        """Give the definition; what contradicts itself is added to the problems."""
        fields = self._fields
        state = DesiredState(fields["state"])
        endpoint = fields.get("endpoint_uri")
        if isinstance(endpoint, str):
            self._check_endpoint(endpoint)
        self._check_name(str(fields["name"]))
        for needed in ("categories", "flow_json"):
            if needed not in fields and state in {DesiredState.DRAFT, DesiredState.PUBLISHED}:
                self._refuse((), f'`state: {state.value}` needs "{needed}".', f"Add `{needed}: …`.")
        if fields.get("protect") is True and state in {
            DesiredState.DEPRECATED,
            DesiredState.ABSENT,
        }:
            message = f"`protect: true` and `state: {state.value}` contradict each other."
            self._refuse(self._places["state"], message, "Remove one of the two.")
        return FlowDefinition(
            key=key,
            path=self._document.path,
            name=str(fields["name"]),
            categories=tuple(sorted(texts_in(fields.get("categories")))),
            state=state,
            flow_json=flow_json,
            endpoint_uri=endpoint if isinstance(endpoint, str) else None,
            manages_endpoint="endpoint_uri" in fields,
            clone_from=text_in(fields.get("clone_from")),
            renamed_from=texts_in(fields.get("renamed_from")),
            protect=fields.get("protect") is True,
            replace=fields.get("replace") is True,
            digest=_digest(fields, flow_json),
        )

    def _check_name(self, name: str) -> None:
        """Check the name again: a variable may have changed it."""
        if not name or name != name.strip():
            message = "name is empty, or starts or ends with white space (G-12)."
            self._refuse(self._places["name"], message, "Remove the white space.")
        elif any(not (character.isprintable()) for character in name):
            message = "name holds a control or invisible character."
            self._refuse(self._places["name"], message, "Remove it.")

    def _check_endpoint(self, endpoint: str) -> None:
        try:
            parts = urlsplit(endpoint)
            is_usable = parts.scheme == "https" and bool(parts.hostname)
        except ValueError:
            is_usable = False
        if not is_usable or not endpoint.isprintable() or " " in endpoint:
            message = f'endpoint_uri "{endpoint}" is not an https address.'
            self._refuse(self._places["endpoint_uri"], message, "Write it as https://host/path.")


def _digest(fields: Mapping[str, JsonValue], flow_json: FlowJson | None) -> str:
    """Give the SHA-256 over the fields for this target and the text that would be uploaded.

    `ignore` is not among the fields: it changes nothing on the remote, and a saved plan outlives
    it.
    """
    relevant = {name: value for name, value in fields.items() if name != "flow_json"}
    text = "" if flow_json is None else flow_json.text
    material = canonical_json(relevant) + "\n" + text
    return hashlib.sha256(material.encode("utf-8", "surrogatepass")).hexdigest()
