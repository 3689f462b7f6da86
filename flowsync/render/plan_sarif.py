"""What is wrong with a plan as SARIF 2.1.0, for code scanning services: at the definitions' files.

A plan knows flows, not lines, so that each result stands at the start of its file.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping

from flowsync.diagnostics import START_OF_FILE
from flowsync.model import FlowKey, JsonValue
from flowsync.plan.values import Plan
from flowsync.render.plan_findings import PlanFinding, plan_findings
from flowsync.render.sarif import physical_location, sarif_document

_FINGERPRINT = "flowsyncPlan/v1"
_MOST_LOCATIONS = 100  # services take a limited number, and show one


def plan_to_sarif(
    plan: Plan, files: Mapping[FlowKey, str], *, version: str, config: str | None = None
) -> dict[str, JsonValue]:
    """Give conflicts, failed rehearsals, blocks and results of the policy as one run.

    `files` are the paths of the definitions, `config` that of flowsync.yaml, where there is one:
    what is about no definition stands there. `version` is that of flowsync.
    """
    found = list(plan_findings(plan))
    summaries = dict(sorted({finding.rule: finding.summary for finding in found}.items()))
    rules: list[dict[str, JsonValue]] = [
        {"id": rule, "shortDescription": {"text": summary}} for rule, summary in summaries.items()
    ]
    numbers = {rule: number for number, rule in enumerate(summaries)}
    seen: Counter[str] = Counter()
    results: list[dict[str, JsonValue]] = []
    for finding in found:
        mark = _mark(plan, finding)
        seen[mark] += 1
        results.append(
            {
                "ruleId": finding.rule,
                "ruleIndex": numbers[finding.rule],
                "level": finding.severity.value,
                "message": {"text": finding.message},
                "locations": _locations(finding, files, config),
                "partialFingerprints": {
                    _FINGERPRINT: mark if seen[mark] == 1 else f"{mark}:{seen[mark]}"
                },
                "properties": {"target": plan.target, "flows": _labels(finding)},
            }
        )
    return sarif_document(rules, results, version=version)


def _labels(finding: PlanFinding) -> list[JsonValue]:
    return [change.label for change in finding.changes]


def _locations(
    finding: PlanFinding, files: Mapping[FlowKey, str], config: str | None
) -> list[JsonValue]:
    keys = [change.key for change in finding.changes if change.key is not None]
    paths = [files[key] for key in keys if key in files]
    if not paths and config is not None:
        paths = [config]
    return [
        {"physicalLocation": physical_location(path, START_OF_FILE)}
        for path in dict.fromkeys(paths[:_MOST_LOCATIONS])
    ]


def _mark(plan: Plan, finding: PlanFinding) -> str:
    """Give what stays the same from one plan to the next."""
    material = "\0".join((plan.target, finding.rule, finding.subject))
    return hashlib.sha256(material.encode("utf-8", "surrogatepass")).hexdigest()
