"""Remarks about lines of files as workflow commands, which GitHub shows beside a change.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from flowsync.diagnostics import Span
from flowsync.render.style import clean

# https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
_IN_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_DATA = str.maketrans(_IN_DATA)
_PROPERTY = str.maketrans({**_IN_DATA, ":": "%3A", ",": "%2C"})


class Level(Enum):
    """How much a remark matters."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """A remark, shown at a place in a file; without a `path` it belongs to the run as a whole."""

    level: Level
    title: str
    message: str
    path: str | None = None
    span: Span | None = None


def render_annotations(annotations: Iterable[Annotation]) -> str:
    """Give one command a remark; lines of a message stay lines."""
    return "".join(_command(annotation) + "\n" for annotation in annotations)


def _command(annotation: Annotation) -> str:
    properties = ",".join(
        f"{name}={clean(value).translate(_PROPERTY)}" for name, value in _properties(annotation)
    )
    message = clean(annotation.message, keep="\n").translate(_DATA)
    return f"::{annotation.level.value} {properties}::{message}"


def _properties(annotation: Annotation) -> Iterator[tuple[str, str]]:
    """Give the properties; GitHub takes columns only for a place within one line."""
    span = annotation.span
    if annotation.path is not None:
        yield "file", annotation.path
    if annotation.path is not None and span is not None:
        yield "line", str(span.line)
        yield "endLine", str(span.end_line)
        if span.line == span.end_line:
            yield "col", str(span.column)
            yield "endColumn", str(span.end_column)
    yield "title", annotation.title
