"""Imports as text and JSON. UPDATE_GOLDEN=1 writes tests/golden/ anew."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flowsync.importing.values import Carried, FileChange, Import, ImportedFlow, Result
from flowsync.model import FlowId, FlowKey
from flowsync.render.import_json import import_to_json
from flowsync.render.import_text import render_import
from flowsync.render.style import Style
from flowsync.validation.schema import fits
from tests.render.golden import COLOURED, PLAIN, check_golden, check_harmless, nasty_names

FOLDER = Path("flows")


def flow(name: str, key: str | None, *files: FileChange, problem: str = "") -> ImportedFlow:
    return ImportedFlow(
        id=FlowId("117"),
        name=name,
        status="PUBLISHED",
        key=None if key is None else FlowKey(key),
        is_new=any(file.before is None for file in files),
        files=files,
        problem=problem,
        remarks=(f"see {name}.",) if files else (),
    )


def carried(name: str) -> tuple[Carried, ...]:
    """Give one flow for each result, all of one name."""
    before = f"name: {name}\nstate: published # go live\n"
    after = before.replace("published", "deprecated")
    new = FileChange(path=FOLDER / "new" / "flow.yaml", before=None, after=after)
    change = FileChange(path=FOLDER / "a.yaml", before=before, after=after)
    changed = flow(name, "a", change)
    return (
        Carried(flow=flow(name, "new", new), result=Result.CREATED),
        Carried(flow=flow(name, "new", new), result=Result.WOULD_CREATE),
        Carried(flow=changed, result=Result.UPDATED),
        Carried(flow=changed, result=Result.WOULD_UPDATE),
        Carried(flow=changed, result=Result.KEPT),
        Carried(flow=flow(name, "same"), result=Result.UNCHANGED),
        Carried(flow=flow(name, None, problem=f"it is {name}."), result=Result.SKIPPED),
        Carried(flow=changed, result=Result.FAILED, failure="the disk is full."),
    )


def found(name: str) -> Import:
    flows = tuple(one.flow for one in carried(name))
    gone = tuple(FlowKey(f"gone-{number}") for number in range(12))
    return Import(flows=flows, left_out=("Old", name), gone=gone, doubts=(f"{name} came twice",))


@pytest.mark.parametrize(
    ("style", "file"), [(PLAIN, "import.txt"), (COLOURED, "import-colours.txt")]
)
def test_every_result_is_shown(style: Style, file: str) -> None:
    name = "Booking <b>|"
    check_golden(file, render_import(found(name), carried(name), style, verbose=True))


def test_what_is_unchanged_is_only_counted() -> None:
    same = [one for one in carried("A") if one.result is Result.UNCHANGED]
    nothing = Import(flows=(same[0].flow,))
    assert render_import(nothing, same, PLAIN) == "1 flow: 1 unchanged.\n"


def test_only_flows_that_were_left_out_are_counted_too() -> None:
    text = render_import(Import(flows=(), left_out=("Old",)), (), PLAIN)
    assert text == "0 flows. 1 deprecated flow left out (--deprecated).\n"


@nasty_names
def test_no_name_can_steer_a_terminal(nasty: str) -> None:
    check_harmless(render_import(found(nasty), carried(nasty), PLAIN, verbose=True))


def test_every_result_fits_the_schema() -> None:
    document = import_to_json(found("A"), carried("A"), target="local", exit_code=5, is_dry=False)
    assert fits(json.loads(json.dumps(document)), "import") is None
    assert document["summary"] == {result.value: 1 for result in Result}
