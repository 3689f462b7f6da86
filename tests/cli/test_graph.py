"""`flowsync graph`: what it draws of which words, and what it asks a remote."""

from __future__ import annotations

import html
import json
import re
import stat
from pathlib import Path
from xml.etree import ElementTree

import pytest

from flowsync.remotes.emulator.gateway_app import DOCUMENTED_ACCOUNT
from tests.cli.serving import DATABASE, WRITES, Served, run
from tests.render.graphs import AFTER, BEFORE, a_flow, a_screen, button
from tests.support import TOKEN, Repository, flow_json

FORMATS = {"mermaid": "flowchart TD\n", "dot": 'digraph "', "svg": "<svg "}


@pytest.fixture
def staging(repository: Repository, served: Served) -> Repository:
    """A repository whose flow `a` is on a gateway as its definition says."""
    repository.config(staging=served.target())
    repository.flow("a", content=flow_json(screen="FIRST"))
    assert run(repository, "apply", "--yes").exit_code == 0
    served.taken()
    return repository


@pytest.mark.parametrize(("output", "start"), FORMATS.items())
def test_each_format_is_printed_or_saved_for_its_owner(
    repository: Repository, output: str, start: str
) -> None:
    repository.flow("a", content=flow_json(screen="FIRST"))
    printed = run(repository, "graph", "a", "--format", output)
    assert printed.exit_code == 0
    assert printed.stderr == ""
    assert printed.stdout.startswith(start)
    assert "FIRST" in printed.stdout
    saved = run(repository, "graph", "a", "--format", output, "--out", "a.graph")
    assert saved.stdout == ""
    assert saved.stderr == "saved as a.graph\n"
    assert Path("a.graph").read_text("utf-8") == printed.stdout
    assert stat.S_IMODE(Path("a.graph").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("file", "output"), [("a.svg", "svg"), ("a.GV", "dot"), ("a.dot", "dot"), ("a.md", "mermaid")]
)
def test_the_name_of_the_file_says_the_format_where_none_is_named(
    repository: Repository, file: str, output: str
) -> None:
    repository.flow("a")
    assert run(repository, "graph", "a", "--out", file).exit_code == 0
    assert Path(file).read_text("utf-8").startswith(FORMATS[output])


def test_mermaid_is_drawn_where_no_format_is_named(repository: Repository) -> None:
    repository.flow("a")
    assert (
        run(repository, "graph", "a").stdout
        == run(repository, "graph", "a", "--format", "mermaid").stdout
    )


@pytest.mark.parametrize("word", ["a", "[a]", "flows/a.json", "./flows/a.json"])
def test_a_flow_is_named_by_key_glob_or_file(repository: Repository, word: str) -> None:
    repository.flow("a", content=flow_json(screen="FIRST"))
    repository.flow("b")
    ran = run(repository, "graph", word)
    assert ran.exit_code == 0, ran.stderr
    assert "FIRST" in ran.stdout


def test_stdin_and_files_need_no_repository_and_keep_unknown_variables(
    repository: Repository,
) -> None:
    content = json.dumps(flow_json(screen="FIRST"))
    content = content.replace("Contact us", "${var:title}")
    Path("bare.json").write_text(content)
    for ran in (
        repository.run("graph", "-", "--format", "dot", input=content),
        repository.run("graph", "bare.json", "--format", "dot"),
    ):
        assert ran.exit_code == 0, ran.stderr
        assert "${var:title}" in ran.stdout


def test_variables_of_a_target_are_replaced(repository: Repository) -> None:
    content = json.dumps(flow_json()).replace("Contact us", "${var:title}")
    repository.flow("a", content=json.loads(content))
    repository.config(local={"remote": "emulator", "vars": {"title": "Write to us"}})
    assert "Write to us" in run(repository, "graph", "a").stdout
    assert "Write to us" in run(repository, "graph", "flows/a.json", "-t", "local").stdout
    assert "Write to us" not in run(repository, "graph", "flows/a.json").stdout


