"""How an apply ended, as Markdown for the comment of a pull request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from flowsync.apply.outcome import FlowOutcome, Outcome, Result, StepOutcome, StepResult
from flowsync.render.comment_size import REPORT_LIMIT, fitted, left_out_line, size
from flowsync.render.diagnostics_text import plain_line
from flowsync.render.markdown import (
    LONGEST_CELL,
    alert,
    code,
    folded,
    html_code,
    listed,
    prose,
    table,
    without_empty_columns,
)
from flowsync.render.outcome_text import WAY_ON, Located, outcome_in_words
from flowsync.render.style import count

_FEW_FINDINGS = 5  # of a flow, where all of them are too much
_LONGEST_REASON = 400
_HEAD = ("flow", "result", "id", "steps done")


def render_outcome_markdown(
    outcome: Outcome, located: Located, *, limit: int = REPORT_LIMIT
) -> str:
    """Give the outcome in at most `limit` characters, which should be 5,000 or more.

    What does not fit is left out in this order, and the text says what: (1) findings of the
    platform beyond 5 of a flow; (2) the details of flows, the longest first; (3) rows of the table,
    from its end; (4) only where even these are too many, the flows that were not brought in step,
    from the end. The summary and the journal's name always stay.
    """
    page = _Page(outcome, located)
    room = _Room(details=len(page.detailed), rows=len(page.shown))
    few = replace(room, findings=_FEW_FINDINGS)
    least = replace(few, details=0, rows=0)
    return fitted(
        page.text,
        (room, few),
        (
            (len(page.detailed), lambda number: replace(few, details=number)),
            (len(page.shown), lambda number: replace(few, details=0, rows=number)),
            (len(page.shown), lambda number: replace(least, items=number)),
        ),
        limit,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Room:
    """How much of an outcome is shown: None is all of it."""

    details: int
    rows: int
    findings: int | None = None
    items: int | None = None


class _Page:
    """An outcome and the pieces of its text."""

    def __init__(self, outcome: Outcome, located: Located) -> None:
        self._outcome, self._located = outcome, located
        self.shown = [flow for flow in outcome.flows if flow.result is not Result.UNCHANGED]
        self.detailed = [flow for flow in self.shown if self._says_more(flow)]
        self._wrong = [
            f"{code(flow.label)} {flow.result.value}: {_brief(flow)}"
            for flow in self.shown
            if not flow.result.is_fine
        ]
        rows = [_row(flow) for flow in self.shown]
        self._head, self._rows = without_empty_columns(_HEAD, rows)
        self._detailed = cache(self._all_details)

    def _says_more(self, flow: FlowOutcome) -> bool:
        """Tell whether there is more about a flow than its row says."""
        return bool(
            flow.warnings or self._located.get(flow.key) or any(map(_is_notable, flow.steps))
        )

    def text(self, room: _Room) -> str:
        """Give the whole text, as far as there is room."""
        return "\n".join(self._lines(room)) + "\n"

    def _lines(self, room: _Room) -> Iterator[str]:
        outcome = self._outcome
        yield outcome_headline(outcome)
        yield ""
        yield from alert("CAUTION", listed(self._wrong, room.items))
        if not outcome.is_complete:
            yield WAY_ON
            yield ""
        rows = self._rows[: room.rows]
        if rows:
            yield from table(self._head, rows)
            yield ""
        if len(rows) < len(self.shown):
            yield f"… and {count(len(self.shown) - len(rows), 'more flow')}."
            yield ""
        shortest = sorted(self._detailed(room.findings), key=lambda detail: detail[1])
        for _, _, text in sorted(shortest[: room.details]):
            yield text
            yield ""
        left_out = left_out_line(self._left_out(room), "`flowsync journal` shows everything.")
        if left_out:
            yield left_out
            yield ""
        if outcome.unrecorded:
            yield from alert(
                "WARNING", [f"The record of this run has gaps: {prose(outcome.unrecorded)}"]
            )
        facts = [f"target {code(outcome.target)}", f"plan {code(outcome.plan_digest)}"]
        facts += [f"journal {code(outcome.run)}"] if outcome.run else []
        yield " · ".join(facts)

    def _all_details(self, most: int | None) -> list[tuple[int, int, str]]:
        """Give the number, length and text of each flow's details."""
        found = []
        for number, flow in enumerate(self.detailed):
            text = "\n".join(self._details(flow, most))
            found.append((number, size(text), text))
        return found

    def _details(self, flow: FlowOutcome, most: int | None) -> Iterator[str]:
        lines = [*map(_step, flow.steps)]
        lines += [f"**warning:** {prose(warning)}" for warning in flow.warnings]
        findings = [prose(plain_line(finding)) for finding in self._located.get(flow.key, ())]
        found = ["", "Findings:", "", *listed(findings, most)] if findings else []
        summary = f"{html_code(flow.label)} · {flow.result.value}"
        yield from folded(summary, [*listed(lines), *found])

    def _left_out(self, room: _Room) -> Iterator[str]:
        if room.findings is not None and room.details:
            numbers = [len(self._located.get(flow.key, ())) for flow in self.shown]
            beyond = sum(max(0, number - room.findings) for number in numbers)
            yield f"{beyond:,} findings, beyond {room.findings} a flow" if beyond else ""
        if room.details < len(self.detailed):
            yield f"the details of {count(len(self.detailed) - room.details, 'flow')}"
        if room.rows < len(self.shown):
            yield f"{count(len(self.shown) - room.rows, 'row')} of the table"


def outcome_headline(outcome: Outcome) -> str:
    """Give an outcome in one line of Markdown."""
    stopped = ", stopped early" if outcome.stopped_early else ""
    return f"**{outcome_in_words(outcome)}**{stopped} – {code(outcome.target)}"


def _row(flow: FlowOutcome) -> tuple[str, str, str, str]:
    done = ", ".join(step.kind.value for step in flow.steps if step.result is StepResult.DONE)
    new = " (new)" if flow.is_new else ""
    known = f"{code(flow.flow_id)}{new}" if flow.flow_id else "–"
    result = flow.result.value if flow.result.is_fine else f"**{flow.result.value}**"
    return code(flow.label, most=LONGEST_CELL), result, known, done or "–"


def _is_notable(step: StepOutcome) -> bool:
    return step.result is not StepResult.DONE or step.attempts > 1 or bool(step.note)


def _step(step: StepOutcome) -> str:
    note = f": {prose(step.note)}" if step.note else ""
    times = f", sent {step.attempts} times" if step.attempts > 1 else ""
    return f"{step.kind.value} {step.result.value}{times}{note}"


def _brief(flow: FlowOutcome) -> str:
    return prose(flow.message, most=_LONGEST_REASON)
