"""The platform's own rules: what Meta does with a request, whichever API it came through.

States, uniqueness and error codes follow Meta's lifecycle and Flows API pages
(https://developers.facebook.com/docs/whatsapp/flows/reference/lifecycle and …/flowsapi). Where
these are silent, the stricter reading is taken: names stay taken for ever, an edit that changes
nothing still returns a published flow to draft, a draft that was once published cannot be deleted.
"""

from __future__ import annotations

import json
import re
import sqlite3
import time
from collections.abc import Callable, Sequence
from typing import TypeAlias

from flowsync.model import FlowStatus, JsonValue
from flowsync.remotes.emulator.publishing import check_publishable
from flowsync.remotes.emulator.refusals import PlatformError, bad_parameter, unknown_flow
from flowsync.remotes.emulator.store import Store
from flowsync.remotes.emulator.stored import StoredFlow, stored_flow

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
_ID = re.compile(r"[1-9][0-9]{0,17}")  # as ids are written, and as the database can hold them
MESSAGES_WHILE_THROTTLED = 10  # in an hour
_HOUR_S = 3600


_BUT_CONTENT = (
    "id, account, name, status, categories, endpoint_uri, findings, was_published, is_legacy, "
    "updated_at, application_id, preview_number"
)

UploadCheck: TypeAlias = "Callable[[bytes], Sequence[JsonValue]]"


class Platform:
    """The emulated platform over a store; `check` gives the `validation_errors` of an upload.

    `troubles` are names of `publishing.TROUBLES` that all accounts have; `clock` is in seconds of
    Unix time.
    """

    def __init__(
        self,
        store: Store,
        check: UploadCheck,
        *,
        troubles: Sequence[str] = (),
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._check = check
        self._clock = clock
        self.troubles = tuple(troubles)

    def list_flows(self, account: str, *, with_content: bool = True) -> tuple[StoredFlow, ...]:
        """Give the flows of an account in order of creation, with their Flow JSON if wanted."""
        columns = "*" if with_content else f"{_BUT_CONTENT}, NULL AS flow_json"
        with self._store.reading() as db:
            query = f"SELECT {columns} FROM flows WHERE account = ? ORDER BY id"
            rows = db.execute(query, (account,))
            return tuple(stored_flow(row) for row in rows)

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
                " findings, was_published, is_legacy, updated_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
                    self._now(),
                ),
            )
            if flow.was_published and flow.flow_json is not None:
                _keep_live_version(db, cursor.lastrowid, flow.flow_json)
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
            raise bad_parameter("The parameter name is required.")
        if not categories:
            raise bad_parameter("The parameter categories is required.")
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
                " findings, updated_at) VALUES (?, ?, 'DRAFT', ?, ?, ?, ?, ?)",
                (
                    account,
                    name,
                    json.dumps(list(categories)),
                    endpoint_uri,
                    content,
                    findings,
                    self._now(),
                ),
            )
            return str(cursor.lastrowid)

    def update_flow(
        self,
        flow_id: str,
        *,
        name: str | None = None,
        categories: Sequence[str] | None = None,
        endpoint_uri: str | None = None,
        application_id: str | None = None,
    ) -> None:
        """Change what is given; a published flow becomes a draft again."""
        if categories is not None:
            if not categories:
                raise bad_parameter("categories must not be empty.")
            _check_categories(categories)
        with self._store.transaction() as db:
            flow = _find_editable(db, flow_id)
            if name is not None and name != flow.name:
                _check_name_free(db, flow.account, name)
            db.execute(
                "UPDATE flows SET name = ?, categories = ?, endpoint_uri = ?, application_id = ?,"
                " status = 'DRAFT', updated_at = ? WHERE id = ?",
                (
                    flow.name if name is None else name,
                    json.dumps(list(flow.categories if categories is None else categories)),
                    flow.endpoint_uri if endpoint_uri is None else endpoint_uri,
                    flow.application_id if application_id is None else application_id,
                    self._now(),
                    flow.id,
                ),
            )

    def upload(self, flow_id: str, content: bytes) -> tuple[JsonValue, ...]:
        """Replace the draft content and give its validation errors; it is kept even with some."""
        check_size(content)
        findings = tuple(self._check(content))
        with self._store.transaction() as db:
            flow = _find_editable(db, flow_id)
            db.execute(
                "UPDATE flows SET flow_json = ?, findings = ?, status = 'DRAFT', updated_at = ?"
                " WHERE id = ?",
                (content, json.dumps(findings), self._now(), flow.id),
            )
        return findings

    def publish(self, flow_id: str) -> None:
        """Make the draft live, keeping the last five live versions."""
        with self._store.transaction() as db:
            flow = _find(db, flow_id)
            check_publishable(flow, self.troubles)
            db.execute(
                "UPDATE flows SET status = 'PUBLISHED', was_published = 1, updated_at = ?"
                " WHERE id = ?",
                (self._now(), flow.id),
            )
            _keep_live_version(db, flow.id, flow.flow_json)

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
            db.execute(
                "UPDATE flows SET status = 'DEPRECATED', updated_at = ? WHERE id = ?",
                (self._now(), flow.id),
            )

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

    def send(self, flow_id: str, *, to: str, screen: str, is_draft: bool = False) -> str:
        """Record a message that opens a flow, and give the message's id.

        It opens the version that was published last, or the draft where `is_draft` asks for it.
        """
        with self._store.transaction() as db:
            flow = _find(db, flow_id)
            if is_draft and (flow.status != FlowStatus.DRAFT.value or not flow.flow_json):
                raise PlatformError("The flow has no draft that can be sent.", code=131009)
            if flow.status == FlowStatus.BLOCKED.value:
                raise PlatformError("The flow is blocked.", code=132068, title="Flow is blocked")
            is_live = flow.was_published and flow.status != FlowStatus.DEPRECATED.value
            if not is_live and not is_draft:
                raise PlatformError(
                    "The flow has no live version that can be sent.", code=131009, title=None
                )
            if flow.status == FlowStatus.THROTTLED.value:
                _check_throttled(db, flow.id, since=self._now() - _HOUR_S)
            cursor = db.execute(
                "INSERT INTO messages (flow_id, recipient, screen, sent_at) VALUES (?, ?, ?, ?)",
                (flow.id, to, screen, self._now()),
            )
            return f"wamid.emulated{cursor.lastrowid}"

    def new_preview(self, flow_id: str) -> None:
        """Make the preview link of a flow invalid, so that the next one is another."""
        with self._store.transaction() as db:
            db.execute(
                "UPDATE flows SET preview_number = preview_number + 1 WHERE id = ?",
                (_find(db, flow_id).id,),
            )

    def public_key(self, phone_id: str) -> str | None:
        """Give the public key of a phone number; None where none was uploaded."""
        with self._store.reading() as db:
            row = db.execute("SELECT * FROM public_keys WHERE phone_id = ?", (phone_id,)).fetchone()
            return None if row is None else str(row["public_key"])

    def set_public_key(self, phone_id: str, public_key: str) -> None:
        """Keep a public key for a phone number."""
        with self._store.transaction() as db:
            db.execute("INSERT OR REPLACE INTO public_keys VALUES (?, ?)", (phone_id, public_key))

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

    def _now(self) -> int:
        return int(self._clock())

    def make_legacy(self, flow_id: str) -> None:
        """Make a flow one from before November 2024, which refuses edits. A hook for tests."""
        with self._store.transaction() as db:
            db.execute("UPDATE flows SET is_legacy = 1 WHERE id = ?", (_find(db, flow_id).id,))


