"""Creating a flow with its Flow JSON in one call, live at once where that is asked for.

Source: https://developers.facebook.com/docs/whatsapp/flows/reference/flowsapi
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flowsync.model import JsonValue
from flowsync.remotes.emulator.platform import Platform, check_size
from flowsync.remotes.emulator.refusals import PlatformError


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """A flow that was created; `refusal` says why it could not be published, where it could not."""

    flow_id: str
    findings: tuple[JsonValue, ...]
    refusal: PlatformError | None = None


def create_with_content(
    platform: Platform,
    account: str,
    *,
    name: str | None,
    categories: Sequence[str] | None,
    content: bytes,
    endpoint_uri: str | None = None,
    publishes: bool = False,
) -> Created:
    """Create a flow that holds its content, also where something is found wrong with it.

    Raises `PlatformError` where nothing was created.
    """
    check_size(content)
    flow_id = platform.create_flow(
        account, name=name, categories=categories, endpoint_uri=endpoint_uri
    )
    findings = platform.upload(flow_id, content)
    if not publishes or findings:
        return Created(flow_id=flow_id, findings=findings)
    try:
        platform.publish(flow_id)
    except PlatformError as exc:
        return Created(flow_id=flow_id, findings=findings, refusal=exc)
    return Created(flow_id=flow_id, findings=findings)
