"""Findings about files as text and JSON. UPDATE_GOLDEN=1 writes tests/golden/ anew."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from flowsync.diagnostics import Diagnostic, Severity, Span
from flowsync.render.diagnostics_json import diagnostics_to_json
from flowsync.render.diagnostics_text import (
    render_diagnostics,
    render_summary,
)
from tests.render.golden import (
    COLOURED,
    NASTY,
    PLAIN,
    check_golden,
    check_harmless,
    nasty_names,
)

ERROR = Diagnostic(
    path="flows/booking.yaml",
    span=Span(line=14, column=7, end_line=14, end_column=12),
    rule="FS203",
    message='screen "SUMMARY" is not reachable from any screen.',
    fix="Add it to routing_model, or remove it.",
)
WITH_CODE = replace(ERROR, code="INVALID_PROPERTY", fix="")
WARNING = replace(
    ERROR, severity=Severity.WARNING, message=f'screen "{NASTY["newline"]}" is empty.'
)


def test_findings_read_as_expected() -> None:
    findings = [ERROR, WITH_CODE, WARNING]
    plain = render_diagnostics(findings, PLAIN)
    check_golden("diagnostics.txt", plain + render_summary(findings, 2, PLAIN))
    coloured = render_diagnostics(findings, COLOURED)
    check_golden("diagnostics-colours.txt", coloured + render_summary(findings, 2, COLOURED))
    assert re.sub(r"\x1b\[\d+m", "", coloured) == plain


def test_a_finding_is_one_line_with_place_words_and_rule() -> None:
    assert render_diagnostics([ERROR], PLAIN) == (
        'flows/booking.yaml:14:7: screen "SUMMARY" is not reachable from any screen. '
        "Add it to routing_model, or remove it. [FS203]\n"
    )


def test_no_findings_are_no_text() -> None:
    assert render_diagnostics([], PLAIN) == ""


@pytest.mark.parametrize(
    ("findings", "flows", "expected"),
    [
        ([], 1, "1 flow checked, nothing wrong.\n"),
        ([ERROR], 2, "2 flows checked: 1 error.\n"),
        ([WARNING, WARNING], 0, "0 flows checked: 2 warnings.\n"),
        ([ERROR, WARNING, ERROR], 3, "3 flows checked: 2 errors, 1 warning.\n"),
    ],
)
def test_a_summary_counts_errors_and_warnings(
    findings: list[Diagnostic], flows: int, expected: str
) -> None:
    assert render_summary(findings, flows, PLAIN) == expected


def test_warnings_alone_are_not_shown_as_errors() -> None:
    assert render_summary([WARNING], 1, COLOURED).startswith("\x1b[33m")
    assert render_summary([ERROR], 1, COLOURED).startswith("\x1b[31m")
    assert render_summary([], 1, COLOURED).startswith("\x1b[32m")


def test_findings_as_json_have_all_there_is_to_say() -> None:
    (document,) = diagnostics_to_json([replace(ERROR, code="CODE", pointer=("a/b", 0, "~"))])
    assert json.loads(json.dumps(document)) == {
        "path": "flows/booking.yaml",
        "line": 14,
        "column": 7,
        "end_line": 14,
        "end_column": 12,
        "pointer": "/a~1b/0/~0",
        "severity": "error",
        "rule": "FS203",
        "code": "CODE",
        "message": 'screen "SUMMARY" is not reachable from any screen.',
        "fix": "Add it to routing_model, or remove it.",
    }


@nasty_names
def test_no_text_steers_the_terminal_or_the_log(nasty: str) -> None:
    finding = replace(
        ERROR,
        path=f"flows/{nasty}",
        message=nasty,
        fix=nasty,
        code=nasty,
        severity=Severity.WARNING,
    )
    check_harmless(render_diagnostics([finding, replace(finding, message="")], PLAIN))
