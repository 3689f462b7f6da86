"""`--report html=FILE` of plan, apply and validate."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.support import Repository, flow_json

NASTY = "<script>alert(1)</script>"
SECRET = "t0ken-of-the-account"


def report(repository: Repository, *args: str, code: int = 0, **options: str) -> str:
    """Run a command with an HTML report, and give that."""
    ran = repository.run(*args, "--report", "html=report.html", env=options or None)
    assert ran.exit_code == code, ran.output
    return Path("report.html").read_text("utf-8")


def test_a_plan_as_a_page_has_differences_pictures_and_lines(repository: Repository) -> None:
    repository.flow("survey", name=NASTY, content=flow_json("Old"))
    html = report(repository, "plan")
    assert "<title>Plan for local · flowsync</title>" in html
    assert "Screens of survey</title>" in html
    assert "The Flow JSON, line by line" not in html  # all of it is new
    assert "<script" not in html
    assert repository.run("apply", "--yes").exit_code == 0
    repository.flow("survey", name=NASTY, content=flow_json("New"))
    html = report(repository, "plan")
    assert "<del>&#34;Old&#34;</del> → <ins>&#34;New&#34;</ins>" in html
    assert 'class="bad">-            &#34;label&#34;: &#34;Old&#34;' in html
    assert "Screens of survey</title>" in html


def test_a_page_of_very_many_flows_leaves_pictures_out_until_they_are_asked_for(
    repository: Repository,
) -> None:
    for number in range(26):
        repository.flow(f"f{number}")
    html = report(repository, "plan", "--no-rehearse")
    assert "<svg" not in html
    assert "more than 25 flows changes" in html
    html = report(repository, "plan", "--no-rehearse", "--before-after")
    assert html.count("<svg") == 26


def test_an_outcome_as_a_page_names_the_ids(repository: Repository) -> None:
    repository.flow("survey")
    html = report(repository, "apply", "--yes")
    assert "Complete: 1 flow has been brought in step." in html
    (flow_id,) = repository.run("ids", "--format", "dotenv").stdout.partition("=")[2:]
    assert f"id <code>{flow_id.strip()}</code>" in html
    assert stat.S_IMODE(Path("report.html").stat().st_mode) == 0o600


def test_a_validation_as_a_page_shows_the_line_and_the_rule(repository: Repository) -> None:
    repository.flow("survey", content={**flow_json(), "wrong": 1})
    html = report(repository, "validate", code=3)
    assert "<mark>&#34;wrong&#34;</mark>: 1" in html
    assert 'rel="noreferrer">FS1' in html


def test_a_line_with_a_secret_is_not_shown(repository: Repository) -> None:
    repository.flow("survey", content={**flow_json(), "wrong": SECRET})
    html = report(repository, "validate", code=3, FLOWSYNC_TOKEN=SECRET)
    assert "<mark>" not in html
    assert SECRET not in html


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("plan", "--target", "gone"), 64, "gone"),
        (("apply",), 6, "Pass --yes to apply in CI."),
    ],
)
def test_a_run_that_fails_says_why_where_its_result_was_expected(
    repository: Repository, args: tuple[str, ...], code: int, said: str
) -> None:
    repository.flow("survey")
    html = report(repository, *args, code=code)
    assert said in html
    assert "The run ended by an error" in html
    assert ("Flow by flow" in html) is (code == 6)  # the plan that had been made is shown
