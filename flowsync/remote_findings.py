"""What the platform finds in a Flow JSON, given the place in the author's file.

The platform speaks of the text that was uploaded, in which variables are replaced. Where it names
a value by its path, or a place at which a value or key starts, that value is looked up in the
author's file; otherwise its line and column are taken, and at last the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

from flowsync.definitions import LoadedFlow
from flowsync.diagnostics import START_OF_FILE, Diagnostic, Span
from flowsync.model import FlowJson, RemoteFinding, RemotePlace
from flowsync.sources import Document, Pointer, parse_json

_STEP = re.compile(
    r"\.?(?P<name>[^.\[\]]+)"  # .layout; also with hyphens, as semantic errors write them
    r"|\[(?P<index>\d{1,9})\]"
    r"|\[(?P<quote>['\"])(?P<quoted>(?:[^'\"\\]|\\.)*)(?P=quote)\]"  # ['on-click-action']
)
_ESCAPED = re.compile(r"\\(.)")


def locate_findings(
    findings: Iterable[RemoteFinding], flow: LoadedFlow | None, known: Iterable[Diagnostic]
) -> tuple[Diagnostic, ...]:
    """Give each of the platform's findings its place in the flow's file, one for each pointer.

    `known` are our own findings: one with the same code at the same place lends its id and fix.
    Empty where there is no `flow` with a Flow JSON.
    """
    findings = tuple(findings)
    content = flow.definition.flow_json if flow else None
    if not findings or flow is None or flow.flow_json is None or content is None:
        return ()
    locator = _Locator(content, flow.flow_json, known)
    found: list[Diagnostic] = []
    for finding in findings:
        first = RemotePlace(line=finding.line, column=finding.column)
        found += [locator.located(finding, place) for place in finding.places or (first,)]
    return tuple(dict.fromkeys(found))


def findings_elsewhere(findings: Iterable[RemoteFinding], where: str) -> tuple[Diagnostic, ...]:
    """Give the platform's findings about a Flow JSON that no file here holds, `where` in words."""
    return tuple(
        Diagnostic(
            path=where,
            span=_at(finding.line, finding.column),
            rule="",
            message=finding.message,
            code=finding.code,
        )
        for finding in findings
    )


def read_path(path: str) -> Pointer | None:
    """Give the pointer that a path of the platform stands for; None for one it does not write.

    Such as `screens[0].layout.children[2].type`, or `…['on-click-action'].name`.
    """
    pointer: list[str | int] = []
    end = 0
    while end < len(path):
        step = _STEP.match(path, end)
        if step is None:
            return None
        if step["index"] is not None:
            pointer.append(int(step["index"]))
        else:
            pointer.append(step["name"] or _ESCAPED.sub(r"\1", step["quoted"]))
        end = step.end()
    return tuple(pointer)


class _Target(NamedTuple):
    """A value, or with `at_key` its key."""

    pointer: Pointer
    at_key: bool = False


class _Locator:
    """Finds places of an uploaded Flow JSON in the author's document."""

    def __init__(self, content: FlowJson, author: Document, known: Iterable[Diagnostic]) -> None:
        self._content = content
        self._author = author
        self._known = {
            (finding.code, finding.pointer): finding
            for finding in known
            if finding.path == author.path and finding.code and finding.pointer is not None
        }

    def located(self, finding: RemoteFinding, place: RemotePlace) -> Diagnostic:
        """Give a finding at one of its places, in the form of our own."""
        target = self._target(place)
        pointer = None if target is None else target.pointer
        same = None if pointer is None else self._known.get((finding.code, pointer))
        if same is not None:
            span = same.span
        elif target is not None:
            span = self._author.span(target.pointer, at_key=target.at_key)
        else:
            span = _at(place.line, place.column)
        return Diagnostic(
            path=self._author.path,
            span=span,
            rule=same.rule if same else "",
            message=finding.message,
            fix=same.fix if same else "",
            code=finding.code,
            pointer=pointer,
        )

    def _target(self, place: RemotePlace) -> _Target | None:
        """Give the value or key that is meant: by path, made exact by the place if they agree."""
        named = read_path(place.path) if place.path else None
        started = self._starts.get((place.line, place.column))
        if named is None:
            return started
        if started is not None and started.pointer[: len(named)] == named:
            return started
        return _Target(named)

    @cached_property
    def _starts(self) -> Mapping[tuple[int, int], _Target]:
        """Give what starts at each place of the text that was uploaded."""
        uploaded = parse_json(self._content.text, self._content.path, [])
        starts: dict[tuple[int, int], _Target] = {}
        for pointer, place in (uploaded.places if uploaded else {}).items():
            starts[place.value.line, place.value.column] = _Target(pointer)
            if place.key is not None:
                starts[place.key.line, place.key.column] = _Target(pointer, at_key=True)
        return starts


def _at(line: int, column: int) -> Span:
    """Give a place that the platform names by numbers alone, 0 where it knows none."""
    if line < 1 or column < 1:
        return START_OF_FILE
    return Span(line=line, column=column, end_line=line, end_column=column + 1)
