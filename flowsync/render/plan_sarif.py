"""What is wrong with a plan as SARIF 2.1.0, for code scanning services: at the definitions' files.

A plan knows flows, not lines, so that each result stands at the start of its file.
"""

from __future__ import annotations

from collections.abc import Mapping

from flowsync.diagnostics import START_OF_FILE
from flowsync.model import FlowKey, JsonValue
from flowsync.plan.values import Plan
from flowsync.render.plan_findings import PlanFinding, plan_findings
from flowsync.render.sarif import fingerprints, physical_location, sarif_document

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
    marks = fingerprints((plan.target, one.rule, one.subject) for one in found)
    results: list[dict[str, JsonValue]] = [
        {
            "ruleId": finding.rule,
            "ruleIndex": numbers[finding.rule],
            "level": finding.severity.value,
            "message": {"text": finding.message},
            "locations": _locations(finding, files, config),
            "partialFingerprints": {_FINGERPRINT: mark},
            "properties": {"target": plan.target, "flows": _labels(finding)},
        }
        for finding, mark in zip(found, marks, strict=True)
    ]
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
