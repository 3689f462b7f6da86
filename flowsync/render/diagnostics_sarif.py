"""Findings about files as SARIF 2.1.0, for code scanning services and editors.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flowsync.diagnostics import Diagnostic, RuleInfo, pointer_text
from flowsync.model import JsonValue
from flowsync.render.diagnostics_text import whole_message
from flowsync.render.sarif import fingerprints, physical_location, sarif_document

_FINGERPRINT = "flowsyncFinding/v1"


def diagnostics_to_sarif(
    diagnostics: Iterable[Diagnostic],
    rules: Mapping[str, RuleInfo],
    *,
    version: str,
    invocation: JsonValue = None,
) -> dict[str, JsonValue]:
    """Give the findings as one run of flowsync `version`.

    Of `rules`, which are looked up by id, only those that occur are named; one that is not there
    has its id alone. `invocation` says how the run ended, where that was not well.
    """
    found = list(diagnostics)
    ids = sorted({_rule_id(finding) for finding in found})
    numbers = {rule_id: number for number, rule_id in enumerate(ids)}
    marks = fingerprints(map(_parts, found))
    return sarif_document(
        [_rule(rule_id, rules.get(rule_id)) for rule_id in ids],
        [
            _result(finding, numbers[_rule_id(finding)], mark)
            for finding, mark in zip(found, marks, strict=True)
        ],
        version=version,
        invocation=invocation,
    )


def _rule_id(finding: Diagnostic) -> str:
    return finding.rule or finding.code or "UNKNOWN"


def _rule(rule_id: str, rule: RuleInfo | None) -> dict[str, JsonValue]:
    if rule is None:
        return {"id": rule_id}
    return {
        "id": rule_id,
        "shortDescription": {"text": rule.summary},
        "helpUri": rule.source,
        "defaultConfiguration": {"level": rule.severity.value},
    }


def _result(finding: Diagnostic, number: int, mark: str) -> dict[str, JsonValue]:
    pointer = None if finding.pointer is None else pointer_text(finding.pointer)
    location: dict[str, JsonValue] = {
        "physicalLocation": physical_location(finding.path, finding.span)
    }
    if pointer:
        location["logicalLocations"] = [{"fullyQualifiedName": pointer, "kind": "value"}]
    return {
        "ruleId": _rule_id(finding),
        "ruleIndex": number,
        "level": finding.severity.value,
        "message": {"text": whole_message(finding)},
        "locations": [location],
        "partialFingerprints": {_FINGERPRINT: mark},
        "properties": {"code": finding.code, "pointer": pointer},
    }


def _parts(finding: Diagnostic) -> tuple[str, ...]:
    """Give what tells a finding from others, and does not change when lines move."""
    pointer = "" if finding.pointer is None else pointer_text(finding.pointer)
    return _rule_id(finding), finding.path, pointer, finding.message
