"""Warnings about personal data that is shown in the chat because it is not marked as sensitive.

Source: https://developers.facebook.com/docs/whatsapp/flows/reference/flowjson (sensitive)
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from flowsync.model import texts_in
from flowsync.validation import texts
from flowsync.validation.outline import Component, Flow, Screen
from flowsync.validation.personal_words import ALONE, HEALTH, PERSONAL
from flowsync.validation.report import Report
from flowsync.validation.wording import quoted

# Written by hand, so that the summary repeats what only its owner should know.
_WRITTEN = frozenset({"TextInput", "TextArea", "DatePicker", "CalendarPicker"})
# Chosen from a list: «credit card» there is an option, while choosing an illness says what one has.
_CHOSEN = frozenset({"CheckboxGroup", "RadioButtonsGroup", "Dropdown", "ChipsSelector"})
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NO_WORD = re.compile(r"[^a-z0-9]+")


def check_privacy(flow: Flow, report: Report) -> None:
    """Warn about inputs for personal data that the summary of the answers would show."""
    for screen in flow.screens:
        hidden = frozenset(texts_in(screen.value.get("sensitive")))
        for component in screen.components:
            if component.name is not None and component.name not in hidden:
                _check(screen, component, report)


def _check(screen: Screen, component: Component, report: Report) -> None:
    is_hidden = component.value.get("input-type") in ("password", "passcode")
    if component.type not in _WRITTEN | _CHOSEN or is_hidden:
        return
    found = _personal(component, report)
    if found is None:
        return
    key, word, kind = found
    report.add(
        "FS621",
        (*component.pointer, key),
        f"{component.label} asks for {kind} ({quoted(word)}), and the summary in the chat shows "
        "the answer.",
        f"Add {quoted(component.name or '')} to the sensitive list of screen {quoted(screen.id)}.",
    )


def _personal(component: Component, report: Report) -> tuple[str, str, str] | None:
    """Give the key whose words ask for personal data, the words, and what kind it is."""
    for key in ("label", "name"):
        text = component.value.get(key)
        if not isinstance(text, str) or texts.is_dynamic(text, report.version):
            continue
        word = _personal_words(plain_words(text))
        if word is not None and (component.type in _WRITTEN or word in HEALTH):
            return key, word, _kinds()[word]
    return None


def _personal_words(words: str) -> str | None:
    found = _pattern().search(words)
    if found is not None:
        return found.group()
    return words.strip() if words.strip() in ALONE else None


def plain_words(text: str) -> str:
    """Give a text as words between single spaces, lower case and without accents."""
    parted = _CAPITAL.sub(" ", text)
    letters = unicodedata.normalize("NFKD", parted).casefold()
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return f" {_NO_WORD.sub(' ', bare).strip()} "


@cache
def _kinds() -> dict[str, str]:
    alone = dict.fromkeys(ALONE, "an identity number")
    return alone | {word: kind for kind, words in PERSONAL.items() for word in words}


@cache
def _pattern() -> re.Pattern[str]:
    words = sorted(_kinds().keys() - ALONE, key=lambda word: (-len(word), word))
    return re.compile(f"(?<= )(?:{'|'.join(words)})(?= )")
