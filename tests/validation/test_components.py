from __future__ import annotations

import pytest

from flowsync.validation import texts
from flowsync.validation.components import COMPONENTS, MAX_PER_SCREEN, ONLY_IN_FORM
from flowsync.validation.versions import ACCEPTED, V5_1, V6_0, V6_3, V7_0
from flowsync.validation.wording import listed, quoted, shown_value


def test_versions_in_the_table_are_accepted_ones() -> None:
    for component in COMPONENTS.values():
        for place in (component.in_layout, component.in_form, component.in_if, component.in_switch):
            assert place is None or place in ACCEPTED.values()
        for prop in component.properties.values():
            assert prop.since in ACCEPTED.values()


def test_limited_types_exist() -> None:
    assert {*MAX_PER_SCREEN, *ONLY_IN_FORM} <= set(COMPONENTS)


@pytest.mark.parametrize(
    ("text", "is_blank"),
    [
        ("", True),
        (" \t\n", True),
        ("\u00a0\ufeff\u2003", True),
        ("\u200b", False),
        ("\x85", False),
        ("\x1c", False),
        ("\u2028x", True),
        ("\r\n\u2028x", True),
        ("a\u2028", False),
    ],
)
def test_blank_means_what_it_means_to_the_platform(text: str, is_blank: bool) -> None:
    assert texts.is_blank(text) is is_blank


def test_screen_ids_are_stricter_from_7_0() -> None:
    assert texts.is_screen_id("__", V6_3)
    assert not texts.is_screen_id("__", V7_0)
    assert not texts.is_screen_id("A1", V6_3)
    assert not texts.is_screen_id("A\n", V7_0)


def test_expressions_exist_from_6_0() -> None:
    assert not texts.is_expression("`1`", V5_1)
    assert texts.is_expression("`1`", V6_0)
    assert not texts.is_expression("``", V6_0)


def test_names_are_quoted_so_that_they_can_be_printed() -> None:
    assert quoted("\ud800\n") == '"\\ud800\\u000a"'
    assert len(quoted("x" * 1000)) < 70
    assert listed(["a", "b", "c", "d"], 4) == '"a", "b", "c" and 1 more'
    assert shown_value(10**400) == "a large number"
