"""`flowsync ci`: comments, issues, outputs and the reviewed digest, against the stand-in."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from flowsync.ci.github import GitHub
from tests.ci.conftest import FORK, HEAD, MERGE, pull_request
from tests.ci.runner import parsed_outputs
from tests.ci.stand_in import GitHubStandIn, Refusal
from tests.support import Repository

DIGEST = f"sha256:{'1' * 64}"
OTHER = f"sha256:{'2' * 64}"
COMMENT = ("comment", "--report", "r.md", "--plan", "p.json", "--exit-code", "2")
ISSUE = ("issue", "--report", "r.md", "--plan", "p.json", "--exit-code")

Run = Callable[..., Result]


@pytest.fixture
def ci(repository: Repository, github: GitHubStandIn, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `flowsync ci` in a job; `event` is that of a pull request, or None for a push."""
    shows(repository.root, "**1 to create**")
    usual = github.token(contents="read", pull_requests="write", issues="write")
    monkeypatch.setattr("time.sleep", lambda seconds: waits.append(seconds))
    waits.clear()

    def run(*args: str, event: Any = None, token: str | None = usual, **env: str | None) -> Result:
        (repository.root / "event.json").write_text(json.dumps(event or {}), "utf-8")
        values = {
            "GITHUB_API_URL": github.url,
            "GITHUB_EVENT_PATH": "event.json",
            "GITHUB_OUTPUT": "output.txt",
            "GITHUB_REF_NAME": "main",
            "GITHUB_REPOSITORY": "acme/flows",
            "GITHUB_RUN_ID": "77",
            "GITHUB_SERVER_URL": "https://github.test",
            "GITHUB_SHA": MERGE,
            "GITHUB_STEP_SUMMARY": "summary.md",
            "GITHUB_TOKEN": token,
            **env,
        }
        for name, value in values.items():
            if value is None:
                monkeypatch.delenv(name, raising=False)
            else:
                monkeypatch.setenv(name, value)
        ran = repository.run("ci", *args)
        if ran.exception is not None and not isinstance(ran.exception, SystemExit):
            raise ran.exception
        return ran

    return run


waits: list[float] = []


def shows(root: Path, report: str, digest: str = DIGEST) -> None:
    (root / "r.md").write_text(report, "utf-8")
    plan = {"digest": digest, "has_changes": True, "changes": [{"key": "a", "flow_id": "1"}]}
    (root / "p.json").write_text(json.dumps(plan), "utf-8")


def test_a_comment_is_made_once_updated_and_left_alone_where_it_says_the_same(
    ci: Run, github: GitHubStandIn, repository: Repository
) -> None:
    assert "comment on pull request #7: made" in ci(*COMMENT, event=pull_request()).stderr
    assert "unchanged" in ci(*COMMENT, event=pull_request()).stderr
    shows(repository.root, "**Nothing to do**")
    assert "updated" in ci(*COMMENT, event=pull_request()).stderr
    [body] = github.bodies(7)
    assert body == (
        "<!-- flowsync:plan target= dir=. -->\n"
        f"<!-- flowsync:state digest={DIGEST} head={HEAD} -->\n"
        "**Nothing to do**\n\n"
        "<sub>[run](https://github.test/acme/flows/actions/runs/77) · commit aaaaaaaaaaaa · "
        f"plan `{DIGEST}`</sub>\n"
    )


def test_each_kind_target_and_folder_has_a_comment_of_its_own(
    ci: Run, github: GitHubStandIn
) -> None:
    for words in ((), ("--kind=apply",), ("--target=a-->b",), ("--target=a", "--dir=x y")):
        for _ in range(2):
            assert ci(*COMMENT, *words, event=pull_request()).exit_code == 0
    assert len(github.bodies(7)) == 4
    assert all(body.count("-->") == 2 for body in github.bodies(7))
    assert github.bodies(7)[2].startswith("<!-- flowsync:plan target=a%2D%2D%3Eb dir=. -->\n")


@pytest.mark.parametrize(
    ("words", "code", "count"),
    [
        ((), "0", 1),
        (("--only-changes",), "0", 0),
        (("--only-changes",), "2", 1),
        (("--only-changes",), "3", 1),
        (("--only-changes", "--kind=apply"), "0", 1),
    ],
)
def test_where_nothing_changes_a_comment_is_made_only_if_it_is_asked_for(
    ci: Run, github: GitHubStandIn, words: tuple[str, ...], code: str, count: int
) -> None:
    github.repository.pulls[7].update(merged_at="now", merge_commit_sha=MERGE)
    assert ci(*COMMENT[:-1], code, *words, event=pull_request()).exit_code == 0
    assert len(github.bodies(7)) == count


