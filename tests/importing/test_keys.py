from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsync.importing.keys import new_key, slug_of
from flowsync.model import FlowKey


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Appointment booking", "appointment-booking"),
        ("Café Zürich", "cafe-zurich"),
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\x", "c-x"),
        ("予約", "flow"),
        ("...", "flow"),
        ("CON", "flow-con"),
        ("lpt1", "flow-lpt1"),
        ("x" * 300, "x" * 60),
    ],
)
def test_a_name_gives_a_folder_name_that_every_system_takes(name: str, slug: str) -> None:
    assert slug_of(name) == slug


@given(st.text(max_size=300))
def test_a_slug_is_a_short_plain_word(name: str) -> None:
    assert re.fullmatch("[a-z0-9](?:[a-z0-9-]{0,63}[a-z0-9])?", slug_of(name))


def test_a_key_is_not_that_of_another_or_of_a_folder_whatever_the_letter_case(
    tmp_path: Path,
) -> None:
    (tmp_path / "Booking").mkdir()
    (tmp_path / "booking-2.yml").touch()
    assert new_key("booking", tmp_path, [FlowKey("Booking-3/x")]) == "booking-4"
    assert new_key("booking", tmp_path / "none", []) == "booking"