def test_mistakes_that_leave_screens_do_not_stop_the_drawing(repository: Repository) -> None:
    repository.flow("a", content=a_flow(a_screen("A", "First", button("Go", "GONE"))))
    ran = run(repository, "graph", "a")
    assert ran.exit_code == 0
    assert "GONE · missing" in ran.stdout
    assert re.fullmatch(r"a has \d+ errors?; `flowsync validate a` shows them\n", ran.stderr)
    assert run(repository, "validate", "a").exit_code == 3


def test_a_wrong_definition_does_not_stop_the_drawing_of_its_flow_json(
    repository: Repository,
) -> None:
    repository.flow("a", content=flow_json(screen="FIRST"), state="liv")
    ran = run(repository, "graph", "a")
    assert ran.exit_code == 0
    assert "FIRST" in ran.stdout
    assert "a has 1 error;" in ran.stderr
    compared = run(repository, "graph", "a", "--before-after")
    assert compared.exit_code == 3
    assert "flows/a.yaml:5:8:" in compared.stderr


@pytest.mark.parametrize("output", FORMATS)
def test_no_remote_is_asked_without_before_after(
    staging: Repository, served: Served, output: str
) -> None:
    assert run(staging, "graph", "a", "--format", output).exit_code == 0
    assert served.operations == []


def test_the_embedded_emulator_is_not_made_by_a_drawing(repository: Repository) -> None:
    repository.flow("a")
    assert run(repository, "graph", "a").exit_code == 0
    assert not DATABASE.exists()


# --- before and after ---


def test_before_and_after_are_compared_with_what_the_remote_has(
    repository: Repository, served: Served
) -> None:
    repository.config(staging=served.target())
    whole = json.dumps(AFTER).replace("\\ud800", "")  # half of a character is refused in files
    repository.flow("a", content=json.loads(whole))
    flow = served.platform.create_flow(DOCUMENTED_ACCOUNT, name="A", categories=["OTHER"])
    served.platform.upload(flow, json.dumps(BEFORE).encode())
    ran = run(repository, "graph", "a", "--before-after", "--format", "dot")
    assert ran.exit_code == 0, ran.stderr
    assert 'digraph "Screens of a, and what changes on staging"' in ran.stdout
    for words in ("DAMAGE (removed)", "ASK (new)", "SEND · terminal (changed)", "(removed)"):
        assert words in ran.stdout
    assert not [operation for operation in served.operations if operation in WRITES]


def test_a_screen_that_was_renamed_is_one(staging: Repository) -> None:
    staging.flow("a", content=flow_json(screen="OTHER"))
    ran = run(staging, "graph", "a", "--before-after")
    assert "FIRST → OTHER · start · terminal (changed)" in ran.stdout


def test_nothing_is_marked_where_nothing_differs(staging: Repository) -> None:
    ran = run(staging, "graph", "a", "--before-after")
    assert ran.exit_code == 0
    assert "classDef" not in ran.stdout


@pytest.mark.parametrize("is_there", [False, True], ids=["not there", "without Flow JSON"])
def test_all_is_new_of_a_flow_that_the_remote_has_no_content_of(
    repository: Repository, served: Served, is_there: bool
) -> None:
    repository.config(staging=served.target())
    repository.flow("a", content=flow_json(screen="FIRST"))
    if is_there:
        served.platform.create_flow(DOCUMENTED_ACCOUNT, name="A", categories=["OTHER"])
    ran = run(repository, "graph", "a", "--before-after")
    assert ran.exit_code == 0, ran.stderr
    assert "FIRST · start · terminal (new)" in ran.stdout


def test_a_flow_that_could_not_be_made_as_it_is_is_drawn_as_new(
    repository: Repository, served: Served
) -> None:
    """To publish it an endpoint is missing; that is no doubt about what is there."""
    repository.config(staging=served.target())
    repository.flow("a", content=flow_json(endpoint=True, screen="FIRST"))
    assert run(repository, "plan").exit_code == 3
    ran = run(repository, "graph", "a", "--before-after")
    assert ran.exit_code == 0, ran.stderr
    assert "FIRST · start · terminal (new)" in ran.stdout


