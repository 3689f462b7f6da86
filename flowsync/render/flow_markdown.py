"""What a plan says of one flow, as Markdown: why, what differs, and the steps in their order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from flowsync.model import ONE_WAY_STEPS, StepKind
from flowsync.plan.difference_values import Difference
from flowsync.plan.values import Change, FieldChange, Plan, Step
from flowsync.render.contract_words import judgement
from flowsync.render.difference_words import ScreenDifferences, by_screen, phrase_of
from flowsync.render.markdown import block, code, folded, html_code, prose
from flowsync.render.phrases import Role, from_difference, trimmed
from flowsync.render.plan_words import action_word, joined_steps, origin_sentence
from flowsync.render.style import count, short

CANNOT_BE_TAKEN_BACK = "cannot be taken back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """More about a flow, such as a graph of its screens: a text in a language that GitHub knows.

    Without a `language` the text is Markdown of ours.
    """

    title: str
    language: str
    text: str


def pictured(screen: str, file: str) -> Attachment:
    """Give a picture of a screen as an attachment; its file is named from where the report is."""
    address = quote(file)
    return Attachment(
        title=f"Screen {screen}, before and after:",
        language="",
        text=f"![{_alt(screen)}]({address})",
    )


def _alt(text: str) -> str:
    return "".join(character if character.isalnum() else "_" for character in text)


def count_of_differences(change: Change) -> int:
    """Give how many fields and parts of the Flow JSON differ."""
    if change.is_of_new_flow:
        return 0
    return sum(len(field.differences) or 1 for field in change.fields)


def flow_details(
    change: Change,
    plan: Plan,
    *,
    most: int | None = None,
    attachments: Iterable[Attachment] = (),
) -> Iterator[str]:
    """Give everything that a plan says of a flow, folded; of its differences at most `most`."""
    differences = count_of_differences(change)
    number = f" · {count(differences, 'difference')}" if differences else ""
    yield from folded(
        f"{html_code(change.label)} · {action_word(change)}{number}",
        [*_lines(change, plan, most), *_attached(attachments)],
    )


def _lines(change: Change, plan: Plan, most: int | None) -> Iterator[str]:
    known = f", id {code(change.flow_id)}, {code(change.status or '')}" if change.flow_id else ""
    yield f"- {code(change.name)}{known}"
    for reason in change.reasons:
        yield f"- because {prose(reason.value)}"
    if change.origin is not None:
        said = prose(origin_sentence(change, plan.since))
        yield f"- **{said}**" if change.is_drift else f"- {said}"
    if change.conflict is not None:
        yield f"- **conflict:** {prose(change.conflict)} {prose(change.way_out or '')}"
    if not change.is_of_new_flow:
        for field in change.fields:
            yield from _field(field, most)
    yield from _contract(change)
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
        old, new = from_difference(field.old, field.new)
        yield f"- {field.name}: {code(short(old))} → {code(short(new))}"
        return
    if not field.differences:
        yield f"- Flow JSON: {code(str(field.new))}"
        return
    for group in by_screen(field.differences[:most]):
        yield f"- {_heading(group)}:"
        yield from (f"  - {_difference(difference)}" for difference in group.differences)
    left = len(field.differences) - (len(field.differences) if most is None else most)
    if left > 0:
        yield f"  - … and {count(left, 'more difference')}"


def _heading(group: ScreenDifferences) -> str:
    if group.screen is None:
        return "the flow as a whole"
    title = f"{code(group.title)} " if group.title else ""
    return f"screen {title}({code(group.screen)})"


def _difference(difference: Difference) -> str:
    """Give a difference inside Flow JSON as one line of Markdown."""
    return "".join(
        _spaced(str(part.value)) if part.role is Role.WORDS else code(short(part.value))
        for part in trimmed(phrase_of(difference))
    )


def _spaced(text: str) -> str:
    """Give words with the spaces around them, which join them to what stands beside."""
    before = " " if text.startswith(" ") else ""
    after = " " if text.strip() and text.endswith(" ") else ""
    return f"{before}{prose(text)}{after}"


def _contract(change: Change) -> Iterator[str]:
    """Give what other systems notice."""
    if change.contract:
        yield "- what other systems notice:"
    for point in change.contract:
        word = f"**{judgement(point)}**" if point.is_breaking else judgement(point)
        subject = f" {code(point.subject)}" if point.subject else ""
        yield f"  - {word}, {point.part.value}{subject}: {prose(point.message)}"


def _steps(steps: Iterable[Step]) -> str:
    return joined_steps(steps, _step)


def _step(step: Step) -> str:
    named = f" {code(step.name)}" if step.kind is StepKind.CREATE and step.name else ""
    text = f"{step.kind.value}{named}"
    return f"**{text}** ({CANNOT_BE_TAKEN_BACK})" if step.kind in ONE_WAY_STEPS else text


def _attached(attachments: Iterable[Attachment]) -> Iterator[str]:
    for attached in attachments:
        yield ""
        yield prose(attached.title)
        yield ""
        if attached.language:
            yield from block(attached.text, attached.language)
        else:
            yield attached.text
