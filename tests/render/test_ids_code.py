"""Ids as modules: whatever a name holds, it is a string of that name and nothing else.

The golden module of Python is checked by ruff and mypy like any other of the repository.
"""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsync.model import FlowId, FlowKey, ListedFlow
from flowsync.plan.ids import KnownFlow
from flowsync.render.ids_code import constant_name, render_python, render_typescript
from flowsync.render.ids_text import sharing_a_name
from tests.render.golden import ALL_NASTY, check_golden

COMMAND = "flowsync ids --target staging"


def known(key: str, id: str | None = "1", name: str = "A", status: str = "DRAFT") -> KnownFlow:
    flow = id and ListedFlow(id=FlowId(id), name=name, status=status)
    return KnownFlow(key=FlowKey(key), flow=flow or None, reason="" if flow else "gone.")


def run_python(text: str) -> dict[str, object]:
    found: dict[str, object] = {}
    exec(compile(text, "ids.py", "exec"), found)
    return found


FLOWS = [
    known("booking", "1170000000000001", "Booking", "PUBLISHED"),
    known("gone", None),
    known("support/flow-2", "x_-9", f"{ALL_NASTY} \U0001f600 */ ${{x}}", ALL_NASTY),
    known("2fa.login", "7", '"\\', "DRAFT"),
]


@pytest.mark.parametrize("render", [render_python, render_typescript])
def test_each_module_has_constants_and_a_mapping(render: object) -> None:
    if render is render_python:
        check_golden("ids.py", render_python(FLOWS, "staging", COMMAND))
    else:
        check_golden("ids.ts", render_typescript(FLOWS, "staging", COMMAND))


@given(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8")))
def test_any_name_comes_back_as_it_is(name: str, status: str) -> None:
    flow = {"id": "1", "name": name, "status": status}
    python = render_python([known("a", "1", name, status)], name, status)
    found = run_python(python)
    assert (found["FLOW_A"], found["FLOWS"]) == ("1", {"a": flow})
    typescript = render_typescript([known("a", "1", name, status)], name, status)
    lines = dict(re.findall(r"    (name|status): (.*),\n", typescript))
    assert {word: json.loads(text) for word, text in lines.items()} == {
        "name": name,
        "status": status,
    }
    for text in (python, typescript):
        code = [line for line in text.split("\n") if not line.startswith(("#", "//"))]
        assert "\n".join(code).isascii()
        assert len(text.splitlines()) == len(text.split("\n")) - 1  # no other sign ends a line


def test_a_target_without_flows_gives_an_empty_mapping() -> None:
    assert run_python(render_python([known("a", None)], "x", COMMAND))["FLOWS"] == {}


def test_keys_with_one_constant_are_found() -> None:
    assert sharing_a_name([known("a-b"), known("a.b")], constant_name) == ("a-b", "a.b")
