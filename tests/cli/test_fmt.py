from __future__ import annotations

import json
import os
import shutil
import stat
from pathlib import Path

import pytest

from flowsync.sources import MAX_FILE_BYTES
from tests.support import Repository, flow_json

ROOT = Path(__file__).parent.parent.parent
MESSY = json.dumps(flow_json())
TIDY = json.dumps(flow_json(), indent=2) + "\n"


@pytest.fixture
def messy(repository: Repository) -> Repository:
    """A repository with one flow whose two files are not in canonical form."""
    file = repository.flow("a")
    file.write_text("state: draft # for now\nflow_json: a.json\nname: A\ncategories: [OTHER]\n")
    file.with_suffix(".json").write_text(MESSY)
    return repository


def names(folder: str) -> list[str]:
    return sorted(file.name for file in Path(folder).iterdir())


def read(name: str) -> str:
    return Path(name).read_bytes().decode()


def test_the_examples_and_the_template_are_canonical(repository: Repository) -> None:
    shutil.copytree(ROOT / "flows", repository.root / "flows")
    assert repository.run("fmt", "--check").exit_code == 0
    shutil.copytree(
        ROOT / "flowsync/templates/flows", repository.root / "flows", dirs_exist_ok=True
    )
    ran = repository.run("fmt", "--check")
    assert ran.exit_code == 0, ran.output


def test_the_schemas_are_canonical(repository: Repository) -> None:
    schemas = [file.as_posix() for file in sorted((ROOT / "schemas").glob("*.json"))]
    assert len(schemas) >= 4
    ran = repository.run("fmt", "--check", *schemas)
    assert ran.exit_code == 0, ran.output


def test_all_flows_are_written_in_canonical_form(messy: Repository) -> None:
    ran = messy.run("fmt")
    assert ran.exit_code == 0
    assert ran.stdout == (
        "formatted flows/a.yaml\nformatted flows/a.json\n2 files read, 2 files formatted.\n"
    )
    assert read("flows/a.json") == TIDY
    assert read("flows/a.yaml") == (
        "name: A\ncategories: [OTHER]\nflow_json: a.json\nstate: draft # for now\n"
    )
    again = messy.run("fmt", "--check")
    assert (again.exit_code, again.stdout) == (0, "2 files read, 0 files to format.\n")


def test_check_writes_nothing_and_ends_with_2(messy: Repository) -> None:
    before = read("flows/a.yaml"), read("flows/a.json")
    ran = messy.run("fmt", "--check")
    assert ran.exit_code == 2
    assert ran.stdout.startswith("would format flows/a.yaml\nwould format flows/a.json\n")
    assert (read("flows/a.yaml"), read("flows/a.json")) == before


def test_diff_shows_the_change_and_writes_nothing(messy: Repository) -> None:
    ran = messy.run("fmt", "--diff", "flows/a.yaml")
    assert ran.exit_code == 0
    assert ran.stdout == (
        "--- flows/a.yaml\n+++ flows/a.yaml\n@@ -1,4 +1,4 @@\n"
        "-state: draft # for now\n-flow_json: a.json\n name: A\n categories: [OTHER]\n"
        "+flow_json: a.json\n+state: draft # for now\n"
    )
    assert read("flows/a.yaml").startswith("state")
    assert messy.run("fmt", "--diff", "--check").exit_code == 2


def test_flows_are_chosen_by_key_and_files_by_path(messy: Repository) -> None:
    messy.flow("b").with_suffix(".json").write_text(MESSY)
    assert "flows/b.json" not in messy.run("fmt", "a").stdout
    assert messy.run("fmt", "flows/b.json").stdout.startswith("formatted flows/b.json\n1 file read")
    assert messy.run("fmt", "?").stdout == (
        "formatted flows/b.yaml\n4 files read, 1 file formatted.\n"
    )


def test_stdin_goes_to_stdout_byte_by_byte(repository: Repository) -> None:
    text = '{"version": "ü", "t": "flowsync-token-value"}'
    ran = repository.run("fmt", "-", input=text, env={"FLOWSYNC_TOKEN": "flowsync-token-value"})
    assert ran.exit_code == 0
    assert ran.stdout == '{\n  "version": "ü",\n  "t": "flowsync-token-value"\n}\n'
    assert ran.stderr == ""
    checked = repository.run("fmt", "-", "--check", input=text)
    assert (checked.exit_code, checked.stdout.splitlines()[0]) == (2, "would format <stdin>")


