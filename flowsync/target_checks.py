"""Warnings about flows that are right in themselves and do not fit the target they are for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from flowsync.definitions import LoadedFlow
from flowsync.diagnostics import Diagnostic, Severity
from flowsync.json_scan import may_be_deeper
from flowsync.model import DesiredState, FlowJson, JsonValue
from flowsync.sources import Document, Pointer
from flowsync.validation.freezing import soon_frozen


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetFacts:
    """What is known of a target without asking it.

    The limits are those of its kind of remote, None where it has none. `today` is the day to judge
    announced freezes by, None where nobody looks at the calendar.
    """

    name: str
    max_content_depth: int | None = None
    max_content_bytes: int | None = None
    today: date | None = None


def check_for_target(flow: LoadedFlow, facts: TargetFacts) -> Iterator[Diagnostic]:
    """Give what does not fit between one flow and the target."""
    content = flow.definition.flow_json
    if content is None or flow.flow_json is None:
        return
    yield from _size_findings(content, flow.flow_json, facts)
    yield from _endpoint_findings(flow, content, facts)
    yield from _version_findings(content, flow.flow_json, facts)


def _warning(document: Document, pointer: Pointer, rule: str, message: str, fix: str) -> Diagnostic:
    return document.finding(pointer, rule, message, fix, severity=Severity.WARNING)


def _size_findings(
    content: FlowJson, document: Document, facts: TargetFacts
) -> Iterator[Diagnostic]:
    """Compare the Flow JSON with what a gateway takes for JSON at all (G-03)."""
    limit = facts.max_content_depth
    if limit is None and facts.max_content_bytes is None:
        return
    text = content.text.encode("utf-8", "surrogatepass")
    if limit is not None and may_be_deeper(text, limit):
        depth, place = deepest(content.value)
        yield _warning(
            document,
            place,
            "FS041",
            f'this is nested {depth} levels deep, and the gateway of "{facts.name}" may refuse '
            f"more than {limit}.",
            "Take a level out around it: a Form adds two, an If or a Switch two or three.",
        )
    size = len(text)
    if facts.max_content_bytes is not None and size > facts.max_content_bytes:
        yield _warning(
            document,
            (),
            "FS042",
            f'the Flow JSON has {size:,} bytes, and the gateway of "{facts.name}" may refuse more '
            f"than {facts.max_content_bytes:,}.",
            "Compress its images, or let an endpoint send them.",
        )


def deepest(value: JsonValue) -> tuple[int, Pointer]:
    """Give how deep arrays and objects are nested, and the first place where they are so deep."""
    depth = 0
    first: Pointer = ()
    level: list[tuple[Pointer, JsonValue]] = [((), value)]
    while level := [(at, one) for at, one in level if isinstance(one, dict | list)]:
        depth, first = depth + 1, level[0][0]
        level = [((*at, key), inner) for at, one in level for key, inner in _entries(one)]
    return depth, first


def _entries(value: JsonValue) -> Iterable[tuple[str | int, JsonValue]]:
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()


def _endpoint_findings(
    flow: LoadedFlow, content: FlowJson, facts: TargetFacts
) -> Iterator[Diagnostic]:
    definition, document = flow.definition, flow.document
    place = ("targets", facts.name, "endpoint_uri")
    at: Pointer = place if place in document.places else ("endpoint_uri",)
    if content.uses_endpoint and definition.endpoint_uri is None:
        if definition.state is not DesiredState.PUBLISHED:
            return
        if definition.manages_endpoint:
            message = "the flow uses an endpoint and is to be published, but must have no address."
            fix = "Give endpoint_uri an address, or remove data_api_version from the Flow JSON."
        else:
            at = ("state",) if ("state",) in document.places else ()
            message = "the flow uses an endpoint, whose address is not managed here."
            fix = "Add endpoint_uri, or make sure that it is set before the flow is published."
        yield _warning(document, at, "FS043", message, fix)
    elif definition.endpoint_uri is not None and not content.uses_endpoint:
        yield _warning(
            document,
            at,
            "FS044",
            "the flow has an endpoint_uri, but its Flow JSON uses no endpoint.",
            "Remove endpoint_uri, or add data_api_version to the Flow JSON.",
        )


def _version_findings(
    content: FlowJson, document: Document, facts: TargetFacts
) -> Iterator[Diagnostic]:
    day = None if facts.today is None else soon_frozen(content.version, facts.today)
    if day is not None:
        yield _warning(
            document,
            ("version",),
            "FS045",
            f"the platform freezes this Flow JSON version on {day.isoformat()}; from then on the "
            "flow cannot be changed.",
            "Upgrade it before that day.",
        )
