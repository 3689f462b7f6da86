"""Remote flows as text and JSON. UPDATE_GOLDEN=1 writes tests/golden/ anew."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from flowsync.model import (
    Content,
    ContentState,
    FlowId,
    FlowKey,
    Listing,
    RemoteFinding,
    RemoteFlow,
)
from flowsync.remote_findings import findings_elsewhere
from flowsync.render.diagnostics_json import diagnostics_to_json
from flowsync.render.flows_text import (
    flow_to_json,
    listing_to_json,
    render_flow,
    render_listing,
)
from flowsync.render.style import Style
from tests.plan.cases import NO_CONTENT, UNKNOWN_CONTENT, a_flow, observed
from tests.render.golden import (
    COLOURED,
    NASTY,
    PLAIN,
    check_golden,
    check_harmless,
    nasty_names,
)
from tests.support import flow_json

KEYS = {FlowId("1"): FlowKey("booking"), FlowId("300"): FlowKey("support/first-line")}
FINDINGS = (RemoteFinding(code="INVALID", message=NASTY["escape"], line=3, column=5),)
FLOW = replace(
    a_flow("Booking", "PUBLISHED", endpoint_uri="https://flows.example.com/x"),
    json_version="7.3",
    health=("the endpoint fails", f"see {NASTY['newline']}"),
    findings=FINDINGS,
)


def listing(doubts: tuple[str, ...] = ()) -> Listing:
    flows = [
        a_flow("Survey", "DEPRECATED", id="22"),
        a_flow("Booking", "PUBLISHED", id="1"),
        a_flow("First line", "SUSPENDED", id="300"),
        *(a_flow(name, id=f"9{i}") for i, name in enumerate(NASTY.values()) if i < 5),
    ]
    return observed(flows, doubts).listing


def rendered(flow: RemoteFlow, key: FlowKey | None, style: Style) -> str:
    return render_flow(flow, key, style, findings_elsewhere(flow.findings, f"flow {flow.id}"))


def as_json(flow: RemoteFlow, key: FlowKey | None) -> dict[str, Any]:
    return flow_to_json(flow, key, findings_elsewhere(flow.findings, f"flow {flow.id}"))


def without_colours(text: str) -> str:
    return re.sub(r"\x1b\[\d+m", "", text)


def test_a_listing_reads_as_expected() -> None:
    plain = render_listing(listing(), KEYS, PLAIN)
    check_golden("listing.txt", plain)
    check_harmless(plain)
    coloured = render_listing(listing(("a page was missing",)), KEYS, COLOURED)
    check_golden("listing-colours.txt", coloured)
    doubtful = render_listing(listing(("a page was missing",)), KEYS, PLAIN)
    assert without_colours(coloured) == doubtful


def test_an_empty_account_is_said_in_words() -> None:
    assert render_listing(Listing(flows=()), {}, PLAIN) == "The account has no flows.\n"


def test_an_empty_listing_in_doubt_says_its_doubts() -> None:
    text = render_listing(Listing(flows=(), doubts=("a page was missing",)), {}, PLAIN)
    assert "a page was missing" in text


def test_a_listing_does_not_depend_on_the_order_of_the_remote() -> None:
    turned = Listing(flows=listing().flows[::-1])
    assert render_listing(turned, KEYS, PLAIN) == render_listing(listing(), KEYS, PLAIN)


def test_a_listing_as_json_has_keys_and_doubts() -> None:
    flows = [a_flow("Booking", "PUBLISHED", findings=FINDINGS), a_flow("Other", id="2")]
    document = listing_to_json(observed(flows, ("a page was missing",)).listing, KEYS)
    assert json.loads(json.dumps(document)) == {
        "is_whole": False,
        "doubts": ["a page was missing"],
        "flows": [
            {
                "id": "1",
                "key": "booking",
                "name": "Booking",
                "status": "PUBLISHED",
                "categories": ["OTHER"],
                "validation_errors": 1,
            },
            {
                "id": "2",
                "key": None,
                "name": "Other",
                "status": "DRAFT",
                "categories": ["OTHER"],
                "validation_errors": 0,
            },
        ],
    }


def test_a_flow_reads_as_expected() -> None:
    plain = rendered(FLOW, FlowKey("booking"), PLAIN)
    check_golden("flow.txt", plain)
    check_harmless(plain)
    coloured = rendered(FLOW, FlowKey("booking"), COLOURED)
    check_golden("flow-colours.txt", coloured)
    assert without_colours(coloured) == plain


def test_a_flow_without_a_definition_says_so() -> None:
    text = rendered(replace(FLOW, endpoint_uri=None), None, PLAIN)
    assert "- (no definition here)" in text


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (NO_CONTENT, "none yet"),
        (UNKNOWN_CONTENT, "unknown: its file could not be fetched"),
        (Content(state=ContentState.READ, value=flow_json()), "version 7.3, 1 screen"),
        (Content(state=ContentState.READ, value={"screens": []}), "version 7.3, 0 screens"),
        (Content(state=ContentState.READ, value=[1]), "version 7.3, 0 screens"),
        (Content(state=ContentState.READ, value={"screens": 1}), "version 7.3, 0 screens"),
    ],
)
def test_what_is_known_of_the_flow_json_is_said(content: Content, expected: str) -> None:
    text = rendered(replace(FLOW, content=content), None, PLAIN)
    assert f"  Flow JSON     {expected}\n" in text


def test_a_flow_as_json_has_its_flow_json_and_findings() -> None:
    document: Any = as_json(FLOW, FlowKey("booking"))
    expected: dict[str, Any] = {
        "id": "1",
        "key": "booking",
        "name": "Booking",
        "status": "PUBLISHED",
        "categories": ["OTHER"],
        "endpoint_uri": "https://flows.example.com/x",
        "json_version": "7.3",
        "data_api_version": None,
        "content": "read",
        "flow_json": flow_json(),
        "health": list(FLOW.health),
        "validation_errors": [
            {"code": "INVALID", "message": NASTY["escape"], "line": 3, "column": 5}
        ],
        "findings": diagnostics_to_json(findings_elsewhere(FINDINGS, "flow 1")),
    }
    assert json.loads(json.dumps(document)) == expected


@nasty_names
def test_no_name_steers_the_terminal_or_the_log(nasty: str) -> None:
    flow = replace(
        FLOW,
        name=nasty,
        status=nasty,
        categories=(nasty,),
        endpoint_uri=nasty,
        json_version=nasty,
        health=(nasty,),
        findings=(RemoteFinding(code=nasty, message=nasty),),
    )
    unknown = Content(state=ContentState.UNKNOWN, note=nasty)
    check_harmless(rendered(flow, FlowKey(nasty), PLAIN))
    check_harmless(rendered(replace(flow, content=unknown), None, PLAIN))
    listed = observed([flow], (nasty,)).listing
    check_harmless(render_listing(listed, {flow.id: FlowKey(nasty)}, PLAIN))
