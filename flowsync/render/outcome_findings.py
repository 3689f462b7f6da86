"""How an apply ended as findings about files, for code scanning and for remarks beside lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flowsync.apply.outcome import Outcome
from flowsync.diagnostics import Diagnostic, RuleInfo, Severity, about_file
from flowsync.model import FlowKey
from flowsync.render.outcome_text import Located

RULES = {
    "apply-incomplete": RuleInfo(
        summary="Each flow is brought in step",
        severity=Severity.ERROR,
        source="https://flowsync.dev",
    )
}


def outcome_findings(
    outcome: Outcome, located: Located, paths: Mapping[FlowKey, tuple[str, ...]], config: str
) -> Iterator[Diagnostic]:
    """Give what the platform finds, at its place, and each flow that was not brought in step.

    `paths` are the files of each flow, the definition first; a flow without one stands at `config`.
    """
    for flow in outcome.flows:
        yield from located.get(flow.key, ())
        if flow.result.is_fine:
            continue
        files = paths.get(flow.key, ()) if flow.key else ()
        message = f"{flow.label}: {flow.result.value}. {flow.message}".rstrip()
        yield about_file(files[0] if files else config, "apply-incomplete", message, "")
