"""The pages that are looked at: one of each kind, with everything in it, and nasty names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from flowsync.diagnostics import Diagnostic, RuleInfo, Severity, Span, Subject
from flowsync.errors import ExitCode
from flowsync.ignoring import Ignored
from flowsync.model import FlowKey, StepKind
from flowsync.plan.values import Plan, Rehearsal, RehearsalProblem
from flowsync.policy_rules import Effect, PolicyResult
from flowsync.render.diff_text import render_diff
from flowsync.render.excerpt import Excerpts
from flowsync.render.failure import Failure
from flowsync.render.html.diagnostics import render_validation_html
from flowsync.render.html.failure import render_failure_html
from flowsync.render.html.outcome import render_outcome_html
from flowsync.render.html.plan import render_plan_html
from flowsync.screen_graph import compare_graphs, read_graph
from tests.render.golden import ALL_NASTY, NASTY, PLAIN
from tests.render.test_outcome_text import every_result, located
from tests.render.test_plan_text import rich_plan
from tests.support import flow_json

MADE_AT = "2026-11-24 21:30 UTC"
MARKUP = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>&lt;\"'--><style>*{color:red}</style>"
)
RULES = {
    "FS206": RuleInfo(
        summary="Every screen is reachable",
        severity=Severity.ERROR,
        source="https://developers.facebook.com/docs/whatsapp/flows/reference/flowjson",
    ),
    "FS011": RuleInfo(
        summary="The file fits its schema", severity=Severity.ERROR, source="`flowsync schema flow`"
    ),
}


def a_plan_page(nasty: str = MARKUP) -> str:
    """Give a plan with every kind of thing in it."""
    diff = render_diff(f"{nasty}.json", f"{{\n  {nasty}\n}}\n", "{\n}\n", PLAIN)
    before, after = (read_graph(flow_json(screen=name)) for name in ("OLD", nasty))
    return render_plan_html(
        nasty_rehearsal(rich_plan(), nasty),
        graphs={FlowKey("content"): compare_graphs(before, after)},
        diffs={FlowKey("content"): diff},
        remark=f"A remark about {nasty}.",
        made_at=MADE_AT,
    )


def nasty_rehearsal(plan: Plan, nasty: str) -> Plan:
    """Give a plan that cannot be trusted, for reasons that somebody else wrote."""
    problem = RehearsalProblem(label=nasty, step=StepKind.UPLOAD, message=f"it says {nasty}")
    return replace(
        plan,
        target=nasty,
        policy=tuple(
            PolicyResult(
                effect=effect,
                number=number,
                id=nasty,
                key=None,
                label=nasty,
                words=("publish",),
                message=f"it says {nasty}",
                way_out=f"Ask {nasty}." if effect is Effect.DENY else "",
                is_timed=number == 2,
            )
            for number, effect in enumerate((Effect.DENY, Effect.DENY, Effect.WARN), 1)
        ),
        listing_doubts=(f"page 2 was {nasty}",),
        rehearsal=Rehearsal(problems=(problem,)),
    )


def an_outcome_page(nasty: str = MARKUP) -> str:
    """Give an outcome with every result, and findings of the platform."""
    outcome = replace(every_result(), target=nasty, unrecorded=f"the disk is {nasty}")
    return render_outcome_html(outcome, located(outcome), flowsync_version="1.2.3", made_at=MADE_AT)


def findings(nasty: str) -> tuple[Diagnostic, ...]:
    """Give findings with and without a place, a rule, a code, and a way to mend them."""
    span = Span(line=2, column=3, end_line=2, end_column=7)
    error = Diagnostic(
        path=f"flows/{nasty}.json",
        span=span,
        rule="FS206",
        code="INVALID_ROUTING_MODEL",
        message=f'screen "{nasty}" is not reachable.',
        fix=f"Add `{nasty}` to routing_model.",
    )
    return (
        error,
        replace(error, severity=Severity.WARNING, code=None, fix=""),
        Diagnostic(path="flowsync.yaml", span=span, rule="FS011", message=f"{nasty}"),
        Diagnostic(path="flows/other.json", span=span, rule="", code=nasty, message="No rule."),
    )


def a_validation_page(nasty: str = MARKUP) -> str:
    """Give a report with errors and warnings in several files, and one that was ignored."""
    found = findings(nasty)
    path = found[0].path
    return render_validation_html(
        found,
        (Subject(name=nasty, files=(path,)), Subject(name="x", files=("x",), is_flow=False)),
        rules=RULES,
        is_valid=False,
        flowsync_version="1.2.3",
        excerpts=Excerpts({path: f'{{\n  "{nasty}": 1\n}}\n'}),
        ignored=(Ignored(finding=found[1], reason=f"because {nasty}"),),
        made_at=MADE_AT,
    )


def a_failure_page(nasty: str = MARKUP) -> str:
    """Give a run that ended by an error."""
    failure = Failure(
        command="plan",
        message=f"the remote says {nasty}.\n\nTry again.",
        exit_code=ExitCode.REMOTE_UNREADABLE,
        findings=findings(nasty),
    )
    return render_failure_html(failure, rules=RULES, flowsync_version="1.2.3", made_at=MADE_AT)


PAGES: Mapping[str, Callable[[str], str]] = {
    "plan": a_plan_page,
    "outcome": an_outcome_page,
    "validation": a_validation_page,
    "failure": a_failure_page,
}
EVERYTHING_NASTY = f"{MARKUP} {ALL_NASTY} {NASTY['turned']}"
