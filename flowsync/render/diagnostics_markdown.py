"""Findings about files as Markdown, for the comment of a pull request."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from flowsync.diagnostics import Diagnostic, Subject
from flowsync.render.diagnostics_text import render_summary, rule_label, whole_message
from flowsync.render.markdown import COMMENT_LIMIT, code, prose, table
from flowsync.render.style import Style


def render_diagnostics_markdown(
    diagnostics: Collection[Diagnostic],
    subjects: Collection[Subject],
    *,
    limit: int = COMMENT_LIMIT,
) -> str:
    """Give a summary and a table of everything found."""
    return "\n".join(_lines(diagnostics, subjects)) + "\n"


def _lines(found: Collection[Diagnostic], subjects: Collection[Subject]) -> Iterator[str]:
    flows = sum(subject.is_flow for subject in subjects)
    summary = render_summary(found, flows, Style(), files=len(subjects) - flows)
    yield f"**{summary.strip()}**"
    if found:
        yield ""
        yield from findings_table(found)


def findings_table(found: Iterable[Diagnostic]) -> Iterator[str]:
    """Give the lines of a table of findings."""
    yield from table(("place", "severity", "finding", "rule"), map(_row, found))


def _row(finding: Diagnostic) -> tuple[str, ...]:
    place = f"{finding.path}:{finding.span.line}:{finding.span.column}"
    label = code(rule_label(finding))
    return code(place), finding.severity.value, prose(whole_message(finding)), label
