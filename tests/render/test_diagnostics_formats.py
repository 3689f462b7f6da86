"""Findings in the formats of CI services: workflow commands, SARIF, JUnit."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsync.diagnostics import Diagnostic, RuleInfo, Severity, Span, Subject
from flowsync.render.diagnostics_github import render_github
from flowsync.render.diagnostics_json import validation_to_json
from flowsync.render.diagnostics_junit import render_junit
from flowsync.render.diagnostics_sarif import diagnostics_to_sarif
from flowsync.validation.schema import fits
from tests.render.golden import ALL_NASTY, NASTY, check_golden, nasty_names

SARIF = json.loads(
    (Path(__file__).parent.parent / "schemas" / "sarif-schema-2.1.0.json").read_text("utf-8")
)
SARIF_VALIDATOR = jsonschema.Draft4Validator(
    SARIF, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER
)
RULES = {
    "FS301": RuleInfo(
        summary="Components are known", severity=Severity.ERROR, source="https://example.com/rules"
    )
}
ERROR = Diagnostic(
    path="flows/booking.json",
    span=Span(line=14, column=7, end_line=14, end_column=19),
    rule="FS301",
    message='there is no component "TextInputt".',
    fix='Did you mean "TextInput"?',
    code="INVALID_PROPERTY_VALUE",
    pointer=("screens", 0, "layout", "children", 2, "type"),
)
WARNING = replace(
    ERROR,
    span=Span(line=20, column=3, end_line=22, end_column=4),
    severity=Severity.WARNING,
    rule="FS999",
    code=None,
    message=f"odd, 100% {NASTY['newline']}",
    pointer=None,
)
OTHER = replace(ERROR, path="flowsync.yaml", rule="FS011", code=None, pointer=("targets", "a/b"))
FOUND = (ERROR, WARNING, OTHER)
SUBJECTS = (
    Subject(name="booking", files=("flows/booking.yaml", "flows/booking.json")),
    Subject(name="survey", files=("flows/survey.yaml",)),
    Subject(name="export.json", files=("export.json",), is_flow=False),
)

texts = st.text(max_size=30) | st.just(ALL_NASTY)
anything = st.builds(
    Diagnostic,
    path=texts,
    span=st.just(ERROR.span),
    rule=texts,
    message=texts,
    fix=texts,
    code=st.none() | texts,
    severity=st.sampled_from(Severity),
    pointer=st.none() | st.tuples(texts, st.integers(0, 9)),
)


# --- workflow commands ---


def test_findings_as_workflow_commands_read_as_expected() -> None:
    check_golden("diagnostics-github.txt", render_github(FOUND))


def test_columns_are_left_out_where_a_place_spans_lines() -> None:
    one, several, _ = render_github(FOUND).splitlines()
    assert "line=14,endLine=14,col=7,endColumn=19," in one
    assert "line=20,endLine=22,title" in several


def parsed_command(line: str) -> tuple[str, dict[str, str], str]:
    """Read a line as the runner does."""
    found = re.fullmatch(r"::(\w+) (.*?)::(.*)", line)
    assert found

    def unescaped(text: str) -> str:
        for mark, code in ((":", "%3A"), (",", "%2C"), ("\r", "%0D"), ("\n", "%0A"), ("%", "%25")):
            text = text.replace(code, mark)
        return text

    pairs = (pair.split("=", 1) for pair in found[2].split(","))
    return found[1], {name: unescaped(value) for name, value in pairs}, unescaped(found[3])


@given(st.lists(anything, max_size=3))
def test_no_text_starts_another_command_or_property(found: list[Diagnostic]) -> None:
    lines = render_github(found).splitlines()
    assert len(lines) == len(found)
    for line, finding in zip(lines, found, strict=True):
        kind, properties, _ = parsed_command(line)
        assert kind == finding.severity.value
        assert list(properties) == ["file", "line", "endLine", "col", "endColumn", "title"]


def test_what_is_escaped_reads_back_as_it_was() -> None:
    odd = replace(ERROR, path="a,b:c%25d/x=y.json", message="50%: a, b::c")
    _, properties, message = parsed_command(render_github([odd]).rstrip("\n"))
    assert properties["file"] == odd.path
    assert "50%: a, b::c" in message


# --- SARIF ---


def sarif(found: Sequence[Diagnostic]) -> Any:
    document = diagnostics_to_sarif(found, RULES, version="1.2.3")
    SARIF_VALIDATOR.validate(document)
    return json.loads(json.dumps(document))["runs"][0]


def test_findings_as_sarif_are_valid_and_name_the_rules_that_occur() -> None:
    run = sarif(FOUND)
    assert run["columnKind"] == "unicodeCodePoints"
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("flowsync", "1.2.3")
    assert driver["rules"] == [
        {"id": "FS011"},
        {
            "id": "FS301",
            "shortDescription": {"text": "Components are known"},
            "helpUri": "https://example.com/rules",
            "defaultConfiguration": {"level": "error"},
        },
        {"id": "FS999"},
    ]
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_a_sarif_result_has_place_code_and_pointer() -> None:
    result = sarif(FOUND)["results"][0]
    assert result["level"] == "error"
    assert result["message"]["text"] == f"{ERROR.message} {ERROR.fix}"
    (location,) = result["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "flows/booking.json", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 14, "startColumn": 7, "endLine": 14, "endColumn": 19},
    }
    pointer = "/screens/0/layout/children/2/type"
    assert location["logicalLocations"][0]["fullyQualifiedName"] == pointer
    assert result["properties"] == {"code": "INVALID_PROPERTY_VALUE", "pointer": pointer}


def test_no_findings_are_a_successful_run_without_results() -> None:
    run = sarif([])
    assert (run["results"], run["tool"]["driver"]["rules"]) == ([], [])
    assert run["invocations"] == [{"executionSuccessful": True}]


@pytest.mark.parametrize(
    ("path", "uri", "is_below"),
    [
        ("flows/a b.json", "flows/a%20b.json", True),
        ("<stdin>", "%3Cstdin%3E", True),
        ("flows/ü#?%.json", "flows/%C3%BC%23%3F%25.json", True),
        ("a:b.json", "a%3Ab.json", True),
        ("/tmp/a b.json", "file:///tmp/a%20b.json", False),
        ("C:/flows/a b.json", "file:///C:/flows/a%20b.json", False),
    ],
)
def test_the_address_of_a_file_is_percent_encoded(path: str, uri: str, is_below: bool) -> None:
    artifact = sarif([replace(ERROR, path=path)])["results"][0]["locations"][0]["physicalLocation"][
        "artifactLocation"
    ]
    assert artifact["uri"] == uri
    assert ("uriBaseId" in artifact) is is_below
    assert unquote(uri).endswith(path)


def fingerprints(found: Sequence[Diagnostic]) -> list[str]:
    return [
        result["partialFingerprints"]["flowsyncFinding/v1"] for result in sarif(found)["results"]
    ]


def test_a_fingerprint_stays_when_lines_move_and_changes_with_what_is_found() -> None:
    moved = replace(ERROR, span=replace(ERROR.span, line=40, end_line=40))
    assert fingerprints([moved]) == fingerprints([ERROR])
    others = [
        replace(ERROR, path="x"),
        replace(ERROR, rule="FS302"),
        replace(ERROR, message="other."),
        replace(ERROR, pointer=("screens", 1)),
    ]
    assert len(set(fingerprints([ERROR, *others]))) == 5


def test_findings_that_look_alike_have_fingerprints_of_their_own() -> None:
    moved = replace(ERROR, span=replace(ERROR.span, line=40, end_line=40))
    first, second = fingerprints([ERROR, moved])
    assert second == f"{first}:2"


@given(st.lists(anything, max_size=3))
def test_any_finding_is_valid_sarif(found: list[Diagnostic]) -> None:
    sarif(found)


# --- JUnit ---


def junit(found: Sequence[Diagnostic], *, is_strict: bool = False) -> ElementTree.Element:
    text = render_junit(found, SUBJECTS, is_strict=is_strict)
    assert text.isascii()
    return ElementTree.fromstring(text)


def test_findings_as_junit_read_as_expected() -> None:
    check_golden("diagnostics-junit.xml", render_junit(FOUND, SUBJECTS, is_strict=False))


def test_there_is_a_test_for_each_flow_and_each_other_file() -> None:
    root = junit(FOUND)
    names = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
    assert names == [
        ("flowsync.flow", "booking"),
        ("flowsync.flow", "survey"),
        ("flowsync.file", "export.json"),
        ("flowsync.file", "flowsync.yaml"),
    ]
    (suite,) = root
    assert (suite.get("tests"), suite.get("failures")) == ("4", "2")


def test_a_warning_fails_a_test_only_when_strict() -> None:
    for is_strict, failures in ((False, "0"), (True, "1")):
        root = junit([WARNING], is_strict=is_strict)
        assert root.get("failures") == failures
        assert (root.find(".//failure") is not None) is is_strict
        assert (root.find(".//system-out") is not None) is not is_strict


@given(st.lists(anything, max_size=3), st.booleans())
def test_any_finding_is_well_formed_xml(found: list[Diagnostic], is_strict: bool) -> None:
    junit(
        [*found, replace(ERROR, path="flows/survey.yaml", message=ALL_NASTY)], is_strict=is_strict
    )


# --- JSON ---


@nasty_names
def test_findings_as_json_fit_their_schema(nasty: str) -> None:
    odd = replace(ERROR, path=nasty, message=nasty, pointer=(nasty,), rule="")
    document = validation_to_json([*FOUND, odd], SUBJECTS, is_valid=False)
    assert fits(json.loads(json.dumps(document)), "validation") is None
