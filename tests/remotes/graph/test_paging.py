"""A listing follows Meta's pages to their end, and doubts those that do not lead to one."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from flowsync.errors import RemoteUnavailable
from flowsync.model import JsonValue
from flowsync.remotes.emulator.graph.options import GRAPH_ACCOUNT
from tests.remotes.accounts import EmulatedAccount
from tests.remotes.graph.support import FLOWS, Meta, watched


def page(meta: Meta, *ids: str, after: str | None = None, leads_on: bool = False) -> None:
    paging: dict[str, JsonValue] = {}
    if after is not None:
        paging["cursors"] = {"before": "b", "after": after}
    if leads_on:
        paging["next"] = f"https://elsewhere.test/next?after={after}&access_token=secret"
    entries: list[JsonValue] = [meta.flow(flow_id) for flow_id in ids]
    body: dict[str, JsonValue] = {"data": entries}
    meta.answers("GET", f"{GRAPH_ACCOUNT}/flows", {**body, "paging": paging} if paging else body)


def asked(meta: Meta) -> list[str | None]:
    """Give the cursor of each request."""
    queries = [parse_qs(urlsplit(call.request.url or "").query) for call in meta.mock.calls]
    return [query.get("after", [None])[0] for query in queries]


def test_pages_are_followed_by_their_cursor_alone(meta: Meta) -> None:
    page(meta, "1", "2", after="x", leads_on=True)
    page(meta, "3", after="y", leads_on=True)
    page(meta, "4", after="z")
    listing = meta.remote().list_flows()
    assert [flow.id for flow in listing.flows] == ["1", "2", "3", "4"]
    assert listing.is_whole
    assert asked(meta) == [None, "x", "y"]
    assert {(call.request.url or "").partition("?")[0] for call in meta.mock.calls} == {FLOWS}


def test_answer_without_paging_is_the_last_page(meta: Meta) -> None:
    page(meta, "1")
    listing = meta.remote().list_flows()
    assert ([flow.id for flow in listing.flows], listing.is_whole) == (["1"], True)


@pytest.mark.parametrize("ids", [(), ("2",)], ids=["empty", "short"])
def test_page_that_is_empty_or_short_is_no_end_while_it_leads_on(
    meta: Meta, ids: tuple[str, ...]
) -> None:
    page(meta, "1", after="x", leads_on=True)
    page(meta, *ids, after="y", leads_on=True)
    page(meta, "3", after="z")
    listing = meta.remote().list_flows()
    assert [flow.id for flow in listing.flows] == ["1", *ids, "3"]
    assert listing.is_whole


def test_cursor_that_repeats_is_doubted_and_not_followed_for_ever(meta: Meta) -> None:
    page(meta, "1", after="x", leads_on=True)
    page(meta, "2", after="y", leads_on=True)
    page(meta, "3", after="x", leads_on=True)
    listing = meta.remote().list_flows()
    assert [flow.id for flow in listing.flows] == ["1", "2", "3"]
    assert listing.doubts == ("the same page came twice",)


def test_next_page_without_a_cursor_is_doubted(meta: Meta) -> None:
    page(meta, "1", leads_on=True)
    listing = meta.remote().list_flows()
    assert [flow.id for flow in listing.flows] == ["1"]
    assert listing.doubts == ("the answer names a further page without saying where it begins",)


@pytest.mark.parametrize("data", [None, {}, "flows"])
def test_answer_without_a_list_is_doubted(meta: Meta, data: JsonValue) -> None:
    meta.answers("GET", f"{GRAPH_ACCOUNT}/flows", {"data": data})
    listing = meta.remote().list_flows()
    assert (listing.flows, listing.doubts) == ((), ("the answer holds no list of flows",))


def test_flow_that_comes_on_two_pages_is_listed_once_with_a_doubt(meta: Meta) -> None:
    page(meta, "1", "2", after="x", leads_on=True)
    page(meta, "2", after="y")
    listing = meta.remote().list_flows()
    assert [flow.id for flow in listing.flows] == ["1", "2"]
    assert listing.doubts == ("flow 2 is listed twice",)


def test_account_of_several_hundred_flows_is_listed_a_hundred_at_a_time(
    account: EmulatedAccount,
) -> None:
    ids = [account.emptied(f"Flow {number:03}") for number in range(250)]
    remote, adapter = watched(account)
    listing = remote.list_flows()
    assert [flow.id for flow in listing.flows] == ids
    assert listing.is_whole
    assert len(adapter.sent) == 3
    assert all("limit=100" in sent.path for sent in adapter.sent)


def test_page_that_fails_for_a_passing_reason_is_asked_for_again_alone(
    account: EmulatedAccount,
) -> None:
    for number in range(150):
        account.emptied(f"Flow {number:03}")
    account.faults.add("list@2:busy*1")
    remote, adapter = watched(account)
    assert len(remote.list_flows().flows) == 150
    assert ["after=" in sent.path for sent in adapter.sent] == [False, True, True]


def test_page_that_keeps_failing_fails_the_listing(account: EmulatedAccount) -> None:
    for number in range(150):
        account.emptied(f"Flow {number:03}")
    account.faults.add("list@2:busy*9")
    remote, _ = watched(account)
    with pytest.raises(RemoteUnavailable):
        remote.list_flows()
