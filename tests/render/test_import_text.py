from __future__ import annotations

import json
from pathlib import Path

from flowsync.cli.console import json_text
from flowsync.importing.values import Fate, FileChange, FlowImport, Import, Verdict
from flowsync.model import FlowId, FlowKey
from flowsync.render.import_text import import_to_json, render_import
from tests.render.golden import PLAIN, check_harmless, nasty_names


@nasty_names
def test_nothing_in_an_import_can_steer_a_terminal(nasty: str) -> None:
    flow = FlowImport(
        flow_id=FlowId("1"),
        name=nasty,
        status=nasty,
        verdict=Verdict.UPDATED,
        key=FlowKey("a"),
        files=(FileChange(path=Path("flows/a.yaml"), before="a\n", after=f"name: {nasty}\n"),),
        reason=f"its name is {nasty}",
        remarks=(f"categories: {nasty}",),
    )
    planned = Import(flows=(flow,), left_out=1, without_flow=(FlowKey(nasty),))
    for fate in Fate:
        check_harmless(render_import(planned, [(flow, fate)], PLAIN))
    document = import_to_json(planned, [(flow, Fate.KEPT)])
    check_harmless(json_text(document))
    assert json.loads(json_text(document)) == document