def test_all_is_removed_of_a_draft_that_is_to_be_absent(
    repository: Repository, served: Served
) -> None:
    repository.config(staging=served.target())
    repository.flow("a", content=flow_json(screen="FIRST"), state="draft")
    assert run(repository, "apply", "--yes").exit_code == 0
    repository.flow("a").write_text("name: A\nstate: absent\n")
    ran = run(repository, "graph", "a", "--before-after")
    assert ran.exit_code == 0, ran.stderr
    assert "FIRST · start · terminal (removed)" in ran.stdout


def test_content_that_cannot_be_read_is_no_content_to_compare_with(
    staging: Repository, served: Served
) -> None:
    served.emulated.faults.add("get:asset-unavailable")
    ran = run(staging, "graph", "a", "--before-after")
    assert ran.exit_code == 5, ran.output
    assert ran.stdout == ""
    assert 'what "a" holds on "staging" cannot be told: ' in ran.stderr


def test_a_listing_in_doubt_does_not_make_a_flow_new(
    repository: Repository, served: Served
) -> None:
    repository.config(staging=served.target())
    repository.flow("a")
    served.emulated.faults.add("list:no-data")
    ran = run(repository, "graph", "a", "--before-after")
    assert ran.exit_code == 5
    assert ran.stdout == ""


def test_an_account_that_lost_all_its_flows_is_not_believed(
    staging: Repository, served: Served
) -> None:
    with served.emulated.store.transaction() as connection:
        connection.execute("DELETE FROM flows")
    ran = run(staging, "graph", "a", "--before-after")
    assert ran.exit_code == 6
    assert "--allow-empty-remote" in ran.stderr
    believed = run(staging, "graph", "a", "--before-after", "--allow-empty-remote")
    assert believed.exit_code == 0, believed.stderr
    assert "(new)" in believed.stdout


def test_it_is_said_where_two_flows_could_be_meant(repository: Repository, served: Served) -> None:
    repository.config(staging=served.target())
    repository.flow("a")
    served.platform.create_flow(DOCUMENTED_ACCOUNT, name="a", categories=["OTHER"])
    ran = run(repository, "graph", "a", "--before-after")
    assert ran.exit_code == 3
    assert "only in letter case" in ran.stderr


# --- secrets and markup ---


@pytest.mark.parametrize("output", FORMATS)
@pytest.mark.parametrize("where", ["repository", "remote"])
def test_a_token_in_a_label_is_not_drawn(
    repository: Repository, served: Served, output: str, where: str
) -> None:
    """It is taken out before a format escapes its signs or breaks it in lines."""
    token = "+secret" * 12 if where == "repository" else TOKEN
    content = json.dumps(flow_json()).replace('"Send"', f'"{"a" * 18} {token}"')
    repository.config(staging=served.target())
    repository.flow("a", content=json.loads(content))
    args = ["graph", "a", "--format", output]
    if where == "remote":
        flow = served.platform.create_flow(DOCUMENTED_ACCOUNT, name="A", categories=["OTHER"])
        served.platform.upload(flow, content.encode())
        repository.flow("a")
        args += ["--before-after"]
    ran = run(repository, *args, token=token)
    assert ran.exit_code == 0
    plain = html.unescape(re.sub(r"#(\d+);", r"&#\1;", ran.output))
    assert "***" in plain
    assert "secret" not in plain


@pytest.mark.parametrize("output", FORMATS)
@pytest.mark.parametrize("name", ["::error::a", "##[b]", "##vso[c]d", "a\n::add-mask::x"])
def test_no_name_is_a_command_to_a_ci_service(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, output: str, name: str
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    repository.flow("a", content=a_flow(a_screen("A", name, button(name))))
    ran = run(repository, "graph", "a", "--format", output)
    assert ran.exit_code == 0
    for line in ran.output.splitlines():
        assert not re.match(r"\s*::|.*##(vso|teamcity)?\[", line), line
    if output == "svg":
        ElementTree.fromstring(ran.stdout)
