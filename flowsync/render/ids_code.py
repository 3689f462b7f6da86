"""Ids of flows as a module of Python or TypeScript, for services that send them.

Nothing in it changes from one run to the next unless a flow does. Names are people's: they stand in
it as strings of plain ASCII, and never in a comment.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from flowsync.model import FlowKey, ListedFlow
from flowsync.plan.ids import KnownFlow
from flowsync.render.style import clean

CONSTANT_PREFIX = "FLOW_"
MADE_BY = "made by `flowsync ids`"  # by which a file of ours is known again
_LONGEST_LINE = 88  # what ruff and black take where they are told nothing


def render_python(flows: Iterable[KnownFlow], target: str, command: str) -> str:
    """Give a module with a constant for each flow's id, and a mapping `FLOWS` by key.

    `command` is what writes it. No two of the keys may have one constant; `constant_name` tells.
    """
    flows = tuple(flows)
    lines = [
        f'"""Ids of WhatsApp Flows, {MADE_BY}. Do not edit."""',
        "",
        f"# Target: {clean(target)}",
        f"# Command: {clean(command)}",
        *(f"# {line}" for line in _missing(flows)),
        "",
        "from typing import Final, TypedDict",
        "",
        "",
        "class Flow(TypedDict):",
        '    """A flow as the target has it."""',
        "",
        "    id: str",
        "    name: str",
        "    status: str",
        "",
        "",
        *(f"{constant_name(key)}: Final = {_python(flow.id)}" for key, flow in _there(flows)),
        *_python_mapping(flows),
    ]
    if any(len(line) > _LONGEST_LINE for line in lines):
        lines.insert(2, "# ruff: noqa: E501")
    return "\n".join(lines) + "\n"


def _python_mapping(flows: Iterable[KnownFlow]) -> Iterator[str]:
    entries = [
        line
        for key, flow in _there(flows)
        for line in (
            f"    {_python(key)}: {{",
            f'        "id": {constant_name(key)},',
            f'        "name": {_python(flow.name)},',
            f'        "status": {_python(flow.status)},',
            "    },",
        )
    ]
    if not entries:
        yield "FLOWS: Final[dict[str, Flow]] = {}"
        return
    yield ""
    yield "FLOWS: Final[dict[str, Flow]] = {"
    yield from entries
    yield "}"


def render_typescript(flows: Iterable[KnownFlow], target: str, command: str) -> str:
    """Give a module with a constant for each flow's id, and `FLOWS` by key with its type."""
    flows = tuple(flows)
    lines = [
        f"// Ids of WhatsApp Flows, {MADE_BY}. Do not edit.",
        f"// Target: {clean(target)}",
        f"// Command: {clean(command)}",
        *(f"// {line}" for line in _missing(flows)),
        "",
        *(
            f"export const {constant_name(key)} = {_json(flow.id)} as const;"
            for key, flow in _there(flows)
        ),
        "",
        "// prettier-ignore",
        "export const FLOWS = {",
        *(
            line
            for key, flow in _there(flows)
            for line in (
                f"  {_json(key)}: {{",
                f"    id: {constant_name(key)},",
                f"    name: {_json(flow.name)},",
                f"    status: {_json(flow.status)},",
                "  },",
            )
        ),
        "} as const;",
        "",
        "export type FlowKey = keyof typeof FLOWS;",
    ]
    return "\n".join(lines) + "\n"


def constant_name(key: FlowKey) -> str:
    """Give the name of the constant for a key: in capitals, all but letters and digits as `_`."""
    return CONSTANT_PREFIX + re.sub(r"[^A-Z0-9]", "_", key.upper())


def _there(flows: Iterable[KnownFlow]) -> Iterator[tuple[FlowKey, ListedFlow]]:
    return ((one.key, one.flow) for one in flows if one.flow is not None)


def _missing(flows: Iterable[KnownFlow]) -> Iterator[str]:
    return (f"Without an id here: {clean(one.key)}" for one in flows if one.flow is None)


def _json(text: str) -> str:
    """Give a text as a string of JavaScript in plain ASCII."""
    return json.dumps(text).replace("\x7f", "\\u007f")


def _python(text: str) -> str:
    """Give a text as a string of Python in plain ASCII, quoted as ruff and black quote it."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    return quote + "".join(_python_character(one, quote) for one in text) + quote


def _python_character(character: str, quote: str) -> str:
    if character in "\"'":
        return f"\\{character}" if character == quote else character
    return f"\\U{ord(character):08x}" if ord(character) > 0xFFFF else _json(character)[1:-1]
