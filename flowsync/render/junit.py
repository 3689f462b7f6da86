"""The frame that all JUnit reports share: one suite of tests, and text that XML can hold."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree

from flowsync.render.style import clean

_NOT_XML = re.compile("[\ufffe\uffff]")  # of what `clean` lets through; XML 1.0, section 2.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a test fails: the kind in a word, the message, and the whole line for people."""

    type: str
    message: str
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One test: its name, the kind of what was tested, its file, and what came of it.

    `output` are lines that do not make it fail.
    """

    name: str
    kind: str
    file: str | None = None
    failures: tuple[Failure, ...] = ()
    output: tuple[str, ...] = ()


def junit_text(suite_name: str, cases: Iterable[Case], *, output: Iterable[str] = ()) -> str:
    """Give a suite of tests as XML; `output` are lines about all of them."""
    cases = tuple(cases)
    root = ElementTree.Element("testsuites", name=suite_name)
    suite = ElementTree.SubElement(root, "testsuite", name=suite_name)
    for case in cases:
        _add_case(suite, case)
    _add_output(suite, tuple(output))
    for element in (root, suite):
        element.set("tests", str(len(cases)))
        element.set("failures", str(sum(bool(case.failures) for case in cases)))
        element.set("errors", "0")
    return junit_document(root)


def junit_document(root: ElementTree.Element) -> str:
    """Give the text of a document, indented and in ASCII."""
    ElementTree.indent(root)
    text: bytes = ElementTree.tostring(root, "us-ascii", xml_declaration=True)
    return text.decode("ascii") + "\n"


def _add_case(suite: ElementTree.Element, case: Case) -> None:
    element = ElementTree.SubElement(suite, "testcase", classname=f"flowsync.{case.kind}")
    element.set("name", xml_text(case.name))
    if case.file is not None:
        element.set("file", xml_text(case.file))
    for failed in case.failures:
        failure = ElementTree.SubElement(element, "failure")
        failure.set("message", xml_text(failed.message))
        failure.set("type", xml_text(failed.type))
        failure.text = xml_text(failed.line)
    _add_output(element, case.output)


def _add_output(parent: ElementTree.Element, lines: tuple[str, ...]) -> None:
    if lines:
        ElementTree.SubElement(parent, "system-out").text = "\n".join(map(xml_text, lines))


def xml_text(text: str) -> str:
    """Give text without the characters that XML cannot hold."""
    return _NOT_XML.sub("\ufffd", clean(text))
