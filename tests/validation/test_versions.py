from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from flowsync.validation.components import COMPONENTS
from flowsync.validation.versions import (
    ACCEPTED,
    LATEST,
    VERSIONS,
    Status,
    data_api_versions,
    find,
    nearest_accepted,
    status_on,
)


def test_versions_are_listed_once_and_in_order() -> None:
    numbers = [version.number for version in VERSIONS]
    assert numbers == sorted(set(numbers))


def test_accepted_versions_follow_from_their_status() -> None:
    assert list(ACCEPTED) == ["5.1", "6.0", "6.1", "6.2", "6.3", "7.0", "7.1", "7.2", "7.3"]
    assert LATEST == "7.3"


def test_public_versions_have_a_day_and_say_what_they_changed() -> None:
    for version in VERSIONS:
        is_public = version.status is not Status.INTERNAL
        assert (version.first_listed is not None) == is_public
        if version.first_listed is not None:
            assert re.fullmatch(r"20\d\d-\d\d(-\d\d)?", version.first_listed)
        assert bool(version.changes) == (is_public and version.number > (2, 1))
        assert version.headline
        for change in version.changes:
            assert not change.text.endswith(".")


def test_components_that_came_later_are_named_where_they_came() -> None:
    for name, component in COMPONENTS.items():
        since = component.in_layout
        assert since is not None
        version = next(version for version in VERSIONS if version.number == since)
        if since > (5, 1):
            assert any(name in change.text for change in version.changes), name


def test_data_api_versions_follow_the_flow_version() -> None:
    assert {text: data_api_versions(number) for text, number in ACCEPTED.items()} == {
        **dict.fromkeys(ACCEPTED, ("3.0",)),
        "7.3": ("3.0", "4.0"),
    }


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("7.3", Status.ACCEPTED),
        ("5.0", Status.FROZEN),
        ("2.1", Status.FROZEN),
        ("5.2", Status.INTERNAL),
        ("7.4", Status.INTERNAL),
        ("1.10", Status.INTERNAL),
    ],
)
def test_version_is_found_by_its_text(text: str, status: Status) -> None:
    found = find(text)
    assert found is not None
    assert found.text == text
    assert found.status is status


@pytest.mark.parametrize("text", ["7.5", "7", "", "07.3", "5.01"])
def test_text_that_never_was_a_version_is_not_found(text: str) -> None:
    assert find(text) is None


@pytest.mark.parametrize(
    ("text", "near"),
    [("5.0", "5.1"), ("5.2", "6.0"), ("6.9", "7.0"), ("7.4", "7.3"), ("99.0", "7.3")],
)
def test_nearest_version_is_the_one_a_flow_can_be_raised_to(text: str, near: str) -> None:
    found = nearest_accepted(text)
    assert found is not None
    assert found.text == near


@pytest.mark.parametrize("text", ["seven", "", "7", "7.x", "²,³", "1234567.0"])
def test_what_is_no_version_has_no_nearest_one(text: str) -> None:
    assert nearest_accepted(text) is None


def test_planned_freeze_takes_effect_on_its_day() -> None:
    version = replace(VERSIONS[-2], freezes_on=date(2027, 1, 31))
    assert status_on(version, date(2027, 1, 30)) is Status.ACCEPTED
    assert status_on(version, date(2027, 1, 31)) is Status.FROZEN
    assert status_on(VERSIONS[-2], date(2099, 1, 1)) is Status.ACCEPTED
    assert status_on(VERSIONS[-1], date(2099, 1, 1)) is Status.INTERNAL
