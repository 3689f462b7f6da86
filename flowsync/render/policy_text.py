"""What the policy says about a plan, as text for a terminal or a CI log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flowsync.policy_rules import Effect, PolicyResult, by_subject
from flowsync.render.style import Style, clean


def policy_lines(results: Iterable[PolicyResult], style: Style) -> Iterator[str]:
    """Give the lines of all results, in the order of the rules, each once for all its flows."""
    for about, result in by_subject(results):
        subject = f"{clean(about)}: {clean(result.message)}"
        if result.effect is Effect.WARN:
            yield style.changed(f"Policy: warn of {subject}")
        elif result.is_timed:
            yield style.changed(f"Policy: would deny now {subject}")
        else:
            yield style.bad(f"Policy: deny {subject}")
        if result.way_out:
            yield f"  {clean(result.way_out)}"
