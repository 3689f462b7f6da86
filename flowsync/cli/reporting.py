"""Showing what a validation found, in the formats of `--format` and `--report`: one line each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flowsync.checking import Checked
from flowsync.cli.console import Console, json_text
from flowsync.cli.redacted import redacted
from flowsync.diagnostics import Diagnostic, Subject, has_errors
from flowsync.ignoring import Ignored
from flowsync.render.diagnostics_text import render_diagnostics, render_ignored, render_summary
from flowsync.render.excerpt import EXCERPT_COLUMNS, Excerpts
from flowsync.render.style import Style


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportShown:
    """What was checked and found, as it may be shown: without secrets.

    `is_valid` as the exit code says: with `is_strict` a warning is not. `excerpts` give the lines
    that the findings are about.
    """

    found: tuple[Diagnostic, ...]
    subjects: tuple[Subject, ...]
    is_valid: bool
    is_strict: bool
    ignored: tuple[Ignored, ...]
    excerpts: Excerpts


def report_shown(checked: Checked, console: Console, *, is_strict: bool) -> ReportShown:
    """Give what the formats make of a validation, and keep its secrets from being shown."""
    for secret in checked.secrets:
        console.hide(secret)
    return ReportShown(
        found=redacted(checked.diagnostics, console.redact),
        subjects=redacted(checked.subjects, console.redact),
        is_valid=not has_errors(checked.diagnostics) and not (is_strict and checked.diagnostics),
        is_strict=is_strict,
        ignored=redacted(checked.ignored, console.redact),
        excerpts=Excerpts(checked.texts, columns=EXCERPT_COLUMNS, hides=console.is_secret),
    )


def show_report(
    console: Console,
    shown: ReportShown,
    checked: Checked,
    output: str,
    *,
    excerpt: bool | None,
    now: str = "",
) -> None:
    """Print findings on stdout in one of `REPORT_FORMATS`.

    What else there is to say goes to stderr. `excerpt` forces excerpts or none into text; None
    leaves them to a terminal. `now` is a time to show.
    """
    for remark in checked.remarks:
        console.progress(remark)
    if console.verbose:
        console.note(render_ignored(checked.ignored, console.error_style))
    if output == "text":
        wants = console.shows_excerpts if excerpt is None else excerpt
        excerpts = Excerpts(checked.texts, columns=console.columns) if wants else None
        console.show(render_diagnostics(shown.found, console.style, excerpts))
        stamp = console.style.quiet(now) + " " if now else ""
        console.show(stamp + _summary(shown, console.style))
    elif output == "github":
        console.show_commands(REPORT_FORMATS[output](shown))
        if not console.quiet:
            console.note(_summary(shown, console.error_style))
    else:
        console.show_ready(REPORT_FORMATS[output](shown), output)


def _text(shown: ReportShown) -> str:
    return render_diagnostics(shown.found, Style()) + _summary(shown, Style())


def _json(shown: ReportShown) -> str:
    from flowsync.render.diagnostics_json import validation_to_json

    return json_text(validation_to_json(shown.found, shown.subjects, is_valid=shown.is_valid))


def _markdown(shown: ReportShown) -> str:
    from flowsync.render.diagnostics_markdown import render_diagnostics_markdown

    return render_diagnostics_markdown(shown.found, shown.subjects)


def _github(shown: ReportShown) -> str:
    from flowsync.render.diagnostics_github import render_github

    return render_github(shown.found)


def _sarif(shown: ReportShown) -> str:
    from flowsync import __version__
    from flowsync.cli.rule_infos import rule_infos
    from flowsync.render.diagnostics_sarif import diagnostics_to_sarif

    return json_text(diagnostics_to_sarif(shown.found, rule_infos(), version=__version__))


def _junit(shown: ReportShown) -> str:
    from flowsync.render.diagnostics_junit import render_junit

    return render_junit(shown.found, shown.subjects, is_strict=shown.is_strict)


def _html(shown: ReportShown) -> str:
    from flowsync.cli.html_formats import validation_html

    return validation_html(shown)


REPORT_FORMATS: dict[str, Callable[[ReportShown], str]] = {
    "text": _text,
    "json": _json,
    "markdown": _markdown,
    "html": _html,
    "github": _github,
    "sarif": _sarif,
    "junit": _junit,
}
SHOWN_FORMATS = tuple(name for name in REPORT_FORMATS if name != "html")  # a page is a file to open


def _summary(shown: ReportShown, style: Style) -> str:
    """Give the last line of a report."""
    flows = sum(subject.is_flow for subject in shown.subjects)
    files = len(shown.subjects) - flows
    return render_summary(shown.found, flows, style, files=files)
