"""What there is to say about a rule, as values: for `flowsync rules` and the rule reference."""

from __future__ import annotations

from dataclasses import dataclass

from flowsync.diagnostics import Diagnostic, Severity
from flowsync.validation.rules import IGNORABLE_ERRORS, Rule
from flowsync.validation.rules.files import NEVER_IGNORED


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """The part of a file that shows the point, and what the checks say about it.

    `lines` begin with line `first_line` of the file at `path`; `findings` are those of the rule,
    none in an example that passes.
    """

    path: str
    first_line: int
    lines: tuple[str, ...]
    findings: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A rule with its text for authors and its two tested examples.

    `failing` is None where nothing can break the rule as things are today. `passes_in` are the
    versions in which the platform lets the fault pass; `can_be_ignored` tells whether an `ignore`
    for it has an effect in all versions.
    """

    rule: Rule
    group: str
    about: str
    failing: Example | None
    passing: Example

    @property
    def passes_in(self) -> tuple[str, ...]:
        """Give the versions in which the platform lets the fault pass, in order."""
        return tuple(sorted(self.rule.skipped_in))

    @property
    def can_be_ignored(self) -> bool:
        """Tell whether findings of the rule may be ignored: warnings about flows."""
        is_warning = self.rule.severity is Severity.WARNING
        return (
            is_warning and self.rule.id not in NEVER_IGNORED
        ) or self.rule.id in IGNORABLE_ERRORS

    @property
    def is_about_files(self) -> bool:
        """Tell whether the rule is about files of the repository, not about their Flow JSON."""
        return self.rule.id < "FS1"
