"""Findings about files as workflow commands, which GitHub shows beside the lines of a change."""

from __future__ import annotations

from collections.abc import Iterable

from flowsync.diagnostics import Diagnostic
from flowsync.render.annotations import Annotation, Level, render_annotations
from flowsync.render.diagnostics_text import plain_line, rule_label


def render_github(diagnostics: Iterable[Diagnostic]) -> str:
    """Give one command a finding; the message repeats the place, which the log shows nowhere."""
    return render_annotations(
        Annotation(
            level=Level(finding.severity.value),
            title=rule_label(finding),
            message=plain_line(finding),
            path=finding.path,
            span=finding.span,
        )
        for finding in diagnostics
    )
