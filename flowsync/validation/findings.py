"""What a Flow JSON rule says about a value, before a file gives it a place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flowsync.diagnostics import Diagnostic, Severity
from flowsync.sources import Document, Pointer


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One broken rule.

    `pointer` leads from the root to the value concerned; with `at_key` its key is meant. `rule` is
    our id (`flowsync.validation.rules`), `code` the platform's error code for the same thing, None
    where the platform does not report it. `also` are further codes that the platform gives for it,
    because it tries every alternative of a value. `message` and `fix` are sentences.
    """

    rule: str
    message: str
    fix: str
    pointer: Pointer = ()
    at_key: bool = False
    code: str | None = None
    also: tuple[str, ...] = ()
    severity: Severity = Severity.ERROR


def placed(findings: Iterable[Finding], document: Document) -> Iterator[Diagnostic]:
    """Give each finding its place in the file it was made from."""
    for finding in findings:
        yield Diagnostic(
            path=document.path,
            span=document.span(finding.pointer, at_key=finding.at_key),
            rule=finding.rule,
            message=finding.message,
            fix=finding.fix,
            severity=finding.severity,
            code=finding.code,
            pointer=finding.pointer,
        )
