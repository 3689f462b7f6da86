"""Findings about files for reading by machine (schemas/validation.schema.json)."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from flowsync.diagnostics import Diagnostic, Subject, pointer_text
from flowsync.model import JsonValue

FORMAT_VERSION = "1.0"


def validation_to_json(
    diagnostics: Iterable[Diagnostic], subjects: Collection[Subject], *, is_valid: bool
) -> dict[str, JsonValue]:
    """Give the document that a validation prints; `is_valid` as its exit code says."""
    return {
        "format_version": FORMAT_VERSION,
        "is_valid": is_valid,
        "checked": [subject.name for subject in subjects],
        "findings": diagnostics_to_json(diagnostics),
    }


def diagnostics_to_json(diagnostics: Iterable[Diagnostic]) -> list[JsonValue]:
    """Give the findings; lines and columns count from 1."""
    return [
        {
            "path": finding.path,
            "line": finding.span.line,
            "column": finding.span.column,
            "end_line": finding.span.end_line,
            "end_column": finding.span.end_column,
            "pointer": None if finding.pointer is None else pointer_text(finding.pointer),
            "severity": finding.severity.value,
            "rule": finding.rule or None,
            "code": finding.code,
            "message": finding.message,
            "fix": finding.fix,
        }
        for finding in diagnostics
    ]
