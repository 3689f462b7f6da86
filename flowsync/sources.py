"""Text files read strictly, with the position of every key and value.

YAML is read by its events (PyYAML, the C parser where it is there), so that a repeated key, an
alias bomb or a value that YAML 1.1 would turn into something else is found here. Plain scalars
follow the YAML 1.2 core schema (https://yaml.org/spec/1.2.2/#103-core-schema): `no`, `on`,
`1:30` and `2024-01-01` are text. JSON is RFC 8259 without extensions and without repeated keys.

Problems are added to a list of `Diagnostic` values; a reader that found any gives None.
"""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, TypeAlias

import yaml

from flowsync.diagnostics import START_OF_FILE, Diagnostic, Span
from flowsync.model import JsonValue

Pointer: TypeAlias = "tuple[str | int, ...]"

MAX_FILE_BYTES = 10 * 1024 * 1024  # what the platform takes as Flow JSON
MAX_DEPTH = 100
MAX_YAML_VALUES = 200_000  # values after aliases are expanded; a definition has a few dozen


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands, and its key when it is a member of an object."""

    value: Span
    key: Span | None = None


class Document:
    """A parsed file: its value and the place of each part of it.

    `texts` holds, for YAML, what was written where a plain scalar became a number or a boolean.
    """

    def __init__(
        self,
        *,
        path: str,
        text: str,
        value: JsonValue,
        locate: Callable[[], Mapping[Pointer, Place]],
        texts: Mapping[Pointer, str] | None = None,
    ) -> None:
        self.path = path
        self.text = text
        self.value = value
        self.texts = texts or {}
        self._locate = locate

    @cached_property
    def places(self) -> Mapping[Pointer, Place]:
        """Give the place of every value, by its pointer from the root `()`."""
        return self._locate()

    def span(self, pointer: Pointer, *, at_key: bool = False) -> Span:
        """Give the place of a value, or of its key; of the nearest parent where it is not there."""
        while pointer and pointer not in self.places:
            pointer, at_key = pointer[:-1], False
        place = self.places.get(pointer, Place(START_OF_FILE))
        return place.key if at_key and place.key else place.value


def read_text(file: Path, shown: str, problems: list[Diagnostic]) -> str | None:
    """Read a file as UTF-8 text, or add the reason why that cannot be done.

    `shown` is the file's name as people see it. Line ends stay as they are.
    """

    def refuse(message: str, fix: str, span: Span = START_OF_FILE) -> None:
        problems.append(Diagnostic(path=shown, span=span, rule="FS001", message=message, fix=fix))

    try:
        size = file.stat().st_size
        if size > MAX_FILE_BYTES:
            refuse(
                f"the file has {size:,} bytes, more than the {MAX_FILE_BYTES:,} that the platform "
                "accepts.",
                "Make it smaller, for example by compressing its images.",
            )
            return None
        data = file.read_bytes()
    except OSError as exc:
        reason = (exc.strerror or "unknown reason").lower()
        refuse(f"the file cannot be read: {reason}.", "Check that it exists and its rights.")
        return None
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        refuse("the file starts with a byte order mark.", "Save it as UTF-8 without BOM.")
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as exc:
        before = data[: exc.start].decode("utf-8")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        refuse(
            f"byte 0x{data[exc.start]:02x} is not valid UTF-8.",
            "Save the file as UTF-8.",
            Span(line=line, column=column, end_line=line, end_column=column + 1),
        )
        return None


class _Offsets:
    """Turns offsets in a text into lines and columns."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in re.finditer(r"\n", text))]

    def span(self, start: int, end: int) -> Span:
        line, end_line = bisect_right(self._starts, start), bisect_right(self._starts, end)
        return Span(
            line=line,
            column=start - self._starts[line - 1] + 1,
            end_line=end_line,
            end_column=end - self._starts[end_line - 1] + 1,
        )


# --- JSON ---------------------------------------------------------------------------------------


class _RepeatedKey(Exception):
    pass


class _BadNumber(Exception):
    pass


