"""What each kind of value takes and refuses, on components that have one."""

from __future__ import annotations

import json

import pytest

from flowsync.diagnostics import Severity
from flowsync.model import JsonValue
from flowsync.sources import parse_json
from flowsync.validation.findings import placed
from flowsync.validation.flow_json import check_flow_json
from tests.validation.cases import a_flow

OPTIONS: list[JsonValue] = [{"id": "a", "title": "A"}, {"id": "b", "title": "B"}]
WHOLE: dict[str, dict[str, JsonValue]] = {
    "TextInput": {"name": "x", "label": "X"},
    "TextBody": {"text": "X"},
    "TextArea": {"name": "x", "label": "X"},
    "CheckboxGroup": {"name": "x", "label": "X", "data-source": OPTIONS},
    "Dropdown": {"name": "x", "label": "X", "data-source": OPTIONS},
    "DatePicker": {"name": "x", "label": "X"},
    "CalendarPicker": {"name": "x", "label": "X"},
    "Image": {"src": "aGVsbG8="},
    "ImageCarousel": {"images": []},
    "OptIn": {"name": "x", "label": "X"},
    "PhotoPicker": {"name": "x", "label": "X"},
    "DocumentPicker": {"name": "x", "label": "X"},
    "If": {"condition": "${data.shown}", "then": [{"type": "TextBody", "text": "X"}]},
    "Switch": {"value": "${data.name}", "cases": {"a": [{"type": "TextBody", "text": "X"}]}},
    "Form": {"name": "x", "children": []},
}
GOOD: list[tuple[str, str, JsonValue]] = [
    ("TextInput", "required", "${data.shown}"),
    ("TextInput", "required", "`${data.name} == 'a'`"),
    ("TextInput", "min-chars", 1.5),
    ("TextInput", "pattern", "(?<word>a)[(]\\)"),
    ("TextArea", "max-length", 5.0),
    ("TextBody", "font-weight", "bold"),
    ("TextBody", "text", ["One", "Two"]),
    ("CheckboxGroup", "init-value", ["a"]),
    ("DatePicker", "unavailable-dates", ["2025-01-01"]),
    ("CalendarPicker", "include-days", ["Mon"]),
    ("ImageCarousel", "images", [{"src": "aGVsbG8", "alt-text": "X"}]),
    ("PhotoPicker", "error-message", {"1": "Too dark"}),
    ("PhotoPicker", "error-message", "Too dark"),
    ("DocumentPicker", "allowed-mime-types", ["application/pdf"]),
    ("Form", "error-messages", {}),
    ("If", "else", []),
]
BAD: list[tuple[str, str, JsonValue, str]] = [
    ("TextInput", "name", 5, "FS306"),
    ("TextInput", "label", [], "FS306"),
    ("TextInput", "required", 1, "FS306"),
    ("TextInput", "required", "true", "FS306"),
    ("TextInput", "min-chars", True, "FS306"),
    ("TextInput", "min-chars", "5", "FS306"),
    ("TextInput", "pattern", 5, "FS306"),
    ("TextInput", "pattern", "a**", "FS315"),
    ("TextInput", "pattern", "a)", "FS315"),
    ("TextInput", "pattern", "a\\", "FS315"),
    ("TextInput", "pattern", "(?i)a", "FS315"),
    ("TextInput", "input-type", 5, "FS309"),
    ("TextArea", "max-length", 5.5, "FS306"),
    ("TextBody", "markdown", "${data.shown}", "FS306"),
    ("TextBody", "font-weight", "thin", "FS309"),
    ("TextBody", "text", 5, "FS306"),
    ("TextBody", "text", ["One", 5], "FS306"),
    ("TextBody", "text", ["One", " "], "FS307"),
    ("CheckboxGroup", "data-source", {}, "FS306"),
    ("CheckboxGroup", "data-source", [{"id": "a", "title": "A", "color": 5}], "FS306"),
    ("CheckboxGroup", "init-value", "a", "FS306"),
    ("DatePicker", "min-date", 5, "FS306"),
    ("CalendarPicker", "required", 5, "FS306"),
    ("CalendarPicker", "include-days", ["Monday"], "FS309"),
    ("Image", "src", 5, "FS306"),
    ("Image", "scale-type", "${data.name}", "FS309"),
    ("ImageCarousel", "images", [{"src": "A", "alt-text": "X"}], "FS340"),
    ("ImageCarousel", "images", [{"src": "====", "alt-text": "X"}], "FS340"),
    ("PhotoPicker", "max-uploaded-photos", "5", "FS306"),
    ("PhotoPicker", "error-message", {}, "FS306"),
    ("PhotoPicker", "error-message", {"1": ""}, "FS307"),
    ("DocumentPicker", "allowed-mime-types", "application/pdf", "FS306"),
    ("DocumentPicker", "allowed-mime-types", ["application/zap"], "FS309"),
    ("Form", "init-values", "x", "FS306"),
    ("Form", "children", {}, "FS306"),
    ("Form", "children", None, "FS306"),
    ("If", "then", {}, "FS306"),
    ("If", "condition", 5, "FS306"),
    ("Switch", "cases", [], "FS306"),
    ("Switch", "cases", {"a": {}}, "FS306"),
    ("Switch", "value", True, "FS306"),
]


