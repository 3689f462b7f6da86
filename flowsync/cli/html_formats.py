"""The HTML reports of plan, apply and validate, with the time they are made."""

from __future__ import annotations

from datetime import datetime, timezone

from flowsync import __version__
from flowsync.cli.outcome_formats import OutcomeShown
from flowsync.cli.plan_formats import PlanShown
from flowsync.cli.reporting import ReportShown
from flowsync.cli.rule_infos import rule_infos
from flowsync.formatting.flow_json import text_of_flow_json
from flowsync.model import FlowKey
from flowsync.plan.contents import Contents
from flowsync.plan.difference.screens import renamed_screens
from flowsync.render.diff_text import render_diff
from flowsync.render.failure import Failure
from flowsync.render.html.diagnostics import render_validation_html
from flowsync.render.html.failure import render_failure_html
from flowsync.render.html.outcome import render_outcome_html
from flowsync.render.html.plan import render_plan_html
from flowsync.render.style import Style
from flowsync.screen_graph import ScreenGraph, compare_graphs, read_graph

_MOST_PICTURED = 25
_LEFT_OUT = (
    "Pictures of screens and line-by-line differences are left out, because the Flow JSON of more "
    f"than {_MOST_PICTURED} flows changes. Choose some of the flows by their keys to see them."
)


def plan_html(shown: PlanShown, failure: Failure | None = None) -> str:
    """Give a plan as a page; `failure` is what the run then died of.

    Pictures and diffs of very many flows would take longer than the plan.
    """
    is_large = len(shown.contents) > _MOST_PICTURED
    contents = {} if is_large else shown.contents
    return render_plan_html(
        shown.plan,
        digest=shown.digest,
        graphs={key: _graph(found) for key, found in contents.items()},
        diffs={key: _diff(found, key) for key, found in contents.items()},
        remark=_LEFT_OUT if is_large else "",
        failure=failure,
        made_at=_now(),
    )


def _graph(found: Contents) -> ScreenGraph:
    """Give the screens after a change, marked where they are not those of before."""
    after = read_graph(found.after)
    if found.before is None:
        return after
    renamed = renamed_screens(found.before, found.after)
    return compare_graphs(read_graph(found.before), after, renamed)


def _diff(found: Contents, key: FlowKey) -> str:
    """Give what differs in a Flow JSON line by line; nothing where it is new."""
    if found.before is None:
        return ""
    before, after = (text_of_flow_json(side) for side in (found.before, found.after))
    return render_diff(f"{key}.json", before, after, Style())


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
