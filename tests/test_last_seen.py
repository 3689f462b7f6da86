from __future__ import annotations

from pathlib import Path

import pytest

from flowsync.last_seen import flows_last_seen, remember_flows_seen
from flowsync.model import FlowId

NONE: frozenset[FlowId] = frozenset()


def ids(*numbers: int) -> frozenset[FlowId]:
    return frozenset(FlowId(str(number)) for number in numbers)


def test_flows_are_remembered_for_a_target_and_its_account(tmp_path: Path) -> None:
    remember_flows_seen(tmp_path, "staging", "1", ids(1, 2))
    remember_flows_seen(tmp_path, "other", "1", ids(3))
    assert flows_last_seen(tmp_path, "staging", "1") == ids(1, 2)
    assert flows_last_seen(tmp_path, "other", "1") == ids(3)


def test_another_account_behind_the_same_target_was_never_seen(tmp_path: Path) -> None:
    remember_flows_seen(tmp_path, "staging", "1", ids(1, 2))
    assert flows_last_seen(tmp_path, "staging", "2") == NONE


def test_the_latest_note_counts_and_no_other_file_is_left(tmp_path: Path) -> None:
    remember_flows_seen(tmp_path, "staging", "1", ids(1, 2))
    remember_flows_seen(tmp_path, "staging", "1", ())
    assert flows_last_seen(tmp_path, "staging", "1") == NONE
    assert [file.name for file in (tmp_path / "seen").iterdir()] == ["staging.json"]


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"account": "1"}', '{"account": "1", "flows": 7}', "\udcff"],
)
def test_a_broken_note_counts_as_nothing_known(tmp_path: Path, text: str) -> None:
    file = tmp_path / "seen" / "staging.json"
    file.parent.mkdir()
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert flows_last_seen(tmp_path, "staging", "1") == NONE


def test_where_nothing_was_noted_nothing_is_known(tmp_path: Path) -> None:
    assert flows_last_seen(tmp_path, "staging", "1") == NONE


def test_a_folder_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "seen").write_text("a file where the folder should be")
    remember_flows_seen(tmp_path, "staging", "1", ids(1, 2))
    assert flows_last_seen(tmp_path, "staging", "1") == NONE
