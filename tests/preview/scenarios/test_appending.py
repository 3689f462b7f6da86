from __future__ import annotations

from pathlib import Path

import pytest

from flowsync.assets import schema_text
from flowsync.errors import FlowsyncError
from flowsync.preview.scenarios.appending import append_scenario
from flowsync.preview.scenarios.written import Written, scenario_text
from tests.preview.scenarios.walks import read

FLOWS = Path("flows")
FILE = FLOWS / "a.scenarios.yaml"
TEXT = scenario_text("A walk", {"today": "2026-11-28"}, [Written(word="tap", value="Send")])


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    FLOWS.mkdir()


def write(text: str) -> str:
    FILE.write_bytes(text.encode())
    return text


def added(text: str = TEXT) -> tuple[str, str]:
    """Add a scenario and give its name and the file's text."""
    name = append_scenario(FILE, text, flows=FLOWS)
    return name, FILE.read_bytes().decode()


def test_a_missing_file_is_made_with_the_schema_that_the_repository_keeps() -> None:
    assert added() == ("A walk", f"scenarios:\n{TEXT}")
    FILE.unlink()
    schema = Path("schemas/scenarios.schema.json")
    schema.parent.mkdir()
    schema.write_text(schema_text("scenarios"))
    first = "# yaml-language-server: $schema=../schemas/scenarios.schema.json\n"
    assert added() == ("A walk", f"{first}scenarios:\n{TEXT}")


@pytest.mark.parametrize("indent", ["", "  ", "    "])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_comments_and_layout_of_a_file_stay(indent: str, end: str) -> None:
    before = write(
        end.join(
            [
                "# for editors",
                "scenarios: # all",
                f"{indent}- name:   'first'   # the first",
                f"{indent}  steps: [ {{tap:  Send}} ]",
                "# the end",
                "",
            ]
        )
    )
    name, after = added()
    assert name == "A walk"
    assert after.startswith(before)
    assert after[len(before) :].startswith(f"{end}{indent}- name: A walk{end}")
    assert "\r" not in after or after.count("\r") == after.count("\n")
    assert [one.name for one in read(after)] == ["first", "A walk"]


def test_a_file_whose_last_line_has_no_end_gets_one() -> None:
    before = write("scenarios:\n- name: first\n  steps: [{back: true}]")
    assert added()[1].startswith(f"{before}\n\n- name: A walk\n")


def test_a_name_that_is_taken_gets_a_number() -> None:
    assert [added()[0] for _ in range(3)] == ["A walk", "A walk (2)", "A walk (3)"]
    assert [one.name for one in read(FILE.read_text())] == ["A walk", "A walk (2)", "A walk (3)"]


@pytest.mark.parametrize(
    ("before", "said"),
    [
        ("scenarios: [{name: a, steps: [{back: true}]}]\n", "a list with a dash and a name"),
        ("scenarios:\n- name: a\n  steps: [{back: true}]\n...\n", "a list with a dash"),
        ("scenarios:\n- # first\n  name: a\n  steps: [{back: true}]\n", "a list with a dash"),
        ("scenarios:\n- name: a\n", r"flows/a.scenarios.yaml:2:3: .*steps"),
        ("", "the file is empty"),
        ("scenarios: [\n", "not valid YAML"),
    ],
)
def test_a_file_that_cannot_be_added_to_stays_as_it_is(before: str, said: str) -> None:
    write(before)
    with pytest.raises(FlowsyncError, match=said) as raised:
        added()
    assert "nothing was added to flows/a.scenarios.yaml" in str(raised.value)
    assert FILE.read_text() == before
    assert [one.name for one in FLOWS.iterdir()] == [FILE.name]


def test_a_link_out_of_the_flows_folder_is_not_followed() -> None:
    outside = Path("outside.yaml")
    outside.write_text(f"scenarios:\n{TEXT}")
    FILE.symlink_to(outside.absolute())
    with pytest.raises(FlowsyncError, match="leads out of the flows folder"):
        added()
    assert outside.read_text() == f"scenarios:\n{TEXT}"


def test_a_link_that_leads_nowhere_is_left_alone() -> None:
    FILE.symlink_to("gone.yaml")
    with pytest.raises(FlowsyncError, match="nothing was added"):
        added()
    assert FILE.is_symlink()
    assert not (FLOWS / "gone.yaml").exists()


def test_what_is_no_scenario_is_not_added() -> None:
    with pytest.raises(FlowsyncError, match="the recorded scenario cannot be written"):
        added("  - name: a\n")
    assert not FILE.exists()
