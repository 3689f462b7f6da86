"""Findings about files as Markdown. UPDATE_GOLDEN=1 writes tests/golden/ anew."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings

from flowsync.diagnostics import Span
from flowsync.render.comment_size import REPORT_LIMIT, size
from flowsync.render.diagnostics_markdown import render_diagnostics_markdown
from tests.render.gfm import check_inert
from tests.render.golden import check_golden, check_harmless
from tests.render.test_diagnostics_formats import ERROR, FOUND, SUBJECTS, WARNING
from tests.render.test_markdown import EVERY, every_nasty, texts


def at(line: int) -> Span:
    return Span(line=line, column=1, end_line=line, end_column=2)


def test_findings_of_every_kind_read_as_expected() -> None:
    text = render_diagnostics_markdown(FOUND, SUBJECTS)
    check_golden("diagnostics.md", text)
    check_inert(text)
    check_harmless(text)


def test_nothing_wrong_is_one_line() -> None:
    assert render_diagnostics_markdown((), SUBJECTS) == (
        "**2 flows and 1 file checked, nothing wrong.**\n"
    )


@every_nasty
def test_no_text_becomes_anything_but_text(nasty: str) -> None:
    found = replace(ERROR, path=nasty, message=nasty, fix=nasty, rule=nasty, code=nasty)
    text = render_diagnostics_markdown((found, WARNING), SUBJECTS)
    page = check_inert(text)
    check_harmless(text)
    assert {len(row) for row in page.rows} == {4}


@settings(max_examples=20)
@given(nasty=texts)
def test_any_text_stays_text(nasty: str) -> None:
    found = replace(ERROR, path=nasty, message=nasty, fix=nasty)
    check_inert(render_diagnostics_markdown((found,), SUBJECTS))


def test_warnings_are_left_out_before_errors_and_the_text_says_how_many() -> None:
    warnings = [replace(WARNING, path="a.json", span=at(n)) for n in range(1, 101)]
    errors = [replace(ERROR, span=at(n)) for n in range(1, 11)]
    text = render_diagnostics_markdown([*warnings, *errors], SUBJECTS, limit=5_000)
    assert size(text) <= 5_000
    assert text.startswith("**2 flows and 1 file checked: 10 errors, 100 warnings.**")
    assert text.count("| **error** |") == 10
    shown = text.count("| warning |")
    assert 0 < shown < 100
    assert f"Left out, so that this fits into a comment: {100 - shown} warnings." in text
    text = render_diagnostics_markdown([*warnings, *errors], SUBJECTS, limit=1_000)
    assert text.count("| **error** |") < 10
    assert "100 warnings." in text


def test_whatever_is_found_the_text_is_below_the_limit() -> None:
    text = (" ".join(EVERY.values()) * 9)[:1_000]
    found = [replace(ERROR, path=text, message=text, span=at(n)) for n in range(1, 1_000)]
    shown = render_diagnostics_markdown(found, SUBJECTS)
    assert size(shown) <= REPORT_LIMIT
    check_inert(shown)
