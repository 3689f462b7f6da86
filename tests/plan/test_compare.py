"""Comparing values of Flow JSON by what they mean."""

from __future__ import annotations

import pytest

from flowsync.model import JsonValue, canonical_digest
from flowsync.plan.compare import same_value
from flowsync.plan.difference.screens import flow_json_differences

# --- the same value ---


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (1, 1.0),
        (0, -0.0),
        (1000, 1e3),
        ({"a": 1, "b": [2, {"c": 3.0}]}, {"b": [2.0, {"c": 3}], "a": 1.0}),
        (2**63 + 1, float(2**63 + 1)),  # the gateway turns such integers into floats (G-08)
        (-(2**70), -float(2**70)),
        ("é", "\u00e9"),
        (None, None),
        ([], []),
        (["é", 1], ["é", 1.0]),  # not all of them are written by the same writer
        (["é", "\ud800", 2], ["é", "\ud800", 2.0]),
        (["é", 2**64, 0.1, 1], ["é", float(2**64), 0.1, 1.0]),
        (["\ud800", 1e-7, 2**80], ["\ud800", 0.0000001, float(2**80)]),
        ({"\\": '"', "n": 1}, {"n": 1.0, "\\": '"'}),
    ],
)
def test_values_that_mean_the_same_are_the_same(left: JsonValue, right: JsonValue) -> None:
    assert same_value(left, right)
    assert canonical_digest(left) == canonical_digest(right)
    assert flow_json_differences({"x": left}, {"x": right}) == ()


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (1, True),
        (0, False),
        (1, "1"),
        (1, 1.5),
        (None, False),
        (None, ""),
        ({}, []),
        ([], None),
        ({"a": None}, {}),
        ([1, 2], [2, 1]),
        ([1], 1),
        ("e\u0301", "\u00e9"),
        (2**53, 2**53 + 1),
        (2**63, 2**64),
        (10**400, 10**401),
    ],
)
def test_values_that_mean_something_else_differ(left: JsonValue, right: JsonValue) -> None:
    assert not same_value(left, right)
    assert canonical_digest(left) != canonical_digest(right)
    assert len(flow_json_differences({"x": left}, {"x": right})) >= 1


def test_a_digest_is_a_sha256() -> None:
    digest = canonical_digest({})
    assert digest == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
