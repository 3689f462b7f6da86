"""The platform's own rules: what Meta does with a request, whichever API it came through.

States, uniqueness and error codes follow Meta's lifecycle and Flows API pages
(https://developers.facebook.com/docs/whatsapp/flows/reference/lifecycle and …/flowsapi). Where
these are silent, the stricter reading is taken: names stay taken for ever, an edit that changes
nothing still returns a published flow to draft, a draft that was once published cannot be deleted.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from flowsync.model import FlowStatus, JsonValue
from flowsync.remotes.emulator.store import Store

CATEGORIES = frozenset(
    {
        "SIGN_UP",
        "SIGN_IN",
        "APPOINTMENT_BOOKING",
        "LEAD_GENERATION",
        "CONTACT_US",
        "CUSTOMER_SUPPORT",
        "SURVEY",
        "SHOPPING",
        "OTHER",
    }
)
MAX_CONTENT_BYTES = 10 * 1024 * 1024
LIVE_VERSIONS_KEPT = 5
NO_ENDPOINT_TITLE = "Publishing without endpoint_uri is forbidden"

UploadCheck: TypeAlias = "Callable[[bytes], Sequence[JsonValue]]"


class PlatformError(Exception):
    """A refusal by the platform, with the fields of Meta's error object.

    `title` is the `error_user_title`, which the platform often leaves out.
    """

    def __init__(
        self,
        message: str,
        *,
        code: int,
        subcode: int | None = None,
        title: str | None = None,
        status: int = 400,
        kind: str = "OAuthException",
    ) -> None:
        super().__init__(message)
        self.message, self.code, self.subcode = message, code, subcode
        self.title, self.status, self.kind = title, status, kind

    def as_json(self) -> dict[str, JsonValue]:
        """Give the error object as Meta words it."""
        error: dict[str, JsonValue] = {
            "message": self.message,
            "type": self.kind,
            "code": self.code,
            "is_transient": self.code in {1, 2},
            "fbtrace_id": f"AEmulated{self.code}",
        }
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if self.title is not None:
            error["error_user_title"] = self.title
            error["error_user_msg"] = self.message
        return {"error": error}


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFlow:
    """A flow as the emulator keeps it; `findings` are its `validation_errors`."""

    id: str
    account: str
    name: str
    status: str
    categories: tuple[str, ...]
    endpoint_uri: str | None
    flow_json: bytes | None
    findings: tuple[JsonValue, ...]
    was_published: bool
    is_legacy: bool

    @property
    def content(self) -> JsonValue:
        """Give the parsed Flow JSON, or None where there is none that parses."""
        try:
            return None if self.flow_json is None else json.loads(self.flow_json)
        except ValueError:
            return None

    def content_text(self, key: str) -> str | None:
        """Give a text member of the Flow JSON's root, such as `version`."""
        found = self.content.get(key) if isinstance(self.content, dict) else None
        return found if isinstance(found, str) else None


