"""Usage headers of answers set the pace of the account."""

from __future__ import annotations

import json

import pytest

from flowsync.errors import RemoteThrottled
from flowsync.model import FlowId, JsonValue
from flowsync.remotes.emulator.graph.options import GRAPH_ACCOUNT
from flowsync.remotes.graph.usage import UsageTold, usage_in
from tests.remotes.graph.support import Meta, error, in_process, watched


def app_usage(percent: int) -> dict[str, str]:
    used = {"call_count": percent, "total_time": 1, "total_cputime": 2}
    return {"X-App-Usage": json.dumps(used)}


def account_usage(percent: int, minutes: int = 0) -> dict[str, str]:
    entry: dict[str, JsonValue] = {
        "type": "whatsapp_business_management",
        "call_count": 1,
        "total_cputime": percent,
        "total_time": 2,
        "estimated_time_to_regain_access": minutes,
    }
    return {"X-Business-Use-Case-Usage": json.dumps({GRAPH_ACCOUNT: [entry]})}


def empty_list(meta: Meta, **headers: str) -> None:
    meta.answers("GET", f"{GRAPH_ACCOUNT}/flows", {"data": []}, headers=headers)


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({}, None),
        (app_usage(28), UsageTold(percent=28.0, regain_after=0.0)),
        (account_usage(85, 3), UsageTold(percent=85.0, regain_after=180.0)),
        ({**app_usage(90), **account_usage(85)}, UsageTold(percent=90.0, regain_after=0.0)),
        ({**app_usage(10), **account_usage(85, 1)}, UsageTold(percent=85.0, regain_after=60.0)),
        ({"X-App-Usage": "no json"}, None),
        ({"X-App-Usage": "[1]"}, None),
        ({"X-App-Usage": "[" * 100_000}, None),
        ({"X-App-Usage": '{"call_count": "90"}'}, UsageTold(percent=0.0, regain_after=0.0)),
        ({"X-App-Usage": '{"call_count": -5}'}, UsageTold(percent=0.0, regain_after=0.0)),
        ({"X-Business-Use-Case-Usage": '{"1": {"call_count": 90}}'}, None),
    ],
)
def test_headers_are_read_and_what_cannot_be_read_is_left(
    headers: dict[str, str], told: UsageTold | None
) -> None:
    assert usage_in(headers) == told


@pytest.mark.parametrize(
    ("percent", "gap"), [(79, 0.0), (80, 0.25), (84, 0.5), (92, 2.0), (100, 8.0), (150, 8.0)]
)
@pytest.mark.parametrize("usage", [app_usage, account_usage])
def test_requests_go_out_more_slowly_from_eighty_percent_on(
    meta: Meta, usage: object, percent: int, gap: float
) -> None:
    assert callable(usage)
    empty_list(meta, **usage(percent))
    empty_list(meta)
    remote = meta.remote()
    remote.list_flows()
    assert remote.seconds_to_wait() == pytest.approx(gap)
    remote.list_flows()
    assert sum(meta.time.sleeps) == pytest.approx(gap)


def test_pace_recovers_when_less_is_used_up(meta: Meta) -> None:
    empty_list(meta, **app_usage(96))
    empty_list(meta, **app_usage(20))
    empty_list(meta)
    remote = meta.remote()
    for _ in range(3):
        remote.list_flows()
    assert sum(meta.time.sleeps) == pytest.approx(4.0)


def test_pace_stays_slow_while_answers_say_nothing_else(meta: Meta) -> None:
    empty_list(meta, **app_usage(80))
    for _ in range(4):
        empty_list(meta)
    remote = meta.remote()
    for _ in range(5):
        remote.list_flows()
    assert sum(meta.time.sleeps) == pytest.approx(4 * 0.25)


def test_usage_is_also_read_from_answers_to_writes(meta: Meta) -> None:
    meta.answers("POST", "1001/publish", {"success": True}, headers=account_usage(88))
    remote = meta.remote()
    remote.publish_flow(FlowId("1001"))
    assert remote.seconds_to_wait() == pytest.approx(1.0)


@pytest.mark.parametrize("code", [4, 17, 32, 613, 80007, 80008, 130429])
def test_throttled_read_waits_the_minutes_that_the_account_names(meta: Meta, code: int) -> None:
    path = f"{GRAPH_ACCOUNT}/flows"
    meta.answers("GET", path, error(code), status=400, headers=account_usage(100, minutes=4))
    empty_list(meta)
    assert meta.remote().list_flows().is_whole
    assert 240.0 in meta.time.sleeps


def test_throttled_write_is_not_repeated_and_stops_the_account_for_that_time(meta: Meta) -> None:
    headers = account_usage(100, minutes=2)
    meta.answers("POST", "1001/publish", error(80008), status=400, headers=headers)
    remote = meta.remote()
    with pytest.raises(RemoteThrottled) as caught:
        remote.publish_flow(FlowId("1001"))
    assert caught.value.retry_after == 120.0
    assert remote.seconds_to_wait() == 120.0


def test_time_that_is_too_long_to_wait_for_is_not_waited_for(meta: Meta) -> None:
    path = f"{GRAPH_ACCOUNT}/flows"
    meta.answers("GET", path, error(80008), status=400, headers=account_usage(100, minutes=45))
    remote = meta.remote()
    with pytest.raises(RemoteThrottled):
        remote.list_flows()
    with pytest.raises(RemoteThrottled, match="another 2700 seconds"):
        remote.list_flows()
    assert len(meta.mock.calls) == 1


def test_retry_after_of_the_answer_counts_before_the_minutes(meta: Meta) -> None:
    path = f"{GRAPH_ACCOUNT}/flows"
    headers = {**account_usage(50, minutes=4), "Retry-After": "7"}
    meta.answers("GET", path, error(4), status=429, headers=headers)
    empty_list(meta)
    meta.remote().list_flows()
    assert 7.0 in meta.time.sleeps


def test_client_stays_within_the_limit_that_the_emulator_tells() -> None:
    """Without headers the hundredth call would be refused; with them each comes ever later."""
    with in_process(calls_per_hour=100) as account:
        flow_id = FlowId(account.drafted())
        remote, adapter = watched(account)
        for _ in range(96):
            remote.get_flow(flow_id)
        assert sum("/assets/" not in sent.path for sent in adapter.sent) == 96
        assert account.time.sleeps == sorted(account.time.sleeps)
        assert 0.25 <= account.time.sleeps[0] < account.time.sleeps[-1] <= 8.0
