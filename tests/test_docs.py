"""README and docs do what they say: their examples are run, their links lead somewhere."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from flowsync.cli.main import COMMANDS
from flowsync.diagnostics import Diagnostic
from flowsync.preview.endpoint.reading import parse_fixtures
from flowsync.preview.scenarios.reading import parse_scenarios
from flowsync.project import load_project
from flowsync.sources import parse_yaml
from flowsync.validation.shapes import check_shape, with_texts_where_text_is_meant
from tests.documentation import PAGES, ROOT, WRITTEN, Block, Mark, blocks_of, shows
from tests.reader import Reader
from tests.support import Repository

TEXTS = {name: file.read_text("utf-8") for name, file in PAGES.items()}
ALL_TEXTS = {
    **TEXTS,
    **{name: (ROOT / name).read_text("utf-8") for name in ("CHANGELOG.md", "CONTRIBUTING.md")},
}
BLOCKS = {f"{name}:{block.line}": block for name in WRITTEN for block in blocks_of(TEXTS[name])}
MOST_LINES_OF_README = 400
CANNOT_RUN = {
    "installs from a package index": 2,
    "a picture of a folder": 1,
    "conftest is a program of its own": 1,
    "needs a dask cluster": 1,
    "needs a real gateway": 1,
    "what travels to an endpoint": 1,
}


def of_language(*languages: str) -> dict[str, Block]:
    return {place: block for place, block in BLOCKS.items() if block.language in languages}


@pytest.mark.parametrize("name", [name for name in WRITTEN if blocks_of(TEXTS[name])])
def test_every_example_of_a_page_runs_and_prints_what_the_page_shows(
    name: str, tmp_path: Path, flowsync_command: str
) -> None:
    reader = Reader(tmp_path, flowsync_command)
    try:
        for block in blocks_of(TEXTS[name]):
            reader.do(block)
    finally:
        reader.close()


def test_what_cannot_run_in_a_test_is_little_and_says_why() -> None:
    reasons = [mark.text for block in BLOCKS.values() if (mark := block.marked("not run"))]
    assert {reason: reasons.count(reason) for reason in reasons} == CANNOT_RUN


def test_every_output_that_a_page_shows_is_compared() -> None:
    shown = of_language("text", "mermaid", "")
    compared = {place for place, one in shown.items() if one.marked("output of")}
    assert set(shown) - compared == {place for place, one in shown.items() if one.marked("not run")}
    known = {"sh", "console", "text", "mermaid", "yaml", "json"}
    assert {block.language for block in BLOCKS.values()} <= known


def test_a_gap_stands_for_any_lines_and_all_else_must_be_there() -> None:
    assert shows("a\n…\nd", "a\nb\nc\nd\n")
    assert shows("id 1170000000000001", "id 1170000000000009")
    assert shows("b\nc", "a\nb\nc\nd", in_part=True)
    assert not shows("b\nc", "a\nb\nc\nd")
    assert not shows("a\nd", "a\nb\nd", in_part=True)
    assert not shows("b", "ab", in_part=True)


@pytest.mark.parametrize("place", of_language("yaml"))
def test_every_yaml_of_a_page_is_what_its_reader_takes(place: str, repository: Repository) -> None:
    text = BLOCKS[place].text
    value = yaml.safe_load(text)
    match value:
        case {"version": 1}:
            (repository.root / "flowsync.yaml").write_text(text, "utf-8")
            problems: list[Diagnostic] = []
            assert load_project(None, {}, problems) is not None
            assert problems == []
        case {"name": _, "state": _}:
            problems = []
            document = parse_yaml(text, place, problems)
            assert document is not None
            shown = with_texts_where_text_is_meant(document, "flow")
            assert [*problems, *check_shape(document, shown, "flow")] == []
        case {"exchanges": _}:
            problems = []
            assert parse_fixtures(text, place, problems) is not None
            assert problems == []
        case {"scenarios": _}:
            problems = []
            assert parse_scenarios(text, place, problems) is not None
            assert problems == []
        case [{"uses": used, "with": given}]:
            action: Any = yaml.safe_load((ROOT / used / "action.yml").read_text("utf-8"))
            assert set(given) <= set(action["inputs"])
        case {"jobs": jobs}:
            runs = [step.get("run", "") for job in jobs.values() for step in job["steps"]]
            words = [found for run in runs for found in re.findall(r"flowsync ([a-z]+) ", run)]
            assert words
            assert set(words) <= set(COMMANDS)
        case {"repos": _} | {"include": _}:  # tests/ci compares them with what they name
            pass
        case _:
            pytest.fail(f"{place}: YAML of no known kind")


@pytest.mark.parametrize("place", of_language("json"))
def test_every_json_of_a_page_can_be_read(place: str) -> None:
    value = json.loads(BLOCKS[place].text)
    named = re.findall(r"\.vscode/([\w-]+)\.schema\.json", json.dumps(value))
    assert named
    page = TEXTS[place.split(":")[0]]
    assert all(f"flowsync schema {name} > .vscode/{name}.schema.json" in page for name in named)


def without_code(text: str) -> str:
    """Give a page without its fenced blocks and the code in its lines."""
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"``.*?``|`[^`\n]*`", "", prose)


def slug(heading: str) -> str:
    """Give the anchor that GitHub makes of a heading."""
    words = re.sub(r"[^\w\- ]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower())
    return words.strip().replace(" ", "-")


def anchors(text: str) -> set[str]:
    bare = re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)
    made = [slug(heading) for heading in re.findall(r"^#+ (.+)$", bare, re.MULTILINE)]
    return {*made, *re.findall(r'<a (?:id|name)="([^"]+)"', text)}


@pytest.mark.parametrize("name", ALL_TEXTS)
def test_every_link_of_a_page_leads_to_a_file_and_a_heading(name: str) -> None:
    bare = without_code(ALL_TEXTS[name])
    folder = (ROOT / name).parent
    wrong = []
    for link in re.findall(r"\]\(([^)\s]+)\)", bare):
        if re.match(r"[a-z]+:", link):
            assert link.startswith("https://"), link
            continue
        path, _, anchor = link.partition("#")
        file = (folder / path).resolve() if path else ROOT / name
        is_there = file.exists() and file.is_relative_to(ROOT)
        if not is_there or (anchor and anchor not in anchors(file.read_text("utf-8"))):
            wrong.append(link)
    assert wrong == []


def test_every_page_is_linked_from_the_readme() -> None:
    linked = set(re.findall(r"\]\((docs/[\w-]+\.md)", TEXTS["README.md"]))
    assert linked == set(PAGES) - {"README.md"}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_that_a_page_names_exists(command: str, repository: Repository) -> None:
    named: set[str] = set()
    for name in WRITTEN:
        for words in re.findall(rf"\bflowsync {command}\b([^`\n|]*)", TEXTS[name]):
            named |= set(re.findall(r"(?<!\S)(--[a-z][a-z-]+)", words.split(" # ")[0]))
        named |= set(re.findall(rf"`{command} (--[a-z-]+)", TEXTS[name]))
    if command == "ci":
        return  # its commands have options of their own; tests/ci runs them
    shown = repository.run(command, "--help").stdout
    assert named <= set(re.findall(r"--[a-z-]+", shown))


def test_the_readme_can_be_read_in_one_sitting() -> None:
    assert len(TEXTS["README.md"].splitlines()) <= MOST_LINES_OF_README


def example(text: str, *marks: Mark, language: str = "sh") -> Block:
    return Block(language=language, text=text, line=1, marks=marks)


@pytest.mark.parametrize(
    "wrong",
    [
        example("false\ntrue\n"),
        example("flowsync validate --stric\n"),
        example("(exit 3)    # 2: there are changes\n"),
        example("$ flowsync --version\nflowsync 0.0.0\n", language="console"),
        example("$ flowsync validate\n…\n", language="console"),  # ends with 3, and nobody says so
        example("no such line\n", Mark(kind="output of", about="", text="flowsync init --help")),
    ],
)
def test_an_example_that_is_wrong_is_noticed(
    wrong: Block, tmp_path: Path, flowsync_command: str
) -> None:
    reader = Reader(tmp_path, flowsync_command)
    with pytest.raises(AssertionError):
        reader.do(wrong)


def test_a_comment_that_is_no_mark_and_a_mark_without_a_block_are_noticed() -> None:
    with pytest.raises(AssertionError, match="no mark"):
        blocks_of("<!-- wth: flows -->\n```sh\ntrue\n```\n")
    with pytest.raises(AssertionError, match="without a block"):
        blocks_of("<!-- run: true -->\n")
