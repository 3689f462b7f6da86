"""What an upload of a Flow JSON answers, in the platform's format.

Source: https://developers.facebook.com/docs/whatsapp/flows/reference/error-codes
"""

from __future__ import annotations

import json

from flowsync.diagnostics import Diagnostic
from flowsync.model import JsonValue
from flowsync.sources import MAX_FILE_BYTES, Document, Pointer, parse_json
from flowsync.validation.alternatives import other_codes
from flowsync.validation.findings import Finding
from flowsync.validation.flow_json import check_flow_json
from flowsync.validation.outline import read_flow
from flowsync.validation.rules import RULES
from flowsync.validation.versions import ACCEPTED

MISFIT = "the value does not fit another form of its component."
UNREADABLE = "INVALID_FLOW_JSON"
PLACEMENT = "ONE_OF_SCHEMA_VALIDATION_FAILED"  # at the type, with the path of the component
_NO_POSITION: dict[str, JsonValue] = {
    "line_start": 0,
    "line_end": 0,
    "column_start": 0,
    "column_end": 0,
}


def upload_findings(data: bytes) -> list[dict[str, JsonValue]]:
    """Give the `validation_errors` that an upload of these bytes answers, empty when none.

    Like the platform, this stops at the first stage that finds something: reading, shapes, then
    everything else. Warnings are not among them, because the platform does not give them. The
    platform takes the last of repeated keys, which here are checked without positions.
    """
    if len(data) > MAX_FILE_BYTES:
        excess = len(data) - MAX_FILE_BYTES
        return [_entry(UNREADABLE, f"the file is {excess:,} bytes larger than accepted.", [])]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as exc:
        return [_entry(UNREADABLE, f"byte {exc.start} of the file is not UTF-8.", [])]
    problems: list[Diagnostic] = []
    document = parse_json(text, "", problems)
    if document is not None:
        return _answer(document.value, document)
    try:
        value: JsonValue = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return [_entry(UNREADABLE, problems[0].message, [])]
    return _answer(value, None)


def _refuse_constant(name: str) -> JsonValue:
    raise ValueError(name)


def _answer(value: JsonValue, document: Document | None) -> list[dict[str, JsonValue]]:
    errors = [finding for finding in check_flow_json(value) if finding.code is not None]
    broken = [finding for finding in errors if finding.code == UNREADABLE]
    if broken:
        return [_entry(UNREADABLE, broken[0].message, [])]
    shapes = [finding for finding in errors if RULES[finding.rule].is_structural]
    answer = [
        _entry(code, finding.message, [_pointer(finding, document)])
        for finding in shapes or errors
        for code in (str(finding.code), *finding.also)
    ]
    return answer + _alternatives(value, shapes, document)


def _alternatives(
    value: JsonValue, shapes: list[Finding], document: Document | None
) -> list[dict[str, JsonValue]]:
    if not shapes or not isinstance(value, dict):
        return []
    version = value.get("version")
    if not isinstance(version, str) or version not in ACCEPTED:
        return []
    flow = read_flow(value, ACCEPTED[version])
    faults = [finding.pointer for finding in shapes]
    said = {(finding.code, finding.pointer) for finding in shapes}
    return [
        _entry(code, MISFIT, [_pointer_to(at, document)])
        for code, at in dict.fromkeys(other_codes(flow, faults))
        if (code, at) not in said
    ]


def _entry(code: str, message: str, pointers: list[dict[str, JsonValue]]) -> dict[str, JsonValue]:
    first = pointers[0] if pointers else _NO_POSITION
    position = {key: first[key] for key in _NO_POSITION}
    return {
        "error": code,
        "error_type": "FLOW_JSON_ERROR",
        "message": message,
        **position,
        "pointers": [*pointers],
    }


def _pointer(finding: Finding, document: Document | None) -> dict[str, JsonValue]:
    is_placement = finding.code == PLACEMENT and finding.pointer[-1:] == ("type",)
    found = _pointer_to(finding.pointer, document, at_key=finding.at_key)
    return found | {"path": path_text(finding.pointer[:-1])} if is_placement else found


def _pointer_to(
    at: Pointer, document: Document | None, *, at_key: bool = False
) -> dict[str, JsonValue]:
    path = path_text(at)
    if document is None:
        return {**_NO_POSITION, "path": path}
    span = document.span(at, at_key=at_key)
    return {
        "line_start": span.line,
        "line_end": span.end_line,
        "column_start": span.column,
        "column_end": span.end_column,
        "path": path,
    }


def path_text(pointer: Pointer) -> str:
    """Give a pointer as the platform writes it, such as `screens[0].layout.children[2].type`."""
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in pointer]
    return "".join(parts).removeprefix(".")
