"""Scenarios from their file, read as strictly as a definition, with places."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from flowsync.diagnostics import Diagnostic
from flowsync.model import JsonValue, mapping_in, text_in, texts_in
from flowsync.preview.companion_text import companion_text, parsed_companion
from flowsync.preview.engine import DataSet, Start
from flowsync.preview.scenarios.values import Back, Close, Expect, Fill, Scenario, Step, Tap
from flowsync.sources import Document, Files, Pointer

_SCHEMA = "scenarios"
_RULE = "FS010"


def read_scenarios(
    file: Path, flows: Path, problems: list[Diagnostic], source: Files | None = None
) -> tuple[Scenario, ...] | None:
    """Read a file of scenarios, or add what is wrong with it; links may not lead out of `flows`."""
    text = companion_text(file, flows, problems, source)
    return None if text is None else parse_scenarios(text, file.as_posix(), problems)


def parse_scenarios(
    text: str, shown: str, problems: list[Diagnostic]
) -> tuple[Scenario, ...] | None:
    """Give the scenarios in a text, or add what is wrong with it; `shown` is the file's name."""
    parsed = parsed_companion(text, shown, _SCHEMA, _check, problems)
    if parsed is None:
        return None
    document, value = parsed
    return tuple(
        _scenario(document, mapping_in(entry), ("scenarios", index))
        for index, entry in _entries(mapping_in(value).get("scenarios"))
    )


def _entries(value: JsonValue) -> Iterator[tuple[int, JsonValue]]:
    return enumerate(value if isinstance(value, list) else ())


def _check(document: Document, value: JsonValue) -> Iterator[Diagnostic]:
    """Find what the schema cannot tell."""
    names: dict[str, int] = {}
    for index, entry in _entries(mapping_in(value).get("scenarios")):
        fields, at = mapping_in(entry), ("scenarios", index)
        name = str(fields["name"])
        first = names.setdefault(name, document.span(at).line)
        if first != document.span(at).line:
            message = f'the scenario of line {first} has the name "{name}" too.'
            yield document.finding((*at, "name"), _RULE, message, "Give it another name.")
        today = text_in(fields.get("today"))
        if today is not None and _day(today) is None:
            message = f'"{today}" is no day.'
            yield document.finding((*at, "today"), _RULE, message, "Write it as 2026-11-28.")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _scenario(document: Document, fields: dict[str, JsonValue], at: Pointer) -> Scenario:
    span, today = document.span(at), text_in(fields.get("today"))
    start = mapping_in(fields.get("start"))
    return Scenario(
        name=str(fields["name"]),
        path=document.path,
        line=span.line,
        column=span.column,
        today=None if today is None else _day(today),
        start=Start(
            screen=text_in(start.get("screen")),
            data=mapping_in(start["data"]) if "data" in start else None,
            data_set=DataSet(start.get("data_set", DataSet.EXAMPLES.value)),
            asks_endpoint=start.get("action") == "data_exchange",
            flow_token=text_in(start.get("flow_token")) or "preview",
        ),
        steps=tuple(
            step
            for index, entry in _entries(fields.get("steps"))
            for step in _steps(document, mapping_in(entry), (*at, "steps", index))
        ),
    )


def _steps(document: Document, fields: dict[str, JsonValue], at: Pointer) -> Iterator[Step]:
    """Give the steps that an entry stands for: of `fill` one for each input."""
    name, value = next(iter(fields.items()))
    if name == "fill":
        for target, given in mapping_in(value).items():
            place = (*at, name, target)
            yield _step(
                document,
                place,
                Fill(target=target, value=given, text=_as_written(document, given, place)),
            )
        return
    does: Tap | Back | Close | Expect
    match name:
        case "tap" if isinstance(value, dict):
            does = Tap(target=str(value["on"]), item=text_in(value.get("item")))
        case "tap":
            does = Tap(target=str(value))
        case "back":
            does = Back()
        case "close":
            does = Close()
        case _:
            does = _expect(mapping_in(value))
    yield _step(document, (*at, name), does)


def _as_written(document: Document, value: JsonValue, at: Pointer) -> JsonValue:
    """Give a value, or a list of them, with texts as they were written; None if there is no other.

    `2000` may be the price that somebody types, `[1, 2]` the ids of options.
    """
    if isinstance(value, list):
        texts = [document.texts.get((*at, index), one) for index, one in enumerate(value)]
        return None if texts == value else texts
    return document.texts.get(at)


def _step(document: Document, at: Pointer, does: Fill | Tap | Back | Close | Expect) -> Step:
    span = document.span(at, at_key=True)
    return Step(does=does, line=span.line, column=span.column)


def _expect(fields: dict[str, JsonValue]) -> Expect:
    can_continue = fields.get("can_continue")
    return Expect(
        screen=text_in(fields.get("screen")),
        shows=texts_in(fields.get("shows")),
        hides=texts_in(fields.get("hides")),
        values=mapping_in(fields.get("values")),
        data=mapping_in(fields.get("data")),
        errors=mapping_in(fields.get("errors")),
        notice=text_in(fields.get("notice")),
        can_continue=can_continue if isinstance(can_continue, bool) else None,
        sent=mapping_in(fields["sent"]) if "sent" in fields else None,
        payload=mapping_in(fields["payload"]) if "payload" in fields else None,
    )
