"""Findings about files as a page shows them: place, sentence, way to mend it, line, rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from flowsync.diagnostics import START_OF_FILE, Diagnostic, RuleInfo, Severity
from flowsync.render.excerpt import Excerpt, Excerpts


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingView:
    """A finding; `source` is an address that the catalogue of rules gives, and is a link."""

    severity: str
    tone: str
    place: str
    message: str
    fix: str
    rule: str
    code: str
    summary: str
    source: str
    excerpt: Excerpt | None


def finding_views(
    found: Iterable[Diagnostic],
    rules: Mapping[str, RuleInfo],
    excerpts: Excerpts | None,
) -> Iterator[FindingView]:
    """Give findings as they are shown, in their order."""
    for finding in found:
        info = rules.get(finding.rule)
        span = finding.span
        is_placed = span != START_OF_FILE
        source = info.source if info else ""
        yield FindingView(
            severity=finding.severity.value,
            tone="bad" if finding.severity is Severity.ERROR else "warn",
            place=f"{finding.path}:{span.line}:{span.column}" if is_placed else finding.path,
            message=finding.message,
            fix=finding.fix,
            rule=finding.rule,
            code=finding.code or "",
            summary=info.summary if info else "",
            source=source if source.startswith("https://") else "",
            excerpt=None if excerpts is None else excerpts.find(finding),
        )