def check_size(content: bytes) -> None:
    """Refuse Flow JSON that is too large."""
    if len(content) > MAX_CONTENT_BYTES:
        raise bad_parameter("The file is larger than 10 MB.")


def _find(db: sqlite3.Connection, flow_id: str) -> StoredFlow:
    row = None
    if _ID.fullmatch(flow_id):  # as a number, so that its index finds it
        row = db.execute("SELECT * FROM flows WHERE id = ?", (int(flow_id),)).fetchone()
    if row is None:
        raise unknown_flow(flow_id)
    return stored_flow(row)


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


def _keep_live_version(
    db: sqlite3.Connection, flow_id: int | str | None, content: bytes | None
) -> None:
    """Add a live version of a flow, and let go of all but the last five."""
    db.execute("INSERT INTO live_versions (flow_id, flow_json) VALUES (?, ?)", (flow_id, content))
    db.execute(
        "DELETE FROM live_versions WHERE flow_id = ? AND number NOT IN (SELECT number"
        " FROM live_versions WHERE flow_id = ? ORDER BY number DESC LIMIT ?)",
        (flow_id, flow_id, LIVE_VERSIONS_KEPT),
    )


def _check_throttled(db: sqlite3.Connection, flow_id: str, *, since: int) -> None:
    """Refuse to send a throttled flow more often than ten times an hour."""
    count = "SELECT COUNT(*) FROM messages WHERE flow_id = ? AND sent_at > ?"
    if db.execute(count, (flow_id, since)).fetchone()[0] >= MESSAGES_WHILE_THROTTLED:
        raise PlatformError("The flow is throttled.", code=132069, title="Flow is throttled")


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
        raise bad_parameter(f"Unknown category {', '.join(unknown)}.")
