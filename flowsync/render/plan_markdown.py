"""A plan as Markdown, for the comment of a pull request.

Its reader has perhaps never seen Flow JSON: first a line that says it all, then what stands in the
way, a table, and everything about each flow folded below it.
"""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from flowsync.model import FlowKey, StepKind
from flowsync.plan.document import plan_digest
from flowsync.plan.values import Change, Plan, Reason
from flowsync.policy_rules import by_subject
from flowsync.render.comment_size import REPORT_LIMIT, fitted, left_out_line, size
from flowsync.render.difference_summary import summary_of
from flowsync.render.flow_markdown import (
    CANNOT_BE_TAKEN_BACK,
    Attachment,
    count_of_differences,
    flow_details,
)
from flowsync.render.markdown import (
    LONGEST_CELL,
    NOTHING,
    alert,
    code,
    listed,
    prose,
    table,
    without_empty_columns,
)
from flowsync.render.plan_words import (
    action_word,
    drift_in_words,
    origin_in_words,
    plan_in_words,
    rehearsal_in_words,
    unmanaged_in_words,
)
from flowsync.render.style import clean, count

_FEW_DIFFERENCES = (20, 5)  # of a flow, where all of them are too much
_LONGEST_REASON = 300
_SAID_BY_DIFFERENCES = {Reason.FIELDS_DIFFER, Reason.CONTENT_DIFFERS}
_HEAD = (
    "flow",
    "what happens",
    "why",
    "comes from",
    "what differs",
    "other systems",
    CANNOT_BE_TAKEN_BACK,
)


