"""The frame that all JUnit reports share: one suite of tests, and what came of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree

from flowsync.render.xml_text import xml_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why a test failed or is in error: the kind in a word, the message, and all of it in lines."""

    type: str
    message: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One test: its name, the kind of what was tested, its file, and what came of it.

    `errors` say why it could not be carried out, `skipped` why it was not begun. `output` are lines
    that do not make it fail.
    """

    name: str
    kind: str = ""
    file: str | None = None
    failures: tuple[Fault, ...] = ()
    errors: tuple[Fault, ...] = ()
    skipped: str = ""
    output: tuple[str, ...] = ()


def junit_text(suite_name: str, cases: Iterable[Case], *, output: Iterable[str] = ()) -> str:
    """Give a suite of tests as XML, in ASCII; `output` are lines about all of them."""
    cases = tuple(cases)
    root = ElementTree.Element("testsuites", name=suite_name)
    suite = ElementTree.SubElement(root, "testsuite", name=suite_name)
    for case in cases:
        _add_case(suite, case)
    _add_output(suite, tuple(output))
    for element in (root, suite):
        element.set("tests", str(len(cases)))
        element.set("failures", str(sum(bool(case.failures) for case in cases)))
        element.set("errors", str(sum(bool(case.errors) for case in cases)))
        element.set("skipped", str(sum(bool(case.skipped) for case in cases)))
    ElementTree.indent(root)
    text: bytes = ElementTree.tostring(root, "us-ascii", xml_declaration=True)
    return text.decode("ascii") + "\n"


def _add_case(suite: ElementTree.Element, case: Case) -> None:
    named = f"flowsync.{case.kind}" if case.kind else "flowsync"
    element = ElementTree.SubElement(suite, "testcase", classname=named)
    element.set("name", xml_text(case.name))
    if case.file is not None:
        element.set("file", xml_text(case.file))
    if case.skipped:
        ElementTree.SubElement(element, "skipped").set("message", xml_text(case.skipped))
    for fault in case.failures:
        _add_fault(element, "failure", fault)
    for fault in case.errors:
        _add_fault(element, "error", fault)
    _add_output(element, case.output)


def _add_fault(parent: ElementTree.Element, tag: str, fault: Fault) -> None:
    element = ElementTree.SubElement(parent, tag)
    element.set("message", xml_text(fault.message))
    element.set("type", xml_text(fault.type))
    element.text = "\n".join(map(xml_text, fault.lines))


def _add_output(parent: ElementTree.Element, lines: tuple[str, ...]) -> None:
    if lines:
        ElementTree.SubElement(parent, "system-out").text = "\n".join(map(xml_text, lines))
