"""Explanations show what the checks really say, with the place that they say it about."""

from __future__ import annotations

import json
from functools import cache

import pytest

from flowsync.diagnostics import Severity
from flowsync.model import JsonValue
from flowsync.render.json_text import readable_json
from flowsync.rule_book import MAX_LINES, explain
from flowsync.validation.catalogue import CATALOGUE
from flowsync.validation.rules.files import FILE_RULES, NEVER_IGNORED

explained = cache(lambda name: explain(CATALOGUE[name]))  # each takes milliseconds
each_rule = pytest.mark.parametrize("name", CATALOGUE)
WITHOUT_PLACE = {"FS001", "FS102"}  # the file as a whole


@each_rule
def test_failing_example_is_short_and_shows_the_place_of_every_finding(name: str) -> None:
    one = explained(name)
    if one.failing is None:
        assert one.rule.id == "FS045"  # no version has a day on which it will be frozen
        return
    example = one.failing
    assert example.findings
    assert 1 <= len(example.lines) <= MAX_LINES
    last = example.first_line + len(example.lines) - 1
    for finding in example.findings:
        assert finding.rule == one.rule.id
        assert finding.path == example.path or finding.span.line == 1
        if finding is example.findings[0]:
            assert example.first_line <= finding.span.line <= last
    place = example.findings[0].span
    if one.rule.id not in WITHOUT_PLACE:
        line = example.lines[place.line - example.first_line]
        assert line[place.column - 1 :].strip()


@each_rule
def test_passing_example_is_short_and_has_no_finding(name: str) -> None:
    one = explained(name)
    assert not one.passing.findings
    assert 1 <= len(one.passing.lines) <= MAX_LINES
    if one.failing is not None and one.rule.id not in WITHOUT_PLACE | {"FS004"}:
        assert one.passing.lines != one.failing.lines


def test_examples_are_parts_of_one_whole_pair_that_differs_little() -> None:
    one = explained("FS206")
    assert one.failing is not None
    differing = [
        (bad, good)
        for bad, good in zip(one.failing.lines, one.passing.lines, strict=True)
        if bad != good
    ]
    assert len(differing) == 1
    assert "ASK_1" in differing[0][0]


def test_part_that_passes_is_the_one_that_was_mended() -> None:
    one = explained("FS250")
    assert one.failing is not None
    assert "routing_model" not in "".join(one.failing.lines)
    assert one.passing.lines == ('  "routing_model": { "ASK": ["END", "MORE"], "MORE": ["END"] }',)


def test_temporary_folder_appears_nowhere() -> None:
    for name in FILE_RULES:
        failing = explained(name).failing
        for finding in failing.findings if failing else ():
            for text in (finding.path, finding.message, finding.fix):
                assert "/tmp" not in text
                assert "flowsync-" not in text


def test_only_what_the_platform_accepts_can_be_ignored() -> None:
    for name, one in ((name, explained(name)) for name in CATALOGUE):
        is_warning = one.rule.severity is Severity.WARNING and name not in NEVER_IGNORED
        assert one.can_be_ignored == (is_warning or name == "FS112"), name
    assert explained("FS250").passes_in == ("6.3", "7.0", "7.1", "7.2")


def test_the_two_examples_of_a_rule_are_told_apart() -> None:
    for name, one in ((name, explained(name)) for name in CATALOGUE):
        if one.failing is not None and name != "FS001":  # a byte order mark, which nobody sees
            assert (one.failing.path, one.failing.lines) != (one.passing.path, one.passing.lines), (
                name
            )


NESTED: JsonValue = {"a": [1, {"b": "x" * 30, "c": []}], "d": {}, "e": "é\n"}


@pytest.mark.parametrize("width", [1, 20, 40, 60, 200])
def test_readable_json_keeps_the_value_and_the_width_where_it_can(width: int) -> None:
    text = readable_json(NESTED, width=width)
    assert json.loads(text) == NESTED
    assert text.endswith("}\n")
    if width >= 60:
        assert max(map(len, text.splitlines())) <= width


def test_readable_json_puts_what_fits_into_one_line() -> None:
    assert readable_json({"a": {"b": [1, 2]}}) == '{ "a": { "b": [1, 2] } }\n'
    assert readable_json({"a": {"b": [1, 2]}}, width=16) == (
        '{\n  "a": {\n    "b": [1, 2]\n  }\n}\n'
    )
