"""What a data model may say of a field, and how its example is compared with that."""

from __future__ import annotations

from typing import Any

import pytest

from flowsync.model import JsonValue
from flowsync.validation.flow_json import check_flow_json
from tests.validation.cases import a_flow


def codes(field: dict[str, Any]) -> set[str]:
    """Give the platform's codes for a flow with this data field."""
    flow: Any = a_flow()
    flow["screens"][0]["data"]["it"] = field
    return {finding.code for finding in check_flow_json(flow) if finding.code is not None}


FITTING: list[tuple[dict[str, JsonValue], JsonValue]] = [
    ({"type": "string", "pattern": "^a+$"}, "aa"),
    ({"type": "string", "pattern": "(a+)+$"}, "a" * 40 + "b"),  # would take for ever to compare
    ({"type": "string", "format": "time"}, "10:00:00Z"),
    ({"type": "string", "format": "uuid"}, "123e4567-e89b-12d3-a456-426614174000"),
    ({"type": "string", "format": "idn-email"}, "x"),
    ({"type": "array", "items": {"type": "string"}, "uniqueItems": True}, ["a", "b"]),
    ({"type": "object", "patternProperties": {"^a": {"type": "string"}}}, {"a": "x"}),
    ({"type": "object", "definitions": {"a": {}}, "$ref": "#/definitions/a"}, {}),
    ({"type": "string", "$schema": "http://json-schema.org/draft-07/schema#"}, "x"),
    ({"type": "object", "properties": {"pattern": {"type": "string"}}}, {"pattern": "("}),
]
MISFITTING: list[tuple[dict[str, JsonValue], JsonValue, str]] = [
    ({"type": "string", "pattern": "^b"}, "a", "PATTERN_MISMATCH"),
    ({"type": "string", "pattern": "("}, "a", "INVALID_PROPERTY_VALUE_FORMAT"),
    ({"type": "string", "enum": []}, "a", "INVALID_ENUM_VALUE"),
    ({"type": "string", "maxLength": 1}, "ab", "INVALID_SCHEMA"),
    ({"type": "string", "format": "uri"}, "a", "INVALID_PROPERTY_VALUE_FORMAT"),
    ({"type": "string", "format": "none"}, "a", "INVALID_SCREEN_DATA"),
    ({"type": "string", "$ref": "#/definitions/none"}, "a", "INVALID_SCREEN_DATA"),
    ({"type": "string", "$ref": "https://example.com/a"}, "a", "INVALID_SCREEN_DATA"),
    ({"type": "string", "examples": "a"}, "a", "INVALID_PROPERTY_TYPE"),
    ({"type": "array", "items": True, "uniqueItems": True}, ["a", "a"], "INVALID_SCHEMA"),
    ({"type": "object", "propertyNames": {"pattern": "^x"}}, {"a": 1}, "PATTERN_MISMATCH"),
]  # fmt: skip


@pytest.mark.parametrize(("schema", "example"), FITTING, ids=str)
def test_example_that_fits_its_field_is_taken(
    schema: dict[str, JsonValue], example: JsonValue
) -> None:
    assert codes({**schema, "__example__": example}) == set()


@pytest.mark.parametrize(("schema", "example", "code"), MISFITTING, ids=str)
def test_field_whose_example_does_not_fit_is_refused_with_the_code_of_the_keyword(
    schema: dict[str, JsonValue], example: JsonValue, code: str
) -> None:
    assert codes({**schema, "__example__": example}) == {code}


@pytest.mark.parametrize("keyword", ["not", "items", "additionalProperties", "contains"])
def test_field_nested_as_deeply_as_can_be_is_checked_without_a_crash(keyword: str) -> None:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(185):
        schema = {"type": "array", "multipleOf": 1, keyword: schema}
    assert isinstance(codes({**schema, "__example__": []}), set)
