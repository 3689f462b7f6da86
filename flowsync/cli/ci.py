"""`flowsync ci`: what the GitHub action does besides planning and applying."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from flowsync.ci.comment import AUTHOR, keep_comment
from flowsync.ci.drift_issue import close_drift, report_drift
from flowsync.ci.marker import Marker, State
from flowsync.ci.outputs import found_in, outputs_text
from flowsync.ci.reviewed import merged_pull_request, reviewed_digest
from flowsync.ci.texts import body_text, summary_text
from flowsync.cli.ci_files import (
    append_to,
    digest_in,
    job_at_work,
    json_in,
    opened_github,
    report_of,
)
from flowsync.cli.console import Console
from flowsync.cli.options import environment
from flowsync.errors import ExitCode, RemoteDenied, UsageFailure

F = TypeVar("F", bound=Callable[..., Any])

_FILE = click.Path(path_type=Path, dir_okay=False)
_PENDING = int(ExitCode.CHANGES_PENDING)


@click.group(
    epilog="""\b
Examples:
  flowsync plan --detailed-exitcode --out plan.json --report markdown=plan.md
  flowsync ci outputs --report plan.md --plan plan.json --exit-code 2
  flowsync ci comment --report plan.md --plan plan.json --exit-code 2
  flowsync apply plan.json --yes --expect-digest "$(flowsync ci digest)\""""
)
def command() -> None:
    """Write comments, issues and outputs in a job of GitHub Actions.

    The action that `flowsync init --ci github` writes runs these. The token of the job is taken
    from GITHUB_TOKEN; repository, commit and pull request from the job's own variables.
    """


def _about(function: F) -> F:
    """Give a command the options that say what a comment or an issue is about."""
    for option in (
        click.option("--target", default="", metavar="NAME", help="The target, as in the job."),
        click.option("--dir", "folder", default=".", metavar="DIR", help="The working directory."),
        click.option(
            "--author",
            default=AUTHOR,
            show_default=True,
            metavar="LOGIN",
            help="Whose comments and issues are ours.",
        ),
    ):
        function = option(function)
    return function


def _found(function: F) -> F:
    """Give a command the options that name what a run has found."""
    for option in (
        click.option(
            "--report",
            "reports",
            type=_FILE,
            multiple=True,
            metavar="FILE",
            help="A report in Markdown; several follow each other, missing ones are left out.",
        ),
        click.option(
            "--remark",
            type=_FILE,
            metavar="FILE",
            help="A file with what a command said instead, shown below the reports.",
        ),
        click.option("--plan", type=_FILE, metavar="FILE", help="The plan as `--out` saved it."),
        click.option(
            "--exit-code", type=int, required=True, metavar="CODE", help="How the run ended."
        ),
    ):
        function = option(function)
    return function


@command.command("comment")
@click.option(
    "--kind",
    type=click.Choice(["plan", "apply"]),
    default="plan",
    show_default=True,
    help="The comment with the plan, or the one that tells how it was applied.",
)
@click.option("--only-changes", is_flag=True, help="Make a new one only if there is something.")
@_about
@_found
def comment(
    kind: str,
    only_changes: bool,
    target: str,
    folder: str,
    author: str,
    reports: tuple[Path, ...],
    remark: Path | None,
    plan: Path | None,
    exit_code: int,
) -> None:
    """Keep one comment on the pull request up to date.

    On a push it is the pull request whose merge made the commit. The job needs `permissions:
    pull-requests: write`; a pull request from a fork gives no such right, so there it is not made.
    """
    console, job = Console(), job_at_work()
    marker = Marker(kind=kind, target=target, folder=folder)
    with opened_github(console, job) as github:
        merged: tuple[int, str] | None
        if job.pull_request is not None:
            merged = job.pull_request.number, job.pull_request.head
        else:
            merged = merged_pull_request(github, job)
        if merged is None:
            console.progress("no comment: this commit belongs to no pull request.")
            return
        number, head = merged
        state = State(digest=digest_in(plan), head=head)
        body = body_text(marker, state, report_of(reports, remark, exit_code), job)
        makes_new = kind == "apply" or not only_changes or exit_code != ExitCode.DONE
        try:
            written = keep_comment(
                github, job.repository, number, marker, body, author=author, makes_new=makes_new
            )
        except RemoteDenied as exc:
            if job.pull_request is not None and job.pull_request.is_foreign:
                note = "No comment: the token of a pull request from a fork may not write one."
                console.progress(note)
                append_to(environment().get("GITHUB_STEP_SUMMARY"), f"\n> {note}\n")
                return
            raise RemoteDenied(
                f"{exc}. The comment needs `permissions: pull-requests: write` in the job."
            ) from exc
    console.progress(f"comment on pull request #{number}: {written.value}")