def render_plan_markdown(
    plan: Plan,
    *,
    limit: int = REPORT_LIMIT,
    digest: str = "",
    attachments: Mapping[FlowKey, tuple[Attachment, ...]] | None = None,
) -> str:
    """Give the plan in at most `limit` characters, which should be 5,000 or more.

    What does not fit is left out in this order, and the text says what: (1) the `attachments` of
    flows, such as graphs; (2) differences inside Flow JSON beyond 20, then beyond 5 of a flow;
    (3) the details of flows, the longest first; (4) rows of the table, from its end; (5) only where
    even these are too many, conflicts, reasons why apply will refuse and what the policy says, from
    the end. The summary and the digest always stay. `digest` is that of the plan before secrets
    were taken out.
    """
    page = _Page(plan, digest or plan_digest(plan), attachments or {})
    room = _Room(details=len(page.shown), rows=len(page.shown))
    rooms = [room, replace(room, has_attachments=False)]
    rooms += [replace(rooms[1], differences=most) for most in _FEW_DIFFERENCES]
    few = rooms[-1]
    least = replace(few, details=0, rows=0)
    return fitted(
        page.text,
        (room for room in rooms if not page.is_beyond(room, limit)),
        (
            (len(page.shown), lambda number: replace(few, details=number)),
            (len(page.shown), lambda number: replace(few, details=0, rows=number)),
            (page.most_items, lambda number: replace(least, items=number)),
        ),
        limit,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Room:
    """How much of a plan is shown: None is all of it."""

    details: int
    rows: int
    has_attachments: bool = True
    differences: int | None = None
    items: int | None = None


class _Page:
    """A plan and the pieces of its text."""

    def __init__(
        self, plan: Plan, digest: str, attachments: Mapping[FlowKey, tuple[Attachment, ...]]
    ) -> None:
        self._plan, self._digest, self._attachments = plan, digest, attachments
        self.shown = [change for change in plan.changes if change.says_something]
        policy = list(_policy(plan))
        self._doubts = [
            f"The account's listing may not be whole: {_brief(doubt)}"
            for doubt in plan.listing_doubts
        ]
        self._conflicts = [
            f"Conflict: {code(change.label)} {_brief(change.conflict or '')} "
            f"{_brief(change.way_out or '')}"
            for change in plan.conflicts
        ]
        self._refusals = [
            *(f"{_brief(block.message)} {_brief(block.way_out)}" for block in plan.blocks),
            *_rehearsal_problems(plan),
            *(line for is_sure, line in policy if is_sure),
        ]
        self._noted = [line for is_sure, line in policy if not is_sure]
        said = (self._doubts, self._conflicts, self._refusals, self._noted)
        self.most_items = max(map(len, said))
        self._details_of = cache(self._rendered_details)
        rows = [_row(change) for change in self.shown]
        self._head, self._rows = without_empty_columns(_HEAD, rows)

    def text(self, room: _Room) -> str:
        """Give the whole text, as far as there is room."""
        return "\n".join(self._lines(room)) + "\n"

    def _lines(self, room: _Room) -> Iterator[str]:
        plan = self._plan
        yield plan_headline(plan)
        yield ""
        yield from self._in_the_way(room.items)
        rows = self._rows[: room.rows]
        if rows:
            yield from table(self._head, rows)
            yield ""
        if len(rows) < len(self.shown):
            yield f"… and {count(len(self.shown) - len(rows), 'more flow')}."
            yield ""
        yield from self._details(room)
        left_out = left_out_line(self._left_out(room), "`flowsync plan` shows everything.")
        if left_out:
            yield left_out
            yield ""
        yield from self._foot()

    def _in_the_way(self, most: int | None) -> Iterator[str]:
        """Give what keeps the plan from being applied, or from being whole."""
        doubts = [*listed(self._doubts, most)]
        if doubts:
            doubts.append("- So nothing is created, deprecated or deleted. Run the command again.")
        yield from alert("WARNING", doubts)
        yield from alert("WARNING", listed(self._conflicts, most))
        if self._refusals:
            refusals = listed(self._refusals, most)
            yield from alert("CAUTION", ["**Apply will refuse:**", "", *refusals])
        yield from alert("IMPORTANT", listed(self._noted, most))

    def is_beyond(self, room: _Room, limit: int) -> bool:
        """Tell whether the details alone are too long, and render no more than tells it."""
        counts = [count_of_differences(change) for change in self.shown]
        if sum(min(counted, room.differences or counted) for counted in counts) > limit / 8:
            return True  # a line about a difference has more characters than that
        total = 0
        for number in range(len(self.shown)):
            total += self._details_of(number, room.has_attachments, room.differences)[0]
            if total > limit:
                return True
        return False

    def _details(self, room: _Room) -> Iterator[str]:
        """Give the details of as many flows as there is room for, the shortest of all."""
        if not room.details:
            return
        numbers = range(len(self.shown))
        found = [self._details_of(n, room.has_attachments, room.differences) for n in numbers]
        shortest = sorted(numbers, key=lambda number: found[number][0])[: room.details]
        for number in sorted(shortest):
            yield found[number][1]
            yield ""

    def _rendered_details(
        self, number: int, has_attachments: bool, most: int | None
    ) -> tuple[int, str]:
        """Give the length and the text of a flow's details."""
        change = self.shown[number]
        attached = self._attached(change) if has_attachments else ()
        text = "\n".join(flow_details(change, self._plan, most=most, attachments=attached))
        return size(text), text

    def _attached(self, change: Change) -> tuple[Attachment, ...]:
        return self._attachments.get(change.key, ()) if change.key else ()

    def _left_out(self, room: _Room) -> Iterator[str]:
        attached = sum(len(self._attached(change)) for change in self.shown)
        if not room.has_attachments and attached:
            yield "graphs and raw differences"
        if room.differences is not None and room.details:
            beyond = sum(
                max(0, count_of_differences(change) - room.differences) for change in self.shown
            )
            yield f"{beyond:,} differences, beyond {room.differences} a flow" if beyond else ""
        if room.details < len(self.shown):
            yield f"the details of {count(len(self.shown) - room.details, 'flow')}"
        if room.rows < len(self.shown):
            yield f"{count(len(self.shown) - room.rows, 'row')} of the table"
        if room.items is not None:
            yield "conflicts, reasons why apply will refuse, and the policy, beyond their numbers"

    def _foot(self) -> Iterator[str]:
        plan = self._plan
        if plan.unmanaged:
            yield f"{unmanaged_in_words(plan)}."
            yield ""
        facts = [
            f"target {code(plan.target)}",
            f"{plan.remote}, account {code(plan.account)}",
            f"flowsync {prose(plan.flowsync_version)}",
        ]
        if plan.pending:
            facts += filter(None, [rehearsal_in_words(plan.rehearsal)])
            target = shlex.quote(clean(plan.target))
            command = f"flowsync apply --target {target} --expect-digest {self._digest}"
            facts += [f"digest {code(self._digest)}", f"apply with {code(command, most=300)}"]
        yield " · ".join(facts)


def _rehearsal_problems(plan: Plan) -> Iterator[str]:
    for problem in plan.rehearsal.problems if plan.rehearsal else ():
        step = f", {problem.step.value}" if problem.step else ""
        yield (
            f"Rehearsed, and it does not come to rest: {code(problem.label)}{step}: "
            f"{_brief(problem.message)}"
        )


def _policy(plan: Plan) -> Iterator[tuple[bool, str]]:
    """Give what the policy says, and whether apply is sure to refuse because of it."""
    for subject, result in by_subject(plan.policy):
        line = f"The policy {result.verb} {_brief(subject)}: {_brief(result.message)}"
        yield result.stops_plan, f"{line} {_brief(result.way_out)}".rstrip()


def plan_headline(plan: Plan) -> str:
    """Give a plan in one line of Markdown."""
    kinds = Counter(kind for change in plan.pending for kind in change.one_way)
    one_way = ", ".join(f"{kinds[kind]} × {kind.value}" for kind in StepKind if kinds[kind])
    tail = f"; {CANNOT_BE_TAKEN_BACK}: {one_way}" if one_way else ""
    partial = ", chosen flows only" if plan.is_partial else ""
    drift = f"; {drift_in_words(plan)}" if drift_in_words(plan) else ""
    return f"**{plan_in_words(plan)}** – {code(plan.target)}{partial}{drift}{tail}"


def _row(change: Change) -> tuple[str, ...]:
    differs = _brief(_what_differs(change))
    if change.conflict is not None:
        why = _brief(change.conflict)
    else:
        reasons = [one for one in change.reasons if not (differs and one in _SAID_BY_DIFFERENCES)]
        why = prose("; ".join(reason.value for reason in reasons))
    one_way = ", ".join(kind.value for kind in dict.fromkeys(change.one_way))
    word, origin = action_word(change), origin_in_words(change.origin)
    breaking = sum(point.is_breaking for point in change.contract)
    noticed = (
        f"**{breaking} × breaking**" if breaking else "compatible" if change.contract else NOTHING
    )
    return (
        code(change.label, most=LONGEST_CELL),
        f"**{word}**" if change.steps else word,
        why or NOTHING,
        f"**{origin}**" if change.is_drift else origin or NOTHING,
        differs or NOTHING,
        noticed,
        one_way or NOTHING,
    )


def _what_differs(change: Change) -> str:
    if change.is_of_new_flow:
        return ""
    fields = [field.name for field in change.fields if field.name != "flow_json"]
    inside = [summary_of(field.differences) for field in change.fields if field.differences]
    return ", ".join([*fields, *inside])


def _brief(text: str) -> str:
    return prose(text, most=_LONGEST_REASON)
