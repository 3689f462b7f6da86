"""The schemas for editors accept exactly what our checks of shapes accept."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import regress
from hypothesis import given
from hypothesis import strategies as st
from jsonschema.validators import Draft7Validator, extend

from flowsync.expressions.bindings import starts_with_binding
from flowsync.model import JsonValue
from flowsync.validation import texts
from flowsync.validation.components import COMPONENTS
from flowsync.validation.flow_json import check_flow_json
from flowsync.validation.flow_schema import descriptions, flow_schemas, patterns, samples
from flowsync.validation.rules import RULES
from flowsync.validation.versions import ACCEPTED, V5_1, V7_3
from tests.validation.cases import Case, read_cases
from tests.validation.strategies import WORDS, places, values

FLOWS = Path(__file__).parent.parent.parent / "flows"
SCHEMAS = flow_schemas()

# What our checks say about shapes and no schema can, or not every validator does.
SILENT = {
    "FS102": "a schema cannot count how deeply values are nested",
    "FS315": "format: regex is looked at by some validators only",
}
# What the schemas refuse although the platform looks at it later: it is an error all the same, and
# an editor that offers it would do no good.
MORE = {
    "FS110": "meta is reserved, so it is no key that is offered",
    "FS223": "the type of a data field is one of a list, which an editor can offer",
    "FS224": "a data field has one type, not a list of them",
    "FS225": "what is inside an array without a type is looked at too",
    "FS226": "items is an object, whose keys an editor can offer",
    "FS231": "keywords of a data model have the type that JSON Schema gives them",
}


@cache
def regex(pattern: str) -> regress.Regex:
    return regress.Regex(pattern, "u")


def as_in_editors(
    validator: Any, pattern: str, instance: Any, schema: Any
) -> Iterator[jsonschema.ValidationError]:
    """Apply a pattern as ECMAScript does, which editors and check-jsonschema follow."""
    if isinstance(instance, str) and regex(pattern).find(instance) is None:
        yield jsonschema.ValidationError(f"{instance!r} does not match {pattern!r}")


Validator: Any = extend(Draft7Validator, {"pattern": as_in_editors})  # type: ignore[no-untyped-call]  # jsonschema


@cache
def validator(name: str) -> Any:
    return Validator(SCHEMAS[name])


def schema_name(flow: JsonValue) -> str:
    version = flow.get("version") if isinstance(flow, dict) else None
    return f"flow-json-{version}" if version in list(ACCEPTED) else "flow-json"


def disagreement(flow: JsonValue) -> str | None:
    """Say how schema and checks disagree about a flow, None where they agree."""
    findings = check_flow_json(flow)
    shapes = {finding.rule for finding in findings if RULES[finding.rule].is_structural}
    error = next(validator(schema_name(flow)).iter_errors(flow), None)
    if error is None and shapes - set(SILENT):
        return f"only our checks say {[f for f in findings if f.rule in shapes]}"
    others = {finding.rule for finding in findings} & set(MORE)
    if error is not None and not shapes and not others:
        return f"only the schema says {error.json_path}: {error.message[:300]}"
    return None


ALL_CASES = [case for rule in RULES for case in read_cases(rule)]
EXAMPLE_FLOWS = [json.loads(file.read_text("utf-8")) for file in sorted(FLOWS.rglob("*.json"))]
SEEDS = EXAMPLE_FLOWS + [case.flow for case in ALL_CASES if len(str(case.flow)) < 3000]


@pytest.mark.parametrize("case", ALL_CASES, ids=str)
def test_schema_agrees_with_the_checks_on_every_case(case: Case) -> None:
    assert disagreement(case.flow) is None


@pytest.mark.parametrize("case", ALL_CASES, ids=str)
def test_schema_of_all_versions_agrees_with_the_one_of_the_version(case: Case) -> None:
    name = schema_name(case.flow)
    assert validator("flow-json").is_valid(case.flow) == validator(name).is_valid(case.flow)


@pytest.mark.parametrize("version", ACCEPTED)
@pytest.mark.parametrize("flow", EXAMPLE_FLOWS, ids=lambda flow: flow["screens"][0]["id"])
def test_schema_agrees_on_example_flows_in_every_version(version: str, flow: Any) -> None:
    assert disagreement({**flow, "version": version}) is None


def mutated(flow: JsonValue, chance: random.Random, value: JsonValue) -> JsonValue:
    """Give a copy of a flow in which something is replaced, removed, renamed or added."""
    flow = json.loads(json.dumps(flow))
    if not isinstance(flow, dict) or not places(flow):
        return value
    if chance.random() < 0.5:
        flow["version"] = chance.choice(list(ACCEPTED))
    container, key = chance.choice(places(flow))
    if isinstance(container, list):
        container[int(key)] = value
        return flow
    match chance.choice(("replace", "replace", "remove", "rename", "add")):
        case "replace":
            container[str(key)] = value
        case "remove":
            del container[str(key)]
        case "rename":
            container[chance.choice(WORDS[1:])] = container.pop(str(key))
        case _:
            container[chance.choice(ALL_KEYS)] = value
    return flow


ALL_KEYS = sorted({key for kind in COMPONENTS.values() for key in kind.properties})
whole_values = values.filter(lambda value: "\\ud" not in json.dumps(value))


@given(st.sampled_from(SEEDS), st.randoms(use_true_random=False), whole_values)
def test_schema_agrees_with_the_checks_on_mutated_flows(
    flow: JsonValue, chance: random.Random, value: JsonValue
) -> None:
    assert disagreement(mutated(flow, chance, value)) is None


@pytest.mark.parametrize("name", SCHEMAS)
def test_schema_is_valid_draft_7_and_can_be_read_alone(name: str) -> None:
    schema = SCHEMAS[name]
    Draft7Validator.check_schema(schema)
    text = json.dumps(schema)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    used = set(re.findall(r'"\$ref": "([^"]*)"', text))
    definitions = schema["definitions"]
    assert isinstance(definitions, dict)
    assert used == {f"#/definitions/{key}" for key in definitions}
    assert "$schema" not in json.dumps(schema.get("properties"))
    for pattern in re.findall(r'"pattern": ("(?:[^"\\]|\\.)*")', text):
        regex(json.loads(pattern))


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_component_and_property_is_described(name: str) -> None:
    found = 0
    for key, part in definitions_of(name):
        if part.get("type") != "object" or "additionalProperties" not in part:
            continue
        assert part.get("description") or part.get("title"), key
        for prop, schema in part.get("properties", {}).items():
            if "$ref" not in schema or "description" in schema:
                assert schema.get("description"), f"{key}.{prop}"
            found += 1
    assert found > 150


def definitions_of(name: str) -> Iterator[tuple[str, Any]]:
    definitions = SCHEMAS[name]["definitions"]
    assert isinstance(definitions, dict)
    yield from definitions.items()


@pytest.mark.parametrize("name", [name for name in SCHEMAS if name != "flow-json"])
def test_examples_and_defaults_in_the_schema_fit_it(name: str) -> None:
    for key, part in definitions_of(name):
        for prop, schema in part.get("properties", {}).items():
            if not isinstance(schema, dict):
                continue
            given = [*schema.get("examples", [])]
            given += [schema["default"]] if "default" in schema else []
            own = Validator({**schema, "definitions": SCHEMAS[name]["definitions"]})
            for value in given:
                assert own.is_valid(value), f"{key}.{prop}: {value}"


def test_every_text_is_about_something_in_the_component_table() -> None:
    entries = {"Option", "Chip", "Row", "Picture"}
    assert set(descriptions.COMPONENTS) == set(COMPONENTS)
    assert set(descriptions.PROPERTIES) <= set(COMPONENTS) | entries | {descriptions.EVERY}
    for owner, owned in descriptions.PROPERTIES.items():
        if owner in COMPONENTS:
            assert set(owned) <= set(COMPONENTS[owner].properties), owner
        for text in owned.values():
            assert text.endswith("."), text
    for owner, key in [*samples.DEFAULTS, *samples.EXAMPLES, *samples.NO_DEFAULT]:
        assert owner not in COMPONENTS or key in COMPONENTS[owner].properties, (owner, key)


TEXTS = [
    "", " ", "\u00a0", "\u200b", "\x85", "\n\u2028x", "x", "ASK", "A_B", "__", "A,B", "A1", "A\n",
    "${data.a}", "${data.a} x", "${form.a.b-c}", "${screen.A.data.x}", "${screen.A1.data.x}",
    "${data.}", "`1 + 1`", "``", "`x`\n", "#12aBcd", "#12aBc", "#12aBcd\n", "a-1", "1a",
    "https://x.y/z", "tel:1", "no address", "x:\"", "mailto:a@b",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("version", [V5_1, V7_3])
def test_patterns_say_the_same_as_the_checks(text: str, version: tuple[int, int]) -> None:
    def matches(pattern: str) -> bool:
        return regex(pattern).find(text) is not None

    is_dynamic = starts_with_binding(text) or texts.is_expression(text, version)
    assert matches(patterns.NOT_BLANK) == (not texts.is_blank(text))
    assert matches(patterns.BINDING) == starts_with_binding(text)
    assert matches(patterns.dynamic(version)) == is_dynamic
    assert matches(patterns.COLOUR) == texts.is_colour(text)
    assert matches(patterns.CASE_KEY) == texts.is_case_key(text)
    assert matches(patterns.screen_id(version)) == texts.is_screen_id(text, version)
    if version >= V7_3:
        assert matches(patterns.address()) == (is_dynamic or texts.is_uri(text))


@pytest.mark.parametrize(
    ("version", "type_", "is_known"),
    [
        ("6.0", "CalendarPicker", False),
        ("6.1", "CalendarPicker", True),
        ("7.0", "ImageCarousel", False),
        ("7.1", "ImageCarousel", True),
    ],
)
def test_schema_of_a_version_knows_the_components_of_that_version(
    version: str, type_: str, is_known: bool
) -> None:
    names = {key for key, _ in definitions_of(f"flow-json-{version}")}
    assert (type_ in names) is is_known