class Platform:
    """The emulated platform over a store; `check` gives the `validation_errors` of an upload."""

    def __init__(self, store: Store, check: UploadCheck) -> None:
        self._store = store
        self._check = check

    def list_flows(self, account: str) -> tuple[StoredFlow, ...]:
        """Give the flows of an account in order of creation."""
        with self._store.reading() as db:
            rows = db.execute("SELECT * FROM flows WHERE account = ? ORDER BY id", (account,))
            return tuple(_flow(row) for row in rows)

    def get_flow(self, flow_id: str) -> StoredFlow:
        """Give a flow by its id, of whichever account."""
        with self._store.reading() as db:
            return _find(db, flow_id)

    def put_flow(self, flow: StoredFlow) -> str:
        """Add a flow as it is, whatever the rules say, and give its new id; `flow.id` is not used.

        For an account that is a copy of another.
        """
        with self._store.transaction() as db:
            cursor = db.execute(
                "INSERT INTO flows (account, name, status, categories, endpoint_uri, flow_json,"
                " findings, was_published, is_legacy) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    flow.account,
                    flow.name,
                    flow.status,
                    json.dumps(list(flow.categories)),
                    flow.endpoint_uri,
                    flow.flow_json,
                    json.dumps(list(flow.findings)),
                    flow.was_published,
                    flow.is_legacy,
                ),
            )
            return str(cursor.lastrowid)

    def create_flow(
        self,
        account: str,
        *,
        name: str | None,
        categories: Sequence[str] | None,
        clone_flow_id: str | None = None,
        endpoint_uri: str | None = None,
    ) -> str:
        """Create a draft, empty or with the content of another flow, and give its id."""
        if not name:
            raise _bad_parameter("The parameter name is required.")
        if not categories:
            raise _bad_parameter("The parameter categories is required.")
        _check_categories(categories)
        with self._store.transaction() as db:
            _check_name_free(db, account, name)
            content: bytes | None = None
            findings = "[]"
            if clone_flow_id:
                source = _find(db, clone_flow_id)
                content, findings = source.flow_json, json.dumps(source.findings)
            cursor = db.execute(
                "INSERT INTO flows (account, name, status, categories, endpoint_uri, flow_json,"
                " findings) VALUES (?, ?, 'DRAFT', ?, ?, ?, ?)",
                (account, name, json.dumps(list(categories)), endpoint_uri, content, findings),
            )
            return str(cursor.lastrowid)

    def update_flow(
        self,
        flow_id: str,
        *,
        name: str | None = None,
        categories: Sequence[str] | None = None,
        endpoint_uri: str | None = None,
    ) -> None:
        """Change what is given; a published flow becomes a draft again."""
        if categories is not None:
            if not categories:
                raise _bad_parameter("categories must not be empty.")
            _check_categories(categories)
        with self._store.transaction() as db:
            flow = _find_editable(db, flow_id)
            if name is not None and name != flow.name:
                _check_name_free(db, flow.account, name)
            db.execute(
                "UPDATE flows SET name = ?, categories = ?, endpoint_uri = ?, status = 'DRAFT'"
                " WHERE id = ?",
                (
                    flow.name if name is None else name,
                    json.dumps(list(flow.categories if categories is None else categories)),
                    flow.endpoint_uri if endpoint_uri is None else endpoint_uri,
                    flow.id,
                ),
            )

    def upload(self, flow_id: str, content: bytes) -> tuple[JsonValue, ...]:
        """Replace the draft content and give its validation errors; it is kept even with some."""
        if len(content) > MAX_CONTENT_BYTES:
            raise _bad_parameter("The file is larger than 10 MB.")
        findings = tuple(self._check(content))
        with self._store.transaction() as db:
            flow = _find_editable(db, flow_id)
            db.execute(
                "UPDATE flows SET flow_json = ?, findings = ?, status = 'DRAFT' WHERE id = ?",
                (content, json.dumps(findings), flow.id),
            )
        return findings

    def publish(self, flow_id: str) -> None:
        """Make the draft live, keeping the last five live versions."""
        with self._store.transaction() as db:
            flow = _find(db, flow_id)
            _check_publishable(flow)
            db.execute(
                "UPDATE flows SET status = 'PUBLISHED', was_published = 1 WHERE id = ?", (flow.id,)
            )
            db.execute(
                "INSERT INTO live_versions (flow_id, flow_json) VALUES (?, ?)",
                (flow.id, flow.flow_json),
            )
            db.execute(
                "DELETE FROM live_versions WHERE flow_id = ? AND number NOT IN (SELECT number"
                " FROM live_versions WHERE flow_id = ? ORDER BY number DESC LIMIT ?)",
                (flow.id, flow.id, LIVE_VERSIONS_KEPT),
            )

    def deprecate(self, flow_id: str) -> None:
        """Retire a published, throttled or blocked flow for ever."""
        with self._store.transaction() as db:
            flow = _find(db, flow_id)
            if flow.status in {FlowStatus.DRAFT.value, FlowStatus.DEPRECATED.value}:
                raise PlatformError(
                    "Only a published flow can be deprecated.",
                    code=139003,
                    title="Flow can't be deprecated",
                )
            db.execute("UPDATE flows SET status = 'DEPRECATED' WHERE id = ?", (flow.id,))

    def delete(self, flow_id: str) -> None:
        """Delete a draft that was never published."""
        with self._store.transaction() as db:
            flow = _find(db, flow_id)
            if flow.status != FlowStatus.DRAFT.value or flow.was_published:
                raise PlatformError(
                    "Only a draft that was never published can be deleted.",
                    code=139004,
                    title="Flow can't be deleted",
                )
            db.execute("DELETE FROM flows WHERE id = ?", (flow.id,))

    def send(self, flow_id: str, *, to: str, screen: str) -> str:
        """Record a message that opens the live version of a flow, and give the message's id."""
        with self._store.transaction() as db:
            flow = _find(db, flow_id)
            if flow.status == FlowStatus.BLOCKED.value:
                raise PlatformError("The flow is blocked.", code=132068, title="Flow is blocked")
            if not flow.was_published or flow.status == FlowStatus.DEPRECATED.value:
                raise PlatformError(
                    "The flow has no live version that can be sent.", code=131009, title=None
                )
            cursor = db.execute(
                "INSERT INTO messages (flow_id, recipient, screen) VALUES (?, ?, ?)",
                (flow.id, to, screen),
            )
            return f"wamid.emulated{cursor.lastrowid}"

    def live_versions(self, flow_id: str) -> tuple[bytes, ...]:
        """Give the live versions that are kept, the latest last. A hook for tests."""
        with self._store.reading() as db:
            rows = db.execute(
                "SELECT flow_json FROM live_versions WHERE flow_id = ? ORDER BY number", (flow_id,)
            )
            return tuple(row["flow_json"] for row in rows)

    def force_status(self, flow_id: str, status: str) -> None:
        """Set a status as the platform's monitoring would. A hook for tests."""
        with self._store.transaction() as db:
            db.execute("UPDATE flows SET status = ? WHERE id = ?", (status, _find(db, flow_id).id))

    def make_legacy(self, flow_id: str) -> None:
        """Make a flow one from before November 2024, which refuses edits. A hook for tests."""
        with self._store.transaction() as db:
            db.execute("UPDATE flows SET is_legacy = 1 WHERE id = ?", (_find(db, flow_id).id,))


