"""Upgrades one Flow JSON and checks the result: the one entrance to this package."""

from __future__ import annotations

from dataclasses import dataclass

from flowsync.diagnostics import Diagnostic, Severity
from flowsync.flow_json_file import read_flow_json
from flowsync.formatting.flow_json import canonical_flow_json
from flowsync.model import JsonValue, mapping_in
from flowsync.sources import Document, Pointer, Variables, decode_text
from flowsync.upgrading.draft import Change, Decision, Draft
from flowsync.upgrading.registry import migrate
from flowsync.upgrading.versions import KNOWN, meant_version
from flowsync.validation.findings import placed
from flowsync.validation.flow_json import check_flow_json
from flowsync.validation.versions import Version, as_text
from flowsync.validation.wording import shown_value


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgrade:
    """What an upgrade of one file gives.

    `since` is the version it had, `text` the canonical text of the result; `errors` are why it
    may not be written, at their places in the author's file.
    """

    document: Document
    since: str
    text: str
    changes: tuple[Change, ...] = ()
    decisions: tuple[Decision, ...] = ()
    errors: tuple[Diagnostic, ...] = ()

    @property
    def is_changed(self) -> bool:
        """Tell whether anything was upgraded."""
        return bool(self.changes)


def read_known_version(document: Document, problems: list[Diagnostic]) -> str | None:
    """Give the version of a Flow JSON, or None after adding that it is not known."""
    fields = mapping_in(document.value)
    version = meant_version(fields.get("version"))
    if version is None:
        rule, code, message = _why_unknown(document.value)
        problems.append(
            Diagnostic(
                path=document.path,
                span=document.span(("version",)),
                rule=rule,
                message=message,
                fix=f"Write one of {', '.join(KNOWN)}.",
                code=code,
                pointer=("version",) if "version" in fields else (),
            )
        )
    return version


def _why_unknown(value: JsonValue) -> tuple[str, str, str]:
    """Give the rule that a Flow JSON of no known version breaks, the platform's code, and why."""
    if not isinstance(value, dict):
        return "FS101", "INVALID_FLOW_JSON", "this is no object, so it has no version."
    if "version" not in value:
        return "FS103", "MISSING_FLOW_JSON_VERSION", "the flow has no version."
    shown = shown_value(value["version"])
    message = f"the version {shown} is not one that can be upgraded."
    return "FS104", "INVALID_FLOW_JSON_VERSION", message


def upgrade_flow_json(
    document: Document, since: str, to: Version, variables: Variables | None
) -> Upgrade:
    """Upgrade a Flow JSON and check what comes out, with variables replaced where there are any."""
    draft = Draft(document, since=KNOWN[since], to=to)
    migrate(draft)
    if draft.value.get("version") != as_text(to):
        given = shown_value(draft.value.get("version"))
        draft.put(("version",), as_text(to), f'version {given} → "{as_text(to)}"')
    if not draft.changes:
        return Upgrade(document=document, since=since, text=document.text)
    text = canonical_flow_json(draft.written)
    return Upgrade(
        document=document,
        since=since,
        text=text,
        changes=tuple(sorted(draft.changes, key=lambda each: _place(document, each.pointer))),
        decisions=tuple(sorted(draft.decisions, key=lambda each: _place(document, each.pointer))),
        errors=tuple(_errors(document, text, variables)),
    )


def _place(document: Document, pointer: Pointer) -> tuple[int, int]:
    span = document.span(pointer)
    return span.line, span.column


def _errors(document: Document, text: str, variables: Variables | None) -> list[Diagnostic]:
    """Give what is wrong with a result, placed in the author's file."""
    problems: list[Diagnostic] = []
    if decode_text(text.encode("utf-8"), document.path, problems) is None:  # it may be too large
        return problems
    known = Variables({}, {}) if variables is None else variables
    ready = read_flow_json(text, document.path, known, problems, leave_unknown=variables is None)
    if ready is None:
        return problems
    findings = placed(check_flow_json(ready[0].value), document)
    return [finding for finding in findings if finding.severity is Severity.ERROR]
