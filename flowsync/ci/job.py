"""The job that flowsync runs in, as GitHub Actions describes it in variables and a file.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/variables
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flowsync.errors import UsageFailure
from flowsync.model import JsonValue, mapping_in, text_in

_REPOSITORY = re.compile(r"[A-Za-z0-9._-]+/[A-Za-z0-9._-]+")
_COMMIT = re.compile(r"[0-9a-f]{40,64}")
_SERVER = "https://github.com"
_API = "https://api.github.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequest:
    """The pull request that a job is about; `is_foreign` where its branch is not our own."""

    number: int
    head: str
    is_foreign: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A run of a workflow: whose repository, which commit and branch, and where it is shown."""

    repository: str
    commit: str
    branch: str
    run_url: str
    api_url: str
    pull_request: PullRequest | None


def read_job(env: Mapping[str, str], event: JsonValue) -> Job:
    """Give the job of these variables and this event. Raises `UsageFailure` outside a job."""
    repository, commit = env.get("GITHUB_REPOSITORY", ""), env.get("GITHUB_SHA", "")
    if not _REPOSITORY.fullmatch(repository) or not _COMMIT.fullmatch(commit):
        raise UsageFailure(
            "this is no job of GitHub Actions: GITHUB_REPOSITORY and GITHUB_SHA name no repository "
            "and commit. `flowsync ci` is what the action in .github/actions/flowsync runs."
        )
    server = env.get("GITHUB_SERVER_URL") or _SERVER
    return Job(
        repository=repository,
        commit=commit,
        branch=env.get("GITHUB_REF_NAME", ""),
        run_url=f"{server}/{repository}/actions/runs/{env.get('GITHUB_RUN_ID') or '0'}",
        api_url=env.get("GITHUB_API_URL") or _API,
        pull_request=_pull_request(event, repository),
    )


def _pull_request(event: JsonValue, repository: str) -> PullRequest | None:
    found = mapping_in(mapping_in(event).get("pull_request"))
    number, head = found.get("number"), mapping_in(found.get("head"))
    if not isinstance(number, int):
        return None
    owner = text_in(mapping_in(head.get("repo")).get("full_name"))  # none: the fork was deleted
    return PullRequest(
        number=number,
        head=text_in(head.get("sha")) or "",
        is_foreign=owner is None or owner.lower() != repository.lower(),
    )
