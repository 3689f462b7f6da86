"""One Flow JSON file: from its text to the value that is uploaded, with the author's places."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from flowsync.diagnostics import Diagnostic
from flowsync.model import JsonValue
from flowsync.packed import PackedFlowJson, TextFacts, packed_flow_json
from flowsync.sources import (
    Document,
    Pointer,
    Variables,
    has_variable,
    parse_json,
    replace_in_json_text,
    unparsed_json,
)
from flowsync.validation.freezing import frozen_version

KnownFacts = Callable[[str], TextFacts | None]
"""Gives what is known of a Flow JSON's text, which then is known to be valid JSON, too."""

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class Content(NamedTuple):
    """A Flow JSON ready to be uploaded, and the author's document, for positions."""

    flow_json: PackedFlowJson
    author: Document


def read_flow_json(
    text: str,
    shown: str,
    variables: Variables,
    problems: list[Diagnostic],
    *,
    leave_unknown: bool = False,
    known: KnownFacts | None = None,
) -> Content | None:
    """Give a Flow JSON with its variables replaced.

    `shown` is the file's name as people see it. Gives None after adding to `problems`; with
    `leave_unknown` a variable without a value stays as it is, which is no problem. A text that is
    `known` is parsed only when its value is asked for.
    """
    facts = None if known is None or has_variable(text) else known(text)
    if facts is not None:
        flow_json = PackedFlowJson(path=shown, text=text, facts=facts)
        return Content(flow_json, unparsed_json(text, shown))
    author = parse_json(text, shown, problems)
    if author is None or _has_half_characters(author, problems):
        return None
    missing: list[Diagnostic] = []
    replaced = replace_in_json_text(author, variables, missing)
    if missing and not leave_unknown:
        problems += missing
        return None
    ready = author if replaced == text else parse_json(replaced, shown, problems)
    if ready is None:
        return None
    kept = author.text if replaced == text else replaced
    flow_json = packed_flow_json(shown, kept, ready.value, frozen_version(ready.value))
    author.let_go()
    return Content(flow_json, author)


def _has_half_characters(author: Document, problems: list[Diagnostic]) -> bool:
    """Refuse halves of surrogate pairs, which the gateway takes for no JSON at all (G-02)."""
    if not _SURROGATE.search(author.text):
        return False
    pointer = next(_half_characters(author.value, ()), None)
    if pointer is None:
        return False
    problems.append(
        author.finding(
            pointer,
            "FS002",
            "a text holds half of a character (a lone \\ud800 to \\udfff).",
            "Write the whole character.",
        )
    )
    return True


def _half_characters(value: JsonValue, pointer: Pointer) -> Iterator[Pointer]:
    """Give the places of texts and keys that cannot be written as UTF-8."""
    if isinstance(value, str):
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            yield pointer
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _half_characters(key, (*pointer, key))
            yield from _half_characters(item, (*pointer, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _half_characters(item, (*pointer, index))
