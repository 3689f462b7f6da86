"""What a rule is, and the pages that rules come from."""

from __future__ import annotations

from dataclasses import dataclass

from flowsync.diagnostics import Severity

_DOCS = "https://developers.facebook.com/docs/whatsapp/flows/"
FLOW_JSON_PAGE = f"{_DOCS}reference/flowjson"
COMPONENTS_PAGE = f"{_DOCS}reference/components"
MEDIA_PAGE = f"{_DOCS}reference/media_upload"
ERRORS_PAGE = f"{_DOCS}reference/error-codes"
VERSIONS_PAGE = f"{_DOCS}reference/versioning"
CHANGES_PAGE = f"{_DOCS}changelogs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule.

    `code` is what the platform answers when it is broken, None where it accepts the flow. With
    `is_structural` it is among the checks that the platform makes first: when any of them fails, it
    does not look for the others. `skipped_in` are the versions in which the platform lets the fault
    pass; there the finding is a warning. `since` is the version in which what the rule is about
    first appeared, the oldest accepted one where it was there before.
    """

    id: str
    summary: str
    severity: Severity
    source: str
    code: str | None
    is_structural: bool = False
    skipped_in: frozenset[str] = frozenset()
    since: str = "5.1"


def shape(id: str, summary: str, source: str, code: str, *, since: str = "5.1") -> Rule:
    """Give a rule that is among the checks which the platform makes first."""
    return Rule(
        id=id,
        summary=summary,
        severity=Severity.ERROR,
        source=source,
        code=code,
        is_structural=True,
        since=since,
    )


def meaning(
    id: str, summary: str, source: str, code: str, *skipped_in: str, since: str = "5.1"
) -> Rule:
    """Give a rule about what the parts of a flow mean together."""
    return Rule(
        id=id,
        summary=summary,
        severity=Severity.ERROR,
        source=source,
        code=code,
        skipped_in=frozenset(skipped_in),
        since=since,
    )


def advice(id: str, summary: str, source: str) -> Rule:
    """Give a rule that the platform does not enforce."""
    return Rule(id=id, summary=summary, severity=Severity.WARNING, source=source, code=None)


BEFORE_7_3 = ("5.1", "6.0", "6.1", "6.2", "6.3", "7.0", "7.1", "7.2")
BEFORE_7_0 = ("5.1", "6.0", "6.1", "6.2", "6.3")
FROM_6_0_BEFORE_7_3 = ("6.0", "6.1", "6.2", "6.3", "7.0", "7.1", "7.2")
FROM_6_3_BEFORE_7_3 = ("6.3", "7.0", "7.1", "7.2")
