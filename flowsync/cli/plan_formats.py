"""The formats of a plan: one line each, for `--format` and `--report` alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flowsync.cli.console import Console
from flowsync.cli.redacted import redacted
from flowsync.model import FlowKey, JsonValue
from flowsync.plan.document import plan_digest, plan_to_json
from flowsync.plan.values import Plan
from flowsync.render.comment_size import REPORT_LIMIT
from flowsync.render.style import Style
from flowsync.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanShown:
    """A plan as it may be shown: without secrets.

    `digest` is that of the plan as it is. `document` is its JSON form, `text` that as a text.
    `paths` are the files of each flow, the definition first.
    """

    plan: Plan
    digest: str
    document: JsonValue
    text: str
    paths: Mapping[FlowKey, tuple[str, ...]]
    is_verbose: bool = False


def plan_shown(plan: Plan, workspace: Workspace, console: Console) -> PlanShown:
    """Give what the formats make of a plan."""
    document = console.redact_json(plan_to_json(plan))
    return PlanShown(
        plan=redacted(plan, console.redact),
        digest=plan_digest(plan),
        document=document,
        text=console.json_text(document),
        paths=workspace.paths,
        is_verbose=console.verbose,
    )


def _text(shown: PlanShown) -> str:
    from flowsync.render.plan_text import render_plan

    return render_plan(shown.plan, Style(), verbose=shown.is_verbose)


def plan_markdown(shown: PlanShown, limit: int = REPORT_LIMIT) -> str:
    """Give a plan as Markdown of at most this length."""
    from flowsync.render.plan_markdown import render_plan_markdown

    return render_plan_markdown(shown.plan, limit=limit, digest=shown.digest)


PLAN_FORMATS: dict[str, Callable[[PlanShown], str]] = {
    "text": _text,
    "json": lambda shown: shown.text,
    "markdown": plan_markdown,
}
