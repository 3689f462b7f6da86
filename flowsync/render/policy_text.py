"""What the policy says about a plan, as text for a terminal or a CI log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flowsync.policy_rules import PolicyResult, by_subject
from flowsync.render.style import Style, clean


def policy_lines(results: Iterable[PolicyResult], style: Style) -> Iterator[str]:
    """Give the lines of all results, in the order of the rules, each once for all its flows."""
    for about, result in by_subject(results):
        subject = f"{clean(about)}: {clean(result.message)}"
        paint = style.bad if result.stops_plan else style.changed
        yield paint(f"The policy {result.verb} {subject}")
        if result.way_out:
            yield f"  {clean(result.way_out)}"
