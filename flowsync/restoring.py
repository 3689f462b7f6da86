"""From a backup to a workspace that asks for what the backup holds, so that a plan puts it back."""

from __future__ import annotations

import json
import re

from flowsync.apply.backups import Backup
from flowsync.definitions import LoadedFlow
from flowsync.errors import RefusedForSafety
from flowsync.model import (
    LIVE,
    DesiredState,
    FlowDefinition,
    FlowId,
    FlowJson,
    FlowKey,
    Listing,
    canonical_digest,
    known_status,
    mapping_in,
    text_in,
    texts_in,
)
from flowsync.project import Project
from flowsync.sources import parse_json
from flowsync.targets import Target
from flowsync.workspace import Workspace

_REDACTED = "***"  # stands in a backup for a secret, and so is not put back


def flow_id_of(backup: Backup) -> FlowId:
    """Give the id of the flow that a backup is of."""
    return FlowId(str(mapping_in(backup.document.get("flow")).get("id")))


def key_of(backup: Backup) -> FlowKey:
    """Give the key that a backup's flow had, or one made of its name."""
    key = text_in(backup.document.get("key"))
    name = text_in(mapping_in(backup.document.get("flow")).get("name")) or ""
    return FlowKey(key or re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "restored")


def flow_json_text(backup: Backup) -> str:
    """Give the Flow JSON of a backup as it is uploaded."""
    return json.dumps(backup.document["flow_json"], indent=2, ensure_ascii=False) + "\n"


def definition_of(backup: Backup, listing: Listing) -> FlowDefinition:
    """Give the definition that asks for what a backup holds, which fits its schema.

    A flow that was live then is to be published, any other to be a draft. A flow that has another
    name now is renamed back. A name or an endpoint that repeated the token stays as it is now.

    Raises `RefusedForSafety` where another flow has its name now: that one would be written over.
    """
    fields, flow_id = mapping_in(backup.document["flow"]), flow_id_of(backup)
    name, endpoint = str(fields["name"]), text_in(fields["endpoint_uri"])
    if _REDACTED in name:
        name = next((flow.name for flow in listing.flows if flow.id == flow_id), name)
    if endpoint is not None and _REDACTED in endpoint:
        endpoint = None
    now = [flow.name for flow in listing.flows if flow.id == flow_id and flow.name != name]
    others = [flow.id for flow in listing.flows if flow.id != flow_id and flow.name == name]
    if now and others:
        raise RefusedForSafety(
            f'nothing was written: flow {flow_id} is called "{now[0]}" now, and its name of then, '
            f'"{name}", is that of flow {others[0]}. Write what was kept into a file with --out, '
            "and put it into the flow's definition."
        )
    shown, was_live = backup.file.as_posix(), known_status(str(fields["status"])) in LIVE
    return FlowDefinition(
        key=key_of(backup),
        path=shown,
        name=name,
        categories=texts_in(fields["categories"]),
        state=DesiredState.PUBLISHED if was_live else DesiredState.DRAFT,
        flow_json=FlowJson(
            path=shown, text=flow_json_text(backup), value=backup.document["flow_json"]
        ),
        endpoint_uri=endpoint,
        manages_endpoint=endpoint is not None,
        renamed_from=tuple(now),
        digest=canonical_digest(backup.document),
    )


def workspace_of(
    project: Project, target: Target, backup: Backup, definition: FlowDefinition
) -> Workspace:
    """Give a workspace with this one definition, chosen alone."""
    text = json.dumps(backup.document, indent=2)
    document = parse_json(text, definition.path, [])
    assert document is not None
    return Workspace(
        project=project,
        target=target,
        files={definition.key: backup.file},
        flows={definition.key: LoadedFlow(definition, document, None)},
        diagnostics=(),
        selected=frozenset({definition.key}),
        texts={},
        paths={},
    )
