from __future__ import annotations

import time

import pytest

from flowsync.validation.regexes import is_regex, matches

PASSWORD = "^(?=.*[A-Za-z])(?=.*[0-9])(?!.*\\s).+$"


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("abcdefghij1", True),
        ("onlyletters and blanks", False),
        ("onlylettersthatgoonandonandonandonandon", False),
        ("1234567890123456", False),
        ("letters and 1 blank", False),
    ],
)
def test_what_a_password_must_hold_is_looked_for_in_long_ones_too(
    text: str, is_found: bool
) -> None:
    assert is_regex(PASSWORD)
    assert matches(PASSWORD, text) is is_found


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "^a*a*a*a*a*a*b", "^(?=a*a*a*a*a*b)a", "^a(?=a*b)a*a*a*a*b", "(?=(a*)*b)"]
)
def test_what_could_take_long_is_taken_as_found(pattern: str) -> None:
    start = time.monotonic()
    assert matches(pattern, "a" * 200)
    assert time.monotonic() - start < 1
