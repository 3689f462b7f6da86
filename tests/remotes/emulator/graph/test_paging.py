"""Pages of a listing, forwards and backwards."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.remotes.emulator.graph.api import FLOWS, Api


def filled(api: Api, count: int) -> list[str]:
    return [api.account.emptied(f"Flow {number:03}") for number in range(count)]


def names(page: Any) -> list[str]:
    return [flow["id"] for flow in page["data"]]


def follow(api: Api, address: str) -> Any:
    """Give the page behind an address of an answer, as it stands there."""
    query = dict(parse_qsl(urlsplit(address).query))
    return api.get(urlsplit(address).path.removeprefix("/v24.0/"), **query)


def test_page_holds_twenty_five_flows_unless_told_otherwise(api: Api) -> None:
    ids = filled(api, 60)
    page = api.get(FLOWS)
    assert names(page) == ids[:25]
    assert len(names(api.get(FLOWS, limit=7))) == 7
    assert len(names(api.get(FLOWS, limit=500))) == 60


def test_page_holds_a_hundred_flows_at_most(api: Api) -> None:
    filled(api, 101)
    assert len(names(api.get(FLOWS, limit=5000))) == 100


def test_pages_lead_to_the_last_which_leads_nowhere(api: Api) -> None:
    ids = filled(api, 53)
    page, seen = api.get(FLOWS, fields="id"), []
    for _ in range(3):
        seen += names(page)
        assert page["paging"]["cursors"]["after"]
        assert all(set(flow) == {"id"} for flow in page["data"])
        if "next" in page["paging"]:
            page = follow(api, page["paging"]["next"])
    assert seen == ids
    assert "next" not in page["paging"]


def test_page_that_is_exactly_full_is_the_last(api: Api) -> None:
    filled(api, 25)
    page = api.get(FLOWS)
    assert len(names(page)) == 25
    assert "next" not in page["paging"]


def test_pages_lead_back_to_the_first(api: Api) -> None:
    ids = filled(api, 23)
    page = api.get(FLOWS, limit=10)
    assert "previous" not in page["paging"]
    while "next" in page["paging"]:
        page = follow(api, page["paging"]["next"])
    back = [names(page)]
    while "previous" in page["paging"]:
        page = follow(api, page["paging"]["previous"])
        back.append(names(page))
    assert back == [ids[20:], ids[10:20], ids[:10]]


def test_page_before_the_first_is_empty(api: Api) -> None:
    filled(api, 3)
    before = api.get(FLOWS)["paging"]["cursors"]["before"]
    assert api.get(FLOWS, before=before) == {"data": []}


def test_empty_account_has_an_empty_page_without_paging(api: Api) -> None:
    assert api.get(FLOWS) == {"data": []}


def test_flow_that_goes_between_two_pages_takes_none_of_the_others_along(api: Api) -> None:
    ids = filled(api, 6)
    page = api.get(FLOWS, limit=3)
    api.ask("DELETE", ids[2])
    assert names(follow(api, page["paging"]["next"])) == ids[3:]


@pytest.mark.parametrize("cursor", ["1170000000000001", "x", "", "%%%", "Y/é"])
@pytest.mark.parametrize("name", ["after", "before"])
def test_cursor_that_was_never_given_is_refused(api: Api, cursor: str, name: str) -> None:
    filled(api, 2)
    answer = api.ask("GET", FLOWS, query_string={name: cursor})
    assert api.refusal(answer) == (400, 100, None)


@pytest.mark.parametrize("limit", ["0", "-1", "x", "1.5", "1000000000"])
def test_limit_that_is_no_number_above_nothing_is_refused(api: Api, limit: str) -> None:
    answer = api.ask("GET", FLOWS, query_string={"limit": limit})
    assert api.refusal(answer) == (400, 100, None)
