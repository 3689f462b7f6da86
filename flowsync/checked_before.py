"""What the rules said of each Flow JSON the last time: what has not changed is not checked again.

A file of the user's own cache, outside the repository, so that no commit can bring a verdict along.
It holds for these very rules only: those of another version, or rules that were edited, give
another stamp. Losing it costs time and nothing else; `flowsync validate` never looks at it.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from flowsync import __version__
from flowsync.diagnostics import Diagnostic, Severity, Span
from flowsync.flow_json_file import Content
from flowsync.model import JsonValue, mapping_in
from flowsync.private_files import make_private_folder, write_private_file

_RULES = ("validation", "expressions", "sources", "diagnostics.py", "checked_before.py")


class CheckedBefore:
    """Findings by the texts that they are about; `file` keeps those of the latest run."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._stamp = _stamp()
        self._known = _read(file, self._stamp)
        self._used: dict[str, JsonValue] = {}

    def findings(
        self, content: Content, check: Callable[[Content], Iterable[Diagnostic]]
    ) -> list[Diagnostic]:
        """Give what the rules say of a Flow JSON, from `check` where that is not known."""
        digest, path = _digest(content), content.author.path
        if digest in self._known:
            kept = self._known[digest]
            with suppress(ValueError):
                found = [_finding(path, one) for one in _entries(kept)]
                self._used[digest] = kept
                return found
        found = list(check(content))
        self._used[digest] = [_entry(one) for one in found]
        return found

    def save(self) -> None:
        """Keep what was used or found in this run; that it cannot be written is no failure."""
        if self._used.keys() <= self._known.keys():
            return
        document = {"stamp": self._stamp, "found": self._used}
        with suppress(OSError):
            make_private_folder(self._file.parent)
            write_private_file(self._file, json.dumps(document))


def _stamp() -> str:
    """Give a text that is another one whenever the rules may say something else."""
    package = Path(__file__).parent
    files = [
        file
        for name in _RULES
        for file in ([package / name] if name.endswith(".py") else (package / name).rglob("*.py"))
    ]
    seen = [(file.as_posix(), file.stat().st_mtime_ns, file.stat().st_size) for file in files]
    material = repr((__version__, sys.version, sorted(seen)))
    return hashlib.sha256(material.encode()).hexdigest()


def _read(file: Path, stamp: str) -> dict[str, JsonValue]:
    try:
        document: JsonValue = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    fields = mapping_in(document)
    return mapping_in(fields.get("found")) if fields.get("stamp") == stamp else {}


def _digest(content: Content) -> str:
    texts = (content.author.text, content.flow_json.text)
    found = hashlib.sha256()
    for text in texts if texts[0] != texts[1] else texts[:1]:
        found.update(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())
    return found.hexdigest()


def _entries(kept: JsonValue) -> list[JsonValue]:
    if not isinstance(kept, list):
        raise ValueError("no list of findings")
    return kept


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
                pointer=None if pointer is None else _pointer(pointer),
            )
    raise ValueError("no finding")


def _pointer(parts: list[JsonValue]) -> tuple[str | int, ...]:
    return tuple(part for part in parts if isinstance(part, str | int))
