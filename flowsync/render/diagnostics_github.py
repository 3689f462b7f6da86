"""Findings about files as workflow commands, which GitHub shows beside the lines of a change.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from flowsync.diagnostics import Diagnostic
from flowsync.render.diagnostics_text import plain_line, rule_label
from flowsync.render.style import clean

# https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
_IN_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_DATA = str.maketrans(_IN_DATA)
_PROPERTY = str.maketrans({**_IN_DATA, ":": "%3A", ",": "%2C"})


def render_github(diagnostics: Iterable[Diagnostic]) -> str:
    """Give one command a finding; the message repeats the place, which the log shows nowhere."""
    return "".join(_command(finding) for finding in diagnostics)


def _command(finding: Diagnostic) -> str:
    return github_command(finding.severity.value, dict(_properties(finding)), plain_line(finding))


def github_command(name: str, properties: Mapping[str, str], message: str) -> str:
    """Give a command as a line, foreign text in it escaped."""
    given = ",".join(
        f"{key}={clean(value).translate(_PROPERTY)}" for key, value in properties.items()
    )
    return f"::{name} {given}::{clean(message, keep=chr(10)).translate(_DATA)}\n"


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
