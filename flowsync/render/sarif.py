"""The frame that all SARIF 2.1.0 reports share: the run, its rules, places in files.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from urllib.parse import quote

from flowsync.diagnostics import Span
from flowsync.model import JsonValue

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
INFORMATION = "https://flowsync.dev"
_ROOT = "%SRCROOT%"  # the name that GitHub and the SARIF tools know
_DRIVE = re.compile(r"[A-Za-z]:/")


def sarif_document(
    rules: Iterable[dict[str, JsonValue]],
    results: Iterable[dict[str, JsonValue]],
    *,
    version: str,
    invocation: JsonValue = None,
) -> dict[str, JsonValue]:
    """Give one run of flowsync `version` with its results; `rules` are those that they name.

    `invocation` says how the run ended, where that was not well.
    """
    driver: dict[str, JsonValue] = {
        "name": "flowsync",
        "version": version,
        "informationUri": INFORMATION,
        "rules": list(rules),
    }
    run: dict[str, JsonValue] = {
        "tool": {"driver": driver},
        "invocations": [invocation or {"executionSuccessful": True}],
        "originalUriBaseIds": {
            _ROOT: {"description": {"text": "The folder in which flowsync was run."}}
        },
        "columnKind": "unicodeCodePoints",
        "newlineSequences": ["\r\n", "\n", "\r"],
        "results": list(results),
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def fingerprints(parts: Iterable[tuple[str, ...]]) -> list[str]:
    """Give for each result what stays the same from run to run, told by the parts it is made of.

    Results that look alike are numbered.
    """
    seen: Counter[str] = Counter()
    marks: list[str] = []
    for part in parts:
        material = "\0".join(part).encode("utf-8", "surrogatepass")
        mark = hashlib.sha256(material).hexdigest()
        seen[mark] += 1
        marks.append(mark if seen[mark] == 1 else f"{mark}:{seen[mark]}")
    return marks


def physical_location(path: str, span: Span) -> dict[str, JsonValue]:
    """Give a place in a file, whose path is as shown to people."""
    return {
        "artifactLocation": _artifact(path),
        "region": {
            "startLine": span.line,
            "startColumn": span.column,
            "endLine": span.end_line,
            "endColumn": span.end_column,
        },
    }


def _artifact(path: str) -> dict[str, JsonValue]:
    """Give the address of a file: below the root, or whole where the path is."""
    address = quote(path, safe="/", errors="surrogatepass")
    if path.startswith("/"):
        return {"uri": f"file://{address}"}
    if _DRIVE.match(path):
        return {"uri": f"file:///{path[:2]}{address[4:]}"}
    return {"uri": address, "uriBaseId": _ROOT}
