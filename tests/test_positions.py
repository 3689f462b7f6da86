"""Every finding points to the very key or value, however the file is written."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from flowsync.model import JsonValue
from tests.support import Repository, flow_json

ODD = "é 😀 e\u0301 日本 \u2028 \x85 👩‍👩‍👧"


def wrong_flow() -> JsonValue:
    """Give a Flow JSON with mistakes at keys, values and containers, after odd characters."""
    return {
        "version": "7.3",
        "extra": ODD,
        "screens": [
            {
                "id": "FIRST1",
                "title": ODD,
                "colour": "red",
                "layout": {
                    "type": "SingleColumnLayout",
                    "children": [
                        {"type": "TextInput", "label": f"{ODD} ${{var:x}}", "name": 7},
                        {"type": "TextHeadinx", "text": ODD},
                        {"type": "TextBody"},
                        {"type": "Image", "src": f"${{var:x}}{ODD}", "widht": 7, "height": "x"},
                    ],
                },
            },
            {"id": "LAST", "title": ODD, "terminal": "yes", "data": [], "layout": {}},
        ],
    }


def with_tabs(value: JsonValue) -> str:
    return json.dumps(value, indent="\t", ensure_ascii=False)


LAYOUTS = {
    "minified": json.dumps(wrong_flow(), separators=(",", ":"), ensure_ascii=False),
    "escaped": json.dumps(wrong_flow(), separators=(",", ":")),
    "two spaces": json.dumps(wrong_flow(), indent=2, ensure_ascii=False),
    "tabs": with_tabs(wrong_flow()),
    "CRLF": with_tabs(wrong_flow()).replace("\n", "\r\n"),
    "CR": with_tabs(wrong_flow()).replace("\n", "\r"),
    "blank lines": "\n\n" + with_tabs(wrong_flow()).replace("\n", " \n\n") + "\n",
}
VALUES = {"as long": "12345678", "longer": "x" * 300, "shorter": "", "odd": '"\\\n😀'}


def findings(repository: Repository, *args: str) -> list[dict[str, Any]]:
    ran = repository.run("validate", *args, "--format", "json")
    assert ran.exit_code == 3
    found: list[dict[str, Any]] = json.loads(ran.stdout)["findings"]
    assert len(found) > 3
    return found


def write(repository: Repository, text: str, value: str = "x") -> Path:
    """Write a flow whose Flow JSON is this text, and a target with a value for its variable."""
    file = repository.flow("a").with_suffix(".json")
    file.write_bytes(text.encode("utf-8"))
    repository.config(local={"remote": "emulator", "vars": {"x": value}})
    return file


def cut(text: str, finding: dict[str, Any]) -> str:
    """Give what a finding covers, as an editor counts lines and characters."""
    lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", text)
    start = sum(map(len, lines[: finding["line"] - 1])) + finding["column"] - 1
    end = sum(map(len, lines[: finding["end_line"] - 1])) + finding["end_column"] - 1
    return text[start:end]


def value_at(value: Any, pointer: str) -> Any:
    for part in pointer.split("/")[1:]:
        step = part.replace("~1", "/").replace("~0", "~")
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


def check_places(text: str, found: list[dict[str, Any]]) -> None:
    """Check that each finding covers exactly its value, or the key of that value."""
    author = json.loads(text)
    for finding in found:
        covered = json.loads(cut(text, finding))
        key = finding["pointer"].rpartition("/")[2]
        assert covered in (value_at(author, finding["pointer"]), key), finding
        assert covered == key or type(covered) is type(value_at(author, finding["pointer"]))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("value", VALUES)
def test_each_finding_covers_its_key_or_value_in_every_layout(
    repository: Repository, layout: str, value: str
) -> None:
    write(repository, LAYOUTS[layout], VALUES[value])
    found = findings(repository)
    assert {finding["path"] for finding in found} == {"flows/a.json"}
    check_places(LAYOUTS[layout], found)
    assert any(finding["line"] > 1 for finding in found) is (layout not in {"minified", "escaped"})


def test_the_layout_changes_nothing_but_the_places(repository: Repository) -> None:
    said = set()
    for text in LAYOUTS.values():
        write(repository, text)
        found = sorted((f["rule"], f["pointer"], f["message"]) for f in findings(repository))
        said.add(json.dumps(found))
    assert len(said) == 1


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_file_of_its_own_has_the_same_places(repository: Repository, layout: str) -> None:
    Path("own.json").write_bytes(LAYOUTS[layout].encode("utf-8"))
    check_places(LAYOUTS[layout], findings(repository, "own.json"))


@pytest.mark.parametrize("layout", ["minified", "tabs", "CRLF", "CR"])
def test_an_error_of_syntax_is_placed_at_the_character(repository: Repository, layout: str) -> None:
    text = LAYOUTS[layout].replace('"yes"', "wrong")
    write(repository, text)
    ran = repository.run("validate", "--format", "json")
    (finding,) = json.loads(ran.stdout)["findings"]
    assert finding["rule"] == "FS002"
    assert cut(text, finding) == "w"


def test_an_unknown_variable_is_placed_where_it_stands(repository: Repository) -> None:
    text = json.dumps(flow_json(f"{ODD} ${{var:y}} ${{env:NONE}}"), ensure_ascii=False)
    write(repository, text)
    ran = repository.run("validate", "--format", "json")
    found = json.loads(ran.stdout)["findings"]
    assert [cut(text, finding) for finding in found] == ["${var:y}", "${env:NONE}"]


def test_columns_count_characters_and_not_units_of_an_encoding(repository: Repository) -> None:
    text = '{"version":"7.3","😀e\u0301":1,"screens":[]}'
    write(repository, text)
    ran = repository.run("validate", "--format", "json")
    places = {
        f["pointer"]: (f["column"], f["end_column"]) for f in json.loads(ran.stdout)["findings"]
    }
    assert places["/😀e\u0301"] == (18, 23)
    assert places["/screens"] == (36, 38)


# --- YAML ---

YAML = """\
# {odd}
name: "{odd}"
categories: [OTHER, SURVYE]
state: live
unknown: &x
  a: 1

