"""Flow JSON that is held as text and parsed when it is asked for.

A parsed Flow JSON takes several times the memory of its text, and a plan holds one of each side of
each flow, of which it looks into those that differ.
"""

from __future__ import annotations

from typing import NamedTuple

from flowsync.json_numbers import load_json
from flowsync.model import (
    Content,
    ContentState,
    FlowJson,
    JsonValue,
    canonical_digest,
    compact_bytes,
    mapping_in,
    text_in,
)


class TextFacts(NamedTuple):
    """What a Flow JSON's text and the table of versions decide; `digest` is "" until it is made."""

    uses_endpoint: bool
    version: str | None
    frozen_version: str | None
    digest: str = ""


class PackedFlowJson(FlowJson):
    """A Flow JSON whose value is parsed from its text, which is valid JSON, each time."""

    __slots__ = ("_facts",)
    _facts: TextFacts

    def __init__(self, *, path: str, text: str, facts: TextFacts) -> None:
        named = {"path": path, "text": text, "frozen_version": facts.frozen_version}
        for name, one in (*named.items(), ("_facts", facts)):
            object.__setattr__(self, name, one)

    @property
    def value(self) -> JsonValue:
        """Give the value anew."""
        return load_json(self.text)

    @property
    def uses_endpoint(self) -> bool:
        """Tell whether the flow talks to an endpoint (`data_api_version` is present)."""
        return self._facts.uses_endpoint

    @property
    def version(self) -> str | None:
        """Give the Flow JSON version, None where there is none that is text."""
        return self._facts.version

    @property
    def digest(self) -> str:
        """Give the SHA-256 of the value's canonical text."""
        return self.facts.digest

    @property
    def facts(self) -> TextFacts:
        """Give all facts, the digest made once."""
        if not self._facts.digest:
            digest = canonical_digest(self.value)
            object.__setattr__(self, "_facts", self._facts._replace(digest=digest))
        return self._facts


def packed_flow_json(
    path: str, text: str, value: JsonValue, frozen_version: str | None
) -> PackedFlowJson:
    """Give a Flow JSON as it is held, from its text and the value that this has."""
    fields = mapping_in(value)
    facts = TextFacts(
        uses_endpoint="data_api_version" in fields,
        version=text_in(fields.get("version")),
        frozen_version=frozen_version,
    )
    return PackedFlowJson(path=path, text=text, facts=facts)


class PackedContent(Content):
    """The Flow JSON of a remote flow as text, which is parsed each time."""

    __slots__ = ("_digest", "_text")
    _text: bytes
    _digest: str

    def __init__(self, *, state: ContentState, value: JsonValue = None, note: str = "") -> None:
        text, digest = compact_bytes(value), canonical_digest(value)
        named = {"state": state, "note": note, "_text": text, "_digest": digest}
        for name, one in named.items():
            object.__setattr__(self, name, one)

    @property
    def value(self) -> JsonValue:
        """Give the value anew, its keys in the remote's order, which people are shown."""
        return load_json(self._text)

    @property
    def digest(self) -> str:
        """Give the SHA-256 of the canonical text."""
        return self._digest


def packed(content: Content) -> Content:
    """Give the same content, held as text where it was read."""
    if content.state is not ContentState.READ:
        return content
    return PackedContent(state=content.state, value=content.value, note=content.note)
