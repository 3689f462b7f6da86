"""Findings about files as JUnit XML, which CI services show as tests: a test for each flow."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from xml.etree import ElementTree

from flowsync.diagnostics import Diagnostic, Severity, Subject
from flowsync.render.diagnostics_text import plain_line, rule_label, whole_message
from flowsync.render.style import clean

_SUITE = "flowsync validate"
_NOT_XML = re.compile("[\ufffe\uffff]")  # of what `clean` lets through; XML 1.0, section 2.2


def render_junit(
    diagnostics: Iterable[Diagnostic], subjects: Sequence[Subject], *, is_strict: bool
) -> str:
    """Give a suite with a test for each subject, and for each other file that has findings.

    An error fails its test, a warning only with `is_strict`; otherwise it is output of the test.
    """
    found = list(diagnostics)
    cases = [*subjects, *_other_files(found, subjects)]
    root = ElementTree.Element("testsuites", name=_SUITE)
    suite = ElementTree.SubElement(root, "testsuite", name=_SUITE)
    failures = 0
    by_path: dict[str, list[Diagnostic]] = {}
    for finding in found:
        by_path.setdefault(finding.path, []).append(finding)
    for subject in cases:
        own = [finding for file in subject.files for finding in by_path.get(file, ())]
        failures += _add_case(suite, subject, own, is_strict)
    for element in (root, suite):
        element.set("tests", str(len(cases)))
        element.set("failures", str(failures))
        element.set("errors", "0")
    return junit_document(root)


def junit_document(root: ElementTree.Element) -> str:
    """Give the text of a document, indented and in ASCII."""
    ElementTree.indent(root)
    text: bytes = ElementTree.tostring(root, "us-ascii", xml_declaration=True)
    return text.decode("ascii") + "\n"


def _other_files(found: Iterable[Diagnostic], subjects: Iterable[Subject]) -> list[Subject]:
    """Give the files with findings that belong to none of the subjects, such as flowsync.yaml."""
    known = {file for subject in subjects for file in subject.files}
    others = dict.fromkeys(finding.path for finding in found if finding.path not in known)
    return [Subject(name=path, files=(path,), is_flow=False) for path in others]


def _add_case(
    suite: ElementTree.Element, subject: Subject, found: Iterable[Diagnostic], is_strict: bool
) -> bool:
    """Add a test with its findings, and tell whether it fails."""
    kind = "flow" if subject.is_flow else "file"
    case = ElementTree.SubElement(suite, "testcase", classname=f"flowsync.{kind}")
    case.set("name", xml_text(subject.name))
    if subject.files:
        case.set("file", xml_text(subject.files[0]))
    said: list[str] = []
    for finding in found:
        if finding.severity is Severity.ERROR or is_strict:
            failure = ElementTree.SubElement(case, "failure")
            failure.set("message", xml_text(whole_message(finding)))
            failure.set("type", xml_text(rule_label(finding)))
            failure.text = xml_text(plain_line(finding))
        else:
            said.append(xml_text(plain_line(finding)))
    if said:
        ElementTree.SubElement(case, "system-out").text = "\n".join(said)
    return case.find("failure") is not None


def xml_text(text: str) -> str:
    """Give text without the characters that XML cannot hold."""
    return _NOT_XML.sub("\ufffd", clean(text))
