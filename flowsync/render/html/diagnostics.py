"""What a validation found as an HTML page, file by file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from flowsync.diagnostics import Diagnostic, RuleInfo, Severity, Subject
from flowsync.ignoring import Ignored
from flowsync.render.excerpt import Excerpts
from flowsync.render.html.findings import FindingView, finding_views
from flowsync.render.html.page import Tile, render_page
from flowsync.render.style import count


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """A file, the flow it belongs to, and what was found in it."""

    anchor: str
    path: str
    flow: str
    errors: int
    warnings: int
    findings: tuple[FindingView, ...]


def render_validation_html(
    diagnostics: Iterable[Diagnostic],
    subjects: Sequence[Subject],
    *,
    rules: Mapping[str, RuleInfo],
    is_valid: bool,
    flowsync_version: str,
    excerpts: Excerpts | None = None,
    ignored: Collection[Ignored] = (),
    made_at: str = "",
) -> str:
    """Give what was checked and found as one page; `is_valid` as the exit code says."""
    found = tuple(diagnostics)
    return render_page(
        "validation",
        flowsync_version=flowsync_version,
        made_at=made_at,
        sentences=tuple(_sentences(found, subjects, is_valid)),
        tiles=tuple(_tiles(found, subjects)),
        files=tuple(_files(found, subjects, rules, excerpts)),
        subjects=subjects,
        ignored=tuple(ignored),
    )


def _sentences(
    found: Sequence[Diagnostic], subjects: Sequence[Subject], is_valid: bool
) -> Iterator[str]:
    flows = sum(subject.is_flow for subject in subjects)
    files = len(subjects) - flows
    checked = [count(flows, "flow")] if flows or not files else []
    checked += [count(files, "file")] if files else []
    were = "was" if len(subjects) == 1 else "were"
    yield f"{' and '.join(checked)} {were} checked."
    if not found:
        yield "Nothing is wrong."
    elif is_valid:
        yield "Nothing keeps the flows from the platform; the warnings are worth reading."
    else:
        yield "Correct what is listed here, then run `flowsync validate` again."


def _tiles(found: Sequence[Diagnostic], subjects: Sequence[Subject]) -> Iterator[Tile]:
    errors, warnings = _counts(found)
    yield Tile(number=errors, word=_noun(errors, "error"), tone="bad" if errors else "good")
    yield Tile(
        number=warnings, word=_noun(warnings, "warning"), tone="warn" if warnings else "good"
    )
    yield Tile(number=len(subjects), word="checked")


def _files(
    found: Iterable[Diagnostic],
    subjects: Iterable[Subject],
    rules: Mapping[str, RuleInfo],
    excerpts: Excerpts | None,
) -> Iterator[FileView]:
    flows = {file: one.name for one in subjects if one.is_flow for file in one.files}
    by_path: dict[str, list[Diagnostic]] = {}
    for finding in found:
        by_path.setdefault(finding.path, []).append(finding)
    for number, (path, own) in enumerate(by_path.items(), 1):
        errors, warnings = _counts(own)
        yield FileView(
            anchor=f"file-{number}",
            path=path,
            flow=flows.get(path, ""),
            errors=errors,
            warnings=warnings,
            findings=tuple(finding_views(own, rules, excerpts)),
        )


def _counts(found: Sequence[Diagnostic]) -> tuple[int, int]:
    errors = sum(finding.severity is Severity.ERROR for finding in found)
    return errors, len(found) - errors


def _noun(number: int, noun: str) -> str:
    return noun if number == 1 else f"{noun}s"