def test_the_comment_of_a_person_who_pastes_the_marker_is_not_touched(
    ci: Run, github: GitHubStandIn
) -> None:
    ci(*COMMENT, event=pull_request())
    [pasted] = github.bodies(7)
    github.repository.comments.clear()
    github.comment(7, pasted, login="mallory")
    github.comment(7, f"> quoted\n{pasted}")  # the bot, but not a comment of this kind
    ci(*COMMENT, event=pull_request())
    assert github.bodies(7, "mallory") == [pasted]
    assert len(github.bodies(7)) == 2


def test_the_comment_is_found_among_hundreds(ci: Run, github: GitHubStandIn) -> None:
    for number in range(199):
        github.comment(7, f"comment {number}", login="ann")
    ci(*COMMENT, event=pull_request())
    github.comment(7, "one more", login="ann")
    assert "unchanged" in ci(*COMMENT, event=pull_request()).stderr


def test_a_report_that_is_too_long_is_cut_to_its_first_paragraph(
    ci: Run, github: GitHubStandIn, repository: Repository
) -> None:
    shows(repository.root, "**9 to create**\n\n" + "| x | y |\n" * 10_000)
    assert ci(*COMMENT, event=pull_request()).exit_code == 0
    [body] = github.bodies(7)
    assert "**9 to create**\n\nThe report is too long to stand here" in body


def test_a_run_without_a_report_says_what_it_said(
    ci: Run, github: GitHubStandIn, repository: Repository
) -> None:
    remark = "error: `x` @ann </sub>\n\x1b[31mred"
    (repository.root / "remark.txt").write_text(remark)
    words = ("comment", "--report", "missing.md", "--exit-code", "5")
    ci(*words, "--remark", "remark.txt", event=pull_request())
    assert "    error: `x` @ann </sub>\n    \\u001b[31mred\n" in github.bodies(7)[0]
    ci(*words, event=pull_request())
    assert "ended with exit code 5; the log of the run says why." in github.bodies(7)[0]


def test_a_pull_request_from_a_fork_gets_no_comment_and_is_told_so(
    ci: Run, github: GitHubStandIn
) -> None:
    reading = github.token(contents="read", pull_requests="read")
    for head in (FORK, None):
        ran = ci(*COMMENT, event=pull_request(head_repository=head), token=reading)
        assert ran.exit_code == 0
    assert Path("summary.md").read_text().count("from a fork may not write one") == 2
    assert github.bodies(7) == []


