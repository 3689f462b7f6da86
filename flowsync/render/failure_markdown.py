"""A run that ended by an error, as Markdown for the comment of a pull request."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flowsync.render.comment_size import REPORT_LIMIT, size
from flowsync.render.diagnostics_markdown import findings_below
from flowsync.render.failure import Failure
from flowsync.render.markdown import alert, listed, prose

_MOST_REASONS = 20  # why apply refuses; the plan below has them all
_PLAN_HEAD = "\nThe plan:\n\n"


def render_failure_markdown(
    failure: Failure,
    plan: Callable[[int], str] | None = None,
    *,
    limit: int = REPORT_LIMIT,
) -> str:
    """Give what happened, the findings about files, and the plan that had been made.

    `plan` gives that as Markdown of at most a given length. What happened comes first, and is never
    left out; the findings are shortened as those of a validation are.
    """
    text = "\n".join(_lines(failure))
    text += findings_below(failure.findings, limit=limit - size(text))
    if plan is None:
        return text
    return f"{text}{_PLAN_HEAD}{plan(limit - size(text) - size(_PLAN_HEAD))}"


def _lines(failure: Failure) -> Iterator[str]:
    yield f"**flowsync {failure.command} failed** (exit code {failure.exit_code})"
    yield ""
    yield from alert("CAUTION", _said(failure.message))


def _said(message: str) -> Iterator[str]:
    """Give the sentences of a message, in which lines that begin with a dash are a list."""
    lines = [line.strip() for line in message.split("\n") if line.strip()]
    reasons = [prose(line[2:]) for line in lines if line.startswith("- ")]
    others = [prose(line) for line in lines if not line.startswith("- ")]
    yield from others[:1]
    if reasons:
        yield ""
        yield from listed(reasons, _MOST_REASONS)
    for other in others[1:]:
        yield ""
        yield other
