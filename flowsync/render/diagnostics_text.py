"""Findings about files as text: `file:line:column: what is wrong. How to fix it. [FS…]`."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from flowsync.diagnostics import Diagnostic, Severity
from flowsync.ignoring import Ignored
from flowsync.model import JsonValue
from flowsync.render.style import Style, clean, count


def render_diagnostics(diagnostics: Iterable[Diagnostic], style: Style) -> str:
    """Give one line a finding, in the given order; empty text where there is none."""
    return "".join(_line(finding, style) + "\n" for finding in diagnostics)


def render_summary(diagnostics: Iterable[Diagnostic], flows: int, style: Style) -> str:
    """Give a last line that says how many files were checked and what was found."""
    found = list(diagnostics)
    errors = sum(finding.severity is Severity.ERROR for finding in found)
    warnings = len(found) - errors
    checked = count(flows, "flow") + " checked"
    if not found:
        return style.good(f"{checked}, nothing wrong.") + "\n"
    said = [count(errors, "error")] if errors else []
    said += [count(warnings, "warning")] if warnings else []
    paint = style.bad if errors else style.changed
    return paint(f"{checked}: {', '.join(said)}.") + "\n"


def render_ignored(ignored: Collection[Ignored], style: Style) -> str:
    """Give how many findings were ignored, and each with the reason; empty where none was."""
    if not ignored:
        return ""
    lines = [
        f"{clean(one.finding.path)}:{one.finding.span.line}:{one.finding.span.column}: "
        f"[{one.finding.rule}] ignored: {clean(one.reason)}\n"
        for one in ignored
    ]
    return style.quiet("".join(lines) + f"{count(len(ignored), 'finding')} ignored.\n")


def diagnostics_to_json(diagnostics: Iterable[Diagnostic]) -> list[JsonValue]:
    """Give the findings for reading by machine; lines and columns count from 1."""
    return [
        {
            "path": finding.path,
            "line": finding.span.line,
            "column": finding.span.column,
            "end_line": finding.span.end_line,
            "end_column": finding.span.end_column,
            "severity": finding.severity.value,
            "rule": finding.rule,
            "code": finding.code,
            "message": finding.message,
            "fix": finding.fix,
        }
        for finding in diagnostics
    ]


def _line(finding: Diagnostic, style: Style) -> str:
    where = f"{clean(finding.path)}:{finding.span.line}:{finding.span.column}:"
    rule = finding.rule if finding.code is None else f"{finding.rule} {finding.code}"
    text = " ".join(part for part in (finding.message, finding.fix) if part)
    is_warning = finding.severity is Severity.WARNING
    mark = style.changed("warning: ") if is_warning else ""
    return f"{style.strong(where)} {mark}{clean(text)} {style.quiet(f'[{clean(rule)}]')}"