def test_stdin_that_cannot_be_parsed_prints_nothing_on_stdout(repository: Repository) -> None:
    ran = repository.run("fmt", "-", input='{"a":1,"a":2}')
    assert (ran.exit_code, ran.stdout) == (3, "")
    assert ran.stderr.startswith("<stdin>:1:8: ")


def test_what_cannot_be_parsed_is_a_finding_and_other_files_go_on(messy: Repository) -> None:
    messy.flow("b").with_suffix(".json").write_text("{")
    ran = messy.run("fmt")
    assert ran.exit_code == 3
    assert "flows/b.json:1:2: " in ran.stderr
    assert read("flows/a.json") == TIDY
    assert read("flows/b.json") == "{"


def test_a_missing_flow_json_is_a_finding(messy: Repository) -> None:
    Path("flows/a.json").unlink()
    ran = messy.run("fmt")
    assert ran.exit_code == 3
    assert 'flows/a.yaml:2:12: flow_json "a.json" does not exist.' in ran.stderr


def test_flow_json_of_every_target_is_formatted(messy: Repository) -> None:
    for name in ("one", "two", "three"):
        Path(f"flows/{name}.json").write_text(MESSY)
    messy.config(
        x={"remote": "emulator", "vars": {"brand": "one"}},
        y={"remote": "emulator", "vars": {"brand": "two"}},
    )
    Path("flows/a.yaml").write_text(
        "name: A\nflow_json: ${var:brand}.json\nstate: draft\n"
        "targets: {y: {flow_json: three.json}}\n"
    )
    shown = messy.run("fmt", "--check").stdout
    assert {name for name in ("one", "two", "three") if f"flows/{name}.json" in shown} == {
        *("one", "two", "three")
    }
    assert "two.json" not in messy.run("fmt", "--check", "-t", "x").stdout


def test_a_link_that_leads_outside_is_never_written_through(messy: Repository) -> None:
    outside = messy.root / "outside.json"
    outside.write_text(MESSY)
    for name in ("flows/a.json", "link/b.json"):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).unlink(missing_ok=True)
        Path(name).symlink_to(outside)
    assert messy.run("fmt").exit_code == 3
    ran = messy.run("fmt", "link/b.json")
    assert ran.exit_code == 3
    assert "a link that leads there" in ran.stderr
    assert outside.read_text() == MESSY


def test_a_link_inside_stays_a_link_and_rights_stay(messy: Repository) -> None:
    real = Path("flows/real.json")
    Path("flows/a.json").rename(real)
    Path("flows/a.json").symlink_to("real.json")
    real.chmod(0o640)
    assert messy.run("fmt").exit_code == 0
    assert Path("flows/a.json").is_symlink()
    assert real.read_text() == TIDY
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert names("flows") == ["a.json", "a.yaml", "real.json"]


