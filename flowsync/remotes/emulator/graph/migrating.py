"""Copying flows from one account to another, as `migrate_flows` does.

Source: https://developers.facebook.com/docs/whatsapp/flows/reference/flowsapi
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flowsync.model import FlowStatus, JsonValue
from flowsync.remotes.emulator.platform import Platform
from flowsync.remotes.emulator.refusals import bad_parameter
from flowsync.remotes.emulator.stored import StoredFlow

MOST_NAMES = 100
_TAKEN, _UNKNOWN = "4233041", "4233042"


def migrate(
    platform: Platform, source: str | None, destination: str, names: Sequence[str] | None
) -> JsonValue:
    """Copy flows, all without `names`, and say which were copied and which were not.

    What was published arrives published; a name that is taken is left as it is. Raises
    `PlatformError` where the request is wrong.
    """
    if not source:
        raise bad_parameter("(#100) The parameter source_waba_id is required.")
    if names is not None and len(names) > MOST_NAMES:
        raise bad_parameter(f"(#100) At most {MOST_NAMES} flows can be migrated at once.")
    flows = {flow.name: flow for flow in platform.list_flows(source)}
    taken = {flow.name for flow in platform.list_flows(destination)}
    migrated: list[JsonValue] = []
    failed: list[JsonValue] = []
    for name in flows if names is None else dict.fromkeys(names):
        flow = flows.get(name)
        if flow is None:
            failed.append(_failure(name, _UNKNOWN, "There is no flow of this name."))
        elif name in taken:
            failed.append(_failure(name, _TAKEN, "A flow of this name exists already."))
        else:
            new_id = platform.put_flow(_arriving(flow, destination))
            migrated.append({"source_id": flow.id, "source_name": name, "migrated_id": new_id})
    return {"migrated_flows": migrated, "failed_flows": failed}


def _arriving(flow: StoredFlow, account: str) -> StoredFlow:
    is_live = flow.status == FlowStatus.PUBLISHED.value
    status = FlowStatus.PUBLISHED if is_live else FlowStatus.DRAFT
    return replace(flow, account=account, status=status.value, was_published=is_live)


def _failure(name: str, code: str, message: str) -> JsonValue:
    return {"source_name": name, "error_code": code, "error_message": message}
