"""What fits a flow and does not fit the target it is for."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from flowsync.diagnostics import Severity
from flowsync.model import JsonValue
from flowsync.remotes.capabilities import GATEWAY
from flowsync.target_checks import deepest
from flowsync.validation.freezing import soon_frozen
from flowsync.validation.versions import FlowVersion, find
from tests.cli.serving import parsed, run
from tests.support import Repository, flow_json

URI = "https://flows.example.com/a"
GATEWAY_TARGET: dict[str, JsonValue] = {
    "remote": "gateway",
    "base_url": "https://gateway.example.com",
    "account": "102290129340398",
    "token": "${env:FLOWSYNC_TOKEN}",
}


def nested() -> Any:
    """Give a flow whose Footer stands in an If in a Form, which is deeper than a gateway takes."""
    flow: Any = flow_json()
    layout = flow["screens"][0]["layout"]
    field, footer = layout["children"]
    field |= {"type": "OptIn", "name": "agree"}
    footer["on-click-action"]["payload"] = {"agree": "${form.agree}"}
    branch = {"type": "If", "condition": "${form.agree}", "then": [footer], "else": [footer]}
    layout["children"] = [{"type": "Form", "name": "form", "children": [field, branch]}]
    return flow


def findings(repository: Repository, *args: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = parsed(run(repository, "validate", "--format", "json", *args))[
        "findings"
    ]
    return found


@pytest.fixture
def two_targets(repository: Repository) -> Repository:
    repository.config(local={"remote": "emulator"}, staging=GATEWAY_TARGET)
    return repository


def test_nesting_deeper_than_a_gateway_takes_is_warned_of_for_gateways_only(
    two_targets: Repository,
) -> None:
    file = two_targets.flow("a", content=nested()).with_suffix(".json")
    assert findings(two_targets, "--target", "local") == []
    (found,) = findings(two_targets, "--target", "staging")
    assert (found["rule"], found["severity"]) == ("FS041", "warning")
    assert "12 levels" in found["message"]
    assert "payload" in file.read_text("utf-8").splitlines()[found["line"] - 1]


def test_a_file_larger_than_a_gateway_takes_is_warned_of(two_targets: Repository) -> None:
    flow: Any = flow_json()
    assert GATEWAY.max_content_bytes is not None
    flow["screens"][0]["title"] = "x" * GATEWAY.max_content_bytes
    two_targets.flow("a", content=flow)
    assert [one["rule"] for one in findings(two_targets, "--target", "staging")] == ["FS042"]


def test_a_published_flow_with_an_endpoint_needs_its_address(repository: Repository) -> None:
    file = repository.flow("a", content=flow_json(endpoint=True))
    (found,) = findings(repository)
    assert found["rule"] == "FS043"
    assert "not managed here" in found["message"]
    assert file.read_text("utf-8").splitlines()[found["line"] - 1] == "state: published"
    repository.flow("a", content=flow_json(endpoint=True), endpoint_uri=None)
    (found,) = findings(repository)
    assert (found["rule"], "no address" in found["message"]) == ("FS043", True)


def test_a_draft_or_a_flow_with_its_address_is_in_order(repository: Repository) -> None:
    repository.flow("a", content=flow_json(endpoint=True), state="draft")
    repository.flow("b", content=flow_json(endpoint=True), endpoint_uri=URI)
    assert findings(repository) == []


def test_an_address_that_nothing_uses_is_warned_of_where_it_stands(
    two_targets: Repository,
) -> None:
    targets: JsonValue = {"staging": {"endpoint_uri": URI}}
    file = two_targets.flow("a", targets=targets)
    assert findings(two_targets, "--target", "local") == []
    (found,) = findings(two_targets, "--target", "staging")
    assert found["rule"] == "FS044"
    assert URI in file.read_text("utf-8").splitlines()[found["line"] - 1]


def test_an_ignore_for_one_target_is_not_called_unused_for_another(two_targets: Repository) -> None:
    ignore: JsonValue = [{"rule": "FS041", "reason": "Our gateway takes 20 levels."}]
    two_targets.flow("a", content=nested(), ignore=ignore)
    assert findings(two_targets, "--target", "local") == []
    assert findings(two_targets, "--target", "staging") == []


def test_depth_counts_arrays_and_objects_and_points_to_the_first_deepest() -> None:
    assert deepest("x") == (0, ())
    assert deepest({}) == (1, ())
    assert deepest({"a": 1, "b": [[], {"c": []}], "d": [{"e": [1]}]}) == (4, ("b", 1, "c"))


def announce_freeze(monkeypatch: pytest.MonkeyPatch, text: str, day: date) -> None:
    """Let the table of versions say that one will be frozen, as none does today."""

    def look_up(wanted: str) -> FlowVersion | None:
        found = find(wanted)
        return replace(found, freezes_on=day) if found and wanted == text else found

    monkeypatch.setattr("flowsync.validation.freezing.find", look_up)


def test_a_freeze_is_announced_for_the_last_ninety_days(monkeypatch: pytest.MonkeyPatch) -> None:
    announce_freeze(monkeypatch, "7.3", date(2027, 4, 1))
    assert soon_frozen("7.3", date(2026, 12, 31)) is None
    assert soon_frozen("7.3", date(2027, 1, 1)) == date(2027, 4, 1)
    assert soon_frozen("7.3", date(2027, 6, 1)) == date(2027, 4, 1)
    assert soon_frozen("7.2", date(2027, 1, 1)) is None


def test_a_version_that_is_frozen_soon_is_a_warning(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    announce_freeze(monkeypatch, "7.3", date(2020, 1, 1))
    file = repository.flow("a")
    (found,) = findings(repository)
    assert (found["rule"], found["severity"]) == ("FS045", Severity.WARNING.value)
    assert json.loads(file.with_suffix(".json").read_text("utf-8"))["version"] == "7.3"
    assert "2020-01-01" in found["message"]
