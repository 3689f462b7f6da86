"""What was found of each Flow JSON the last time: what has not changed is not checked again.

A file of the user's own cache, outside the repository, so that no commit can bring a verdict along.
It holds for these very rules only: those of another version, or rules that were edited, give
another stamp. Losing it costs time and nothing else; `flowsync validate` never looks at it.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import cast

import orjson

from flowsync import __version__
from flowsync.diagnostics import Diagnostic, Severity, Span
from flowsync.flow_json_file import Content
from flowsync.model import JsonValue, mapping_in
from flowsync.packed import TextFacts
from flowsync.private_files import make_private_folder, write_private_file
from flowsync.sources import Pointer

_DECIDING = (
    "validation",
    "expressions",
    "sources",
    "diagnostics.py",
    "checked_before.py",
    "flow_json_file.py",
    "json_numbers.py",
    "json_scan.py",
    "model.py",
    "packed.py",
)


class CheckedBefore:
    """Findings and facts by the texts that they are about; `file` keeps those of the latest run."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._stamp = _stamp()
        self._known = _read(file, self._stamp)
        self._used: dict[str, JsonValue] = {}
        self._digests: dict[str, str] = {}  # of texts that were asked about

    def facts(self, text: str) -> TextFacts | None:
        """Give what is known of a Flow JSON without variables, None where that is nothing."""
        digest = self._digests[text] = _digest(text)
        with suppress(ValueError):
            return _facts(self._known.get(digest))
        return None

    def findings(
        self, content: Content, check: Callable[[Content], Iterable[Diagnostic]]
    ) -> list[Diagnostic]:
        """Give what the rules say of a Flow JSON, from `check` where that is not known."""
        author, flow_json = content.author, content.flow_json
        if author.text == flow_json.text:
            digest = self._digests.pop(author.text, "") or _digest(author.text)
        else:
            digest = _digest(author.text, flow_json.text)
        if digest in self._known:
            kept = self._known[digest]
            with suppress(ValueError):
                found = [_finding(author.path, one) for one in _findings(kept)]
                self._used[digest] = kept
                return found
        found = list(check(content))
        self._used[digest] = {
            "findings": [_entry(one) for one in found],
            "facts": [*flow_json.facts],
        }
        return found

    def save(self) -> None:
        """Keep what was used or found in this run; that it cannot be written is no failure."""
        if self._used.keys() <= self._known.keys():
            return
        text = json.dumps(self._used)
        with suppress(OSError):
            make_private_folder(self._file.parent)
            write_private_file(self._file, f"{self._stamp}\n{_digest(text)}\n{text}")


def _stamp() -> str:
    """Give a text that is another one whenever the rules may say something else."""
    package = Path(__file__).parent
    files = [
        file
        for name in _DECIDING
        for file in ([package / name] if name.endswith(".py") else (package / name).rglob("*.py"))
    ]
    seen = [(file.as_posix(), file.stat().st_mtime_ns, file.stat().st_size) for file in files]
    material = repr((__version__, sys.version, orjson.__version__, sorted(seen)))
    return hashlib.sha256(material.encode()).hexdigest()


def _read(file: Path, stamp: str) -> dict[str, JsonValue]:
    """Give what a file of this user keeps, unless it is damaged or is about other rules."""
    try:
        if os.name == "posix" and file.stat().st_uid != os.geteuid():
            return {}
        written_under, digest, text = file.read_text("utf-8").split("\n", 2)
        if written_under != stamp or digest != _digest(text):
            return {}
        return mapping_in(json.loads(text))
    except (OSError, ValueError, RecursionError):
        return {}


def _digest(*texts: str) -> str:
    found = hashlib.sha256()
    for text in texts:
        found.update(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())
    return found.hexdigest()


def _facts(kept: JsonValue) -> TextFacts:
    """Read what was kept of a text. Raises `ValueError` for anything else."""
    match mapping_in(kept).get("facts"):
        case [
            bool() as uses_endpoint,
            str() | None as version,
            str() | None as frozen_version,
            str() as digest,
        ]:
            return TextFacts(uses_endpoint, version, frozen_version, digest)
    raise ValueError("no facts")


def _findings(kept: JsonValue) -> list[JsonValue]:
    findings = mapping_in(kept).get("findings")
    if not isinstance(findings, list):
        raise ValueError("no list of findings")
    return findings


def _entry(finding: Diagnostic) -> JsonValue:
    span = finding.span
    return [
        finding.rule,
        finding.message,
        finding.fix,
        finding.severity.value,
        finding.code,
        None if finding.pointer is None else [*finding.pointer],
        [span.line, span.column, span.end_line, span.end_column],
    ]


def _finding(path: str, entry: JsonValue) -> Diagnostic:
    """Read what was kept of a finding. Raises `ValueError` for anything else."""
    match entry:
        case [
            str() as rule,
            str() as message,
            str() as fix,
            str() as severity,
            str() | None as code,
            list() | None as pointer,
            [int() as line, int() as column, int() as end_line, int() as end_column],
        ]:
            span = Span(line=line, column=column, end_line=end_line, end_column=end_column)
            return Diagnostic(
                path=path,
                span=span,
                rule=rule,
                message=message,
                fix=fix,
                severity=Severity(severity),
                code=code,
                pointer=None if pointer is None else cast("Pointer", tuple(pointer)),
            )
    raise ValueError("no finding")