def test_a_file_that_cannot_be_replaced_is_as_before_and_said(
    messy: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusing(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refusing)
    ran = messy.run("fmt")
    assert ran.exit_code == 1
    assert "flows/a.json cannot be written: no space left on device." in ran.stderr
    assert read("flows/a.json") == MESSY
    assert names("flows") == ["a.json", "a.yaml"]


def test_what_is_left_in_its_order_is_said(messy: Repository) -> None:
    Path("flows/a.yaml").write_text("state: &s draft\nname: *s\n")
    ran = messy.run("fmt")
    assert ran.exit_code == 0
    assert "flows/a.yaml: it has anchors" in ran.stderr


def test_json_names_every_file_with_its_result(messy: Repository) -> None:
    messy.flow("b").with_suffix(".json").write_text("{")
    ran = messy.run("fmt", "--check", "--format", "json")
    assert ran.exit_code == 3
    found = json.loads(ran.stdout)
    assert {file["path"]: file["result"] for file in found["files"]} == {
        "flows/a.yaml": "would_format",
        "flows/a.json": "would_format",
        "flows/b.yaml": "would_format",
        "flows/b.json": "invalid",
    }
    assert [finding["rule"] for finding in found["findings"]] == ["FS002"]


def test_line_ends_of_windows_become_those_of_the_canonical_form(messy: Repository) -> None:
    Path("flows/a.yaml").write_bytes(b"name: A\r\nflow_json: a.json\r\nstate: draft\r\n")
    assert messy.run("fmt").exit_code == 0
    assert "\r" not in read("flows/a.yaml")


def test_fmt_of_bare_files_reads_no_configuration(messy: Repository) -> None:
    Path("flowsync.yaml").write_text("not: [valid\n")
    assert messy.run("fmt", "flows/a.json").exit_code == 0
    assert messy.run("fmt").exit_code == 3


def test_what_somebody_saved_meanwhile_is_not_overwritten(
    messy: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    def save_meanwhile(number: int) -> None:
        Path("flows/a.json").write_text("{}\n")

    monkeypatch.setattr(os, "fsync", save_meanwhile)
    ran = messy.run("fmt", "a", "--format", "json")
    assert ran.exit_code == 1
    assert "flows/a.json cannot be written: it has changed since it was read." in ran.stderr
    results = {file["path"]: file["result"] for file in json.loads(ran.stdout)["files"]}
    assert results == {"flows/a.yaml": "formatted", "flows/a.json": "failed"}
    assert read("flows/a.json") == "{}\n"
    assert names("flows") == ["a.json", "a.yaml"]


def test_an_interrupted_write_leaves_no_other_file(
    messy: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(number: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    assert messy.run("fmt", "flows/a.json").exit_code == 130
    assert read("flows/a.json") == MESSY
    assert names("flows") == ["a.json", "a.yaml"]


def test_a_file_does_not_grow_beyond_what_the_platform_accepts(repository: Repository) -> None:
    text = "[" * 90 + ",".join(["1"] * 60_000) + "]" * 90
    Path("a.json").write_text(text)
    ran = repository.run("fmt", "a.json")
    assert "a.json: formatted it would be larger than the platform accepts." in ran.stderr
    assert read("a.json") == text


def test_only_as_much_of_stdin_is_read_as_a_file_may_have(repository: Repository) -> None:
    ran = repository.run("fmt", "-", input=" " * (MAX_FILE_BYTES + 2))
    assert (ran.exit_code, ran.stdout) == (3, "")
    assert "more than the 10,485,760 that the platform accepts" in ran.stderr


def test_a_missing_line_end_is_shown_as_a_difference(messy: Repository) -> None:
    Path("flows/a.json").write_text(TIDY.rstrip("\n"))
    shown = messy.run("fmt", "--diff", "flows/a.json").stdout
    assert shown.endswith("   ]\n-}\n\\ No newline at end of file\n+}\n")


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("flows", '"flows" is a folder, not the key of a flow. Leave it out to mean all flows'),
        ("flows/aa.json", 'there is no file flows/aa.json. Did you mean "flows/a.json"?'),
        ("gone/x.json", "there is no file gone/x.json. A flow's key is written without a suffix."),
        ("x" * 5000, 'no flow has the key "xxx'),
        ("y" * 5000 + ".json", "there is no file yyy"),
    ],
)
def test_a_word_that_means_nothing_is_wrong_usage(messy: Repository, word: str, said: str) -> None:
    ran = messy.run("fmt", word)
    assert ran.exit_code == 64
    assert said in ran.stderr


def test_a_name_of_a_flow_json_that_no_system_takes_is_a_finding(messy: Repository) -> None:
    messy.flow("b", flow_json="x" * 5000 + ".json")
    ran = messy.run("fmt")
    assert ran.exit_code == 3
    assert "does not exist. Create it, or correct the name." in ran.stderr
    assert read("flows/a.json") == TIDY


def test_two_at_once_that_write_the_same_both_succeed(
    messy: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", lambda number: Path("flows/a.json").write_text(TIDY))
    ran = messy.run("fmt", "flows/a.json")
    assert (ran.exit_code, ran.stderr) == (0, "")
    assert names("flows") == ["a.json", "a.yaml"]
