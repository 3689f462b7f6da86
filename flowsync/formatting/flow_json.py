"""Flow JSON in canonical form: keys by role, two spaces, one value a line.

Numbers keep the characters that the author wrote, so that no digit is lost.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from flowsync.diagnostics import Diagnostic
from flowsync.formatting.formatted import Formatted
from flowsync.formatting.json_strings import canonical_string, encoded
from flowsync.formatting.key_order import Role, in_order, role_of_member
from flowsync.model import JsonValue
from flowsync.sources import MAX_FILE_BYTES, VARIABLE, Written, parse_json, read_written

_INDENT = "  "


def format_flow_json(text: str, shown: str, problems: list[Diagnostic]) -> Formatted | None:
    """Give a Flow JSON in canonical form, or None after adding why it cannot be read.

    JSON that is no flow (without `screens`) is indented and keeps the order of its keys.
    """
    if parse_json(text, shown, problems) is None:
        return None
    new = canonical_flow_json(read_written(text))
    if not means_the_same(text, new):
        return Formatted(text=text, note="formatting it would change what it means.")
    if len(new) > len(text) and len(new.encode("utf-8")) > MAX_FILE_BYTES:
        return Formatted(text=text, note="formatted it would be larger than the platform accepts.")
    return Formatted(text=new)


def canonical_flow_json(written: Written) -> str:
    """Give the canonical text of a Flow JSON, with a final line end."""
    is_flow = isinstance(written, dict) and "screens" in written
    role = Role.FLOW if is_flow else Role.AUTHOR
    return "".join(_pieces(written, role, "\n")) + "\n"


def text_of_flow_json(value: JsonValue) -> str:
    """Give the canonical text of a Flow JSON that has no text of its own, such as a remote one."""
    return canonical_flow_json(read_written(json.dumps(value, ensure_ascii=False)))


def _pieces(value: Written, role: Role, line_start: str) -> Iterator[str]:
    """Give the pieces of a value's text; `line_start` begins a line at its indentation."""
    inner = line_start + _INDENT
    if isinstance(value, str):
        yield canonical_string(value) if value.startswith('"') else value
    elif not value:
        yield "{}" if isinstance(value, dict) else "[]"
    elif isinstance(value, dict):
        separator = "{"
        for key in in_order(value, role):
            yield f"{separator}{inner}{encoded(key)}: "
            yield from _pieces(value[key], role_of_member(key, role), inner)
            separator = ","
        yield line_start + "}"
    else:
        separator = "["
        for entry in value:
            yield separator + inner
            yield from _pieces(entry, role, inner)
            separator = ","
        yield line_start + "]"


class _Number(str):
    """The characters of a number; equal only to the same characters of a number."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Number) and str.__eq__(self, other)

    __hash__ = str.__hash__


def means_the_same(text: str, other: str) -> bool:
    """Tell whether two JSON texts hold the same values, digit by digit, and the same variables."""
    problems: list[Diagnostic] = []
    if parse_json(text, "", problems) is None or parse_json(other, "", problems) is None:
        return False
    first, second = (
        json.loads(each, parse_int=_Number, parse_float=_Number) for each in (text, other)
    )
    variables, same = (sorted(VARIABLE.findall(each)) for each in (text, other))
    return bool(first == second) and variables == same
