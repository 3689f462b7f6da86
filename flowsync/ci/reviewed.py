"""Which plan was reviewed: the digest in the comment on the pull request that was merged.

Source: https://docs.github.com/en/rest/commits/commits#list-pull-requests-associated-with-a-commit
"""

from __future__ import annotations

from flowsync.ci.comment import AUTHOR, find_comment, id_of
from flowsync.ci.github import GitHub
from flowsync.ci.job import Job
from flowsync.ci.marker import DIGEST, Marker, state_in
from flowsync.errors import RefusedForSafety
from flowsync.model import mapping_in, text_in

_WAY_OUT = (
    "Look at the plan of this run; where it is right, start the workflow by hand with its digest."
)


def merged_pull_request(github: GitHub, job: Job) -> tuple[int, str] | None:
    """Give number and last commit of the pull request whose merge made the job's commit."""
    path = f"/repos/{job.repository}/commits/{job.commit}/pulls"
    for found in github.work(lambda: github.all(path)):
        base, head = mapping_in(found.get("base")), mapping_in(found.get("head"))
        is_merged = found.get("merged_at") is not None and base.get("ref") == job.branch
        if is_merged and found.get("merge_commit_sha") == job.commit:
            return id_of(found, "number"), text_in(head.get("sha")) or ""
    return None


def reviewed_digest(github: GitHub, job: Job, marker: Marker, *, author: str = AUTHOR) -> str:
    """Give the digest that the merged pull request showed for its last commit.

    Raises `RefusedForSafety` where there is none, with the way out.
    """
    merged = merged_pull_request(github, job)
    if merged is None:
        raise RefusedForSafety(
            f"nothing was applied: commit {job.commit[:12]} did not come to {job.branch} as the "
            f"merge of a pull request, so nobody has reviewed its plan. {_WAY_OUT}"
        )
    number, head = merged
    found = github.work(lambda: find_comment(github, job.repository, number, marker, author=author))
    state = None if found is None else state_in(text_in(found.get("body")) or "")
    if state is None or not DIGEST.fullmatch(state.digest):
        raise RefusedForSafety(
            f"nothing was applied: pull request #{number} shows no plan for this target and "
            f"folder. {_WAY_OUT}"
        )
    if state.head != head:
        raise RefusedForSafety(
            f"nothing was applied: the plan on pull request #{number} is of commit "
            f"{state.head[:12]}, and {head[:12]} was merged. {_WAY_OUT}"
        )
    return state.digest
