"""Explains rules by what they find in their own tested examples.

The messages shown are not written down anywhere: they come from checking the example.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from flowsync.diagnostics import START_OF_FILE, Diagnostic, Span
from flowsync.model import JsonValue, mapping_in
from flowsync.render.json_text import readable_json
from flowsync.sources import Document, Pointer, parse_json
from flowsync.validation.case_files import read_cases
from flowsync.validation.catalogue import group_of
from flowsync.validation.explanation import Example, Explanation
from flowsync.validation.findings import placed
from flowsync.validation.flow_json import check_flow_json
from flowsync.validation.rules import Rule

FLOW_FILE = "flow.json"
MAX_LINES = 24
MAX_TEXT = 400
WIDTH = 88
_MAX_FINDINGS = 3
_CONFIG = "flowsync.yaml"


def explain(rule: Rule) -> Explanation:
    """Give everything there is to say about a rule."""
    cases = read_cases(rule.id)
    good = cases.passing[0]
    bad = cases.failing[0] if cases.failing else None
    examples = _of_repositories if _files(good) else _of_flows
    failing, passing = examples(rule, bad, good)
    return Explanation(
        rule=rule,
        group=group_of(rule),
        about=cases.about,
        failing=failing,
        passing=passing,
    )


def _of_flows(rule: Rule, bad: JsonValue, good: JsonValue) -> tuple[Example, Example]:
    document = _written(_shortened(bad))
    findings = _of_rule(rule, placed(check_flow_json(bad), document))
    difference = _first_difference(good, bad)
    return (
        _part(document, findings[0].pointer or (), findings),
        _part(_written(_shortened(good)), difference, ()),
    )


def _of_rule(rule: Rule, found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Give the first findings of a rule; its example has one, or the case file is wrong."""
    findings = tuple(finding for finding in found if finding.rule == rule.id)
    if not findings:
        raise ValueError(f"the first failing example of {rule.id} has no such finding")
    return findings[:_MAX_FINDINGS]


def _shortened(value: JsonValue) -> JsonValue:
    """Give a value as it can be read: with long texts, such as images, cut short."""
    if isinstance(value, dict):
        return {key: _shortened(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_shortened(inner) for inner in value]
    is_long = isinstance(value, str) and len(value) > MAX_TEXT
    return f"{value[:20]}… ({len(value):,} characters)" if is_long else value  # type: ignore[index,arg-type]


def _written(flow: JsonValue) -> Document:
    """Give a flow as a file; one that is nested too deeply has no places."""
    text = readable_json(flow, width=WIDTH)
    document = parse_json(text, FLOW_FILE, [])
    return document or Document(path=FLOW_FILE, text=text, value=flow, locate=dict)


def _first_difference(one: JsonValue, other: JsonValue) -> Pointer:
    """Give the place in `one` of the smallest part that all differences to `other` are in."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() >= other.keys():
        keys: list[str | int] = [key for key in one if one[key] != other.get(key)]
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        keys = [index for index, entry in enumerate(one) if entry != other[index]]
    else:
        return ()
    if len(keys) != 1:
        return ()
    mine, theirs = _entry(one, keys[0]), _entry(other, keys[0])
    return (keys[0], *_first_difference(mine, theirs))


def _entry(value: JsonValue, key: str | int) -> JsonValue:
    """Give an entry of an object or array, null where there is none."""
    if isinstance(value, dict):
        return value.get(str(key))
    return value[int(key)] if isinstance(value, list) else None


def _part(document: Document, pointer: Pointer, findings: tuple[Diagnostic, ...]) -> Example:
    """Give the largest part around a place that is short enough to be read."""
    lines = document.text.splitlines()
    whole = Span(line=1, column=1, end_line=len(lines), end_column=1)
    spans = [document.span(pointer[:depth]) for depth in range(1, len(pointer) + 1)]
    around = [whole, *spans]
    fitting = (span for span in around if span.end_line - span.line < MAX_LINES)
    span = next(fitting, around[-1])
    last = min(span.end_line, span.line + MAX_LINES - 1)
    return _example(document.path, lines, span.line, last, findings)


def _example(
    path: str, lines: list[str], first: int, last: int, findings: tuple[Diagnostic, ...]
) -> Example:
    return Example(
        path=path,
        first_line=first,
        lines=tuple(map(_cut, lines[first - 1 : last])),
        findings=findings,
    )


def _cut(line: str) -> str:
    """Give a line without most of an image in it."""
    return line if len(line) <= MAX_TEXT else f"{line[:WIDTH]}…"


def _of_repositories(rule: Rule, bad: JsonValue, good: JsonValue) -> tuple[Example | None, Example]:
    bad_files, good_files = _files(bad), _files(good)
    if not bad_files:  # nothing can break the rule as things are today
        path, text = next(iter(good_files.items()))
        return None, _around(path, text, START_OF_FILE, ())
    findings = _of_rule(rule, check_repository(bad_files))
    path = findings[0].path
    differing = [each for each, text in good_files.items() if text != bad_files.get(each)]
    shown = path if path in differing else differing[0]
    return (
        _around(path, bad_files.get(path, ""), findings[0].span, findings),
        _around(shown, good_files[shown], findings[0].span, ()),
    )


def _files(repository: JsonValue) -> dict[str, str]:
    files = mapping_in(mapping_in(repository).get("files"))
    return {path: str(text) for path, text in files.items()}


def _around(path: str, text: str, span: Span, findings: tuple[Diagnostic, ...]) -> Example:
    lines = text.removeprefix("\ufeff").splitlines()
    first = 1 if len(lines) <= MAX_LINES else max(1, span.line - MAX_LINES // 2)
    return _example(path, lines, first, first + MAX_LINES - 1, findings)


def check_repository(files: dict[str, str]) -> tuple[Diagnostic, ...]:
    """Give what `flowsync validate` finds in a repository of these files, with no variables set."""
    from flowsync.workspace import FilesWrong, load_workspace, open_target

    with tempfile.TemporaryDirectory(prefix="flowsync-") as folder:
        root = Path(folder)
        for path, text in {_CONFIG: "version: 1\n", **files}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(text.encode("utf-8"))
            (root / path).chmod(0o644)  # also where the umask is stricter than usual
        opened = open_target(root / _CONFIG, None, {}, read_only=True)
        if isinstance(opened, FilesWrong):
            found = opened.diagnostics
        else:
            found = load_workspace(*opened, {}, ()).diagnostics
        return tuple(_without(finding, root) for finding in found)


def _without(finding: Diagnostic, root: Path) -> Diagnostic:
    """Give a finding without the temporary folder in its texts."""
    before = f"{root.as_posix()}/"
    return replace(
        finding,
        path=finding.path.replace(before, ""),
        message=finding.message.replace(before, ""),
        fix=finding.fix.replace(before, ""),
    )