@command.command("issue", short_help="Keep one issue about drift up to date.")
@_about
@_found
def issue(
    target: str,
    folder: str,
    author: str,
    reports: tuple[Path, ...],
    remark: Path | None,
    plan: Path | None,
    exit_code: int,
) -> None:
    """Keep one issue about drift: open or update it with exit code 2, close it with 0.

    The job needs `permissions: issues: write`.
    """
    if exit_code not in {ExitCode.DONE, _PENDING}:
        raise UsageFailure("whether there is drift is known only with exit code 0 or 2.")
    console, job = Console(), job_at_work()
    marker = Marker(kind="drift", target=target, folder=folder)
    with opened_github(console, job) as github:
        try:
            if exit_code == ExitCode.DONE:
                farewell = f"The drift is gone, says [this run]({job.run_url})."
                number = close_drift(github, job.repository, marker, farewell, author=author)
                said = "none is open" if number is None else f"#{number} closed"
            else:
                state = State(digest=digest_in(plan), head=job.commit)
                body = body_text(marker, state, report_of(reports, remark, exit_code), job)
                title = _issue_title(target, folder)
                said = report_drift(
                    github, job.repository, marker, title, body, author=author
                ).value
        except RemoteDenied as exc:
            raise RemoteDenied(
                f"{exc}. The issue needs `permissions: issues: write` in the job."
            ) from exc
    console.progress(f"issue about drift: {said}")


def _issue_title(target: str, folder: str) -> str:
    where = f" in {folder}" if folder != "." else ""
    return f"WhatsApp Flows differ from the repository: {target or 'default target'}{where}"


@command.command("digest")
@_about
def digest(target: str, folder: str, author: str) -> None:
    """Print the digest of the plan that the merged pull request showed.

    Exit code 6 when the commit is no merge, or its pull request shows no plan of its last commit.
    """
    console, job = Console(), job_at_work()
    marker = Marker(kind="plan", target=target, folder=folder)
    with opened_github(console, job) as github:
        try:
            found = reviewed_digest(github, job, marker, author=author)
        except RemoteDenied as exc:
            raise RemoteDenied(
                f"{exc}. Reading the reviewed plan needs `permissions: contents: read, "
                "pull-requests: read` in the job."
            ) from exc
    console.show(f"{found}\n")


@command.command("outputs", short_help="Hand on what a run found, and show its summary.")
@click.option("--outcome", type=_FILE, metavar="FILE", help="The outcome of apply as JSON.")
@click.option("--no-summary", is_flag=True, help="Leave the summary of the job alone.")
@_found
def outputs(
    reports: tuple[Path, ...],
    remark: Path | None,
    plan: Path | None,
    outcome: Path | None,
    exit_code: int,
    no_summary: bool,
) -> None:
    """Hand on has-changes, digest, ids, plan-file, summary and exit-code, and show the summary.

    They are appended to the files that GITHUB_OUTPUT and GITHUB_STEP_SUMMARY name.
    """
    Console()
    job, env = job_at_work(), environment()
    report = summary_text(report_of(reports, remark, exit_code), job)
    document = json_in(plan)
    values = {
        "exit-code": str(exit_code),
        **found_in(document, json_in(outcome)),
        "plan-file": str(plan.resolve()) if plan is not None and document is not None else "",
        "summary": report,
    }
    append_to(env.get("GITHUB_OUTPUT"), outputs_text(values))
    if not no_summary:
        append_to(env.get("GITHUB_STEP_SUMMARY"), f"{report}\n")
