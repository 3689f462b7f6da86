"""Why a flow cannot be imported, in a sentence with the way out."""

from __future__ import annotations

from collections.abc import Callable

from flowsync.model import (
    ContentState,
    FlowStatus,
    JsonValue,
    ListedFlow,
    Listing,
    RemoteFlow,
    known_status,
)

HoldsSecret = Callable[[JsonValue], bool]


def obstacle_in_listing(flow: ListedFlow, listing: Listing) -> str:
    """Say why a listed flow cannot have a definition; empty where it can."""
    twins = [other.id for other in listing.flows if other.name == flow.name]
    if len(twins) > 1:
        return (
            f"the account has {len(twins)} flows with this name ({', '.join(twins)}), so a "
            "definition would not say which one it means. Rename all but one in WhatsApp Manager."
        )
    return ""


def obstacle_in_flow(flow: RemoteFlow, holds_secret: HoldsSecret) -> str:
    """Say why a flow as read cannot be written into files; empty where it can."""
    is_deprecated = flow.status == FlowStatus.DEPRECATED.value
    if known_status(flow.status) is None:
        return (
            f'it has the status "{flow.status}", which this flowsync does not know. Upgrade '
            "flowsync; until then nothing is written for it."
        )
    if flow.name != flow.name.strip():
        return (
            "its name starts or ends with white space, which a definition cannot have. Rename it "
            "in WhatsApp Manager."
        )
    if flow.content.state is ContentState.UNKNOWN and not is_deprecated:
        return f"its Flow JSON could not be read: {flow.content.note}. Run the command again."
    if flow.content.state is ContentState.NONE and not is_deprecated:
        note = f" ({flow.content.note})" if flow.content.note else ""
        return (
            f"it has no Flow JSON{note}, which a definition needs. Give it one in WhatsApp Manager."
        )
    texts: list[JsonValue] = [flow.name, *flow.categories, flow.endpoint_uri, flow.content.value]
    if holds_secret(texts):
        return (
            "it holds the target's token: its name, endpoint or Flow JSON repeats it, and the "
            "files are for everybody. Take the token out of there."
        )
    return ""
