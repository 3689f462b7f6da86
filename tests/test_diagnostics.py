from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsync import errors
from flowsync.diagnostics import (
    START_OF_FILE,
    Diagnostic,
    Severity,
    Span,
    has_errors,
    in_reading_order,
    nearest,
)
from flowsync.errors import ExitCode, FlowsyncError, RemoteError


def finding(path: str, line: int, column: int, rule: str = "FS001") -> Diagnostic:
    span = Span(line=line, column=column, end_line=line, end_column=column + 1)
    return Diagnostic(path=path, span=span, rule=rule, message="wrong.", fix="Mend it.")


ORDERED = (
    finding("a.yaml", 2, 9),
    finding("a.yaml", 10, 1),
    finding("a.yaml", 10, 2),
    finding("a.yaml", 10, 2, rule="FS002"),
    finding("b.yaml", 1, 1),
)


@given(st.permutations([*ORDERED, ORDERED[1]]))
def test_findings_are_sorted_by_file_line_column_and_rule_each_once(
    shuffled: list[Diagnostic],
) -> None:
    assert in_reading_order(shuffled) == ORDERED


def test_only_errors_stop_plan_and_apply() -> None:
    warning = Diagnostic(
        path="a", span=START_OF_FILE, rule="FS500", message="odd.", severity=Severity.WARNING
    )
    assert not has_errors([])
    assert not has_errors([warning])
    assert has_errors([warning, finding("a", 1, 1)])


@pytest.mark.parametrize(
    ("word", "meant"), [("stagin", "staging"), ("Staging", "staging"), ("xyz", None), ("", None)]
)
def test_the_nearest_word_is_suggested_and_none_where_nothing_is_near(
    word: str, meant: str | None
) -> None:
    assert nearest(word, ["local", "staging"]) == meant


@given(st.permutations(["aba", "abb", "abc"]))
def test_the_suggestion_does_not_depend_on_the_order_of_the_choices(words: list[str]) -> None:
    assert nearest("ab", words) == nearest("ab", sorted(words))


def all_exceptions() -> list[type[FlowsyncError]]:
    found = [value for value in vars(errors).values() if isinstance(value, type)]
    return [kind for kind in found if issubclass(kind, FlowsyncError)]


EXIT_CODES = {
    "FlowsyncError": 1,
    "UsageFailure": 64,
    "FilesInvalid": 3,
    "RefusedForSafety": 6,
    "StalePlan": 6,
    "WriteRefused": 6,
    "Interrupted": 130,
    "RemoteError": 5,
    "RemoteUnavailable": 5,
    "AnswerTooLate": 5,
    "RemoteThrottled": 5,
    "RemoteDenied": 5,
    "RemoteRejected": 5,
}


def test_every_exception_has_the_exit_code_of_the_table_in_the_design() -> None:
    assert {kind.__name__: int(kind.exit_code) for kind in all_exceptions()} == EXIT_CODES
    assert sorted(ExitCode) == [0, 1, 2, 3, 4, 5, 6, 64, 129, 130, 143]


def test_a_remote_error_carries_what_decisions_need() -> None:
    error = RemoteError("no.", status=500, code=1, subcode=2, outcome_unknown=True, retry_after=3)
    assert str(error) == "no."
    assert (error.status, error.code, error.subcode) == (500, 1, 2)
    assert (error.outcome_unknown, error.retry_after) == (True, 3)
