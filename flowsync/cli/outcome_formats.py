"""The formats of the outcome of an apply: one line each, for `--format` and `--report` alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flowsync.apply.outcome import Outcome
from flowsync.cli.console import Console
from flowsync.cli.redacted import redacted
from flowsync.render.excerpt import EXCERPT_COLUMNS, Excerpts
from flowsync.render.outcome_text import Located, outcome_to_json
from flowsync.render.style import Style


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeShown:
    """An outcome as it may be shown: without secrets.

    `text` is its JSON form as a text, `excerpts` give the lines that its findings are about.
    """

    outcome: Outcome
    located: Located
    text: str
    excerpts: Excerpts


def outcome_shown(
    outcome: Outcome, located: Located, console: Console, texts: Mapping[str, str]
) -> OutcomeShown:
    """Give what the formats make of an outcome; `texts` are those of the files, by path."""
    return OutcomeShown(
        outcome=redacted(outcome, console.redact),
        located=redacted(located, console.redact),
        text=console.json_text(outcome_to_json(outcome, located)),
        excerpts=Excerpts(texts, columns=EXCERPT_COLUMNS, hides=console.is_secret),
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


def _html(shown: OutcomeShown) -> str:
    from flowsync.cli.html_formats import outcome_html

    return outcome_html(shown)


OUTCOME_FORMATS: dict[str, Callable[[OutcomeShown], str]] = {
    "text": _text,
    "json": lambda shown: shown.text,
    "markdown": _markdown,
    "junit": _junit,
    "html": _html,
}
