"""The example in docs/preview.md does what the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from flowsync.diagnostics import Diagnostic
from flowsync.model import JsonValue
from flowsync.preview.endpoint.fixtures import Fault
from flowsync.preview.endpoint.playing import fixtures_endpoint
from flowsync.preview.endpoint.reading import parse_fixtures
from flowsync.preview.engine.exchange import Answer, ExchangeFailed, Request

PAGE = (Path(__file__).parents[3] / "docs" / "preview.md").read_text("utf-8")
EXAMPLE = next(
    block for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL) if "exchanges:" in block
)


def test_the_example_answers_as_the_page_says() -> None:
    problems: list[Diagnostic] = []
    fixtures = parse_fixtures(EXAMPLE, "flows/booking.fixtures.yaml", problems)
    assert problems == []
    assert fixtures is not None
    slept: list[float] = []
    endpoint = fixtures_endpoint(fixtures, sleep=slept.append)

    def ask(screen: str | None, action: str = "data_exchange", **data: JsonValue) -> Answer:
        return endpoint(Request(action=action, screen=screen, data=data, flow_token="t-1"))

    assert ask(None, "INIT").screen == "DATE"
    assert "error_message" in ask("DATE", day="tue").data
    assert ask("DATE", day="tue") == Answer(screen="SUMMARY", data={"text": "You come on tue."})
    assert slept == [0.5]
    end = ask("SUMMARY")
    assert end.screen == "SUCCESS"
    assert end.data == {"extension_message_response": {"params": {"flow_token": "t-1"}}}
    with pytest.raises(ExchangeFailed) as raised:
        ask("PAYMENT")
    assert raised.value.shown == "This link was used already."


def test_every_fault_is_in_the_table() -> None:
    rows = re.findall(r"^\| `([\w-]+)` \|", PAGE.split("## Faults")[1].split("\n## ")[0], re.M)
    assert rows == [fault.value for fault in Fault]
