"""Shared by the tests of the Graph API's client: canned answers, and a look at what it sends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

import responses

from flowsync.model import JsonValue
from flowsync.remotes.emulator.graph.options import GRAPH_ACCOUNT
from flowsync.remotes.graph.client import GraphRemote
from flowsync.remotes.in_process import WsgiAdapter
from tests.remotes.accounts import EmulatedAccount, Form, emulated
from tests.remotes.support import FakeTime, WatchingAdapter

GRAPH = "https://graph.facebook.com"
FLOWS = f"{GRAPH}/v24.0/{GRAPH_ACCOUNT}/flows"
IN_PROCESS_FORM = Form("graph", is_served=False)


@contextmanager
def in_process(**options: Any) -> Iterator[EmulatedAccount]:
    """Give an emulated account without a network, whose clock is that of its client."""
    time = FakeTime(1_800_000_000.0)
    with emulated(IN_PROCESS_FORM, clock=time.clock, **options) as account:
        account.time = time
        yield account


def watched(account: EmulatedAccount, **client: Any) -> tuple[GraphRemote, WatchingAdapter]:
    """Give a client whose requests are noted, those for Flow JSON too."""
    adapter = WatchingAdapter(WsgiAdapter(account.app, sleep=account.time.sleep))
    remote = account.client(adapter=adapter, **client)
    assert isinstance(remote, GraphRemote)
    return remote, adapter


class Meta:
    """The Graph API as canned answers, with a client of it that never really waits."""

    def __init__(self, mock: responses.RequestsMock) -> None:
        self.mock, self.closing = mock, ExitStack()
        self.time = FakeTime()

    def remote(self, url: str = GRAPH, **client: Any) -> GraphRemote:
        """Give a client."""
        account = EmulatedAccount(IN_PROCESS_FORM)
        account.time, account.url, account.form = self.time, url, Form("graph")
        self.closing.push(account.closing)
        remote = account.client(**client)
        assert isinstance(remote, GraphRemote)
        return remote

    def answers(
        self,
        method: str,
        path: str,
        body: JsonValue,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Let the next request to a path below the version have an answer."""
        more = None if headers is None else dict(headers)
        self.mock.add(method, f"{GRAPH}/v24.0/{path}", json=body, status=status, headers=more)

    def flow(self, flow_id: str = "1001", **fields: JsonValue) -> dict[str, JsonValue]:
        """Give a flow as Meta answers it."""
        return {
            "id": flow_id,
            "name": f"Flow {flow_id}",
            "status": "DRAFT",
            "categories": ["OTHER"],
            "validation_errors": [],
            "whatsapp_business_account": {"id": GRAPH_ACCOUNT},
            **fields,
        }


def error(code: int, subcode: int | None = None, **fields: JsonValue) -> dict[str, JsonValue]:
    """Give an error object of Meta."""
    found: dict[str, JsonValue] = {
        "message": "(#1) Something is wrong",
        "type": "OAuthException",
        "code": code,
        "fbtrace_id": "A1b2C3",
        **fields,
    }
    return {"error": found if subcode is None else {**found, "error_subcode": subcode}}
