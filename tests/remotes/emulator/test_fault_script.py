from __future__ import annotations

from pathlib import Path

import pytest

from flowsync.errors import UsageFailure
from flowsync.remotes.emulator.fault_script import read_fault_script
from flowsync.remotes.emulator.faults import Fault


def test_script_holds_a_fault_in_each_line_and_comments(tmp_path: Path) -> None:
    file = tmp_path / "storm.txt"
    file.write_text(
        "\ufeff# a bad day\n\ncreate@2:drop-after   # the second\n  any:slow=20*3\r\n#get:drop\n",
        "utf-8",
    )
    assert read_fault_script(file) == (
        Fault("create", "drop-after", None, 1, 1),
        Fault("any", "slow", 20, 3),
    )


def test_empty_script_holds_no_fault(tmp_path: Path) -> None:
    file = tmp_path / "calm.txt"
    file.write_text("")
    assert read_fault_script(file) == ()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("create", "is not of the form OPERATION"),
        ("make:drop", 'unknown operation "make"'),
        ("create:explode", 'unknown kind "explode"'),
        ("create@0:drop", "names call 0"),
        ("get:drop get:html", "is not of the form"),
    ],
)
def test_mistake_in_a_script_is_named_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    file = tmp_path / "storm.txt"
    file.write_text(f"# first\nget:drop\n\n{line}\nget:nonsense\n", "utf-8")
    with pytest.raises(UsageFailure) as caught:
        read_fault_script(file)
    assert str(caught.value).startswith(f'{file}:4: the fault "{line}"')
    assert said in str(caught.value)


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_script_that_cannot_be_read_is_a_sentence(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "storm.txt"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(UsageFailure, match=r"the fault script .*storm\.txt (cannot be|is not)"):
        read_fault_script(file)


def test_folder_is_no_script(tmp_path: Path) -> None:
    with pytest.raises(UsageFailure, match="is a directory"):
        read_fault_script(tmp_path)
