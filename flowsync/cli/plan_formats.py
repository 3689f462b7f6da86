"""The formats of a plan: one line each, for `--format` and `--report` alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flowsync.cli.console import Console, json_text
from flowsync.cli.plan_details import Wanted, attachments, detail_lines
from flowsync.cli.redacted import redacted
from flowsync.model import FlowKey, JsonValue
from flowsync.plan.contents import Contents
from flowsync.plan.document import plan_digest, plan_to_json
from flowsync.plan.values import Plan
from flowsync.render.comment_size import REPORT_LIMIT
from flowsync.render.plan_github import Places
from flowsync.render.style import Style
from flowsync.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanShown:
    """A plan as it may be shown: without secrets.

    `digest` is that of the plan as it is, `document` its JSON form. `paths` are the files of each
    flow, the definition first, `config` is flowsync.yaml. `contents` are their Flow JSON before and
    after, as far as it is known, `places` look up where a value of it stands in its file. `wanted`
    is what is shown beside the plan itself.
    """

    plan: Plan
    digest: str
    document: JsonValue
    paths: Mapping[FlowKey, tuple[str, ...]]
    config: str | None = None
    is_verbose: bool = False
    contents: Mapping[FlowKey, Contents] = field(default_factory=dict)
    places: Mapping[FlowKey, Places] = field(default_factory=dict)
    wanted: Wanted = field(default_factory=Wanted)


def plan_shown(
    plan: Plan,
    workspace: Workspace,
    console: Console,
    contents: Mapping[FlowKey, Contents] | None = None,
    wanted: Wanted | None = None,
) -> PlanShown:
    """Give what the formats make of a plan."""
    config = workspace.project.document
    return PlanShown(
        plan=redacted(plan, console.redact),
        digest=plan_digest(plan),
        document=console.redact_json(plan_to_json(plan)),
        paths=workspace.paths,
        config=None if config is None else config.path,
        is_verbose=console.verbose,
        contents=redacted(contents or {}, console.redact),
        places={
            key: flow.flow_json.span
            for key, flow in workspace.flows.items()
            if flow.flow_json is not None
        },
        wanted=wanted or Wanted(),
    )


def _text(shown: PlanShown) -> str:
    from flowsync.render.plan_text import render_plan

    details = detail_lines(shown.contents, shown.wanted, Style())
    return render_plan(shown.plan, Style(), verbose=shown.is_verbose, details=details)


def plan_markdown(shown: PlanShown, limit: int = REPORT_LIMIT) -> str:
    """Give a plan as Markdown of at most this length."""
    from flowsync.render.plan_markdown import render_plan_markdown

    attached = attachments(shown.contents, shown.wanted)
    return render_plan_markdown(shown.plan, limit=limit, digest=shown.digest, attachments=attached)


def _github(shown: PlanShown) -> str:
    from flowsync.render.annotations import render_annotations
    from flowsync.render.plan_github import plan_annotations

    return render_annotations(plan_annotations(shown.plan, shown.paths, shown.places))


def _sarif(shown: PlanShown) -> str:
    from flowsync import __version__
    from flowsync.render.plan_sarif import plan_to_sarif

    return json_text(
        plan_to_sarif(shown.plan, _files(shown), version=__version__, config=shown.config)
    )


def _junit(shown: PlanShown) -> str:
    from flowsync.render.plan_junit import render_plan_junit

    return render_plan_junit(shown.plan, _files(shown))


def _files(shown: PlanShown) -> dict[FlowKey, str]:
    return {key: paths[0] for key, paths in shown.paths.items() if paths}


def _html(shown: PlanShown) -> str:
    from flowsync.cli.html_formats import plan_html

    return plan_html(shown)


PLAN_FORMATS: dict[str, Callable[[PlanShown], str]] = {
    "text": _text,
    "json": lambda shown: json_text(shown.document),
    "markdown": plan_markdown,
    "github": _github,
    "sarif": _sarif,
    "junit": _junit,
    "html": _html,
}
