"""YAML text, read strictly by its events, with places (the only use of PyYAML).

Built from PyYAML's events (the C parser where it is there), so that a repeated key, an alias bomb
or a value that YAML 1.1 would turn into something else is found here. Plain scalars follow the
YAML 1.2 core schema (https://yaml.org/spec/1.2.2/#103-core-schema): `no`, `on`, `1:30` and
`2024-01-01` are text.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from flowsync.diagnostics import START_OF_FILE, Diagnostic, Span
from flowsync.model import JsonValue
from flowsync.sources.documents import MAX_DEPTH, Document, Offsets, Place, Pointer

MAX_YAML_VALUES = 200_000  # values after aliases are expanded; a definition has a few dozen
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TOO_DEEP = f"the nesting is deeper than {MAX_DEPTH} levels."
_WHITE = " \t\r\n\x85\u2028\u2029"
_NULL = re.compile(r"null|Null|NULL|~|")
_BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
_INT = re.compile(r"[-+]?[0-9]{1,300}")
_OCTAL_HEX = re.compile(r"0o[0-7]{1,300}|0x[0-9a-fA-F]{1,300}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


@dataclass(slots=True)
class _Node:
    """A YAML node; `value` is a scalar's text, `items` what a sequence or mapping holds."""

    kind: str  # scalar, sequence or mapping
    span: Span
    value: str = ""
    is_plain: bool = False
    items: list[_Node] = field(default_factory=list)


class _YamlProblem(Exception):
    def __init__(self, span: Span, message: str, fix: str) -> None:
        super().__init__(message)
        self.span, self.message, self.fix = span, message, fix


def parse_yaml(text: str, shown: str, problems: list[Diagnostic]) -> Document | None:
    """Parse one YAML document strictly, or add what is wrong with it.

    Refused: repeated keys, keys that are not text, tags, several documents, aliases that expand
    to more than `MAX_YAML_VALUES` values, nesting deeper than `MAX_DEPTH`.
    """
    offsets = Offsets(text)

    def refuse(span: Span, message: str, fix: str) -> None:
        problems.append(Diagnostic(path=shown, span=span, rule="FS003", message=message, fix=fix))

    try:
        root = _compose(text, offsets)
        if root is None:
            refuse(START_OF_FILE, "the file is empty.", "Write a YAML mapping into it.")
            return None
        reader = _YamlValues()
        value = reader.read(root, (), 0)
    except yaml.MarkedYAMLError as exc:
        mark = exc.problem_mark or exc.context_mark
        span = offsets.span(mark.index, mark.index) if mark else START_OF_FILE
        what = exc.problem or "unreadable"
        if "nesting depth" in what:  # newer versions of libyaml stop before our own count does
            refuse(span, _TOO_DEEP, "Flatten the value.")
            return None
        hint = "Indent with spaces, and put texts with special characters in quotes."
        refuse(span, f"this is not valid YAML: {what}.", hint)
        return None
    except yaml.reader.ReaderError as exc:
        character = exc.character if isinstance(exc.character, int) else ord(exc.character)
        offset = text.find(chr(character))
        span = offsets.span(max(offset, 0), max(offset, 0) + 1)
        refuse(span, f"the character U+{character:04X} is not allowed in YAML.", "Remove it.")
        return None
    except _YamlProblem as exc:
        refuse(exc.span, exc.message, exc.fix)
        return None
    if reader.repeated:
        for span, key in dict.fromkeys(reader.repeated):
            refuse(span, f'the key "{key}" is repeated.', "Keep one of the two.")
        return None
    return Document(
        path=shown, text=text, value=value, locate=lambda: reader.places, texts=reader.texts
    )


def _compose(text: str, offsets: Offsets) -> _Node | None:
    """Build the node tree of a single YAML document from its events, without recursion.

    Places come from offsets: libyaml also ends lines at U+0085, U+2028 and U+2029, an editor not.
    """
    root: _Node | None = None
    anchors: dict[str, _Node] = {}
    parents: list[_Node] = []
    end = 0  # of the last value: the events end what is in block style before the next token
    for event in yaml.parse(text, Loader=LOADER):
        span, end = _event_span(event, text, offsets, end)
        if isinstance(event, yaml.DocumentStartEvent) and root is not None:
            raise _YamlProblem(span, "the file holds more than one YAML document.", "Split it.")
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in anchors:
                message = f'the alias "*{event.anchor}" has no anchor before it.'
                raise _YamlProblem(span, message, "Define the anchor first, or write the value.")
            node = anchors[event.anchor]
        elif isinstance(event, yaml.ScalarEvent):
            node = _Node("scalar", span, event.value, not event.style and not event.tag)
        elif isinstance(event, yaml.SequenceStartEvent):
            node = _Node("sequence", span)
        elif isinstance(event, yaml.MappingStartEvent):
            node = _Node("mapping", span)
        elif isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
            done = parents.pop()
            done.span = Span(
                line=done.span.line,
                column=done.span.column,
                end_line=span.end_line,
                end_column=span.end_column,
            )
            continue
        else:
            continue
        tag = getattr(event, "tag", None)
        if tag and tag not in {"tag:yaml.org,2002:str", "!"}:
            shown = tag.replace("tag:yaml.org,2002:", "!!")
            raise _YamlProblem(span, f'the tag "{shown}" is not supported.', "Remove the tag.")
        if not isinstance(event, yaml.AliasEvent) and event.anchor:
            anchors[event.anchor] = node
        if parents:
            parents[-1].items.append(node)
        else:
            root = node
        if isinstance(event, (yaml.SequenceStartEvent, yaml.MappingStartEvent)):
            parents.append(node)
            if len(parents) > MAX_DEPTH:
                raise _YamlProblem(span, _TOO_DEEP, "Flatten the value.")
    return root