targets:
  local: {{state: drft, flow_json: [7]}}
"""


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("odd", ["plain", "é 😀 日本", "a\u2028b", "a\u2029b"])
def test_findings_in_a_definition_cover_their_key_or_value(
    repository: Repository, end: str, odd: str
) -> None:
    file = repository.flow("a")
    in_comment = odd.replace("\u2028", "\u2028# ").replace("\u2029", "\u2029# ")  # ends it
    text = YAML.format(odd=odd).replace(f"# {odd}", f"# {in_comment}").replace("\n", end)
    file.write_bytes(text.encode("utf-8"))
    found = findings(repository)
    covered = {finding["pointer"]: cut(text, finding) for finding in found}
    assert covered == {
        "/categories/1": "SURVYE",
        "/state": "live",
        "/unknown": "unknown",
        "/targets/local/state": "drft",
        "/targets/local/flow_json": "[7]",
    }


def test_a_place_in_block_style_ends_with_its_last_value(repository: Repository) -> None:
    file = repository.flow("a")
    text = (
        "name: A\nstate: draft\ncategories:\n  - OTHER\n  - OTHER\n\n# more\nprotect: |\n  x\n\n\n"
    )
    file.write_text(text, "utf-8")
    ran = repository.run("validate", "--format", "json")
    covered = {f["pointer"]: cut(text, f) for f in json.loads(ran.stdout)["findings"]}
    assert covered["/categories"] == "- OTHER\n  - OTHER"
    assert covered["/protect"] == "|\n  x"


def test_an_error_of_yaml_syntax_is_placed_as_an_editor_counts(repository: Repository) -> None:
    file = repository.flow("a")
    file.write_text('name: "a\u2028b"\nstate: @x\n', "utf-8")
    ran = repository.run("validate", "--format", "json")
    (finding,) = json.loads(ran.stdout)["findings"]
    assert (finding["line"], finding["column"]) == (2, 8)


def test_findings_in_flowsync_yaml_have_a_pointer(repository: Repository) -> None:
    repository.flow("a")
    Path("flowsync.yaml").write_text("version: 1\ntargets:\n  x/y: {remote: nowhere}\n", "utf-8")
    ran = repository.run("validate", "--format", "json")
    pointers = {finding["pointer"] for finding in json.loads(ran.stdout)["findings"]}
    assert "/targets/x~1y/remote" in pointers or "/targets/x~1y" in pointers
