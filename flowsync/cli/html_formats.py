"""The HTML reports of plan, apply and validate, with the time they are made."""

from __future__ import annotations

from flowsync import __version__
from flowsync.cli import clock
from flowsync.cli.outcome_formats import OutcomeShown
from flowsync.cli.plan_details import graph_of, raw_diff
from flowsync.cli.plan_formats import PlanShown
from flowsync.cli.reporting import ReportShown
from flowsync.cli.rule_infos import rule_infos
from flowsync.render.failure import Failure
from flowsync.render.html.diagnostics import render_validation_html
from flowsync.render.html.failure import render_failure_html
from flowsync.render.html.outcome import render_outcome_html
from flowsync.render.html.plan import render_plan_html
from flowsync.render.style import Style

_MOST_PICTURED = 25
_LEFT_OUT = (
    f"The Flow JSON of more than {_MOST_PICTURED} flows changes: `--before-after` draws their "
    "screens, `--diff raw` shows them line by line."
)


def plan_html(shown: PlanShown, failure: Failure | None = None) -> str:
    """Give a plan as a page; `failure` is what the run then died of.

    Pictures and diffs of very many flows take longer than the plan, so they must be asked for.
    """
    is_large = len(shown.contents) > _MOST_PICTURED
    pictured = {} if is_large and not shown.wanted.graphs else shown.contents
    compared = {} if is_large and not shown.wanted.raw_diffs else shown.contents
    return render_plan_html(
        shown.plan,
        digest=shown.digest,
        graphs={key: graph_of(found) for key, found in pictured.items()},
        diffs={key: raw_diff(found, key, Style()) for key, found in compared.items()},
        remark=_LEFT_OUT if is_large and not (pictured and compared) else "",
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
    return clock.now().strftime("%Y-%m-%d %H:%M UTC")
