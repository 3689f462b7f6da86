"""A run that ended by an error, in the formats that CI services read: annotations, JUnit, SARIF."""

from __future__ import annotations

from collections.abc import Mapping

from flowsync.diagnostics import RuleInfo
from flowsync.model import JsonValue
from flowsync.render.annotations import Annotation, Level, render_annotations
from flowsync.render.diagnostics_github import render_github
from flowsync.render.diagnostics_sarif import diagnostics_to_sarif
from flowsync.render.failure import Failure, render_failure
from flowsync.render.junit import Case, Fault, junit_text
from flowsync.render.style import clean


def render_failure_github(failure: Failure) -> str:
    """Give an annotation without a place, and those of the findings."""
    title = f"flowsync {failure.command} failed"
    remark = Annotation(level=Level.ERROR, title=title, message=failure.message)
    return render_annotations([remark]) + render_github(failure.findings)


def render_failure_junit(failure: Failure) -> str:
    """Give a suite with one test, which is in error."""
    error = Fault(
        type=f"exit code {failure.exit_code}",
        message=failure.message,
        lines=tuple(render_failure(failure).splitlines()),
    )
    return junit_text(f"flowsync {failure.command}", [Case(name=failure.command, errors=(error,))])


def failure_to_sarif(
    failure: Failure, rules: Mapping[str, RuleInfo], *, version: str
) -> dict[str, JsonValue]:
    """Give a run that was not successful, with its reason as a notification, and the findings."""
    notification: dict[str, JsonValue] = {
        "level": "error",
        "message": {"text": clean(failure.message, keep="\n")},
    }
    invocation: JsonValue = {
        "executionSuccessful": False,
        "exitCode": failure.exit_code,
        "toolExecutionNotifications": [notification],
    }
    return diagnostics_to_sarif(failure.findings, rules, version=version, invocation=invocation)
