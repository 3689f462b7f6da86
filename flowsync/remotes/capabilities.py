"""What kinds of remotes can do, as data; checks of files read it without the interface itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a kind of remote can do, so that a refusal is decided in the plan.

    With `creates_with_content` Flow JSON may come along with a create, and be published by it.
    `max_content_depth` counts nested objects and arrays, `max_content_bytes` the uploaded text;
    None means no limit beyond the platform's own.
    """

    can_clear_endpoint: bool
    creates_with_content: bool = False
    can_send_drafts: bool = False
    max_content_depth: int | None = None
    max_content_bytes: int | None = None


GATEWAY = Capabilities(
    can_clear_endpoint=False,  # G-11
    max_content_depth=10,  # G-03
    max_content_bytes=1_048_576,  # G-03
)
GRAPH = Capabilities(can_clear_endpoint=True, creates_with_content=True, can_send_drafts=True)

OF_REMOTES = {"gateway": GATEWAY, "graph": GRAPH}
"""The capabilities of real services, by kind of remote; the emulator has those of the gateway."""
