"""How an apply ended, as Markdown for the comment of a pull request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from flowsync.apply.outcome import FlowOutcome, Outcome, Result
from flowsync.render.markdown import COMMENT_LIMIT, code, prose, table
from flowsync.render.outcome_text import Located


def render_outcome_markdown(
    outcome: Outcome, located: Located, *, limit: int = COMMENT_LIMIT
) -> str:
    """Give what was applied, what was not and why."""
    return "\n".join(_lines(outcome)) + "\n"


def _lines(outcome: Outcome) -> Iterator[str]:
    counts = Counter(flow.result for flow in outcome.flows)
    said = ", ".join(f"{counts[result]} {result.value}" for result in Result if counts[result])
    is_fine = set(counts) <= {Result.APPLIED, Result.UNCHANGED} and not outcome.stopped_early
    head = "Apply complete" if is_fine else "Apply incomplete"
    yield f"**{head}: {said or 'no flows'}** – {code(outcome.target)}"
    yield ""
    shown = [flow for flow in outcome.flows if flow.result is not Result.UNCHANGED]
    if shown:
        yield from table(("flow", "result", "id", "steps done", "message"), map(_row, shown))
        yield ""
    yield f"Journal {code(outcome.run)}, digest of the plan {code(outcome.plan_digest)}"


def _row(flow: FlowOutcome) -> tuple[str, ...]:
    steps = ", ".join(step.kind.value for step in flow.steps if step.result.value == "done")
    known = code(flow.flow_id) if flow.flow_id else "–"
    message = prose(flow.message) or "–"
    return code(flow.label), flow.result.value, known, steps or "–", message
