"""The one open issue that tells of drift: opened, kept up to date, and closed when it is over.

Source: https://docs.github.com/en/rest/issues/issues
"""

from __future__ import annotations

from flowsync.ci.comment import AUTHOR, Written, id_of, is_ours
from flowsync.ci.github import GitHub
from flowsync.ci.marker import Marker, state_in
from flowsync.model import JsonValue, text_in

LABEL = "flowsync-drift"


def report_drift(
    github: GitHub, repository: str, marker: Marker, title: str, body: str, *, author: str = AUTHOR
) -> Written:
    """Open the issue of `marker`, or make it say `body` where what it tells has changed."""

    def attempt() -> Written:
        found = _open_issue(github, repository, marker, author)
        if found is None:
            wanted: JsonValue = {"title": title, "body": body, "labels": [LABEL]}
            github.write("POST", f"/repos/{repository}/issues", wanted)
            return Written.MADE
        if _digest_in(text_in(found.get("body")) or "") == _digest_in(body):
            return Written.UNCHANGED
        path = f"/repos/{repository}/issues/{id_of(found, 'number')}"
        github.write("PATCH", path, {"title": title, "body": body})
        return Written.UPDATED

    return github.work(attempt)


def close_drift(
    github: GitHub, repository: str, marker: Marker, farewell: str, *, author: str = AUTHOR
) -> int | None:
    """Close the issue of `marker` with a last comment and give its number, None without one.

    It is closed first: a comment that fails afterwards is not made again at each later run.
    """

    def attempt() -> int | None:
        found = _open_issue(github, repository, marker, author)
        if found is None:
            return None
        number = id_of(found, "number")
        closed: JsonValue = {"state": "closed", "state_reason": "completed"}
        github.write("PATCH", f"/repos/{repository}/issues/{number}", closed)
        return number

    number = github.work(attempt)
    if number is not None:
        github.write("POST", f"/repos/{repository}/issues/{number}/comments", {"body": farewell})
    return number


def _open_issue(
    github: GitHub, repository: str, marker: Marker, author: str
) -> dict[str, JsonValue] | None:
    issues = github.all(f"/repos/{repository}/issues", {"state": "open", "labels": LABEL})
    ours = (entry for entry in issues if "pull_request" not in entry)
    return next((entry for entry in ours if is_ours(entry, marker, author)), None)


def _digest_in(body: str) -> str | None:
    state = state_in(body)
    return None if state is None else state.digest
