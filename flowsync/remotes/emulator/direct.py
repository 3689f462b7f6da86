"""The emulated platform as a remote without any protocol between, filled with observed flows.

A plan is rehearsed on it: ids are those of the real account, and everything follows the platform's
rules as far as they can be known from what was observed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from flowsync.errors import RemoteRejected
from flowsync.model import (
    LIVE,
    Content,
    ContentState,
    FlowId,
    FlowStatus,
    JsonValue,
    ListedFlow,
    Listing,
    Observed,
    PreviewLink,
    RemoteFinding,
    RemoteFlow,
    known_status,
    mapping_in,
    text_in,
)
from flowsync.remotes.capabilities import Capabilities
from flowsync.remotes.emulator.creating import create_with_content
from flowsync.remotes.emulator.platform import Platform
from flowsync.remotes.emulator.refusals import PlatformError
from flowsync.remotes.emulator.stored import StoredFlow
from flowsync.remotes.interface import FlowMessage, FlowUpdate, NewFlow, Remote

ACCOUNT = "rehearsal"


class DirectRemote(Remote):
    """A platform as a remote with the capabilities of the one that it stands for."""

    def __init__(self, platform: Platform, observed: Observed, capabilities: Capabilities) -> None:
        self.capabilities = capabilities
        self._platform = platform
        self._inner: dict[FlowId, str] = {}
        self._outer: dict[str, FlowId] = {}
        for flow in observed.listing.flows:
            stored = _as_stored(flow, observed.details.get(flow.id))
            self._note_id(flow.id, platform.put_flow(stored))

    def list_flows(self) -> Listing:
        """Give all flows."""
        return Listing(
            flows=tuple(
                ListedFlow(
                    id=self._outer[flow.id],
                    name=flow.name,
                    status=flow.status,
                    categories=flow.categories,
                    findings=_findings(flow.findings),
                )
                for flow in self._platform.list_flows(ACCOUNT, with_content=False)
            )
        )

    def get_flow(self, flow_id: FlowId) -> RemoteFlow:
        """Give a flow with its Flow JSON."""
        with _refusing():
            flow = self._platform.get_flow(self._inner_id(flow_id))
        content = Content(state=ContentState.NONE)
        if flow.flow_json is not None:
            content = Content(state=ContentState.READ, value=json.loads(flow.flow_json))
        return RemoteFlow(
            id=flow_id,
            name=flow.name,
            status=flow.status,
            categories=flow.categories,
            content=content,
            endpoint_uri=flow.endpoint_uri,
            findings=_findings(flow.findings),
        )

    def preview_link(self, flow_id: FlowId) -> PreviewLink | None:
        """Give none: what is rehearsed in memory is shown nowhere."""
        return None

    def create_flow(self, flow: NewFlow) -> FlowId:
        """Create a draft; a source that was not observed gives no content."""
        with _refusing():
            inner = self._created(flow)
        self._note_id(FlowId(f"rehearsed-{inner}"), inner)
        return self._outer[inner]

    def _created(self, flow: NewFlow) -> str:
        if flow.flow_json is not None:
            return create_with_content(
                self._platform,
                ACCOUNT,
                name=flow.name,
                categories=flow.categories,
                content=flow.flow_json.encode(),
                endpoint_uri=flow.endpoint_uri,
                publishes=flow.publishes,
            ).flow_id
        return self._platform.create_flow(
            ACCOUNT,
            name=flow.name,
            categories=flow.categories,
            clone_flow_id=self._inner.get(flow.clone_flow_id or FlowId("")),
            endpoint_uri=flow.endpoint_uri,
        )

    def update_flow(self, flow_id: FlowId, update: FlowUpdate) -> None:
        """Change metadata."""
        with _refusing():
            self._platform.update_flow(
                self._inner_id(flow_id),
                name=update.name,
                categories=update.categories,
                endpoint_uri="" if update.clears_endpoint else update.endpoint_uri,
            )

    def upload_flow_json(self, flow_id: FlowId, text: str) -> tuple[RemoteFinding, ...]:
        """Replace the Flow JSON."""
        with _refusing():
            return _findings(self._platform.upload(self._inner_id(flow_id), text.encode()))

    def publish_flow(self, flow_id: FlowId) -> None:
        """Publish."""
        with _refusing():
            self._platform.publish(self._inner_id(flow_id))

    def deprecate_flow(self, flow_id: FlowId) -> None:
        """Deprecate."""
        with _refusing():
            self._platform.deprecate(self._inner_id(flow_id))

    def delete_flow(self, flow_id: FlowId) -> None:
        """Delete."""
        with _refusing():
            self._platform.delete(self._inner_id(flow_id))

    def send_flow(self, message: FlowMessage) -> str:
        """Record a message."""
        with _refusing():
            return self._platform.send(
                self._inner_id(message.flow_id),
                to=message.to,
                screen=message.screen,
                is_draft=message.is_draft,
            )

    def _inner_id(self, flow_id: FlowId) -> str:
        return self._inner.get(flow_id, "unknown")

    def _note_id(self, outer: FlowId, inner: str) -> None:
        self._inner[outer], self._outer[inner] = inner, outer


@contextmanager
def _refusing() -> Iterator[None]:
    """Turn refusals of the platform into those of a remote."""
    try:
        yield
    except PlatformError as exc:
        raise RemoteRejected(
            f"{exc.message} (code {exc.code})",
            status=exc.status,
            code=exc.code,
            subcode=exc.subcode,
        ) from exc


def _as_stored(listed: ListedFlow, read: RemoteFlow | None) -> StoredFlow:
    """Give an observed flow as the platform would hold it; what was not read is left empty."""
    content = None
    if read is not None and read.content.state is ContentState.READ:
        content = json.dumps(read.content.value).encode()
    return StoredFlow(
        id="",
        account=ACCOUNT,
        name=read.name if read else listed.name,
        status=read.status if read else listed.status,
        categories=read.categories if read else listed.categories,
        endpoint_uri=read.endpoint_uri if read else None,
        flow_json=content,
        findings=tuple(_as_entry(finding) for finding in (read or listed).findings),
        was_published=known_status(listed.status) in {*LIVE, FlowStatus.DEPRECATED},
        is_legacy=False,
    )


def _as_entry(finding: RemoteFinding) -> JsonValue:
    return {
        "error": finding.code,
        "message": finding.message,
        "line_start": finding.line,
        "column_start": finding.column,
    }


def _findings(entries: Iterable[JsonValue]) -> tuple[RemoteFinding, ...]:
    fields = [mapping_in(entry) for entry in entries]
    return tuple(
        RemoteFinding(
            code=text_in(entry.get("error")) or "", message=text_in(entry.get("message")) or ""
        )
        for entry in fields
    )
