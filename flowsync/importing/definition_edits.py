"""Changing values in the text of a definition, and nothing else in it.

Each value is replaced at its place, so that comments, order, quotes and anchors stay. The result is
read again: where it would say anything else than was asked for, as where a value is shared by an
anchor, there is none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field

from flowsync.diagnostics import LINE_END, Span
from flowsync.formatting.key_order import DEFINITION_KEYS
from flowsync.formatting.yaml_words import yaml_word
from flowsync.model import JsonValue, mapping_in
from flowsync.sources import Document, Pointer, Variables, parse_yaml, replace_in_text
from flowsync.sources.yaml_layout import read_layout

_PROPERTIES = re.compile(r"(?:[&!]\S*[ \t]+)*")  # an anchor, a tag


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edit:
    start: int
    end: int
    text: str


def place_of(document: Document, target: str, name: str) -> Pointer:
    """Give where the value of a field stands that holds for a target."""
    own: Pointer = ("targets", target, name)
    return own if own in document.places else (name,)


def edited_definition(
    document: Document, target: str, changes: Mapping[str, JsonValue], variables: Variables
) -> str | None:
    """Give a definition's text with other values for some fields, as they hold for a target.

    A field that is missing is added for all targets. None where that cannot be done without
    changing something else.
    """
    editor = _Editor(document, variables)
    expected = deepcopy(mapping_in(document.value))
    for name, value in changes.items():
        pointer = place_of(document, target, name)
        if pointer not in document.places:
            editor.add(name, value)
        elif isinstance(value, list):
            value = editor.replace_list(pointer, [str(item) for item in value])
        else:
            editor.replace(pointer, value)
        holder = expected
        for step in pointer[:-1]:
            holder = mapping_in(holder[str(step)])
        holder[name] = value
    text = editor.text()
    result = parse_yaml(text, document.path, [])
    if result is None or result.value != expected or result.texts.keys() - document.texts.keys():
        return None
    return text if _keeps_comments(document.text, text, editor.dropped) else None


def _keeps_comments(before: str, after: str, dropped: list[str]) -> bool:
    old, new = (
        Counter(comment.rstrip() for comment in read_layout(text).comments)
        for text in (before, after)
    )
    return old == new + Counter(comment.rstrip() for comment in dropped)


@dataclass(slots=True)
class _Editor:
    """Collects edits of one text; `dropped` are comments of lines that were taken away."""

    document: Document
    variables: Variables
    edits: list[_Edit] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)

    def text(self) -> str:
        """Give the text with all edits made."""
        text = self.document.text
        parts, end = [], 0
        for edit in sorted(self.edits, key=lambda one: one.start):
            parts += [text[end : edit.start], edit.text]
            end = edit.end
        return "".join((*parts, text[end:]))

    def replace(self, pointer: Pointer, value: JsonValue) -> None:
        """Replace a scalar by a text or null; an anchor before it stays."""
        start, end = self._range(self.document.places[pointer].value)
        written = self.document.text[start:end]
        properties = _PROPERTIES.match(written)
        kept = properties.group() if properties else ""
        word = "null" if value is None else yaml_word(str(value), written[len(kept) :])
        before = self.document.text[:start]
        lead = " " if not written and not before.endswith((" ", "\t")) else ""
        self.edits.append(_Edit(start=start + len(kept), end=end, text=lead + word))

    def replace_list(self, pointer: Pointer, wanted: list[str]) -> list[JsonValue]:
        """Make a list of texts hold the wanted ones, and give the list as it is then written.

        Entries that stay keep their order and their form, as where they hold variables.
        """
        value = self._value(pointer)
        written = [str(item) for item in value] if isinstance(value, list) else []
        resolved = [replace_in_text(item, self.variables)[0] for item in written]
        removed = [index for index, item in enumerate(resolved) if item not in wanted]
        added = [item for item in dict.fromkeys(wanted) if item not in resolved]
        result: list[str | None] = list(written)
        for index, new in zip(removed, added, strict=False):
            result[index] = new
        more, less = added[len(removed) :], removed[len(added) :]
        for index in less:
            result[index] = None
        start, end = self._range(self.document.places[pointer].value)
        if self.document.text[start:end].startswith("[") and (more or less):
            words = self._words(pointer, written, result)
            inside = ", ".join((*words, *map(yaml_word, more)))
            self.edits.append(_Edit(start=start, end=end, text=f"[{inside}]"))
        else:
            for index, item in enumerate(result):
                if item is None:
                    self._remove_line((*pointer, index))
                elif item != written[index]:
                    self.replace((*pointer, index), item)
            self._append_lines((*pointer, len(written) - 1), more)
        return [item for item in (*result, *more) if item is not None]

    def _words(
        self, pointer: Pointer, written: list[str], result: list[str | None]
    ) -> Iterator[str]:
        """Give the entries of a list in brackets as they are written."""
        for index, item in enumerate(result):
            start, end = self._range(self.document.places[(*pointer, index)].value)
            if item is not None:
                kept = self.document.text[start:end]
                yield kept if item == written[index] else yaml_word(item, kept)

    def add(self, name: str, value: JsonValue) -> None:
        """Write a field behind those that come before it in canonical order."""
        fields = [key for key in mapping_in(self.document.value) if key in DEFINITION_KEYS]
        rank = DEFINITION_KEYS.index(name)
        before = [key for key in fields if DEFINITION_KEYS.index(key) < rank] or fields[:1]
        key_place = self.document.places[(before[-1],)]
        indent = " " * (key_place.key.column - 1) if key_place.key else ""
        _, end = self._range(key_place.value)
        words = [str(item) for item in value] if isinstance(value, list) else None
        shown = f"[{', '.join(map(yaml_word, words))}]" if words else yaml_word(str(value))
        self._insert_line(end, f"{indent}{name}: {shown}")

    def _append_lines(self, last: Pointer, items: list[str]) -> None:
        """Write further entries below the last one of a list with dashes."""
        if not items:
            return
        start, end = self._range(self.document.places[last].value)
        line_start = self._line_start(start)
        dash = self.document.text[line_start:start].rpartition("-")
        for item in items:
            column = len(dash[0])
            self._insert_line(end, f"{' ' * column}-{dash[2] or ' '}{yaml_word(item)}")

    def _remove_line(self, pointer: Pointer) -> None:
        start, end = self._range(self.document.places[pointer].value)
        line_start, line_end = self._line_start(start), self._line_end(end)
        comment = self.document.text[end:line_end].strip()
        self.dropped += [comment] if comment else []
        after = LINE_END.match(self.document.text, line_end)
        self.edits.append(_Edit(start=line_start, end=after.end() if after else line_end, text=""))

    def _insert_line(self, behind: int, line: str) -> None:
        """Write a line behind the one that an offset lies in."""
        end = self._line_end(behind)
        found = LINE_END.search(self.document.text)
        self.edits.append(_Edit(start=end, end=end, text=(found.group() if found else "\n") + line))

    def _line_start(self, offset: int) -> int:
        ends = [match.end() for match in LINE_END.finditer(self.document.text, 0, offset)]
        return ends[-1] if ends else 0

    def _line_end(self, offset: int) -> int:
        found = LINE_END.search(self.document.text, offset)
        return found.start() if found else len(self.document.text)

    def _value(self, pointer: Pointer) -> JsonValue:
        value = self.document.value
        for step in pointer:
            value = mapping_in(value)[str(step)]
        return value

    def _range(self, span: Span) -> tuple[int, int]:
        """Give the offsets of a place."""
        starts = [0, *(match.end() for match in LINE_END.finditer(self.document.text))]
        first = starts[span.line - 1] + span.column - 1
        return first, starts[span.end_line - 1] + span.end_column - 1
