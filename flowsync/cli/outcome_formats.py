"""The formats of the outcome of an apply: one line each, for `--format` and `--report` alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from flowsync.apply.outcome import Outcome
from flowsync.cli.console import Console, json_text
from flowsync.cli.redacted import redacted
from flowsync.diagnostics import Diagnostic
from flowsync.model import FlowKey, JsonValue
from flowsync.project import CONFIG_NAME
from flowsync.render.excerpt import EXCERPT_COLUMNS, Excerpts
from flowsync.render.outcome_text import Located, outcome_to_json
from flowsync.render.style import Style
from flowsync.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeShown:
    """An outcome as it may be shown: without secrets.

    `document` is its JSON form, `excerpts` give the lines that its findings are about. `paths` are
    the files of each flow, the definition first, `config` is flowsync.yaml.
    """

    outcome: Outcome
    located: Located
    document: JsonValue
    excerpts: Excerpts
    paths: Mapping[FlowKey, tuple[str, ...]]
    config: str


def outcome_shown(
    outcome: Outcome, located: Located, console: Console, workspace: Workspace
) -> OutcomeShown:
    """Give what the formats make of an outcome."""
    return OutcomeShown(
        outcome=redacted(outcome, console.redact),
        located=redacted(located, console.redact),
        document=console.redact_json(outcome_to_json(outcome, located)),
        excerpts=Excerpts(workspace.texts, columns=EXCERPT_COLUMNS, hides=console.is_secret),
        paths=workspace.paths,
        config=workspace.project.document.path if workspace.project.document else CONFIG_NAME,
    )


def _text(shown: OutcomeShown) -> str:
    from flowsync.render.outcome_text import render_outcome

    return render_outcome(shown.outcome, Style(), shown.located)


def _markdown(shown: OutcomeShown) -> str:
    from flowsync.render.outcome_markdown import render_outcome_markdown

    return render_outcome_markdown(shown.outcome, shown.located)


def _junit(shown: OutcomeShown) -> str:
    from flowsync.render.outcome_junit import render_outcome_junit

    return render_outcome_junit(shown.outcome, shown.located)


def _sarif(shown: OutcomeShown) -> str:
    from flowsync import __version__
    from flowsync.cli.rule_infos import rule_infos
    from flowsync.render.diagnostics_sarif import diagnostics_to_sarif
    from flowsync.render.outcome_findings import RULES

    rules = {**rule_infos(), **RULES}
    return json_text(diagnostics_to_sarif(_findings(shown), rules, version=__version__))


def _github(shown: OutcomeShown) -> str:
    from flowsync.render.diagnostics_github import render_github

    return render_github(_findings(shown))


def _findings(shown: OutcomeShown) -> Iterable[Diagnostic]:
    from flowsync.render.outcome_findings import outcome_findings

    return outcome_findings(shown.outcome, shown.located, shown.paths, shown.config)


def _html(shown: OutcomeShown) -> str:
    from flowsync.cli.html_formats import outcome_html

    return outcome_html(shown)


OUTCOME_FORMATS: dict[str, Callable[[OutcomeShown], str]] = {
    "text": _text,
    "json": lambda shown: json_text(shown.document),
    "markdown": _markdown,
    "junit": _junit,
    "sarif": _sarif,
    "github": _github,
    "html": _html,
}
