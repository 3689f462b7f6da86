"""Where the checks of one Flow JSON put what they find."""

from __future__ import annotations

from collections.abc import Collection

from flowsync.diagnostics import Severity, nearest
from flowsync.sources import Pointer
from flowsync.validation.findings import Finding
from flowsync.validation.rules import RULES
from flowsync.validation.versions import Version, as_text
from flowsync.validation.wording import quoted

# Looking for the nearest name costs time in proportion to all names, so it is not done without end.
MAX_SUGGESTIONS = 50
MAX_CANDIDATES = 200
MAX_SUGGESTED_LENGTH = 60


class Report:
    """Collects findings; severity and platform code come from the rule and the flow's version."""

    def __init__(self, version: Version) -> None:
        self.version = version
        self.findings: list[Finding] = []
        self._suggestions_left = MAX_SUGGESTIONS

    def add(
        self,
        rule_id: str,
        pointer: Pointer,
        message: str,
        fix: str,
        *,
        at_key: bool = False,
        code: str | None = None,
        also: tuple[str, ...] = (),
        is_enforced: bool = True,
    ) -> None:
        """Add a finding; `code` replaces the rule's usual platform code, `also` adds to it.

        It becomes a warning without a code when the platform lets the fault pass in this version,
        or (`is_enforced` false) in this place.
        """
        rule = RULES[rule_id]
        is_skipped = as_text(self.version) in rule.skipped_in or not is_enforced
        is_error = rule.severity is Severity.ERROR and not is_skipped
        self.findings.append(
            Finding(
                rule=rule_id,
                pointer=pointer,
                at_key=at_key,
                message=message,
                fix=fix,
                code=(code or rule.code) if is_error else None,
                also=also if is_error else (),
                severity=Severity.ERROR if is_error else Severity.WARNING,
            )
        )

    def suggest(self, word: str, candidates: Collection[str], otherwise: str) -> str:
        """Give a sentence proposing the candidate that `word` was meant to be, or `otherwise`."""
        if (
            self._suggestions_left <= 0
            or len(candidates) > MAX_CANDIDATES
            or len(word) > MAX_SUGGESTED_LENGTH
        ):
            return otherwise
        self._suggestions_left -= 1
        short = [name for name in candidates if len(name) <= MAX_SUGGESTED_LENGTH]
        found = nearest(word, short)
        return (
            f"Did you mean {quoted(found)}?" if found is not None and found != word else otherwise
        )
