"""A run that ended by an error, as text and as JSON (schemas/failure.schema.json)."""

from __future__ import annotations

from dataclasses import dataclass

from flowsync.diagnostics import Diagnostic
from flowsync.model import JsonValue
from flowsync.render.diagnostics_json import diagnostics_to_json
from flowsync.render.diagnostics_text import render_diagnostics
from flowsync.render.style import Style, clean

FORMAT_VERSION = "1.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a run of `command` gave no result: a sentence, and the exit code it ended with.

    `findings` are about the files, where these are wrong.
    """

    command: str
    message: str
    exit_code: int
    findings: tuple[Diagnostic, ...] = ()


def render_failure(failure: Failure) -> str:
    """Give what happened as text."""
    found = render_diagnostics(failure.findings, Style())
    message = clean(failure.message, keep="\n")
    return f"flowsync {failure.command} failed: {message}\n{found}"


def failure_to_json(failure: Failure, plan: JsonValue = None) -> dict[str, JsonValue]:
    """Give the document that stands in place of the one that the run would have given.

    `plan` is the document of the plan that had been made, where there was one.
    """
    return {
        "format_version": FORMAT_VERSION,
        "errored": True,
        "command": failure.command,
        "error": {"message": failure.message, "exit_code": failure.exit_code},
        "findings": diagnostics_to_json(failure.findings),
        "plan": plan,
    }
