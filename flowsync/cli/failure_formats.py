"""The formats of a run that ended by an error: every format of a report has a line here."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flowsync.cli.console import json_text
from flowsync.cli.plan_formats import PLAN_FORMATS, PlanShown, plan_markdown
from flowsync.render.failure import Failure, failure_to_json, render_failure

_Render = Callable[[Failure, PlanShown | None], str]


def failure_report(failure: Failure, form: str, plan: PlanShown | None = None) -> str:
    """Give a report of a failure, with the plan that had been made, where there was one."""
    return FAILURE_FORMATS[form](failure, plan)


def _text(failure: Failure, plan: PlanShown | None) -> str:
    text = render_failure(failure)
    return text if plan is None else f"{text}\n{PLAN_FORMATS['text'](plan)}"


def _json(failure: Failure, plan: PlanShown | None) -> str:
    return json_text(failure_to_json(failure, None if plan is None else plan.document))


def _markdown(failure: Failure, plan: PlanShown | None) -> str:
    from flowsync.render.failure_markdown import render_failure_markdown

    return render_failure_markdown(failure, None if plan is None else partial(plan_markdown, plan))


def _html(failure: Failure, plan: PlanShown | None) -> str:
    from flowsync.cli.html_formats import failure_html

    return failure_html(failure, plan)


def _github(failure: Failure, plan: PlanShown | None) -> str:
    from flowsync.render.failure_ci import render_failure_github

    return render_failure_github(failure)


def _sarif(failure: Failure, plan: PlanShown | None) -> str:
    from flowsync import __version__
    from flowsync.cli.rule_infos import rule_infos
    from flowsync.render.failure_ci import failure_to_sarif

    return json_text(failure_to_sarif(failure, rule_infos(), version=__version__))


def _junit(failure: Failure, plan: PlanShown | None) -> str:
    from flowsync.render.failure_ci import render_failure_junit

    return render_failure_junit(failure)


FAILURE_FORMATS: dict[str, _Render] = {
    "text": _text,
    "json": _json,
    "markdown": _markdown,
    "html": _html,
    "github": _github,
    "sarif": _sarif,
    "junit": _junit,
}
