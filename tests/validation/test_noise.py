"""One fault gives one finding: what only follows from it is left unsaid."""

from __future__ import annotations

from typing import Any

import pytest

from flowsync.validation.flow_json import check_flow_json
from tests.validation.cases import a_flow


def rules_of(flow: Any) -> list[str]:
    return [finding.rule for finding in check_flow_json(flow)]


@pytest.fixture
def flow() -> Any:
    return a_flow()


def test_misspelt_type_does_not_make_its_name_missing(flow: Any) -> None:
    flow["screens"][0]["layout"]["children"][1]["type"] = "TextImput"
    (finding,) = check_flow_json(flow)
    assert finding.rule == "FS301"
    assert finding.pointer == ("screens", 0, "layout", "children", 1, "type")
    assert "TextInput" in finding.fix


def test_misspelt_footer_is_not_also_a_missing_footer(flow: Any) -> None:
    flow["screens"][0]["layout"]["children"][2]["type"] = "Foter"
    assert rules_of(flow) == ["FS301"]


def test_screen_without_layout_is_said_once(flow: Any) -> None:
    del flow["screens"][0]["layout"]
    assert rules_of(flow) == ["FS205"]


def test_data_of_the_wrong_type_does_not_make_bindings_missing(flow: Any) -> None:
    flow["screens"][0]["data"] = []
    assert rules_of(flow) == ["FS203"]


def test_bad_screen_id_is_said_at_the_screen_only(flow: Any) -> None:
    flow["screens"][0]["id"] = "ASK_1"
    flow["data_api_version"] = "3.0"
    flow["routing_model"] = {"ASK_1": []}
    assert rules_of(flow) == ["FS206"]


def test_misspelt_screen_in_routes_is_not_also_an_unlisted_screen(flow: Any) -> None:
    flow["data_api_version"] = "3.0"
    flow["routing_model"] = {"ASC": []}
    (finding,) = check_flow_json(flow)
    assert finding.rule == "FS243"
    assert finding.at_key
    assert "ASK" in finding.fix


def test_terminal_of_the_wrong_type_is_said_once(flow: Any) -> None:
    flow["screens"][0]["terminal"] = "true"
    assert rules_of(flow) == ["FS203"]


def test_null_is_said_once(flow: Any) -> None:
    flow["screens"][0]["layout"]["children"][1]["label"] = None
    assert rules_of(flow) == ["FS305"]


def test_misspelt_binding_proposes_the_nearest_name(flow: Any) -> None:
    flow["screens"][0]["layout"]["children"][0]["text"] = "${data.nmae}"
    (finding,) = check_flow_json(flow)
    assert finding.rule == "FS421"
    assert '"name"' in finding.fix
    assert '"ASK"' in finding.message


def test_shape_faults_do_not_hide_faults_of_meaning(flow: Any) -> None:
    flow["screens"][0]["titel"] = "x"
    flow["screens"][0]["layout"]["children"][0]["text"] = "${data.nmae}"
    assert rules_of(flow) == ["FS204", "FS421"]
