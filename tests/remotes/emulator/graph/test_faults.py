"""Every kind of fault that the Graph API knows has its effect there, as its client meets it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from flowsync.errors import (
    RemoteDenied,
    RemoteError,
    RemoteRejected,
    RemoteThrottled,
    RemoteUnavailable,
)
from flowsync.model import ContentState, FlowId, JsonValue
from flowsync.remotes.emulator.fault_kinds import KINDS
from flowsync.remotes.emulator.second_writer import OTHER_FLOW_JSON
from flowsync.remotes.interface import FlowUpdate, NewFlow, Remote
from tests.remotes.accounts import FORMS, EmulatedAccount, emulated
from tests.remotes.graph.support import in_process, watched
from tests.support import flow_json

NEW = flow_json("New label")

# kind → the error of an upload, HTTP status, code, whether the outcome is unknown and it is done
REFUSALS: dict[str, tuple[type[RemoteError], int | None, int | None, bool, bool]] = {
    "refused": (RemoteUnavailable, None, None, False, False),
    "drop": (RemoteUnavailable, None, None, True, False),
    "drop-after": (RemoteUnavailable, None, None, True, True),
    "hang": (RemoteUnavailable, None, None, True, False),
    "hang-after": (RemoteUnavailable, None, None, True, True),
    "server-error": (RemoteUnavailable, 500, None, True, False),
    "server-error-after": (RemoteUnavailable, 500, None, True, True),
    "unavailable": (RemoteThrottled, 503, None, False, False),
    "unavailable-bare": (RemoteUnavailable, 503, None, True, False),
    "rate-limit": (RemoteThrottled, 429, None, False, False),
    "rate-limit-bare": (RemoteThrottled, 429, None, False, False),
    "clock-ahead": (RemoteThrottled, 429, None, False, False),
    "clock-behind": (RemoteThrottled, 429, None, False, False),
    "html": (RemoteUnavailable, 200, None, True, False),
    "html-after": (RemoteUnavailable, 200, None, True, True),
    "plain-text": (RemoteUnavailable, 200, None, True, True),
    "truncated": (RemoteUnavailable, None, None, True, True),
    "oversized": (RemoteUnavailable, None, None, True, True),
    "redirect": (RemoteUnavailable, 302, None, True, False),
    "account-limit": (RemoteThrottled, 400, 80008, False, False),
    "app-limit": (RemoteThrottled, 400, 4, False, False),
    "throughput-limit": (RemoteThrottled, 400, 130429, False, False),
    "busy": (RemoteUnavailable, 503, 2, True, False),
    "untitled": (RemoteUnavailable, 500, 1, True, False),
    "bad-meta-token": (RemoteDenied, 401, 190, False, False),
    "unauthenticated": (RemoteDenied, 401, 190, False, False),
    "forbidden": (RemoteDenied, 403, 200, False, False),
    "stored-but-failed": (RemoteUnavailable, 400, 139001, True, True),
}
PAGES = {
    "page-lost": ["A", "B"],
    "page-repeated": ["A", "B", "C"],
    "page-reordered": ["C", "B", "A"],
    "page-blank": ["A", "B"],
    "page-empty": [],
}
ELSEWHERE = {
    *("slow", "ignored", "asset-unavailable", "normalised", "stale"),
    *("second-writer", "second-writer-after"),
}


@pytest.fixture
def account() -> Iterator[EmulatedAccount]:
    with in_process() as found:
        yield found


def test_every_kind_that_is_not_of_the_gateway_alone_is_tried_here() -> None:
    tried = {*REFUSALS, *PAGES, *ELSEWHERE}
    assert tried == {name for name, kind in KINDS.items() if not kind.is_of_gateway}


def upload(remote: Remote, flow_id: str) -> None:
    remote.upload_flow_json(FlowId(flow_id), json.dumps(NEW))


@pytest.mark.parametrize("kind", REFUSALS)
def test_upload_that_meets_a_fault_is_told_as_what_it_is(
    account: EmulatedAccount, kind: str
) -> None:
    error, status, code, is_unknown, is_done = REFUSALS[kind]
    form = FORMS["graph"] if kind == "truncated" else account.form  # half an answer: over HTTP
    with emulated(form) as found:
        flow_id = found.drafted()
        found.faults.add(f"upload:{kind}*1")
        with pytest.raises(RemoteError) as caught:
            upload(found.client(), flow_id)
        content = found.platform.get_flow(flow_id).content
    assert type(caught.value) is error
    assert (caught.value.status, caught.value.code) == (status, code)
    assert caught.value.outcome_unknown is is_unknown
    assert (content == NEW) is is_done


@pytest.mark.parametrize("kind", sorted(name for name in KINDS if KINDS[name].is_of_gateway))
def test_kind_of_the_gateway_alone_changes_nothing_here(
    account: EmulatedAccount, kind: str
) -> None:
    flow_id = account.drafted()
    account.faults.add(f"any:{kind}")
    remote = account.client()
    upload(remote, flow_id)
    assert remote.list_flows().is_whole
    assert remote.get_flow(FlowId(flow_id)).content.value == NEW


@pytest.mark.parametrize("kind", PAGES)
def test_listing_that_meets_a_fault_shows_it(account: EmulatedAccount, kind: str) -> None:
    for name in "ABC":
        account.emptied(name)
    account.faults.add(f"list:{kind}*1")
    listing = account.client().list_flows()
    assert [flow.name for flow in listing.flows] == PAGES[kind]
    assert listing.is_whole is (kind not in {"page-repeated", "page-blank"})


def test_answer_comes_later(account: EmulatedAccount) -> None:
    account.faults.add("list:slow=1500*1")
    account.client().list_flows()
    account.client().list_flows()
    assert account.latencies == [1.5, 0.0]


@pytest.mark.parametrize("operation", ["create", "update", "upload", "publish", "delete"])
def test_ignored_write_says_that_it_is_done_and_is_not(
    account: EmulatedAccount, operation: str
) -> None:
    flow_id = FlowId(account.drafted())
    before = account.platform.list_flows(account.account)
    account.faults.add(f"{operation}:ignored*1")
    remote = account.client()
    writes: dict[str, Callable[[], object]] = {
        "create": lambda: remote.create_flow(NewFlow(name="Beta", categories=("OTHER",))),
        "update": lambda: remote.update_flow(flow_id, FlowUpdate(name="Beta")),
        "upload": lambda: upload(remote, flow_id),
        "publish": lambda: remote.publish_flow(flow_id),
        "delete": lambda: remote.delete_flow(flow_id),
    }
    writes[operation]()
    assert account.platform.list_flows(account.account) == before


def test_link_that_is_refused_once_is_asked_for_anew(account: EmulatedAccount) -> None:
    flow_id = account.drafted()
    account.faults.add("download:asset-unavailable*1")
    remote, adapter = watched(account)
    assert remote.get_flow(FlowId(flow_id)).content.state is ContentState.READ
    assert len(adapter.sent) == 4


def test_normalised_content_is_the_same_value_in_other_words(account: EmulatedAccount) -> None:
    content: dict[str, JsonValue] = {**flow_json(), "extra": 7}
    flow_id = FlowId(account.drafted(content=content))
    account.faults.add("download:normalised")
    found = account.client().get_flow(flow_id).content.value
    assert found == content
    assert json.dumps(found) != json.dumps(content)
    assert json.dumps(found).startswith('{"extra": 7.0')


def test_stale_answers_show_what_was_there_before_the_latest_write(
    account: EmulatedAccount,
) -> None:
    remote = account.client()
    flow_id = remote.create_flow(NewFlow(name="Alpha", categories=("OTHER",)))
    account.faults.add("any:stale")
    assert remote.list_flows().flows == ()
    with pytest.raises(RemoteRejected):
        remote.get_flow(flow_id)
    account.time.now += 2
    assert [flow.name for flow in remote.list_flows().flows] == ["Alpha"]
    remote.update_flow(flow_id, FlowUpdate(name="Beta"))
    assert remote.get_flow(flow_id).name == "Alpha"
    assert [flow.name for flow in remote.list_flows().flows] == ["Alpha"]


def test_somebody_else_writes_first(account: EmulatedAccount) -> None:
    flow_id = account.drafted()
    account.faults.add("publish:second-writer*1")
    account.faults.add("create:second-writer*1")
    remote = account.client()
    remote.publish_flow(FlowId(flow_id))
    assert account.platform.get_flow(flow_id).content == OTHER_FLOW_JSON
    with pytest.raises(RemoteRejected, match="another `name`"):
        remote.create_flow(NewFlow(name="Beta", categories=("OTHER",)))


def test_somebody_else_writes_afterwards(account: EmulatedAccount) -> None:
    account.faults.add("any:second-writer-after*2")
    remote = account.client()
    created = remote.create_flow(NewFlow(name="Beta", categories=("OTHER",)))
    assert account.platform.get_flow(created).content == OTHER_FLOW_JSON
    upload(remote, created)
    assert account.platform.get_flow(created).content == OTHER_FLOW_JSON


def test_fault_of_a_download_comes_with_a_download_alone(account: EmulatedAccount) -> None:
    flow_id = FlowId(account.drafted())
    account.faults.add("download:server-error*1")
    remote, adapter = watched(account)
    assert remote.list_flows().is_whole
    assert remote.get_flow(flow_id).content.value == flow_json()
    assert [sent.path.startswith("/assets/") for sent in adapter.sent] == [
        *(False, False, True, True)
    ]
