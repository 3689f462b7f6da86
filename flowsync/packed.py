"""Flow JSON that is held as text and parsed when it is asked for.

A parsed Flow JSON takes several times the memory of its text, and a plan holds one of each side of
each flow, of which it looks into those that differ.
"""

from __future__ import annotations

import json

from flowsync.json_numbers import load_json
from flowsync.model import Content, ContentState, FlowJson, JsonValue


class PackedFlowJson(FlowJson):
    """A Flow JSON whose value is parsed from its text, which is valid JSON, each time."""

    __slots__ = ("_uses_endpoint",)
    _uses_endpoint: bool

    def __init__(
        self, *, path: str, text: str, value: JsonValue, frozen_version: str | None = None
    ) -> None:
        for name, one in (("path", path), ("text", text), ("frozen_version", frozen_version)):
            object.__setattr__(self, name, one)
        uses_endpoint = isinstance(value, dict) and "data_api_version" in value
        object.__setattr__(self, "_uses_endpoint", uses_endpoint)

    @property
    def value(self) -> JsonValue:
        """Give the value anew."""
        return load_json(self.text)

    @property
    def uses_endpoint(self) -> bool:
        """Tell whether the flow talks to an endpoint (`data_api_version` is present)."""
        return self._uses_endpoint


class PackedContent(Content):
    """The Flow JSON of a remote flow, whose value is parsed each time."""

    __slots__ = ("_text",)
    _text: str

    def __init__(self, *, state: ContentState, value: JsonValue = None, note: str = "") -> None:
        text = json.dumps(value, separators=(",", ":"))
        for name, one in (("state", state), ("note", note), ("_text", text)):
            object.__setattr__(self, name, one)

    @property
    def value(self) -> JsonValue:
        """Give the value anew."""
        return load_json(self._text)


def packed(content: Content) -> Content:
    """Give the same content, held as text where it was read."""
    if content.state is not ContentState.READ:
        return content
    return PackedContent(state=content.state, value=content.value, note=content.note)