@pytest.mark.parametrize(
    ("words", "event", "line"),
    [
        (COMMENT, pull_request(), "`permissions: pull-requests: write`"),
        ((*ISSUE, "2"), None, "`permissions: issues: write`"),
        (("digest",), None, "`permissions: contents: read, pull-requests: read`"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_a_missing_permission_is_named_as_it_is_written(
    ci: Run, github: GitHubStandIn, words: tuple[str, ...], event: Any, line: str
) -> None:
    ran = ci(*words, event=event, token=github.token(pull_requests="read", issues="read"))
    assert ran.exit_code == 5
    assert "Resource not accessible by integration" in ran.stderr
    assert line in ran.stderr


def test_what_broke_off_is_looked_for_before_it_is_written_again(
    ci: Run, github: GitHubStandIn
) -> None:
    made = r"POST .*/comments"
    github.faults = [
        (made, Refusal(502, "Bad Gateway"), True),
        (r"GET .*/comments", Refusal(503, "Unavailable"), False),
    ]
    assert ci(*COMMENT, event=pull_request()).exit_code == 0
    assert len(github.bodies(7)) == 1
    assert len(github.writes) == 1
    assert waits == [2.0, 4.0]


@pytest.mark.parametrize(
    ("refusal", "wait"),
    [
        (Refusal(403, "You have exceeded a secondary rate limit", Retry_After="7"), 7.0),
        (Refusal(429, "Too many requests", Retry_After="9"), 9.0),
        (Refusal(403, "API rate limit exceeded"), 60.0),
    ],
)
def test_a_limit_is_waited_for(
    ci: Run, github: GitHubStandIn, refusal: Refusal, wait: float
) -> None:
    github.faults = [(r"POST .*", refusal, False)]
    assert ci(*COMMENT, event=pull_request()).exit_code == 0
    assert waits == [wait]


def test_a_limit_that_lasts_long_is_not_waited_for(ci: Run, github: GitHubStandIn) -> None:
    github.faults = [(r"POST .*", Refusal(403, "rate limit", Retry_After="3600"), False)]
    assert ci(*COMMENT, event=pull_request()).exit_code == 5
    assert waits == []


def test_a_trouble_that_stays_is_given_up_with_a_sentence(ci: Run, github: GitHubStandIn) -> None:
    github.faults = [(r"GET .*", Refusal(500, "Server Error"), False)] * 9
    ran = ci(*COMMENT, event=pull_request())
    assert ran.exit_code == 5
    assert "GitHub answered GET /repos/acme/flows/issues/7/comments with HTTP 500" in ran.stderr
    assert len(github.requests) == 4


def test_the_reviewed_digest_is_that_of_the_merged_commit(ci: Run, github: GitHubStandIn) -> None:
    ci(*COMMENT, event=pull_request())
    github.repository.pulls[7].update(merged_at="now", merge_commit_sha=MERGE)
    assert ci("digest").stdout == f"{DIGEST}\n"


@pytest.mark.parametrize(
    ("author", "pull", "said"),
    [
        (None, {}, "pull request #7 shows no plan"),
        ("mallory", {}, "pull request #7 shows no plan"),
        ("github-actions[bot]", {"head": {"sha": "d" * 40}}, "is of commit aaaaaaaaaaaa, and dddd"),
        ("github-actions[bot]", {"merge_commit_sha": "e" * 40}, "did not come to main as the"),
        ("github-actions[bot]", {"base": {"ref": "release"}}, "did not come to main as the"),
        ("github-actions[bot]", {"merged_at": None}, "did not come to main as the"),
    ],
    ids=["no comment", "pasted by a person", "older commit", "direct push", "branch", "not merged"],
)
def test_there_is_no_reviewed_digest_where_nobody_reviewed(
    ci: Run, github: GitHubStandIn, author: str | None, pull: dict[str, Any], said: str
) -> None:
    if author is not None:
        ci(*COMMENT, event=pull_request())
        for comment in github.repository.comments.values():
            comment["user"]["login"] = author
    github.repository.pulls[7].update({"merged_at": "now", "merge_commit_sha": MERGE, **pull})
    ran = ci("digest")
    assert ran.exit_code == 6
    assert ran.stdout == ""
    assert said in ran.stderr
    assert "start the workflow by hand with its digest" in ran.stderr


def test_an_issue_is_opened_once_updated_when_the_plan_differs_and_closed(
    ci: Run, github: GitHubStandIn, repository: Repository
) -> None:
    github.repository.issues[3] = {
        "number": 3, "title": "mine", "body": "<!-- flowsync:drift target= dir=. -->",
        "state": "open", "labels": [{"name": "flowsync-drift"}], "user": {"login": "ann"},
    }  # fmt: skip
    assert "made" in ci(*ISSUE, "2").stderr
    assert "unchanged" in ci(*ISSUE, "2", GITHUB_SHA="f" * 40).stderr
    shows(repository.root, "**2 to create**", OTHER)
    assert "updated" in ci(*ISSUE, "2").stderr
    assert "**2 to create**" in github.repository.issues[8]["body"]
    assert "#8 closed" in ci(*ISSUE, "0").stderr
    assert "none is open" in ci(*ISSUE, "0").stderr
    assert github.repository.issues[8]["state"] == "closed"
    assert "The drift is gone" in github.bodies(8)[0]
    assert github.repository.issues[3]["state"] == "open"
    assert ci(*ISSUE, "5").exit_code == 64


def test_outputs_of_many_lines_cannot_be_ended_from_within(ci: Run, repository: Repository) -> None:
    shows(repository.root, "a\nEOF\nexit-code=0\nsummary<<x\nb")
    words = ("outputs", "--report", "r.md", "--plan", "p.json", "--exit-code", "2")
    ci(*words)
    found = parsed_outputs(Path("output.txt").read_text("utf-8"))
    assert found["exit-code"] == "2"
    assert found["summary"] == "a\nEOF\nexit-code=0\nsummary<<x\nb\n"
    assert (found["has-changes"], found["ids"], found["digest"]) == ("true", '{"a": "1"}', DIGEST)
    assert Path("summary.md").read_text("utf-8").startswith("a\nEOF\n")
    ci(*words, "--no-summary")
    assert Path("summary.md").read_text("utf-8").count("EOF") == 1


def test_a_summary_stays_below_what_a_step_may_show(ci: Run, repository: Repository) -> None:
    shows(repository.root, "**many**\n\n" + "| ü |\n" * 300_000)
    ci("outputs", "--report", "r.md", "--exit-code", "2")
    summary = Path("summary.md").read_text("utf-8")
    assert summary.startswith("**many**\n\nThe report is too long")


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"GITHUB_REPOSITORY": None}, "this is no job of GitHub Actions"),
        ({"GITHUB_SHA": "main"}, "this is no job of GitHub Actions"),
        ({"token": None}, "GITHUB_TOKEN is not set"),
        ({"GITHUB_EVENT_PATH": "nowhere.json"}, "there is no event in nowhere.json"),
        ({"GITHUB_API_URL": "http://example.com"}, "GITHUB_API_URL: it sends the token over http"),
    ],
)
def test_outside_of_a_job_it_is_said_what_is_missing(
    ci: Run, env: dict[str, str | None], said: str
) -> None:
    ran = ci(*COMMENT, event=pull_request(), **env)
    assert ran.exit_code == 64
    assert said in ran.stderr


def test_a_list_that_does_not_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    github = GitHub(api_url="https://api.test", token="t" * 20)
    monkeypatch.setattr(github, "_value", lambda *a, **kw: [{}] * 100)
    with pytest.raises(Exception, match="more than 10,000 entries"):
        github.all("/x")
    github.close()
