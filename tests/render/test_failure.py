"""A run that ended by an error, in every format of a report."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

from flowsync.render.comment_size import REPORT_LIMIT, size
from flowsync.render.failure import Failure, failure_to_json, render_failure
from flowsync.render.failure_ci import (
    failure_to_sarif,
    render_failure_github,
    render_failure_junit,
)
from flowsync.render.failure_markdown import render_failure_markdown
from flowsync.validation.schema import fits
from tests.render.gfm import check_inert
from tests.render.golden import check_golden, check_harmless
from tests.render.test_diagnostics_formats import FOUND, SARIF_VALIDATOR
from tests.render.test_markdown import EVERY, every_nasty

REFUSED = Failure(
    command="apply",
    message="nothing was written, because:\n  - the plan would publish 1 flow.\n  - a is protected."
    "\nLook at it.",
    exit_code=6,
)
WRONG = Failure(command="plan", message="the files are wrong.", exit_code=3, findings=FOUND)


def test_a_refusal_and_wrong_files_read_as_expected() -> None:
    text = render_failure_markdown(REFUSED, lambda limit: "**1 to update**\n")
    text += "\n---\n\n" + render_failure_markdown(WRONG)
    check_golden("failure.md", text)


@every_nasty
def test_no_message_becomes_anything_but_text(nasty: str) -> None:
    failure = Failure(command="plan", message=f"x {nasty}\n  - {nasty}", exit_code=5)
    markdown = render_failure_markdown(failure)
    check_inert(markdown)
    check_harmless(markdown)
    check_harmless(render_failure(failure))
    assert len(render_failure_github(failure).splitlines()) == 1
    assert ElementTree.fromstring(render_failure_junit(failure)).get("errors") == "1"
    assert list(SARIF_VALIDATOR.iter_errors(failure_to_sarif(failure, {}, version="1"))) == []
    assert fits(failure_to_json(failure), "failure") is None


def test_wrong_files_are_in_every_format() -> None:
    document = failure_to_json(WRONG)
    assert fits(document, "failure") is None
    assert document["errored"] is True
    for text in (
        json.dumps(document),
        render_failure(WRONG),
        render_failure_markdown(WRONG),
        render_failure_github(WRONG),
        render_failure_junit(WRONG),
        json.dumps(failure_to_sarif(WRONG, {}, version="1")),
    ):
        assert "the files are wrong." in text
        assert "TextInputt" in text


def test_sarif_says_that_the_run_was_not_successful() -> None:
    (run,) = json.loads(json.dumps(failure_to_sarif(REFUSED, {}, version="1")))["runs"]
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["exitCode"] == 6
    assert "a is protected" in invocation["toolExecutionNotifications"][0]["message"]["text"]


def test_the_plan_gets_the_room_that_is_left() -> None:
    asked: list[int] = []

    def plan(limit: int) -> str:
        asked.append(limit)
        return "x" * (limit - 1) + "\n"

    text = render_failure_markdown(REFUSED, plan)
    assert asked[0] > 60_000
    assert REPORT_LIMIT - 10 <= size(text) <= REPORT_LIMIT + 1
    assert re.match(r"\*\*flowsync apply failed\*\* \(exit code 6\)\n", text)


def test_a_long_message_is_cut_and_many_reasons_are_counted() -> None:
    reasons = "".join(f"\n  - reason {EVERY['mention'] * 100}" for _ in range(500))
    failure = Failure(command="apply", message=f"nothing was written:{reasons}", exit_code=6)
    text = render_failure_markdown(failure)
    assert size(text) < REPORT_LIMIT / 2
    assert "- … and 480 more" in text