def unknown_flow(flow_id: str) -> PlatformError:
    """Give the refusal of a request about a flow that is not there."""
    return PlatformError(
        f"Object with ID '{flow_id}' does not exist or cannot be loaded.",
        code=100,
        subcode=33,
        kind="GraphMethodException",
    )


def _flow(row: sqlite3.Row) -> StoredFlow:
    return StoredFlow(
        id=str(row["id"]),
        account=row["account"],
        name=row["name"],
        status=row["status"],
        categories=tuple(json.loads(row["categories"])),
        endpoint_uri=row["endpoint_uri"],
        flow_json=row["flow_json"],
        findings=tuple(json.loads(row["findings"])),
        was_published=bool(row["was_published"]),
        is_legacy=bool(row["is_legacy"]),
    )


def _find(db: sqlite3.Connection, flow_id: str) -> StoredFlow:
    row = db.execute("SELECT * FROM flows WHERE CAST(id AS TEXT) = ?", (flow_id,)).fetchone()
    if row is None:
        raise unknown_flow(flow_id)
    return _flow(row)


def _find_editable(db: sqlite3.Connection, flow_id: str) -> StoredFlow:
    flow = _find(db, flow_id)
    is_frozen = flow.is_legacy and flow.status != FlowStatus.DRAFT.value
    if flow.status == FlowStatus.DEPRECATED.value or is_frozen:
        raise PlatformError(
            "The flow can't be updated: only drafts can be modified.",
            code=139001,
            subcode=4016010,
            title="Flow can't be updated",
        )
    return flow


def _check_name_free(db: sqlite3.Connection, account: str, name: str) -> None:
    taken = db.execute("SELECT 1 FROM flows WHERE account = ? AND name = ?", (account, name))
    if taken.fetchone():
        raise PlatformError(
            "A flow of this account already has this name.",
            code=100,
            subcode=4016019,
            title="Flow name is not unique",
        )


def _check_categories(categories: Sequence[str]) -> None:
    unknown = sorted(set(categories) - CATEGORIES)
    if unknown:
        raise _bad_parameter(f"Unknown category {', '.join(unknown)}.")


def _check_publishable(flow: StoredFlow) -> None:
    if flow.status != FlowStatus.DRAFT.value:
        raise _cannot_publish("The flow is not a draft.")
    if flow.flow_json is None:
        raise _cannot_publish("The flow has no Flow JSON.")
    if flow.findings:
        raise _cannot_publish("The Flow JSON has validation errors.")
    if flow.content_text("data_api_version") and not flow.endpoint_uri:
        raise PlatformError(
            "The flow uses an endpoint, but has no endpoint_uri.",
            code=139002,
            subcode=4233024,
            title=NO_ENDPOINT_TITLE,
        )


def _cannot_publish(message: str) -> PlatformError:
    return PlatformError(message, code=139002, title="Flow can't be published")


def _bad_parameter(message: str) -> PlatformError:
    return PlatformError(message, code=100, title="Invalid parameter")
