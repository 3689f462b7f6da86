"""Findings about files as Markdown, for the comment of a pull request."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby

from flowsync.diagnostics import Diagnostic, Severity, Subject
from flowsync.render.comment_size import REPORT_LIMIT, left_out_line, most_that_fits, size
from flowsync.render.diagnostics_text import render_summary, rule_label, whole_message
from flowsync.render.markdown import code, prose, table
from flowsync.render.style import Style, count


def render_diagnostics_markdown(
    diagnostics: Collection[Diagnostic],
    subjects: Collection[Subject],
    *,
    limit: int = REPORT_LIMIT,
) -> str:
    """Give a summary and a table of findings a file, in at most `limit` characters.

    What does not fit is left out in this order, and the text says how many: (1) warnings, from the
    end; (2) errors, from the end. The summary always stays.
    """
    flows = sum(subject.is_flow for subject in subjects)
    summary = render_summary(diagnostics, flows, Style(), files=len(subjects) - flows).strip()
    head = f"**{summary}**\n"
    return head + findings_below(diagnostics, limit=limit - size(head))


def findings_below(diagnostics: Collection[Diagnostic], *, limit: int = REPORT_LIMIT) -> str:
    """Give the tables that stand below a summary, shortened in the same way; nothing for none."""
    weighed = sorted(diagnostics, key=lambda finding: finding.severity is Severity.WARNING)
    kept = most_that_fits(len(weighed), lambda most: _tables(diagnostics, weighed, most), limit)
    return _tables(diagnostics, weighed, kept)


def _tables(found: Collection[Diagnostic], weighed: Sequence[Diagnostic], most: int) -> str:
    """Give the tables of the first `most` of the findings by weight, in the order of places."""
    kept = set(weighed[:most])
    lines: list[str] = []
    for path, group in groupby((x for x in found if x in kept), key=lambda finding: finding.path):
        lines += ["", code(path), ""]
        lines += table(("line", "", "finding", "rule"), map(_row, group))
    left = weighed[most:]
    if left:
        errors = sum(finding.severity is Severity.ERROR for finding in left)
        warnings = len(left) - errors
        what = [count(errors, "error") if errors else ""]
        what += [count(warnings, "warning") if warnings else ""]
        lines += ["", left_out_line(what, "`flowsync validate` shows everything.")]
    return "".join(f"{line}\n" for line in lines)


def _row(finding: Diagnostic) -> Iterator[str]:
    yield f"{finding.span.line}:{finding.span.column}"
    yield f"**{finding.severity.value}**" if finding.severity is Severity.ERROR else "warning"
    yield prose(whole_message(finding))
    yield code(rule_label(finding))
