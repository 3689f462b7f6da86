"""`flowsync plan --diff raw`, `--before-after` and `--format github`."""

from __future__ import annotations

import pytest

from flowsync.model import JsonValue
from tests.plan.test_contract import ends, goes
from tests.plan.test_difference import a_screen, a_text, an_input, flow
from tests.support import Repository, flow_json

OLD = flow(
    a_screen("A", an_input("email"), goes("B")), a_screen("B", a_text("Bye"), ends(), terminal=True)
)
NEW = flow(
    a_screen("A", an_input("email"), goes("C")),
    a_screen("C", a_text("New"), goes("B")),
    a_screen("B", a_text("Bye"), ends(), terminal=True),
)


@pytest.fixture
def changed(repository: Repository) -> Repository:
    """An account with a flow, and a repository in which it has one screen more."""
    repository.flow("survey", content=OLD)
    assert repository.run("apply", "--yes").exit_code == 0
    repository.flow("survey", content=NEW)
    return repository


def test_without_options_a_plan_shows_neither_lines_nor_ways(changed: Repository) -> None:
    printed = changed.run("plan").stdout
    assert "+ screen added" in printed
    assert "@@" not in printed
    assert "screens and ways" not in printed


def test_raw_shows_the_flow_json_line_by_line_in_canonical_form(changed: Repository) -> None:
    printed = changed.run("plan", "--diff", "raw").stdout
    assert "+ screen added" in printed
    assert '    +      "id": "C",' in printed.splitlines()
    markdown = changed.run("plan", "--diff", "raw", "--format", "markdown").stdout
    assert '+      "id": "C",' in markdown.split("```diff")[1].splitlines()


def test_a_change_is_shown_without_orders_that_are_the_same(repository: Repository) -> None:
    def content(label: str) -> dict[str, JsonValue]:
        last = a_screen("B", a_text(label), ends(), terminal=True)
        screens = flow(a_screen("A", an_input("email"), goes("B")), last)
        return {"routing_model": {"B": [], "A": ["B"]}, "data_api_version": "3.0", **screens}

    definition = {"endpoint_uri": "https://example.com/flow"}
    repository.flow("survey", content=content("Bye"), **definition)
    ran = repository.run("apply", "--yes")
    assert ran.exit_code == 0, ran.output
    repository.flow("survey", content=content("Good-bye"), **definition)
    printed = repository.run("plan", "--diff", "raw").stdout
    lines = [" ".join(line.split()) for line in printed.splitlines()]
    changed = [line for line in lines if line.startswith(("+ ", "- "))]
    assert changed == ['- "text": "Bye"', '+ "text": "Good-bye"'], printed
    assert "order" not in printed


def test_before_after_shows_which_screens_and_ways_come_and_go(changed: Repository) -> None:
    lines = [line.strip() for line in changed.run("plan", "--before-after").stdout.splitlines()]
    assert '+ C "Title of C" (new)' in lines
    assert '+   → C: button "Next" (new)' in lines
    assert '-   → B: button "Next" (removed)' in lines


def test_markdown_has_a_graph_where_ways_change_and_where_it_was_asked_for(
    changed: Repository,
) -> None:
    assert "```mermaid\nflowchart TD" in changed.run("plan", "--format", "markdown").stdout
    changed.flow("survey", content=flow(*OLD["screens"][:1], {**OLD["screens"][1], "title": "New"}))
    assert "```mermaid" not in changed.run("plan", "--format", "markdown").stdout
    asked = changed.run("plan", "--format", "markdown", "--before-after").stdout
    assert "```mermaid\nflowchart TD" in asked


def test_remarks_for_github_are_commands_and_not_escaped(changed: Repository) -> None:
    result = changed.run("plan", "--format", "github", env={"GITHUB_ACTIONS": "true"})
    assert result.exit_code == 0
    assert all(line.startswith("::") for line in result.stdout.splitlines())
    assert "::notice file=flows/survey.json," in result.stdout


def test_a_token_in_a_flow_is_in_no_detail(repository: Repository) -> None:
    repository.flow("survey", content=flow_json("Old"))
    assert repository.run("apply", "--yes").exit_code == 0
    token = "very-secret-token"
    repository.flow("survey", content=flow_json(f"label {token}"))
    for output in ("text", "markdown", "github", "json"):
        args = ("plan", "--diff", "raw", "--before-after", "--format", output)
        printed = repository.run(*args, env={"FLOWSYNC_TOKEN": token}).stdout
        assert token not in printed
        assert "label ***" in printed
