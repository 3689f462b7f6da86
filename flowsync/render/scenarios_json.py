"""What came of the scenarios of flows, for reading by machine (schemas/test.schema.json)."""

from __future__ import annotations

from collections.abc import Iterable

from flowsync.model import JsonValue
from flowsync.preview.scenarios.values import Ran, Tested, Unreached

FORMAT_VERSION = "1.0"


def tested_to_json(tested: Iterable[Tested]) -> dict[str, JsonValue]:
    """Give the JSON document of a run of scenarios."""
    tested = tuple(tested)
    return {
        "format_version": FORMAT_VERSION,
        "is_passed": all(one.is_passed for one in tested),
        "flows": [_flow(one) for one in tested],
    }


def _flow(tested: Tested) -> JsonValue:
    return {
        "key": tested.key,
        "path": tested.path,
        "scenarios": [_ran(ran) for ran in tested.ran],
        "unreached": _unreached(tested.unreached),
    }


def _ran(ran: Ran) -> JsonValue:
    failure = ran.failure
    return {
        "name": ran.scenario.name,
        "line": ran.scenario.line,
        "is_passed": failure is None,
        "failure": None
        if failure is None
        else {"line": failure.line, "column": failure.column, "message": failure.message},
    }


def _unreached(unreached: Unreached) -> JsonValue:
    return {
        "screens": [*unreached.screens],
        "branches": [*unreached.branches],
        "options": [
            {"screen": one.screen, "name": one.name, "ids": [*one.options], "number": one.number}
            for one in unreached.options
        ],
    }
