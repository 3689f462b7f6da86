"""Phrases about changes: parts with their roles, which each renderer escapes in its own way."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from flowsync.model import JsonValue
from flowsync.render.style import LONGEST_VALUE, clean, short


class Role(Enum):
    """What a part of a phrase is: our words, somebody's name or text, an old or a new value."""

    WORDS = "words"
    NAME = "name"
    OLD = "old"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a phrase; a value that is not ours is shown as a value, in quotes if it is text."""

    role: Role
    value: JsonValue


Phrase = tuple[Part, ...]

_CONTEXT = 8  # this part of a value stands before the difference


def words(text: str) -> Part:
    """Give words of ours."""
    return Part(Role.WORDS, text)


def name(text: JsonValue) -> Part:
    """Give a name or text that people gave."""
    return Part(Role.NAME, text)


def old(value: JsonValue) -> Part:
    """Give a value as it was."""
    return Part(Role.OLD, value)


def new(value: JsonValue) -> Part:
    """Give a value as it will be."""
    return Part(Role.NEW, value)


def plain_text(phrase: Phrase, *, longest: int = LONGEST_VALUE) -> str:
    """Give a phrase as one harmless line of text, values cut to so many characters."""
    return "".join(
        clean(str(part.value)) if part.role is Role.WORDS else short(part.value, longest=longest)
        for part in trimmed(phrase, longest)
    )


def trimmed(phrase: Phrase, longest: int = LONGEST_VALUE) -> Phrase:
    """Give a phrase in which an old and a new text that are to be cut begin where they differ."""
    olds = [part for part in phrase if part.role is Role.OLD]
    news = [part for part in phrase if part.role is Role.NEW]
    if len(olds) != 1 or len(news) != 1:
        return phrase
    before, after = from_difference(olds[0].value, news[0].value, longest)
    shown = {Role.OLD: old(before), Role.NEW: new(after)}
    return tuple(shown.get(part.role, part) for part in phrase)


def from_difference(
    before: JsonValue, after: JsonValue, longest: int = LONGEST_VALUE
) -> tuple[JsonValue, JsonValue]:
    """Give two values, long texts without the beginning that they share but for a few words."""
    if not isinstance(before, str) or not isinstance(after, str):
        return before, after
    pairs = enumerate(zip(before, after, strict=False))
    shared = next((at for at, (a, b) in pairs if a != b), min(len(before), len(after)))
    if max(len(before), len(after)) + 2 <= longest or shared <= longest // 2:
        return before, after
    near = shared - longest // _CONTEXT
    word = before.rfind(" ", 0, near) + 1
    start = word if shared - word <= longest // 2 else near
    return f"…{before[start:]}", f"…{after[start:]}"
