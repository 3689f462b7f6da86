"""Flows as written in the repository and as found on a remote; values shared by several stages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import NewType, TypeAlias

from flowsync.json_scan import may_hold_odd_numbers

FlowKey = NewType("FlowKey", str)
FlowId = NewType("FlowId", str)

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"


class DesiredState(Enum):
    """The state a definition asks for."""

    DRAFT = "draft"
    PUBLISHED = "published"
    DEPRECATED = "deprecated"
    ABSENT = "absent"


class FlowStatus(Enum):
    """The statuses of the platform that flowsync knows.

    Remote values stay plain text, because the platform may add statuses; see `known_status`.
    Source: https://developers.facebook.com/docs/whatsapp/flows/reference/lifecycle
    """

    DRAFT = "DRAFT"
    PUBLISHED = "PUBLISHED"
    THROTTLED = "THROTTLED"
    BLOCKED = "BLOCKED"
    DEPRECATED = "DEPRECATED"


def known_status(text: str) -> FlowStatus | None:
    """Give the status that `text` names, or None for one this version does not know."""
    try:
        return FlowStatus(text)
    except ValueError:
        return None


LIVE = frozenset({FlowStatus.PUBLISHED, FlowStatus.THROTTLED, FlowStatus.BLOCKED})


class StepKind(Enum):
    """What one write does to a flow on the remote."""

    CREATE = "create"
    UPDATE = "update"
    UPLOAD = "upload"
    PUBLISH = "publish"
    DEPRECATE = "deprecate"
    DELETE = "delete"


ONE_WAY_STEPS = frozenset({StepKind.PUBLISH, StepKind.DEPRECATE, StepKind.DELETE})


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowJson:
    """The Flow JSON of a definition.

    `text` is what is uploaded (variables replaced), `value` the same parsed, `path` the file as
    shown to people. `frozen_version` is its version when the platform has frozen that: such a flow
    can stay live, but nothing about it can be written.
    """

    path: str
    text: str
    value: JsonValue = field(hash=False)
    frozen_version: str | None = None

    @property
    def uses_endpoint(self) -> bool:
        """Tell whether the flow talks to an endpoint (`data_api_version` is present)."""
        return "data_api_version" in mapping_in(self.value)

    @property
    def version(self) -> str | None:
        """Give the Flow JSON version, None where there is none that is text."""
        return text_in(mapping_in(self.value).get("version"))

    @property
    def digest(self) -> str:
        """Give the SHA-256 of the value's canonical text, the same for what means the same."""
        return canonical_digest(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowDefinition:
    """One definition for one target, variables and overrides resolved.

    `endpoint_uri` is compared only when `manages_endpoint`; then None means «must be empty».
    `digest` is the SHA-256 over everything that plan and apply take from the definition.
    """

    key: FlowKey
    path: str
    name: str
    categories: tuple[str, ...]
    state: DesiredState
    flow_json: FlowJson | None = None
    endpoint_uri: str | None = None
    manages_endpoint: bool = False
    clone_from: str | None = None
    renamed_from: tuple[str, ...] = ()
    protect: bool = False
    replace: bool = False
    digest: str = ""


class ContentState(Enum):
    """What is known about the Flow JSON of a remote flow."""

    READ = "read"
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The Flow JSON of a remote flow, or why it is not known.

    `NONE` means the flow has no Flow JSON; `UNKNOWN` that it could not be read, in which case
    nothing may be written over it.
    """

    state: ContentState
    value: JsonValue = field(default=None, hash=False)
    note: str = ""

    @property
    def digest(self) -> str:
        """Give the SHA-256 of the value's canonical text, the same for what means the same."""
        return canonical_digest(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemotePlace:
    """A place that the remote names; `path` such as `screens[0].id`, empty where it gives none."""

    line: int = 0
    column: int = 0
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteFinding:
    """One entry of the remote's `validation_errors`; positions count from 1, 0 where unknown.

    They are those of the first of `places`, which only the answer to an upload has.
    """

    code: str
    message: str
    line: int = 0
    column: int = 0
    places: tuple[RemotePlace, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFlow:
    """A flow as the remote's listing shows it; `status` may be a value flowsync does not know."""

    id: FlowId
    name: str
    status: str
    categories: tuple[str, ...] = ()
    findings: tuple[RemoteFinding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """All flows of an account; `doubts` says why the listing cannot be trusted to be whole."""

    flows: tuple[ListedFlow, ...]
    doubts: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Tell whether absence may be concluded from this listing."""
        return not self.doubts


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthError:
    """What is wrong with a part of a flow's health; `solution` is empty where none is told."""

    message: str
    solution: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthEntity:
    """A part of a flow's health, such as FLOW or WABA, and whether messages can be sent."""

    kind: str
    can_send: str
    errors: tuple[HealthError, ...] = ()

    @property
    def is_available(self) -> bool:
        """Tell whether nothing is wrong with it."""
        return self.can_send == "AVAILABLE"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountHealth:
    """What is known of an account as a whole: its parts, and what its endpoints stand on.

    `has_signed_key` tells whether some phone number has a public key for endpoints; it is True
    where nobody asked.
    """

    entities: tuple[HealthEntity, ...]
    phone_numbers: int
    has_signed_key: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewLink:
    """Where the platform shows a flow in a browser to whoever has the link, without a login.

    The address carries a token (G-28): it is for the person who asked, and kept nowhere.
    `expires_at` is None where the remote does not say until when it works.
    """

    url: str = field(repr=False)
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteFlow:
    """A flow as read by its id.

    Preview links and asset addresses are left out on purpose: they carry tokens (G-28); a
    `PreviewLink` is read by itself, when a person asks for it. `health`
    holds sentences for display, of those `entities` that are not available; plan and apply read
    neither.
    """

    id: FlowId
    name: str
    status: str
    categories: tuple[str, ...]
    content: Content
    endpoint_uri: str | None = None
    json_version: str | None = None
    data_api_version: str | None = None
    findings: tuple[RemoteFinding, ...] = ()
    health: tuple[str, ...] = ()
    entities: tuple[HealthEntity, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What a plan sees of the remote: the listing, and the details of the flows it concerns."""

    listing: Listing
    details: Mapping[FlowId, RemoteFlow]


def canonical_json(value: JsonValue) -> str:
    """Give the one text that stands for a JSON value: keys sorted, no white space.

    Whole floats are written as integers, so that 1 and 1.0 have the same text (G-08).
    """
    return canonical_bytes(value).decode()


def canonical_bytes(value: JsonValue) -> bytes:
    """Give the canonical text of a JSON value in UTF-8."""
    text = compact_bytes(value, sort_keys=True)
    if not may_hold_odd_numbers(text):
        return text
    return compact_bytes(normalised(value), sort_keys=True)


def canonical_digest(value: JsonValue) -> str:
    """Give the SHA-256 of a JSON value's canonical text, in hexadecimal."""
    import hashlib  # here, as the one below: quick commands need neither

    return hashlib.sha256(canonical_bytes(value)).hexdigest()


def compact_bytes(value: JsonValue, *, sort_keys: bool = False) -> bytes:
    """Write a value without white space, in UTF-8; its numbers must be finite.

    The text is the quick writer's, and the standard library's where that has none: with half
    characters and integers beyond 64 bits, of which a `normalised` value has as many as another
    one that means the same.
    """
    import orjson

    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS if sort_keys else None)
    except TypeError:
        text = json.dumps(value, sort_keys=sort_keys, separators=(",", ":"), allow_nan=False)
        return text.encode()


def normalised(value: JsonValue) -> JsonValue:
    """Give a value with numbers of one value in one form, as a remote may write them (G-08)."""
    if isinstance(value, dict):
        return {key: normalised(item) for key, item in value.items()}
    if isinstance(value, list):
        return [normalised(item) for item in value]
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**63:
        return _whole_as_int(float(value)) if abs(value) < 10**308 else value
    return _whole_as_int(value) if isinstance(value, float) else value


def _whole_as_int(number: float) -> int | float:
    return int(number) if number.is_integer() else number


def mapping_in(value: JsonValue) -> dict[str, JsonValue]:
    """Give a JSON object as it is, and an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def text_in(value: JsonValue) -> str | None:
    """Give a JSON text as it is, and None for anything else."""
    return value if isinstance(value, str) else None


def texts_in(value: JsonValue) -> tuple[str, ...]:
    """Give the texts in a JSON array; nothing for anything else."""
    items = value if isinstance(value, list) else ()
    return tuple([item for item in items if isinstance(item, str)])
