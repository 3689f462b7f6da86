"""The rule reference in Markdown: all rules with their examples, and all versions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from flowsync.diagnostics import Diagnostic
from flowsync.render.rules_text import NOT_BROKEN, facts
from flowsync.validation.explanation import Example, Explanation
from flowsync.validation.versions import FlowVersion

_INTRODUCTION = """\
# Rules

What `flowsync validate` checks. `flowsync rules FS203` shows the same in a terminal. The messages
below the examples are those that the checks give; a test keeps this page as the rules are.

An error is what the platform refuses, or what keeps flowsync from reading a file. A warning is what
it accepts and what then goes wrong on the phone; `--strict` makes warnings count as errors.
"""
_VERSIONS = """\
## Versions of Flow JSON

Accepted versions can be uploaded and published. Flows that were published in a frozen version still
work, but cannot be changed. Internal versions were never offered to everybody.
"""
_NOTE = "<!-- Made by `python -m tests.generate`; do not edit. -->\n"


def render_reference(explanations: Iterable[Explanation], versions: Sequence[FlowVersion]) -> str:
    """Give the page with all rules, in the order given, and all versions."""
    explained = list(explanations)
    lines = [_NOTE, _INTRODUCTION, *_contents(explained)]
    group = ""
    for one in explained:
        if one.group != group:
            group = one.group
            lines.append(f"## {group}\n")
        lines += _section(one)
    lines += [_VERSIONS, *_version_table(versions), *_changes(versions)]
    return "\n".join(lines).rstrip("\n") + "\n"


def _contents(explanations: Sequence[Explanation]) -> Iterator[str]:
    yield "| rule | severity | what it asks for |"
    yield "| --- | --- | --- |"
    for one in explanations:
        rule = one.rule
        yield f"| [{rule.id}](#{rule.id.lower()}) | {rule.severity.value} | {_cell(rule.summary)} |"
    yield ""


def _section(one: Explanation) -> Iterator[str]:
    yield f"### {one.rule.id}\n"
    yield f"**{_escaped(one.rule.summary)}.** {_escaped(one.about)}\n"
    for name, text in facts(one):
        code = name == "platform code" and one.rule.code is not None
        yield f"- {name}: {f'`{text}`' if code else text}"
    yield ""
    if one.failing is None:
        yield f"{NOT_BROKEN}\n"
    else:
        yield f"Fails ({_place(one.failing)}):\n"
        yield from _block(one.failing)
        for finding in one.failing.findings:
            yield from _block_quote(finding)
    yield f"Passes ({_place(one.passing)}):\n"
    yield from _block(one.passing)


def _place(example: Example) -> str:
    return f"`{example.path}` from line {example.first_line} on"


def _block(example: Example) -> Iterator[str]:
    """Give an example as a fenced block, without the white space that all its lines begin with."""
    depth = min((len(line) - len(line.lstrip()) for line in example.lines if line), default=0)
    yield f"```{'json' if example.path.endswith('.json') else 'yaml'}"
    yield from (line[depth:] for line in example.lines)
    yield "```\n"


def _block_quote(finding: Diagnostic) -> Iterator[str]:
    place = f"{finding.path}:{finding.span.line}:{finding.span.column}"
    yield f"> `{place}`: {_escaped(finding.message)} {_escaped(finding.fix)}\n"


def _version_table(versions: Sequence[FlowVersion]) -> Iterator[str]:
    yield "| version | status | first listed | data_api_version | what it is known for |"
    yield "| --- | --- | --- | --- | --- |"
    for version in reversed(versions):
        listed = version.first_listed or "–"
        if version.freezes_on is not None:
            listed = f"{listed}, frozen from {version.freezes_on} on"
        protocols = ", ".join(version.data_api_versions) or "–"
        cells = (version.text, version.status.value, listed, protocols, _cell(version.headline))
        yield f"| {' | '.join(cells)} |"
    yield ""


def _changes(versions: Sequence[FlowVersion]) -> Iterator[str]:
    for version in reversed(versions):
        if version.changes:
            yield f"### {version.text}\n"
            for change in version.changes:
                yield f"- {change.kind.value}: {_escaped(change.text)}"
            yield ""


def _cell(text: str) -> str:
    return _escaped(text).replace("|", "\\|")


def _escaped(text: str) -> str:
    """Give text that Markdown shows as it is."""
    return "".join(f"\\{char}" if char in "\\`*_<>[]$" else char for char in text)
