"""The rules of validate as a SARIF report names them."""

from __future__ import annotations

from flowsync.diagnostics import RuleInfo


def rule_infos() -> dict[str, RuleInfo]:
    """Give what a report says of each rule, by id; imports the rules."""
    from flowsync.validation.catalogue import CATALOGUE

    return {
        rule.id: RuleInfo(summary=rule.summary, severity=rule.severity, source=rule.source)
        for rule in CATALOGUE.values()
    }
