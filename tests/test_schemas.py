from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema.validators import Draft202012Validator

from flowsync import assets
from flowsync.assets import SCHEMA_NAMES, schema_text, template_files
from flowsync.validation.schema import fits
from tests.support import Repository, flow_json

USER_FORMATS = ("flow", "flowsync", "fixtures", "scenarios")


def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(schema_text(name))
    return found


def properties(part: Any, root: dict[str, Any], path: str) -> Iterator[tuple[str, Any]]:
    """Give every property that a user can write, with its path; conditions are left out."""
    if not isinstance(part, dict):
        return
    for name, inner in part.get("properties", {}).items():
        yield f"{path}.{name}", inner
        yield from properties(inner, root, f"{path}.{name}")
    for name in ("items", "additionalProperties"):
        yield from properties(part.get(name), root, f"{path}.{name}")
    for name, inner in part.get("$defs", {}).items():
        yield from properties(inner, root, f"{path}.$defs.{name}")


def resolved(part: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    """Give a property with what its reference says; its own words come first."""
    if "$ref" not in part:
        return part
    definition: dict[str, Any] = root["$defs"][part["$ref"].rpartition("/")[2]]
    return {**definition, **part}


@pytest.mark.parametrize("name", SCHEMA_NAMES)
def test_every_schema_is_valid_draft_2020_12(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))
    assert schema(name)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema(name)["$id"].endswith(f"/{name}.schema.json")


@pytest.mark.parametrize("name", USER_FORMATS)
def test_every_field_that_people_write_is_described_with_an_example(name: str) -> None:
    root = schema(name)
    found = list(properties(root, root, name))
    assert len(found) > 10
    for path, part in found:
        whole = resolved(part, root)
        assert whole.get("title"), path
        assert whole.get("description"), path
        assert whole.get("examples"), path


@pytest.mark.parametrize("name", SCHEMA_NAMES)
def test_every_field_at_the_top_is_described(name: str) -> None:
    root = schema(name)
    for field, part in root["properties"].items():
        whole = resolved(part, root)
        assert whole.get("title"), field
        assert whole.get("description"), field


@pytest.mark.parametrize("name", SCHEMA_NAMES)
def test_every_field_wherever_it_stands_is_described(name: str) -> None:
    root = schema(name)
    bare = [path for path, part in properties(root, root, name) if not is_described(part, root)]
    assert bare == []


def is_described(part: Any, root: dict[str, Any]) -> bool:
    return bool(resolved(part, root).get("description", "").strip())


def test_a_field_without_description_is_found_wherever_it_stands() -> None:
    bare = {"properties": {"x": {"type": "string"}}}
    root = {"$defs": {"a": {"items": bare}}, "properties": {"y": {"$ref": "#/$defs/a"}}}
    found = [path for path, part in properties(root, root, "r") if not is_described(part, root)]
    assert found == ["r.y", "r.$defs.a.items.x"]


@pytest.mark.parametrize("name", SCHEMA_NAMES)
def test_the_examples_in_a_schema_fit_it(name: str) -> None:
    root = schema(name)
    for example in root.get("examples", []):
        assert fits(example, name) is None
    for path, part in properties(root, root, name):
        whole = resolved(part, root)
        validator = Draft202012Validator({**whole, "$defs": root.get("$defs", {})})
        for example in [
            *whole.get("examples", []),
            *([whole["default"]] if "default" in whole else []),
        ]:
            assert list(validator.iter_errors(example)) == [], path


@pytest.mark.parametrize("name", SCHEMA_NAMES)
def test_no_format_takes_unknown_fields(name: str) -> None:
    assert schema(name)["additionalProperties"] is False


@pytest.mark.parametrize("name", SCHEMA_NAMES)
def test_schema_prints_exactly_the_file(repository: Repository, name: str) -> None:
    ran = repository.run("schema", name)
    assert ran.exit_code == 0
    assert ran.stdout == schema_text(name)
    assert ran.stderr == ""


def test_the_templates_of_init_are_files_of_a_repository() -> None:
    assert sorted(name for name, _ in template_files()) == [
        ".gitignore",
        "flows/contact.json",
        "flows/contact.scenarios.yaml",
        "flows/contact.yaml",
        "flowsync.yaml",
    ]


def test_a_schema_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "_SCHEMAS", ())
    with pytest.raises(FileNotFoundError, match="the schema flow is missing"):
        schema_text("flow")


def test_plans_and_outcomes_of_every_action_fit_their_schemas(repository: Repository) -> None:
    def run(*args: str) -> str:
        ran = repository.run(*args)
        document = json.loads(ran.stdout)
        name = "plan" if args[0] == "plan" else "outcome"
        assert fits(document, name) is None
        if name == "outcome":
            assert document["exit_code"] == ran.exit_code
        return ran.stdout

    for key in ("a", "b", "c"):
        repository.flow(key, state="draft" if key == "c" else "published")
    run("plan", "--format", "json")
    run("apply", "--yes", "--format", "json")
    run("apply", "--yes", "--format", "json")
    repository.flow("a", content=flow_json("Other"), name="A2", renamed_from=["A"])
    repository.flow("b", state="deprecated")
    repository.flow("c", state="absent")
    repository.flow("d", categories=["SURVEY", "OTHER"], endpoint_uri="https://e.example.com")
    repository.flow("e", state="draft", clone_from="gone")
    run("plan", "--format", "json")
    run("plan", "a", "--format", "json")
    text = run("apply", "--yes", "--format", "json")
    results = {flow["key"]: flow["result"] for flow in json.loads(text)["flows"]}
    assert results == dict.fromkeys("abcd", "applied") | {"e": "conflict"}
    run("plan", "--format", "json")
