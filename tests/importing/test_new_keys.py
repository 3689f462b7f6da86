from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsync.diagnostics import Diagnostic
from flowsync.flows_folder import find_definitions
from flowsync.importing.new_keys import new_key, slug_of, taken_keys
from flowsync.model import FlowId, FlowKey

ID = FlowId("1170000000000001")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Appointment booking", "appointment-booking"),
        ("Café für Müßige", "cafe-fur-mussige"),
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\Windows\\nul.txt", "c-windows-nul-txt"),
        ("CON", "con-flow"),
        ("Lpt1", "lpt1-flow"),
        ("..", "flow-1170000000000001"),
        ("予約", "flow-1170000000000001"),
        (".flowsync", "flowsync"),
        ("-rf *", "rf"),
        ("A" * 200, "a" * 60),
        ("a " * 100, "a-" * 29 + "a"),
    ],
)
def test_a_name_makes_a_folder_that_every_system_takes(name: str, key: str) -> None:
    assert new_key(name, ID, set()) == key


def test_names_that_make_one_key_are_told_apart() -> None:
    taken: set[str] = set()
    names = ["Summer offer", "summer-offer", "SUMMER OFFER!"]
    keys = [new_key(name, ID, taken) for name in names]
    assert keys == ["summer-offer", "summer-offer-2", "summer-offer-3"]


def test_what_is_there_is_never_taken_for_a_new_folder(tmp_path: Path) -> None:
    (tmp_path / "Support").mkdir()
    (tmp_path / "booking.yaml").write_text("")
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    taken = taken_keys(tmp_path, [FlowKey("team/Survey")])
    assert new_key("support", ID, set(taken)) == "support-2"
    assert new_key("Booking", ID, set(taken)) == "booking-2"
    assert new_key("gone", ID, set(taken)) == "gone-2"


def test_nothing_is_taken_in_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert taken_keys(tmp_path / "flows", []) == set()


@given(st.text(max_size=300))
def test_any_name_makes_a_key_that_is_one(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    key = new_key(name, ID, set())
    assert len(key) <= 65
    assert slug_of(key) == key
    flows = tmp_path_factory.mktemp("flows")
    (flows / key).mkdir()
    (flows / key / "flow.yaml").write_text("")
    problems: list[Diagnostic] = []
    assert list(find_definitions(flows, problems)) == [key]
    assert problems == []
