"""Files beside a definition are no definitions, to whatever command."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowsync.diagnostics import Diagnostic
from flowsync.flows_folder import companion_file, companion_kind, find_definitions
from flowsync.sources import Snapshot
from tests.support import Repository

FLOWS = Path("flows")
FIXTURES = "exchanges:\n- fault: timeout\n"
SCENARIOS = "scenarios:\n- {name: x, steps: [{expect: {can_continue: true}}]}\n"


def write(name: str, text: str = FIXTURES) -> Path:
    file = FLOWS / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return file


@pytest.mark.parametrize("kind", ["fixtures", "scenarios"])
@pytest.mark.parametrize("end", [".yaml", ".yml", ".YAML"])
def test_a_file_beside_a_definition_is_no_definition(
    repository: Repository, kind: str, end: str
) -> None:
    repository.flow("booking")
    repository.flow("support/flow", name="Support")
    text = {"fixtures": FIXTURES, "scenarios": SCENARIOS}[kind]
    write(f"booking.{kind}{end}", text)
    write(f"support/flow.{kind}{end}", text)
    problems: list[Diagnostic] = []
    assert list(find_definitions(FLOWS, problems)) == ["booking", "support"]
    assert problems == []
    assert repository.run("validate").exit_code == 0
    assert repository.run("apply", "--yes").exit_code == 0
    assert repository.run("plan", "--detailed-exitcode").exit_code == 0


def test_a_definition_may_be_called_fixtures(repository: Repository) -> None:
    repository.flow("fixtures")
    repository.flow("my-fixtures", name="Mine")
    assert list(find_definitions(FLOWS, [])) == ["fixtures", "my-fixtures"]


def test_what_stands_beside_no_definition_is_refused_and_not_passed_over(
    repository: Repository,
) -> None:
    repository.flow("a")
    repository.flow("old.fixtures", name="Meant as a definition")
    ran = repository.run("plan")
    assert ran.exit_code == 3
    assert "flows/old.fixtures.yaml:1:1: by its name it holds fixtures of old.yaml" in ran.output
    assert "[FS020]" in ran.output


def test_a_file_beside_a_definition_of_the_other_ending_belongs_to_it(
    repository: Repository,
) -> None:
    repository.flow("a").rename(FLOWS / "a.yml")
    write("a.fixtures.yaml")
    problems: list[Diagnostic] = []
    assert list(find_definitions(FLOWS, problems)) == ["a"]
    assert problems == []


def test_an_earlier_revision_is_read_in_the_same_way() -> None:
    then = Snapshot(files={FLOWS / "a.yaml": b"", FLOWS / "a.fixtures.yaml": b""})
    assert list(find_definitions(FLOWS, [], then)) == ["a"]


def test_fixtures_are_found_beside_their_definition(repository: Repository) -> None:
    repository.flow("support/flow")
    definition = FLOWS / "support/flow.yaml"
    assert companion_file(definition, "fixtures") == FLOWS / "support/flow.fixtures.yaml"
    short = write("support/flow.fixtures.yml")
    assert companion_file(definition, "fixtures") == short
    long = write("support/flow.fixtures.yaml")
    assert companion_file(definition, "fixtures") == long
    assert companion_file(definition, "scenarios") == FLOWS / "support/flow.scenarios.yaml"


@pytest.mark.parametrize("kind", ["fixtures", "scenarios"])
def test_a_file_with_a_capital_ending_is_checked_too(repository: Repository, kind: str) -> None:
    repository.flow("booking")
    write(f"booking.{kind}.YAML", "nonsense: true\n")
    ran = repository.run("validate")
    assert ran.exit_code == 3
    assert f"flows/booking.{kind}.YAML:1:1: " in ran.output


@pytest.mark.parametrize(
    ("others", "said"),
    [
        (["booking.Fixtures.yaml"], "Name it booking.fixtures.yaml."),
        (["booking.fixtures.yaml", "booking.fixtures.yml"], "Keep one of the two files."),
    ],
)
def test_a_file_that_would_never_be_read_is_refused(
    repository: Repository, others: list[str], said: str
) -> None:
    repository.flow("booking")
    for name in others:
        write(name)
    ran = repository.run("validate")
    assert ran.exit_code == 3
    assert (
        f"flows/{others[-1]}:1:1: it is never read: the fixtures of booking.yaml are those of "
        f"booking.fixtures.yaml. {said}" in ran.output
    )


def test_kinds_are_told_by_the_name_alone() -> None:
    kinds = {name: companion_kind(Path(name)) for name in ("a.fixtures.yaml", "a.scenarios.yml")}
    assert kinds == {"a.fixtures.yaml": "fixtures", "a.scenarios.yml": "scenarios"}
    for name in ("a.yaml", "fixtures.yaml", "a.fixtures.json", "a.fixtures", "a.other.yaml"):
        assert companion_kind(Path(name)) is None, name


def test_fmt_leaves_fixtures_as_they_are(repository: Repository) -> None:
    repository.flow("a")
    file = write("a.fixtures.yaml", "exchanges:   [{fault:   timeout}]\n")
    assert repository.run("fmt").exit_code == 0
    ran = repository.run("fmt", "flows/a.fixtures.yaml")
    assert ran.exit_code == 64
    assert "flows/a.fixtures.yaml holds fixtures of a flow, no definition" in ran.output
    assert file.read_text() == "exchanges:   [{fault:   timeout}]\n"
