"""Showing what a validation found in the format that was asked for."""

from __future__ import annotations

from dataclasses import replace

from flowsync.checking import Checked
from flowsync.cli.console import Console
from flowsync.diagnostics import Diagnostic, RuleInfo, has_errors
from flowsync.render.diagnostics_text import render_diagnostics, render_ignored, render_summary
from flowsync.render.excerpt import Excerpts
from flowsync.render.style import Style

FORMATS = ("text", "json", "github", "sarif", "junit")


def show_report(
    console: Console,
    checked: Checked,
    output: str,
    *,
    is_strict: bool,
    excerpt: bool | None,
    now: str = "",
) -> bool:
    """Print findings on stdout in one of `FORMATS`, and tell whether all is well.

    What else there is to say goes to stderr. With `is_strict` a warning is not well. `excerpt`
    forces excerpts or none into text; None leaves them to a terminal. `now` is a time to show.
    """
    for secret in checked.secrets:
        console.hide(secret)
    is_valid = not has_errors(checked.diagnostics) and not (is_strict and checked.diagnostics)
    for remark in checked.remarks:
        console.progress(remark)
    if console.verbose:
        console.note(render_ignored(checked.ignored, console.error_style))
    found = tuple(_redacted(finding, console) for finding in checked.diagnostics)
    match output:
        case "json":
            from flowsync.render.diagnostics_json import validation_to_json

            console.show_json(validation_to_json(found, checked.subjects, is_valid=is_valid))
        case "sarif":
            from flowsync import __version__
            from flowsync.render.diagnostics_sarif import diagnostics_to_sarif

            console.show_json(diagnostics_to_sarif(found, _rules(), version=__version__))
        case "junit":
            from flowsync.render.diagnostics_junit import render_junit

            console.show(render_junit(found, checked.subjects, is_strict=is_strict))
        case "github":
            from flowsync.render.diagnostics_github import render_github

            console.show_commands(render_github(found))
            if not console.quiet:
                console.note(_summary(checked, console.error_style))
        case _:
            wants = console.shows_excerpts if excerpt is None else excerpt
            excerpts = Excerpts(checked.texts, columns=console.columns) if wants else None
            console.show(render_diagnostics(found, console.style, excerpts))
            stamp = console.style.quiet(now) + " " if now else ""
            console.show(stamp + _summary(checked, console.style))
    return is_valid


def _summary(checked: Checked, style: Style) -> str:
    """Give the last line of a report."""
    flows = sum(subject.is_flow for subject in checked.subjects)
    files = len(checked.subjects) - flows
    return render_summary(checked.diagnostics, flows, style, files=files)


def _redacted(finding: Diagnostic, console: Console) -> Diagnostic:
    """Take secrets out before a format escapes them, after which they could not be found."""
    return replace(
        finding, message=console.redact(finding.message), fix=console.redact(finding.fix)
    )


def _rules() -> dict[str, RuleInfo]:
    from flowsync.validation.catalogue import CATALOGUE

    return {
        rule.id: RuleInfo(summary=rule.summary, severity=rule.severity, source=rule.source)
        for rule in CATALOGUE.values()
    }
