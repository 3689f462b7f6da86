"""What a plan says of one flow, as Markdown: why, what differs, and the steps in their order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flowsync.model import ONE_WAY_STEPS, StepKind
from flowsync.plan.values import Action, Change, Difference, FieldChange, Step
from flowsync.render.markdown import LONGEST_SENTENCE, block, code, folded, html_code, prose
from flowsync.render.plan_text import describe
from flowsync.render.style import Style, count, short

CANNOT_BE_TAKEN_BACK = "cannot be taken back"
_WITHOUT_FIELDS = {Action.CREATE, Action.REPLACE}  # everything of them is new


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """More about a flow, such as a graph of its screens: a text in a language that GitHub knows."""

    title: str
    language: str
    text: str


def action_word(change: Change) -> str:
    """Give what happens to a flow."""
    return "no change" if change.action is Action.NONE else change.action.value


def count_of_differences(change: Change) -> int:
    """Give how many fields and parts of the Flow JSON differ."""
    if change.action in _WITHOUT_FIELDS:
        return 0
    return sum(len(field.differences) or 1 for field in change.fields)


def flow_details(
    change: Change, *, most: int | None = None, attachments: Iterable[Attachment] = ()
) -> Iterator[str]:
    """Give everything about a flow, folded; of the differences in its Flow JSON at most `most`."""
    differences = count_of_differences(change)
    number = f" · {count(differences, 'difference')}" if differences else ""
    yield from folded(
        f"{html_code(change.label)} · {action_word(change)}{number}",
        [*_lines(change, most), *_attached(attachments)],
    )


def _lines(change: Change, most: int | None) -> Iterator[str]:
    known = f", id {code(change.flow_id)}, {code(change.status or '')}" if change.flow_id else ""
    yield f"- {code(change.name)}{known}"
    for reason in change.reasons:
        yield f"- because {prose(reason.value)}"
    if change.conflict is not None:
        yield f"- **conflict:** {prose(change.conflict)} {prose(change.way_out or '')}"
    if change.action not in _WITHOUT_FIELDS:
        for field in change.fields:
            yield from _field(field, most)
    for warning in change.warnings:
        yield f"- **warning:** {prose(warning)}"
    if change.steps:
        yield f"- steps: {_steps(change.steps)}"
    if change.fallback:
        yield (
            "- if the platform says that this flow refuses edits for ever, the steps are instead: "
            f"{_steps(change.fallback)}"
        )


def _field(field: FieldChange, most: int | None) -> Iterator[str]:
    if field.name != "flow_json":
        yield f"- {field.name}: {code(short(field.old))} → {code(short(field.new))}"
        return
    if not field.differences:
        yield f"- Flow JSON: {code(str(field.new))}"
        return
    yield "- Flow JSON:"
    yield from (f"  - {_difference(difference)}" for difference in field.differences[:most])
    left = len(field.differences) - (len(field.differences) if most is None else most)
    if left > 0:
        yield f"  - … and {count(left, 'more difference')}"


def _difference(difference: Difference) -> str:
    """Give a difference inside Flow JSON as one line of Markdown."""
    return code(describe(difference, Style()), most=LONGEST_SENTENCE)


def _steps(steps: Iterable[Step]) -> str:
    return " → ".join(_step(step) for step in steps)


def _step(step: Step) -> str:
    named = f" {code(step.name)}" if step.kind is StepKind.CREATE and step.name else ""
    text = f"{step.kind.value}{named}"
    return f"**{text}** ({CANNOT_BE_TAKEN_BACK})" if step.kind in ONE_WAY_STEPS else text


def _attached(attachments: Iterable[Attachment]) -> Iterator[str]:
    for attached in attachments:
        yield ""
        yield prose(attached.title)
        yield ""
        yield from block(attached.text, attached.language)
