"""From what was read of each flow to how it is doing. A pure function of values and a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flowsync.model import (
    ContentState,
    DesiredState,
    FlowDefinition,
    FlowKey,
    HealthEntity,
    ListedFlow,
    PreviewLink,
    RemoteFlow,
    mapping_in,
    text_in,
)
from flowsync.validation.versions import Status, find, status_on


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionState:
    """A Flow JSON version and what the platform does with it on a day.

    `state` is None for a version that this flowsync does not know. `freezes_on` is the announced
    day from which it is frozen, `days_left` how many there are until then; None where none is.
    """

    text: str
    state: Status | None
    freezes_on: date | None = None
    days_left: int | None = None

    @property
    def is_frozen(self) -> bool:
        """Tell whether nothing in this version can be written any more."""
        return self.state in {Status.FROZEN, Status.EXPIRED}


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowReport:
    """How one flow is doing.

    `flow` is None where there is none to look at, and `reason` says why; it also says why the
    details could not be read. `status` is that of the read, which comes after the listing.
    `has_same_content` tells whether the remote has the Flow JSON of the repository, None where that
    is not known. `is_missing` marks a flow that should be there. `preview` is its preview link as
    far as it was asked for and there is one, `no_preview` why there is none though it was.
    """

    key: FlowKey
    flow: ListedFlow | None = None
    details: RemoteFlow | None = None
    reason: str = ""
    version: VersionState | None = None
    has_same_content: bool | None = None
    is_missing: bool = False
    preview: PreviewLink | None = None
    no_preview: str = ""

    @property
    def status(self) -> str | None:
        """Give the status of the flow, None where there is none."""
        latest = self.details or self.flow
        return latest.status if latest else None

    @property
    def is_unread(self) -> bool:
        """Tell whether there is a flow whose details could not be read."""
        return self.flow is not None and self.details is None

    @property
    def ill(self) -> tuple[HealthEntity, ...]:
        """Give the parts of its health that are not available."""
        entities = self.details.entities if self.details else ()
        return tuple(entity for entity in entities if not entity.is_available)

    @property
    def has_new_errors(self) -> bool:
        """Tell whether the platform finds errors although nothing was changed since."""
        return bool(self.has_same_content and self.details and self.details.findings)


def report_on(
    key: FlowKey,
    definition: FlowDefinition | None,
    flow: ListedFlow | None,
    details: RemoteFlow | None,
    *,
    reason: str,
    today: date,
) -> FlowReport:
    """Give how a flow is doing; `definition` is None where it cannot be used."""
    wants_one = definition is not None and definition.state in {
        DesiredState.DRAFT,
        DesiredState.PUBLISHED,
    }
    if flow is None or details is None:
        is_missing = flow is None and wants_one
        return FlowReport(key=key, flow=flow, reason=reason, is_missing=is_missing)
    content = details.content
    text = details.json_version or text_in(mapping_in(content.value).get("version"))
    has_same = None
    if definition is not None and definition.flow_json and content.state is ContentState.READ:
        has_same = content.digest == definition.flow_json.digest
    return FlowReport(
        key=key,
        flow=flow,
        details=details,
        version=None if text is None else version_state(text, today),
        has_same_content=has_same,
    )


def version_state(text: str, today: date) -> VersionState:
    """Give what the platform does with a version on a day."""
    version = find(text)
    if version is None:
        return VersionState(text=text, state=None)
    day = version.freezes_on
    return VersionState(
        text=text,
        state=status_on(version, today),
        freezes_on=day,
        days_left=None if day is None else max(0, (day - today).days),
    )