def _event_span(event: Any, text: str, offsets: Offsets, end: int) -> tuple[Span, int]:
    """Give the place of an event, and the offset where the last value ended (before it: `end`)."""
    start, stop = event.start_mark.index, event.end_mark.index
    is_end = isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent))
    if is_end and start == stop:  # block style has no bracket that ends it
        stop = end
    if isinstance(event, yaml.ScalarEvent):  # a text in block style includes its line ends
        stop = start + len(text[start:stop].rstrip(_WHITE))
    is_value = is_end or isinstance(event, (yaml.ScalarEvent, yaml.AliasEvent))
    return offsets.span(start, stop), stop if is_value else end


class _YamlValues:
    """Turns nodes into values, noting places, texts of plain scalars, and repeated keys."""

    def __init__(self) -> None:
        self.places: dict[Pointer, Place] = {}
        self.texts: dict[Pointer, str] = {}
        self.repeated: list[tuple[Span, str]] = []
        self._count = 0

    def read(self, node: _Node, pointer: Pointer, depth: int, key: Span | None = None) -> JsonValue:
        self._count_values(1, node.span)
        if depth > MAX_DEPTH:
            message = "an alias contains itself, or the nesting is too deep."
            raise _YamlProblem(node.span, message, "Write the values out, without aliases.")
        self.places[pointer] = Place(node.span, key)
        if node.kind == "sequence":
            return [
                self.read(item, (*pointer, index), depth + 1)
                for index, item in enumerate(node.items)
            ]
        if node.kind == "mapping":
            return {
                name: self.read(value, (*pointer, name), depth + 1, key_span)
                for name, (key_span, value) in self._members(node, depth).items()
            }
        if not node.is_plain:
            return node.value
        resolved = _resolve_plain(node.value)
        if resolved is not None and not isinstance(resolved, str):
            self.texts[pointer] = node.value
        return resolved

    def _count_values(self, number: int, span: Span) -> None:
        """Count values met, which aliases and merges repeat, up to a bound."""
        self._count += number
        if self._count > MAX_YAML_VALUES:
            message = f"the aliases expand to more than {MAX_YAML_VALUES:,} values."
            raise _YamlProblem(span, message, "Write the values out, without aliases.")

    def _members(self, node: _Node, depth: int) -> dict[str, tuple[Span, _Node]]:
        """Give the members of a mapping; those it merges in with `<<` come last and never win."""
        self._count_values(len(node.items), node.span)
        own: dict[str, tuple[Span, _Node]] = {}
        merged: dict[str, tuple[Span, _Node]] = {}
        for key, value in zip(node.items[::2], node.items[1::2], strict=True):
            if key.kind != "scalar":
                message = "a key must be text, not a list or a mapping."
                raise _YamlProblem(key.span, message, "Write a plain word as key.")
            if key.is_plain and key.value == "<<":
                sources = value.items if value.kind == "sequence" else [value]
                for source in sources:
                    if source.kind != "mapping" or depth > MAX_DEPTH:
                        message = '"<<" merges mappings only.'
                        raise _YamlProblem(value.span, message, "Give it an alias of a mapping.")
                    for name, member in self._members(source, depth + 1).items():
                        merged.setdefault(name, member)
            elif key.value in own:
                self.repeated.append((key.span, key.value))
            else:
                own[key.value] = (key.span, value)
        return own | {name: member for name, member in merged.items() if name not in own}


def _resolve_plain(text: str) -> JsonValue:
    if _NULL.fullmatch(text):
        return None
    if _BOOL.fullmatch(text):
        return text.lower() == "true"
    if _INT.fullmatch(text):
        return int(text)
    if _OCTAL_HEX.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text):
        number = float(text)
        return text if math.isinf(number) else number
    return text
