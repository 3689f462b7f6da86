"""A request to the emulated Graph API that was understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.wrappers import Request

from flowsync.model import JsonValue
from flowsync.remotes.emulator.graph.fields import Field, parse_fields
from flowsync.remotes.emulator.graph.parameters import text_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request that was understood: the node it is about, and its parameters.

    `account` is the account that the node belongs to.
    """

    request: Request
    node: str
    account: str
    parameters: Mapping[str, JsonValue]

    @property
    def host(self) -> str:
        """Give scheme and host that the request came to."""
        return self.request.host_url.rstrip("/")

    @property
    def fields(self) -> tuple[Field, ...]:
        """Give the fields that are asked for, none where the default is."""
        text = text_of(self.parameters, "fields")
        return parse_fields(text) if text else ()
