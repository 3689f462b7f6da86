"""Fixtures from their file, read as strictly as a definition, with places."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from flowsync.diagnostics import Diagnostic
from flowsync.model import JsonValue, mapping_in, text_in
from flowsync.preview.companion_text import companion_text, parsed_companion
from flowsync.preview.endpoint.echo import unknown_references
from flowsync.preview.endpoint.fixtures import Fault, Fixture, Fixtures, When, WrittenAnswer
from flowsync.preview.endpoint.matching import MATCHERS
from flowsync.sources import Document, Files, Pointer

_SCHEMA = "fixtures"
_RULE = "FS010"


def read_fixtures(
    file: Path, flows: Path, problems: list[Diagnostic], source: Files | None = None
) -> Fixtures | None:
    """Read a file of fixtures, or add what is wrong with it; links may not lead out of `flows`."""
    text = companion_text(file, flows, problems, source)
    return None if text is None else parse_fixtures(text, file.as_posix(), problems)


def parse_fixtures(text: str, shown: str, problems: list[Diagnostic]) -> Fixtures | None:
    """Give the fixtures in a text, or add what is wrong with it; `shown` is the file's name."""
    parsed = parsed_companion(text, shown, _SCHEMA, _check, problems)
    if parsed is None:
        return None
    document, value = parsed
    exchanges = mapping_in(value)["exchanges"]
    assert isinstance(exchanges, list)
    return Fixtures(
        path=shown,
        exchanges=tuple(
            _fixture(mapping_in(entry), document.span(("exchanges", index)).line)
            for index, entry in enumerate(exchanges)
        ),
    )


def _fixture(fields: dict[str, JsonValue], line: int) -> Fixture:
    when, answer = mapping_in(fields.get("when")), mapping_in(fields.get("answer"))
    fault, delay, times = fields.get("fault"), fields.get("delay"), fields.get("times")
    return Fixture(
        when=When(
            action=text_in(when.get("action")),
            screen=text_in(when.get("screen")),
            data=mapping_in(when.get("data")),
        ),
        answer=WrittenAnswer(screen=str(answer["screen"]), data=mapping_in(answer.get("data")))
        if answer
        else None,
        fault=None if fault is None else Fault(fault),
        message=text_in(fields.get("message")) or "",
        delay=float(delay) if isinstance(delay, int | float) else 0.0,
        times=int(times) if isinstance(times, int | float) else None,
        line=line,
    )


def _check(document: Document, value: JsonValue) -> Iterator[Diagnostic]:
    """Find what the schema cannot tell."""
    exchanges = mapping_in(value)["exchanges"]
    for index, entry in enumerate(exchanges if isinstance(exchanges, list) else ()):
        fields, at = mapping_in(entry), ("exchanges", index)
        if "message" in fields and "fault" not in fields:
            message = "a message goes with a fault, and there is none."
            fix = "Add a fault, or put the text into the data of the answer."
            yield document.finding((*at, "message"), _RULE, message, fix, at_key=True)
        asks = mapping_in(fields.get("when"))
        if asks.get("action") == "ping" and "answer" in fields:
            message = "a ping has no answer of its own: it is told that the endpoint is active."
            fix = "Give it a fault, or remove it."
            yield document.finding((*at, "answer"), _RULE, message, fix, at_key=True)
        if fields.get("fault") == Fault.MISSING_FIELD.value:
            answer = mapping_in(fields.get("answer"))
            if not mapping_in(answer.get("data")):
                message = "the answer has no data from which a field could be left out."
                yield document.finding((*at, "answer"), _RULE, message, "Give it `data`.")
        yield from _check_references(document, fields.get("answer"), (*at, "answer"))


def _check_references(document: Document, value: JsonValue, at: Pointer) -> Iterator[Diagnostic]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _check_references(document, item, (*at, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _check_references(document, item, (*at, index))
    elif isinstance(value, str):
        for reference in unknown_references(value):
            is_matcher = reference in MATCHERS
            message = f"{reference} means nothing in an answer"
            message += ", only in `when`." if is_matcher else "."
            fix = "Use ${data.name} for a part of the request's data, ${screen} or ${flow_token}."
            yield document.finding(at, _RULE, message, fix)
