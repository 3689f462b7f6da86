"""How an apply ended, as JUnit XML, which CI services show as tests: a test for each flow."""

from __future__ import annotations

from xml.etree import ElementTree

from flowsync.apply.outcome import FlowOutcome, Outcome, Result
from flowsync.render.diagnostics_text import plain_line
from flowsync.render.junit import junit_document, xml_text
from flowsync.render.outcome_text import Located

_SUITE = "flowsync apply"
_FINE = {Result.APPLIED, Result.UNCHANGED}


def render_outcome_junit(outcome: Outcome, located: Located) -> str:
    """Give a suite with a test for each flow: failed where it could not be brought in step.

    A flow that was not begun is skipped. Warnings and steps are output of the test.
    """
    root = ElementTree.Element("testsuites", name=_SUITE)
    suite = ElementTree.SubElement(root, "testsuite", name=_SUITE)
    for flow in outcome.flows:
        _add_case(suite, flow, located)
    for element in (root, suite):
        element.set("tests", str(len(outcome.flows)))
        element.set("failures", str(len(suite.findall("testcase/failure"))))
        element.set("errors", "0")
        element.set("skipped", str(len(suite.findall("testcase/skipped"))))
    return junit_document(root)


def _add_case(suite: ElementTree.Element, flow: FlowOutcome, located: Located) -> None:
    case = ElementTree.SubElement(suite, "testcase", classname="flowsync.flow")
    case.set("name", xml_text(flow.label))
    if flow.flow_json_path:
        case.set("file", xml_text(flow.flow_json_path))
    message = xml_text(flow.message or flow.result.value)
    if flow.result is Result.NOT_STARTED:
        ElementTree.SubElement(case, "skipped").set("message", message)
    elif flow.result not in _FINE:
        failure = ElementTree.SubElement(case, "failure", type=flow.result.value, message=message)
        found = [xml_text(plain_line(finding)) for finding in located.get(flow.key, ())]
        failure.text = "\n".join([message, *found])
    said = [f"{step.kind.value}: {step.result.value}" for step in flow.steps]
    said += [f"warning: {warning}" for warning in flow.warnings]
    if said:
        ElementTree.SubElement(case, "system-out").text = "\n".join(map(xml_text, said))
