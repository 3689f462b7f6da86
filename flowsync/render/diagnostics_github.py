"""Findings about files as workflow commands, which GitHub shows beside the lines of a change.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flowsync.diagnostics import Diagnostic
from flowsync.render.diagnostics_text import plain_line, rule_label
from flowsync.render.style import clean

# https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
_IN_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_DATA = str.maketrans(_IN_DATA)
_PROPERTY = str.maketrans({**_IN_DATA, ":": "%3A", ",": "%2C"})


def render_github(diagnostics: Iterable[Diagnostic]) -> str:
    """Give one command a finding; the message repeats the place, which the log shows nowhere."""
    return "".join(_command(finding) + "\n" for finding in diagnostics)


def _command(finding: Diagnostic) -> str:
    properties = ",".join(
        f"{name}={clean(value).translate(_PROPERTY)}" for name, value in _properties(finding)
    )
    message = plain_line(finding).translate(_DATA)
    return f"::{finding.severity.value} {properties}::{message}"


def _properties(finding: Diagnostic) -> Iterator[tuple[str, str]]:
    """Give the properties; GitHub takes columns only for a place within one line."""
    span = finding.span
    yield "file", finding.path
    yield "line", str(span.line)
    yield "endLine", str(span.end_line)
    if span.line == span.end_line:
        yield "col", str(span.column)
        yield "endColumn", str(span.end_column)
    yield "title", rule_label(finding)
