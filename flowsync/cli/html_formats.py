"""The HTML reports of plan, apply and validate, with the time they are made."""

from __future__ import annotations

from datetime import datetime, timezone

from flowsync import __version__
from flowsync.cli.outcome_formats import OutcomeShown
from flowsync.cli.plan_details import raw_diff
from flowsync.cli.plan_formats import PlanShown
from flowsync.cli.reporting import ReportShown
from flowsync.cli.rule_infos import rule_infos
from flowsync.render.failure import Failure
from flowsync.render.html.diagnostics import render_validation_html
from flowsync.render.html.failure import render_failure_html
from flowsync.render.html.outcome import render_outcome_html
from flowsync.render.html.plan import render_plan_html
from flowsync.render.style import Style


def plan_html(shown: PlanShown, failure: Failure | None = None) -> str:
    """Give a plan as a page; `failure` is what the run then died of."""
    return render_plan_html(
        shown.plan,
        digest=shown.digest,
        diffs={key: raw_diff(both, key, Style()) for key, both in shown.contents.items()},
        failure=failure,
        made_at=_now(),
    )


def outcome_html(shown: OutcomeShown) -> str:
    """Give an outcome as a page."""
    return render_outcome_html(
        shown.outcome,
        shown.located,
        flowsync_version=__version__,
        excerpts=shown.excerpts,
        rules=rule_infos(),
        made_at=_now(),
    )


def validation_html(shown: ReportShown) -> str:
    """Give what a validation found as a page."""
    return render_validation_html(
        shown.found,
        shown.subjects,
        rules=rule_infos(),
        is_valid=shown.is_valid,
        flowsync_version=__version__,
        excerpts=shown.excerpts,
        ignored=shown.ignored,
        made_at=_now(),
    )


def failure_html(failure: Failure, plan: PlanShown | None) -> str:
    """Give why a run gave no result as a page, with the plan that had been made."""
    if plan is not None:
        return plan_html(plan, failure)
    return render_failure_html(
        failure, rules=rule_infos(), flowsync_version=__version__, made_at=_now()
    )


def _now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
