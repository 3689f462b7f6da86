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
        for part in phrase
    )