def _object(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _RepeatedKey
    return found


def _constant(name: str) -> NoReturn:
    raise _BadNumber(name)


def _float(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise _BadNumber(text)
    return number


def _int(text: str) -> int:
    if len(text) > 308:
        raise _BadNumber(text)
    return int(text)


def parse_json(text: str, shown: str, problems: list[Diagnostic]) -> Document | None:
    """Parse JSON text strictly, or add what is wrong with it.

    Refused: everything outside RFC 8259, repeated keys, numbers that no double can hold, and
    nesting deeper than `MAX_DEPTH`.
    """

    def refuse(start: int, end: int, message: str, fix: str) -> None:
        span = _Offsets(text).span(start, min(end, len(text)))
        problems.append(
            Diagnostic(
                path=shown,
                span=span,
                rule="FS002",
                message=message,
                fix=fix,
                code="INVALID_FLOW_JSON",
            )
        )

    too_deep = _first_too_deep(text)
    if too_deep is not None:
        message = f"the nesting is deeper than {MAX_DEPTH} levels."
        refuse(too_deep, too_deep + 1, message, "Flatten the value.")
        return None
    try:
        value: JsonValue = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_float=_float,
            parse_int=_int,
        )
    except json.JSONDecodeError as exc:
        message, fix = _explain_json(text, exc)
        refuse(exc.pos, exc.pos + 1, message, fix)
        return None
    except _RepeatedKey:
        for start, end in _repeated_keys(text):
            refuse(
                start,
                end,
                f"the key {text[start:end]} is repeated in this object.",
                "Keep one of the two; a reader of JSON would silently drop the other.",
            )
        return None
    except _BadNumber as exc:
        number = str(exc)
        match = re.search(rf"(?<![\w.+-]){re.escape(number)}", text)
        start = match.start() if match else 0
        if number in {"NaN", "Infinity", "-Infinity"}:
            refuse(start, start + len(number), f"{number} is not JSON.", "Use a number or text.")
        else:
            shortened = number if len(number) < 40 else f"{number[:20]}…"
            message = f"the number {shortened} is too large."
            refuse(start, start + len(number), message, "Write it as text, in quotes.")
        return None
    return Document(path=shown, text=text, value=value, locate=lambda: _json_places(text))


def _explain_json(text: str, exc: json.JSONDecodeError) -> tuple[str, str]:
    """Say in words of our own what a JSON syntax error is and how to mend it."""
    found = text[exc.pos : exc.pos + 1].replace('"', "a quote")
    before = text[: exc.pos].rstrip()[-1:]
    if not text.strip():
        return "the file is empty.", "Write a Flow JSON object into it."
    if exc.msg.startswith("Extra data"):
        return "there is more text after the end of the JSON value.", "Remove it."
    if text.startswith(("//", "/*", "#"), exc.pos):
        return "JSON has no comments.", "Remove the comment."
    if exc.msg.startswith("Invalid control character"):
        return "a text contains a raw control character or line break.", "Write it as \\n or \\t."
    if exc.msg.startswith("Invalid \\"):
        return "this is not a valid escape sequence.", 'Write a backslash in a text as "\\\\".'
    if exc.msg.startswith("Unterminated string"):
        return "the text that starts here has no closing quote.", "Close it with a double quote."
    if before == "," and found in {"}", "]"}:
        return "there is a comma after the last element.", "Remove the comma."
    if exc.msg.startswith("Illegal trailing comma"):
        return "there is a comma after the last element.", "Remove the comma."
    if found == "'":
        return "JSON texts stand in double quotes.", "Replace the single quotes."
    if exc.pos >= len(text.rstrip()):
        return "the file ends in the middle of the JSON value.", "Close all brackets and quotes."
    if exc.msg.startswith("Expecting property name"):
        return f"a key in double quotes should stand here, not {found}.", "Put it in quotes."
    if exc.msg.startswith("Expecting ','"):
        return f"a comma or a closing bracket should stand before {found}.", "Add it."
    if exc.msg.startswith("Expecting ':'"):
        return f"a colon should stand before {found}.", "Add it between key and value."
    return (
        f"{found} cannot start a JSON value.",
        "Write a text in double quotes, a number, true, false, null, an object or an array.",
    )


_JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_JSON_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*"|[{\[]|[}\]]', re.DOTALL)


def _first_too_deep(text: str) -> int | None:
    if text.count("{") + text.count("[") <= MAX_DEPTH:
        return None
    depth = 0
    for match in _JSON_BRACKET.finditer(text):
        bracket = text[match.start()]
        if bracket in "{[":
            depth += 1
            if depth > MAX_DEPTH:
                return match.start()
        elif bracket in "}]":
            depth -= 1
    return None


class _Member(NamedTuple):
    """A value met while walking valid JSON text; `parent` numbers the object or array it is in."""

    parent: int
    pointer: Pointer
    start: int
    end: int
    key: tuple[int, int] | None


def _walk_json(text: str) -> Iterator[_Member]:
    """Walk the values of a text that is known to be valid JSON, containers after their members."""
    open_values: list[_Container] = []
    pending_key: tuple[str, int, int] | None = None
    containers = 0
    for match in _JSON_TOKEN.finditer(text):
        token, start, end = match.group(), match.start(), match.end()
        top = open_values[-1] if open_values else None
        if token in "]}":
            done = open_values.pop()
            parent = open_values[-1].number if open_values else 0
            yield _Member(parent, done.pointer, done.start, end, done.key)
        elif token == ",":
            if top is not None and top.index is not None:
                top.index += 1
        elif token == ":":
            continue
        elif top is not None and top.index is None and pending_key is None:
            pending_key = (json.loads(token), start, end)
        else:
            key: tuple[int, int] | None = None
            pointer: Pointer = ()
            if top is not None and top.index is not None:
                pointer = (*top.pointer, top.index)
            elif top is not None and pending_key is not None:
                pointer = (*top.pointer, pending_key[0])
                key, pending_key = pending_key[1:], None
            if token in "[{":
                containers += 1
                open_values.append(
                    _Container(containers, pointer, start, key, 0 if token == "[" else None)
                )
            else:
                yield _Member(top.number if top else 0, pointer, start, end, key)


@dataclass(slots=True)
class _Container:
    number: int
    pointer: Pointer
    start: int
    key: tuple[int, int] | None
    index: int | None  # of the next item; None for an object


def _json_places(text: str) -> dict[Pointer, Place]:
    offsets = _Offsets(text)
    return {
        member.pointer: Place(
            offsets.span(member.start, member.end),
            offsets.span(*member.key) if member.key else None,
        )
        for member in _walk_json(text)
    }


def _repeated_keys(text: str) -> Iterator[tuple[int, int]]:
    seen: set[tuple[int, Pointer]] = set()
    keyed = [member for member in _walk_json(text) if member.key]
    for member in sorted(keyed, key=lambda member: member.start):
        assert member.key is not None
        if (member.parent, member.pointer) in seen:
            yield member.key
        seen.add((member.parent, member.pointer))


# --- YAML ---------------------------------------------------------------------------------------

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
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

    def refuse(span: Span, message: str, fix: str) -> None:
        problems.append(Diagnostic(path=shown, span=span, rule="FS003", message=message, fix=fix))

    try:
        root = _compose(text)
        if root is None:
            refuse(START_OF_FILE, "the file is empty.", "Write a YAML mapping into it.")
            return None
        reader = _YamlValues()
        value = reader.read(root, (), 0)
    except yaml.MarkedYAMLError as exc:
        mark = exc.problem_mark or exc.context_mark
        span = _mark_span(mark, mark) if mark else START_OF_FILE
        what = exc.problem or "unreadable"
        hint = "Indent with spaces, and put texts with special characters in quotes."
        refuse(span, f"this is not valid YAML: {what}.", hint)
        return None
    except yaml.reader.ReaderError as exc:
        character = exc.character if isinstance(exc.character, int) else ord(exc.character)
        offset = text.find(chr(character))
        span = _Offsets(text).span(max(offset, 0), max(offset, 0) + 1)
        refuse(span, f"the character U+{character:04X} is not allowed in YAML.", "Remove it.")
        return None
    except _YamlProblem as exc:
        refuse(exc.span, exc.message, exc.fix)
        return None
    if reader.repeated:
        for span, key in reader.repeated:
            refuse(span, f'the key "{key}" is repeated.', "Keep one of the two.")
        return None
    return Document(
        path=shown, text=text, value=value, locate=lambda: reader.places, texts=reader.texts
    )


def _mark_span(start: Any, end: Any) -> Span:
    return Span(
        line=start.line + 1,
        column=start.column + 1,
        end_line=end.line + 1,
        end_column=end.column + 1,
    )


def _compose(text: str) -> _Node | None:
    """Build the node tree of a single YAML document from its events, without recursion."""
    root: _Node | None = None
    anchors: dict[str, _Node] = {}
    parents: list[_Node] = []
    for event in yaml.parse(text, Loader=_LOADER):
        span = _mark_span(event.start_mark, event.end_mark)
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
                message = f"the nesting is deeper than {MAX_DEPTH} levels."
                raise _YamlProblem(span, message, "Flatten the value.")
    return root


class _YamlValues:
    """Turns nodes into values, noting places, texts of plain scalars, and repeated keys."""

    def __init__(self) -> None:
        self.places: dict[Pointer, Place] = {}
        self.texts: dict[Pointer, str] = {}
        self.repeated: list[tuple[Span, str]] = []
        self._count = 0

    def read(self, node: _Node, pointer: Pointer, depth: int, key: Span | None = None) -> JsonValue:
        self._count += 1
        if self._count > MAX_YAML_VALUES:
            message = f"the aliases expand to more than {MAX_YAML_VALUES:,} values."
            raise _YamlProblem(node.span, message, "Write the values out, without aliases.")
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
        if not isinstance(resolved, str):
            self.texts[pointer] = node.value
        return resolved

    def _members(self, node: _Node, depth: int) -> dict[str, tuple[Span, _Node]]:
        """Give the members of a mapping; those it merges in with `<<` come last and never win."""
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


# --- Variables ----------------------------------------------------------------------------------

_VARIABLE = re.compile(r"\$\{(env|var):([^{}\"\\\n]*)\}")
_REST_OF_KEY = re.compile(r'(?:[^"\\]|\\.)*"\s*:', re.DOTALL)


class Variables(NamedTuple):
    """The values that `${env:X}` and `${var:x}` may take."""

    env: Mapping[str, str]
    var: Mapping[str, str]

    def find(self, kind: str, name: str) -> str | None:
        """Give the value of a variable, or None where there is none."""
        return (self.env if kind == "env" else self.var).get(name)

    def explain_missing(self, kind: str, name: str) -> tuple[str, str]:
        """Say that a variable is unknown, and how to define it."""
        if kind == "env":
            message = f'the environment variable "{name}" is not set.'
            return message, f"Set it, for example with `export {name}=…`, or remove its use."
        message = f'the variable "{name}" is not defined for this target.'
        known = ", ".join(sorted(self.var)) or "none"
        return message, f"Define it under `vars` of the target in flowsync.yaml (known: {known})."


def replace_in_text(
    text: str, variables: Variables
) -> tuple[str, tuple[tuple[Span, str, str], ...]]:
    """Replace variables inside a single string value.

    Gives the new text and, for each unknown variable, an empty place with message and fix.
    """
    missing: list[tuple[Span, str, str]] = []

    def value(match: re.Match[str]) -> str:
        found = variables.find(match[1], match[2])
        if found is None:
            missing.append((START_OF_FILE, *variables.explain_missing(match[1], match[2])))
            return match[0]
        return found

    return _VARIABLE.sub(value, text), tuple(missing)


def replace_in_json_text(
    document: Document, variables: Variables, problems: list[Diagnostic]
) -> str | None:
    """Replace variables inside the string values of valid JSON text; keys stay as they are.

    Every line keeps its number, so that what a remote says of the result points to the file.
    Gives None after adding a problem for each unknown variable.
    """
    text = document.text
    before = len(problems)

    def value(match: re.Match[str]) -> str:
        if _REST_OF_KEY.match(text, match.end()):
            return match[0]
        found = variables.find(match[1], match[2])
        if found is None:
            message, fix = variables.explain_missing(match[1], match[2])
            span = _Offsets(text).span(match.start(), match.end())
            problems.append(
                Diagnostic(path=document.path, span=span, rule="FS004", message=message, fix=fix)
            )
            return match[0]
        return json.dumps(found, ensure_ascii=False)[1:-1]

    replaced = _VARIABLE.sub(value, text)
    return replaced if len(problems) == before else None
