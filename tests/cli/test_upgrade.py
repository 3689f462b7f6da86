from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support import Repository, flow_json

PICKER = {"type": "DatePicker", "name": "day", "label": "Day", "min-date": "1704067200000"}


def old_flow(version: str = "4.0", **picker: str) -> str:
    value = json.loads(json.dumps(flow_json()))
    value["version"] = version
    value["screens"][0]["layout"]["children"].insert(0, {**PICKER, **picker})
    return json.dumps(value)


@pytest.fixture
def old(repository: Repository) -> Repository:
    """A repository with one flow in a version that the platform no longer takes."""
    repository.flow("a").with_suffix(".json").write_text(old_flow())
    return repository


def test_a_flow_is_upgraded_in_canonical_form_and_then_valid(old: Repository) -> None:
    ran = old.run("upgrade", "--to", "7.3")
    assert ran.exit_code == 0, ran.output
    assert "flows/a.json: 4.0 → 7.3, written\n" in ran.stdout
    assert '→ "2024-01-01"' in ran.stdout
    assert "decide" in ran.stdout
    assert ran.stderr == ""
    assert old.run("validate").exit_code == 0
    assert old.run("fmt", "--check", "flows/a.json").exit_code == 0
    again = old.run("upgrade", "--to", "7.3")
    assert (again.exit_code, again.stdout) == (0, "1 file read: 1 up to date.\n")


def test_dry_run_shows_the_difference_and_writes_nothing(old: Repository) -> None:
    before = Path("flows/a.json").read_text()
    ran = old.run("upgrade", "--to", "7.3", "--dry-run")
    assert ran.exit_code == 0
    assert "would be written" in ran.stdout
    assert '+  "version": "7.3",\n' in ran.stdout
    assert Path("flows/a.json").read_text() == before


def test_a_result_that_is_not_valid_is_not_written_and_other_files_go_on(old: Repository) -> None:
    broken = old.flow("b").with_suffix(".json")
    broken.write_text(old_flow(**{"min-date": "soon"}))
    before = broken.read_text()
    ran = old.run("upgrade", "--to", "7.3")
    assert ran.exit_code == 3
    assert "flows/b.json:1:" in ran.stdout
    assert "[FS333 INVALID_DATE_RANGE]" in ran.stdout
    assert broken.read_text() == before
    assert '"version": "7.3"' in Path("flows/a.json").read_text()


def test_variables_are_those_of_the_target(old: Repository) -> None:
    old.config(
        x={"remote": "emulator", "vars": {"first": "2024-01-01"}},
        y={"remote": "emulator", "vars": {"first": "soon"}},
    )
    Path("flows/a.json").write_text(old_flow(**{"min-date": "${var:first}"}))
    assert old.run("upgrade", "--to", "7.3", "-t", "y").exit_code == 3
    assert old.run("upgrade", "--to", "7.3", "-t", "x").exit_code == 0
    assert '"${var:first}"' in Path("flows/a.json").read_text()


def test_a_bare_file_needs_no_definition(old: Repository) -> None:
    Path("bare.json").write_text(old_flow("2.1"))
    ran = old.run("upgrade", "bare.json", "--to", "6.3")
    assert ran.exit_code == 0
    assert '"version": "6.3"' in Path("bare.json").read_text()
    assert '"version": "4.0"' in Path("flows/a.json").read_text()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--to", "5.0"), 'the platform takes no version "5.0"'),
        (("--to", "9.9"), 'the platform takes no version "9.9"'),
        (("--to", "6.0"), "flows/a.json (7.3), flows/b.json (7.3) would go back to 6.0"),
        (("flows/a.yaml", "--to", "7.3"), "is a definition"),
        (("gone.json", "--to", "7.3"), "there is no file gone.json"),
        (("zz", "--to", "7.3"), 'no flow has the key "zz"'),
        ((), "--to"),
        (("-", "--to", "7.3"), "takes no stdin. Name a file instead of -."),
    ],
)
def test_wrong_usage_ends_with_64_and_writes_nothing(
    repository: Repository, args: tuple[str, ...], said: str
) -> None:
    repository.flow("a")
    repository.flow("b")
    before = Path("flows/a.json").read_text()
    ran = repository.run("upgrade", *args)
    assert ran.exit_code == 64
    assert said in " ".join(ran.stderr.split())
    assert ran.stdout == ""
    assert Path("flows/a.json").read_text() == before


def test_an_unknown_version_is_a_finding_and_other_files_go_on(old: Repository) -> None:
    old.flow("b").with_suffix(".json").write_text(old_flow("1.0"))
    ran = old.run("upgrade", "--to", "7.3")
    assert ran.exit_code == 3
    assert 'flows/b.json:1:13: the version "1.0" is not one that can be upgraded.' in ran.stderr
    assert '"version": "7.3"' in Path("flows/a.json").read_text()


def test_json_says_the_same(old: Repository) -> None:
    Path("bad.json").write_text("{")
    ran = old.run("upgrade", "--to", "7.3", "a", "bad.json", "--dry-run", "--format", "json")
    assert ran.exit_code == 3
    found = json.loads(ran.stdout)
    (file,) = found["files"]
    assert (file["path"], file["from"], file["to"]) == ("flows/a.json", "4.0", "7.3")
    assert file["result"] == "would_write"
    assert {change["summary"].split()[0] for change in file["changes"]} == {"min-date", "version"}
    assert len(file["decisions"]) == 1
    assert file["findings"] == []
    assert [finding["path"] for finding in found["findings"]] == ["bad.json"]


def test_a_link_that_leads_outside_is_refused(old: Repository) -> None:
    Path("outside.json").write_text(old_flow())
    Path("sub").mkdir()
    Path("sub/b.json").symlink_to(old.root / "outside.json")
    assert old.run("upgrade", "sub/b.json", "--to", "7.3").exit_code == 3
    assert Path("outside.json").read_text() == old_flow()


def test_what_is_no_flow_json_is_said_to_be_none(repository: Repository) -> None:
    Path("list.json").write_text("[]")
    ran = repository.run("upgrade", "list.json", "--to", "7.3")
    assert ran.exit_code == 3
    assert "list.json:1:1: this is no object, so it has no version." in ran.stderr
    assert ran.stdout == "0 files read.\n"


def test_a_result_that_the_platform_would_find_too_large_is_not_written(
    repository: Repository,
) -> None:
    deep = "[" * 90 + ",".join(["1"] * 60_000) + "]" * 90
    text = f'{{"version":"4.0","screens":{deep}}}'
    Path("a.json").write_text(text)
    ran = repository.run("upgrade", "a.json", "--to", "7.3")
    assert ran.exit_code == 3
    assert "that the platform accepts" in ran.stdout
    assert Path("a.json").read_text() == text
