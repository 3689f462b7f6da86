"""Findings about files as JUnit XML, which CI services show as tests: a test for each flow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flowsync.diagnostics import Diagnostic, Severity, Subject
from flowsync.render.diagnostics_text import plain_line, rule_label, whole_message
from flowsync.render.junit import Case, Fault, junit_text

_SUITE = "flowsync validate"


def render_junit(
    diagnostics: Iterable[Diagnostic], subjects: Sequence[Subject], *, is_strict: bool
) -> str:
    """Give a suite with a test for each subject, and for each other file that has findings.

    An error fails its test, a warning only with `is_strict`; otherwise it is output of the test.
    """
    found = list(diagnostics)
    by_path: dict[str, list[Diagnostic]] = {}
    for finding in found:
        by_path.setdefault(finding.path, []).append(finding)
    return junit_text(
        _SUITE,
        (
            _case(
                subject, [one for file in subject.files for one in by_path.get(file, ())], is_strict
            )
            for subject in (*subjects, *_other_files(found, subjects))
        ),
    )


def _other_files(found: Iterable[Diagnostic], subjects: Iterable[Subject]) -> list[Subject]:
    """Give the files with findings that belong to none of the subjects, such as flowsync.yaml."""
    known = {file for subject in subjects for file in subject.files}
    others = dict.fromkeys(finding.path for finding in found if finding.path not in known)
    return [Subject(name=path, files=(path,), is_flow=False) for path in others]


def _case(subject: Subject, found: Iterable[Diagnostic], is_strict: bool) -> Case:
    failures: list[Fault] = []
    said: list[str] = []
    for finding in found:
        if finding.severity is Severity.ERROR or is_strict:
            message, line = whole_message(finding), plain_line(finding)
            failures.append(Fault(type=rule_label(finding), message=message, lines=(line,)))
        else:
            said.append(plain_line(finding))
    return Case(
        name=subject.name,
        kind="flow" if subject.is_flow else "file",
        file=subject.files[0] if subject.files else None,
        failures=tuple(failures),
        output=tuple(said),
    )
