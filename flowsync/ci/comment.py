"""One comment on a pull request for each target and folder, made once and then kept up to date.

Only comments that begin with our marker and were written by our own account are ours: a person who
pastes the marker is neither overwritten nor believed.

Source: https://docs.github.com/en/rest/issues/comments
"""

from __future__ import annotations

from enum import Enum

from flowsync.ci.github import GitHub
from flowsync.ci.marker import Marker
from flowsync.errors import RemoteUnavailable
from flowsync.model import JsonValue, mapping_in, text_in

AUTHOR = "github-actions[bot]"  # who writes with the token of a job


class Written(Enum):
    """What became of a comment."""

    MADE = "made"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    NOT_NEEDED = "not needed"


def keep_comment(
    github: GitHub,
    repository: str,
    number: int,
    marker: Marker,
    body: str,
    *,
    author: str = AUTHOR,
    makes_new: bool = True,
) -> Written:
    """Make the comment of `marker` say `body`; without `makes_new` only where there is one."""

    def attempt() -> Written:
        found = find_comment(github, repository, number, marker, author=author)
        if found is None:
            if not makes_new:
                return Written.NOT_NEEDED
            github.write("POST", f"/repos/{repository}/issues/{number}/comments", {"body": body})
            return Written.MADE
        if (text_in(found.get("body")) or "").replace("\r\n", "\n").strip() == body.strip():
            return Written.UNCHANGED
        path = f"/repos/{repository}/issues/comments/{id_of(found)}"
        github.write("PATCH", path, {"body": body})
        return Written.UPDATED

    return github.work(attempt)


def find_comment(
    github: GitHub, repository: str, number: int, marker: Marker, *, author: str = AUTHOR
) -> dict[str, JsonValue] | None:
    """Give our comment about `marker`, the oldest where there are several, None without one."""
    comments = github.all(f"/repos/{repository}/issues/{number}/comments")
    return next((found for found in comments if is_ours(found, marker, author)), None)


def is_ours(entry: dict[str, JsonValue], marker: Marker, author: str) -> bool:
    """Tell whether a comment or an issue bears the marker and was written by our account."""
    login = text_in(mapping_in(entry.get("user")).get("login")) or ""
    return login.lower() == author.lower() and marker.is_on(text_in(entry.get("body")) or "")


def id_of(entry: dict[str, JsonValue], field: str = "id") -> int:
    """Give the number of a comment or an issue. Raises `RemoteUnavailable` where it is none."""
    value = entry.get(field)
    if not isinstance(value, int):
        raise RemoteUnavailable(
            f"GitHub listed something whose {field} is no number. Run the job again."
        )
    return value
