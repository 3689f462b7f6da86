"""A run that ended by an error as an HTML page, for the place where its result was expected."""

from __future__ import annotations

from collections.abc import Mapping

from flowsync.diagnostics import RuleInfo
from flowsync.render.failure import Failure
from flowsync.render.html.findings import finding_views
from flowsync.render.html.page import render_page


def render_failure_html(
    failure: Failure,
    *,
    rules: Mapping[str, RuleInfo],
    flowsync_version: str,
    made_at: str = "",
) -> str:
    """Give why a run gave no result as one page."""
    return render_page(
        "failure",
        flowsync_version=flowsync_version,
        made_at=made_at,
        command=failure.command,
        lines=[line for line in failure.message.split("\n") if line.strip()],
        exit_code=int(failure.exit_code),
        findings=tuple(finding_views(failure.findings, rules, None)),
    )
