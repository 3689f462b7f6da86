"""A run that ended by an error, as Markdown for the comment of a pull request."""

from __future__ import annotations

from collections.abc import Iterator

from flowsync.render.diagnostics_markdown import findings_table
from flowsync.render.failure import Failure
from flowsync.render.markdown import COMMENT_LIMIT, prose


def render_failure_markdown(failure: Failure, plan: str = "", *, limit: int = COMMENT_LIMIT) -> str:
    """Give what happened, and below it the plan that had been made, which is Markdown already."""
    return "\n".join(_lines(failure)) + "\n" + (f"\n{plan}" if plan else "")


def _lines(failure: Failure) -> Iterator[str]:
    first, *more = failure.message.split("\n")
    yield f"**flowsync {failure.command} failed** (exit code {failure.exit_code}): {prose(first)}"
    if more:
        yield ""
    for line in more:
        is_item = line.strip().startswith("- ")
        yield f"- {prose(line.strip()[2:])}" if is_item else f"\n{prose(line)}"
    if failure.findings:
        yield ""
        yield from findings_table(failure.findings)
