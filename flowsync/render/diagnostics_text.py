"""Findings about files as text: `file:line:column: what is wrong. How to fix it. [FS…]`."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from flowsync.diagnostics import Diagnostic, Severity
from flowsync.ignoring import Ignored
from flowsync.render.excerpt import Excerpts
from flowsync.render.style import Style, clean, count


def render_diagnostics(
    diagnostics: Iterable[Diagnostic], style: Style, excerpts: Excerpts | None = None
) -> str:
    """Give one line a finding, in the given order, each followed by its excerpt where wanted."""
    lines: list[str] = []
    for finding in diagnostics:
        lines.append(_line(finding, style))
        if excerpts is not None:
            lines += excerpts.below(finding, style)
    return "".join(f"{line}\n" for line in lines)


def render_summary(
    diagnostics: Iterable[Diagnostic], flows: int, style: Style, *, files: int = 0
) -> str:
    """Give a last line: how many flows, and files of no flow, were checked; what was found."""
    found = list(diagnostics)
    errors = sum(finding.severity is Severity.ERROR for finding in found)
    warnings = len(found) - errors
    subjects = [count(flows, "flow")] if flows or not files else []
    subjects += [count(files, "file")] if files else []
    checked = " and ".join(subjects) + " checked"
    if not found:
        return style.good(f"{checked}, nothing wrong.") + "\n"
    said = [count(errors, "error")] if errors else []
    said += [count(warnings, "warning")] if warnings else []
    paint = style.bad if errors else style.changed
    return paint(f"{checked}: {', '.join(said)}.") + "\n"


def rule_label(finding: Diagnostic) -> str:
    """Give our id of the rule and the platform's code, as far as they are known."""
    return clean(" ".join(part for part in (finding.rule, finding.code) if part))


def whole_message(finding: Diagnostic) -> str:
    """Give what is wrong and how to mend it, on one harmless line."""
    return clean(" ".join(part for part in (finding.message, finding.fix) if part))


def plain_line(finding: Diagnostic) -> str:
    """Give a finding as one line without colours."""
    return _line(finding, Style())


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


def _line(finding: Diagnostic, style: Style) -> str:
    where = f"{clean(finding.path)}:{finding.span.line}:{finding.span.column}:"
    is_warning = finding.severity is Severity.WARNING
    mark = style.changed("warning: ") if is_warning else ""
    label = style.quiet(f"[{rule_label(finding)}]")
    return f"{style.strong(where)} {mark}{whole_message(finding)} {label}"