def flow_with(kind: str, key: str, value: JsonValue) -> dict[str, JsonValue]:
    extra: dict[str, JsonValue] = {"helper-text": "As shown"} if key == "pattern" else {}
    component: JsonValue = {"type": kind, **WHOLE[kind], **extra, key: value}
    flow = json.loads(json.dumps(a_flow()))
    screen = flow["screens"][0]
    screen["data"]["shown"] = {"type": "boolean", "__example__": True}
    screen["layout"]["children"].insert(0, component)
    if kind == "Form":
        screen["layout"]["children"][2] = {"type": "TextBody", "text": "X"}
        del screen["layout"]["children"][3]["on-click-action"]["payload"]
    result: dict[str, JsonValue] = flow
    return result


@pytest.mark.parametrize(("kind", "key", "value"), GOOD, ids=str)
def test_value_of_the_right_kind_passes(kind: str, key: str, value: JsonValue) -> None:
    found = check_flow_json(flow_with(kind, key, value))
    assert [finding for finding in found if finding.severity is Severity.ERROR] == []


@pytest.mark.parametrize(("kind", "key", "value", "rule"), BAD, ids=str)
def test_value_of_another_kind_is_found_where_it_stands(
    kind: str, key: str, value: JsonValue, rule: str
) -> None:
    # What is entered is not sent here, which FS6xx advise against.
    found = [one for one in check_flow_json(flow_with(kind, key, value)) if one.rule < "FS600"]
    here = ("screens", 0, "layout", "children", 0, key)
    assert [finding.rule for finding in found] == [rule]
    assert found[0].pointer[: len(here)] == here


@pytest.mark.parametrize(
    ("kind", "key", "value", "refused_in", "taken_in"),
    [
        ("Dropdown", "data-source", [{"id": "a", "title": "A", "image": "`x`"}], "6.3", "6.2"),
        ("Form", "error-messages", {"a": {"start-date": "X"}}, "5.1", "6.0"),
    ],
    ids=str,
)
def test_value_is_taken_in_some_versions_only(
    kind: str, key: str, value: JsonValue, refused_in: str, taken_in: str
) -> None:
    flow = flow_with(kind, key, value)
    for version, is_taken in ((refused_in, False), (taken_in, True)):
        errors = [
            finding
            for finding in check_flow_json({**flow, "version": version})
            if finding.severity is Severity.ERROR
        ]
        assert (errors == []) == is_taken


def test_finding_gets_the_place_of_its_key_in_the_file() -> None:
    text = json.dumps({"extra": 1, **a_flow()})
    document = parse_json(text, "flow.json", [])
    assert document is not None
    (diagnostic,) = placed(check_flow_json(document.value), document)
    assert (diagnostic.path, diagnostic.rule) == ("flow.json", "FS106")
    assert (diagnostic.span.column, diagnostic.span.end_column) == (2, 9)
