"""Findings about files as SARIF 2.1.0, for code scanning services and editors.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from urllib.parse import quote

from flowsync.diagnostics import Diagnostic, RuleInfo, Span, pointer_text
from flowsync.model import JsonValue
from flowsync.render.diagnostics_text import whole_message

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
INFORMATION = "https://flowsync.dev"
_ROOT = "%SRCROOT%"  # the name that GitHub and the SARIF tools know
_FINGERPRINT = "flowsyncFinding/v1"
_DRIVE = re.compile(r"[A-Za-z]:/")


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
    marks = _fingerprints(found)
    driver: dict[str, JsonValue] = {
        "name": "flowsync",
        "version": version,
        "informationUri": INFORMATION,
        "rules": [_rule(rule_id, rules.get(rule_id)) for rule_id in ids],
    }
    run: dict[str, JsonValue] = {
        "tool": {"driver": driver},
        "invocations": [invocation or {"executionSuccessful": True}],
        "originalUriBaseIds": {
            _ROOT: {"description": {"text": "The folder in which flowsync was run."}}
        },
        "columnKind": "unicodeCodePoints",
        "newlineSequences": ["\r\n", "\n", "\r"],
        "results": [
            _result(finding, numbers[_rule_id(finding)], mark)
            for finding, mark in zip(found, marks, strict=True)
        ],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


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
        "physicalLocation": {
            "artifactLocation": _artifact(finding.path),
            "region": _region(finding.span),
        }
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


def _artifact(path: str) -> dict[str, JsonValue]:
    """Give the address of a file: below the root, or whole where the path is."""
    address = quote(path, safe="/", errors="surrogatepass")
    if path.startswith("/"):
        return {"uri": f"file://{address}"}
    if _DRIVE.match(path):
        return {"uri": f"file:///{path[:2]}{address[4:]}"}
    return {"uri": address, "uriBaseId": _ROOT}


def _region(span: Span) -> dict[str, JsonValue]:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _fingerprints(found: Iterable[Diagnostic]) -> list[str]:
    """Give what stays the same when lines move, a number added to findings that look alike."""
    seen: Counter[str] = Counter()
    marks: list[str] = []
    for finding in found:
        pointer = "" if finding.pointer is None else pointer_text(finding.pointer)
        parts = (_rule_id(finding), finding.path, pointer, finding.message)
        material = "\0".join(parts).encode("utf-8", "surrogatepass")
        mark = hashlib.sha256(material).hexdigest()
        seen[mark] += 1
        marks.append(mark if seen[mark] == 1 else f"{mark}:{seen[mark]}")
    return marks
