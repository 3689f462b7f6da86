"""Rules as text for people and for reading by machine: the list, explanations, the versions."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence

from flowsync.diagnostics import Severity, Span
from flowsync.model import JsonValue
from flowsync.render.diagnostics_json import diagnostics_to_json
from flowsync.render.diagnostics_text import render_diagnostics
from flowsync.render.style import Style, clean
from flowsync.validation.explanation import Example, Explanation
from flowsync.validation.rules import Rule
from flowsync.validation.versions import FlowVersion

WIDTH = 88
NOT_BROKEN = "As things are today, nothing breaks this rule."


def render_rules(groups: Mapping[str, Sequence[Rule]], style: Style) -> str:
    """Give a table of rules under their headings."""
    rules = [rule for group in groups.values() for rule in group]
    width = max(len(rule.summary) for rule in rules)
    lines: list[str] = []
    for heading, group in groups.items():
        lines += [*([""] if lines else []), style.strong(heading)]
        for rule in group:
            name = rule.severity.value.ljust(len("warning"))
            severity = style.changed(name) if rule.severity is Severity.WARNING else name
            row = f"  {rule.id}  {severity}  {rule.summary.ljust(width)}  {rule.code or ''}"
            lines.append(row.rstrip())
    lines += ["", "`flowsync rules FS203` explains one of them."]
    return "\n".join(lines) + "\n"


def render_explanations(explanations: Iterable[Explanation], style: Style) -> str:
    """Give explanations of rules one below the other, with their examples."""
    return "\n".join("\n".join(_explanation(one, style)) + "\n" for one in explanations)


def render_versions(versions: Iterable[FlowVersion], style: Style) -> str:
    """Give the Flow JSON versions with their status and what each changed."""
    lines: list[str] = []
    for version in versions:
        since = version.first_listed or "-"
        status = version.status.value.ljust(8)
        head = f"{version.text:<5} {status}  {since:<10}  {version.headline}"
        lines.append(style.strong(head) if version.data_api_versions else style.quiet(head))
        if version.freezes_on is not None:
            lines.append(style.changed(f"      frozen from {version.freezes_on} on"))
        lines += [f"      {change.kind.value}: {change.text}" for change in version.changes]
    return "\n".join(lines) + "\n"


def facts(explanation: Explanation) -> Iterator[tuple[str, str]]:
    """Give what is known about a rule beside its text, each with its name."""
    rule = explanation.rule
    yield "severity", rule.severity.value
    no_code = "it never gets there" if explanation.is_about_files else "it accepts the flow"
    yield "platform code", rule.code or f"none: {no_code}"
    if not explanation.is_about_files:
        since = "all that are accepted" if rule.since == "5.1" else f"from {rule.since} on"
        let_pass = ", ".join(explanation.passes_in)
        but = f"; a warning in {let_pass}, which let it pass" if let_pass else ""
        yield "versions", since + but
    yield "can be ignored", _ignoring(explanation)
    yield "source", rule.source


def rules_to_json(groups: Mapping[str, Sequence[Rule]]) -> list[JsonValue]:
    """Give the list of rules for reading by machine."""
    return [_rule_to_json(rule, name) for name, group in groups.items() for rule in group]


def explanations_to_json(explanations: Iterable[Explanation]) -> list[JsonValue]:
    """Give explanations of rules for reading by machine."""
    return [
        {
            **_rule_to_json(one.rule, one.group),
            "can_be_ignored": one.can_be_ignored,
            "about": one.about,
            "failing": None if one.failing is None else _example_to_json(one.failing),
            "passing": _example_to_json(one.passing),
        }
        for one in explanations
    ]


def versions_to_json(versions: Iterable[FlowVersion]) -> list[JsonValue]:
    """Give the Flow JSON versions for reading by machine."""
    return [
        {
            "version": version.text,
            "status": version.status.value,
            "first_listed": version.first_listed,
            "freezes_on": None if version.freezes_on is None else version.freezes_on.isoformat(),
            "headline": version.headline,
            "data_api_versions": [*version.data_api_versions],
            "changes": [{"kind": one.kind.value, "text": one.text} for one in version.changes],
        }
        for version in versions
    ]


def _explanation(one: Explanation, style: Style) -> Iterator[str]:
    yield style.strong(f"{one.rule.id}  {one.rule.summary}")
    for name, text in facts(one):
        yield f"  {style.quiet(name.ljust(14))}  {text}"
    yield ""
    yield textwrap.fill(one.about, WIDTH, break_long_words=False, break_on_hyphens=False)
    yield ""
    if one.failing is None:
        yield NOT_BROKEN
    else:
        yield style.bad("This fails:")
        yield render_diagnostics(one.failing.findings, style).rstrip("\n")
        yield from _numbered(one.failing, style)
    yield ""
    yield style.good(f"This passes, in {clean(one.passing.path)}:")
    yield from _numbered(one.passing, style)


def _numbered(example: Example, style: Style) -> Iterator[str]:
    """Give the lines of an example with their numbers, and carets below what was found."""
    spans = [finding.span for finding in example.findings]
    for number, line in enumerate(example.lines, start=example.first_line):
        yield f"{style.quiet(f'{number:>5} |')} {clean(line)}".rstrip()
        for span in spans:
            if span.line == span.end_line == number:
                yield f"{style.quiet('      |')} {_carets(span, line, style)}"


def _carets(span: Span, line: str, style: Style) -> str:
    end = min(span.end_column, len(line) + 1)
    return " " * (span.column - 1) + style.bad("^" * max(end - span.column, 1))


def _ignoring(explanation: Explanation) -> str:
    if explanation.can_be_ignored:
        return "yes, with a reason"
    if explanation.is_about_files:
        is_warning = explanation.rule.severity is Severity.WARNING
        return "no: remove the entry instead" if is_warning else "no: the files could not be used"
    if explanation.passes_in:
        return "only in the versions that let it pass; elsewhere the platform refuses it"
    return "no: the platform refuses it"


def _rule_to_json(rule: Rule, group: str) -> dict[str, JsonValue]:
    return {
        "id": rule.id,
        "group": group,
        "summary": rule.summary,
        "severity": rule.severity.value,
        "code": rule.code,
        "since": rule.since,
        "passes_in": [*sorted(rule.skipped_in)],
        "source": rule.source,
    }


def _example_to_json(example: Example) -> dict[str, JsonValue]:
    return {
        "path": example.path,
        "first_line": example.first_line,
        "lines": [*example.lines],
        "findings": [*diagnostics_to_json(example.findings)],
    }
