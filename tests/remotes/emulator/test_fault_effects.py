"""Each fault as the client meets it, in process and over HTTP, and what it leaves behind."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from flowsync.errors import (
    RemoteDenied,
    RemoteError,
    RemoteRejected,
    RemoteThrottled,
    RemoteUnavailable,
)
from flowsync.model import ContentState, FlowId, JsonValue
from flowsync.remotes.emulator.chance import PASSING
from flowsync.remotes.emulator.fault_kinds import KINDS
from flowsync.remotes.emulator.second_writer import OTHER_FLOW_JSON
from flowsync.remotes.emulator.server import EmulatorServer
from flowsync.remotes.gateway.client import GatewayRemote
from flowsync.remotes.interface import FlowUpdate, NewFlow
from tests.remotes.support import FakeTime, drafted, http_client, published
from tests.support import TOKEN, EmulatedGateway, flow_json

NEW = flow_json("New label")
HTTP_TIMEOUT_S = 0.4  # how long the client over HTTP waits, and what `hang` is longer than


@dataclass
class Bench:
    """A client of an emulated gateway, whichever way its requests travel."""

    gateway: EmulatedGateway
    remote: GatewayRemote
    is_http: bool

    def draft(self, name: str = "Alpha") -> FlowId:
        """Put a draft on the account, and let the client know of it."""
        flow_id = FlowId(drafted(self.gateway, name))
        self.remote.list_flows()
        return flow_id

    def content(self, flow_id: str) -> object:
        return self.gateway.platform.get_flow(flow_id).content

    def upload(self, flow_id: FlowId) -> None:
        self.remote.upload_flow_json(flow_id, json.dumps(NEW))


@pytest.fixture(params=["in process", "over HTTP"])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    gateway = EmulatedGateway("documented")
    if request.param == "in process":
        yield Bench(gateway, gateway.client(), is_http=False)
    else:
        server = EmulatorServer(gateway.app, socket.create_server(("127.0.0.1", 0)), threads=4)
        http = http_client(
            None, base_url=f"http://127.0.0.1:{server.port}", read_timeout=HTTP_TIMEOUT_S
        )
        retrier = FakeTime().retrier()
        remote = GatewayRemote(http, dialect="documented", account=gateway.account, retrier=retrier)
        yield Bench(gateway, remote, is_http=True)
        http.close()
        server.close()
    gateway.store.close()


# kind → the error of an upload, its HTTP status, whether the outcome is unknown, whether it is done
REFUSALS: dict[str, tuple[type[RemoteError], int | None, bool, bool]] = {
    "drop": (RemoteUnavailable, None, True, False),
    "drop-after": (RemoteUnavailable, None, True, True),
    "hang": (RemoteUnavailable, None, True, False),
    "hang-after": (RemoteUnavailable, None, True, True),
    "server-error": (RemoteUnavailable, 500, True, False),
    "server-error-after": (RemoteUnavailable, 500, True, True),
    "unavailable": (RemoteThrottled, 503, False, False),
    "unavailable-bare": (RemoteUnavailable, 503, True, False),
    "rate-limit": (RemoteThrottled, 429, False, False),
    "rate-limit-bare": (RemoteThrottled, 429, False, False),
    "clock-ahead": (RemoteThrottled, 429, False, False),
    "clock-behind": (RemoteThrottled, 429, False, False),
    "html": (RemoteUnavailable, 200, True, False),
    "html-after": (RemoteUnavailable, 200, True, True),
    "plain-text": (RemoteUnavailable, 200, True, True),
    "truncated": (RemoteUnavailable, None, True, True),
    "oversized": (RemoteUnavailable, None, True, True),
    "redirect": (RemoteUnavailable, 302, True, False),
    "refused-as-success": (RemoteRejected, 200, False, False),
    "unread-as-success": (RemoteUnavailable, None, True, False),
    "account-limit": (RemoteThrottled, 200, False, False),
    "app-limit": (RemoteThrottled, 200, False, False),
    "throughput-limit": (RemoteThrottled, 200, False, False),
    "busy": (RemoteUnavailable, 200, True, False),
    "untitled": (RemoteUnavailable, 200, True, False),
    "bad-meta-token": (RemoteDenied, 200, False, False),
    "no-meta-token": (RemoteRejected, 401, False, False),
    "unauthenticated": (RemoteDenied, 401, False, False),
    "forbidden": (RemoteDenied, 403, False, False),
    "stored-but-failed": (RemoteUnavailable, 200, True, True),
    "no-validations": (RemoteUnavailable, 500, True, True),
}
ELSEWHERE = {  # those that have a test of their own below
    "slow",
    "refused",
    "ignored",
    "asset-unavailable",
    "no-json-version",
    "normalised",
    "no-data",
    "page-lost",
    "page-repeated",
    "page-reordered",
    "page-blank",
    "page-empty",
    "stale",
    "second-writer",
    "second-writer-after",
}
RETRY_AFTER = {"unavailable": 1, "rate-limit": 1, "clock-ahead": 1, "clock-behind": 1}


def test_every_kind_has_a_test_of_what_the_client_meets() -> None:
    assert set(KINDS) == REFUSALS.keys() | ELSEWHERE
    assert not REFUSALS.keys() & ELSEWHERE


@pytest.mark.parametrize("kind", REFUSALS)
def test_fault_of_a_write_is_met_as_what_it_is_and_leaves_the_account_as_it_says(
    bench: Bench, kind: str
) -> None:
    error, status, outcome_unknown, is_done = REFUSALS[kind]
    flow_id = bench.draft()
    bench.gateway.faults.add(f"upload:{kind}*1")
    with pytest.raises(RemoteError) as caught:
        bench.upload(flow_id)
    assert type(caught.value) is error
    assert (caught.value.status, caught.value.outcome_unknown) == (status, outcome_unknown)
    assert caught.value.retry_after == RETRY_AFTER.get(kind)
    assert TOKEN not in str(caught.value)
    assert bench.content(flow_id) == (NEW if is_done else flow_json())
    bench.upload(flow_id)  # the next one goes through
    assert bench.content(flow_id) == NEW


@pytest.mark.parametrize("kind", [kind for kind in PASSING if kind in REFUSALS])
def test_passing_fault_of_a_read_is_read_again(bench: Bench, kind: str) -> None:
    flow_id = bench.draft()
    bench.gateway.operations.clear()
    bench.gateway.faults.add(f"any:{kind}*1")
    assert [flow.id for flow in bench.remote.list_flows().flows] == [flow_id]
    assert bench.remote.get_flow(flow_id).content.value == flow_json()
    bench.gateway.faults.add(f"any:{kind}*1")
    assert bench.remote.get_flow(flow_id).content.value == flow_json()
    is_met = KINDS[kind].concerns_operation("list")
    assert bench.gateway.counts == {"list": 1 + is_met, "get": 2 + is_met}


def test_answer_that_is_late_is_given_up_after_the_clients_time_out() -> None:
    gateway = EmulatedGateway("documented")
    remote = gateway.client()
    gateway.faults.add("create:hang*1")
    with pytest.raises(RemoteUnavailable, match="no answer came within 5 seconds"):
        remote.create_flow(NewFlow(name="Alpha", categories=("OTHER",)))
    assert gateway.sleeps == [5]
    gateway.faults.add("create:hang=3000*1")
    with pytest.raises(RemoteUnavailable, match="the connection broke"):
        remote.create_flow(NewFlow(name="Alpha", categories=("OTHER",)))
    assert gateway.sleeps == [5, 3]


def test_refused_connection_has_done_nothing_and_is_taken_again(bench: Bench) -> None:
    """Over HTTP the request has arrived when the server closes its door; the next finds it shut."""
    flow_id = bench.draft()
    bench.gateway.faults.add("upload:refused=600*1")
    with pytest.raises(RemoteUnavailable) as caught:
        bench.upload(flow_id)
    assert caught.value.outcome_unknown is bench.is_http
    if bench.is_http:
        with pytest.raises(RemoteUnavailable) as caught:
            bench.upload(flow_id)
        assert not caught.value.outcome_unknown
        _wait_until_taken(bench)
    assert "no connection could be made" in str(caught.value)
    assert bench.content(flow_id) == flow_json()
    bench.upload(flow_id)
    assert bench.content(flow_id) == NEW


def _wait_until_taken(bench: Bench) -> None:
    """Ask, really waiting, until the server listens again."""
    end = time.monotonic() + 5
    while not _is_taken(bench):
        assert time.monotonic() < end, "the server does not listen again"
        time.sleep(0.05)


def _is_taken(bench: Bench) -> bool:
    try:
        bench.remote.list_flows()
    except RemoteUnavailable:
        return False
    return True


def test_slow_answer_is_an_answer(bench: Bench) -> None:
    flow_id = bench.draft()
    bench.gateway.faults.add("upload:slow=250*1")
    bench.upload(flow_id)
    assert bench.content(flow_id) == NEW
    assert bench.gateway.sleeps == [0.25]


def test_ignored_write_is_no_error_and_not_done(bench: Bench) -> None:
    flow_id = bench.draft()
    bench.gateway.faults.add("upload:ignored*1")
    bench.upload(flow_id)
    assert bench.content(flow_id) == flow_json()


@pytest.mark.parametrize("kind", ["clock-ahead", "clock-behind"])
@pytest.mark.parametrize("value", [30, 86_400])
def test_wrong_clock_of_the_server_does_not_change_how_long_is_waited(
    bench: Bench, kind: str, value: int
) -> None:
    bench.gateway.faults.add(f"create:{kind}={value}*1")
    with pytest.raises(RemoteThrottled) as caught:
        bench.remote.create_flow(NewFlow(name="Alpha", categories=("OTHER",)))
    assert caught.value.retry_after == 1


# --- what is read ---


def test_unavailable_content_is_read_again_and_otherwise_unknown(bench: Bench) -> None:
    flow_id = bench.draft()
    bench.gateway.faults.add("get:asset-unavailable*1")
    assert bench.remote.get_flow(flow_id).content.state is ContentState.READ
    bench.gateway.faults.add("get:asset-unavailable")
    assert bench.remote.get_flow(flow_id).content.state is ContentState.UNKNOWN


def test_draft_without_json_version_is_taken_for_empty(bench: Bench) -> None:
    flow_id = bench.draft()
    bench.gateway.faults.add("get:no-json-version*3")
    assert bench.remote.get_flow(flow_id).content.state is ContentState.NONE


def test_normalised_content_has_the_same_value_in_other_words(bench: Bench) -> None:
    value: dict[str, JsonValue] = {**flow_json(), "numbers": [1, True, 1.5, 2**60], "empty": {}}
    flow_id = FlowId(drafted(bench.gateway, content=value))
    bench.gateway.faults.add("get:normalised*1")
    other, plain = (bench.remote.get_flow(flow_id).content.value for _ in range(2))
    assert other == plain == value
    assert json.dumps(other) != json.dumps(plain)
    assert isinstance(other, dict)
    assert list(other) == list(reversed(value))
    assert json.dumps(other["numbers"]) == "[1.0, true, 1.5, 1152921504606846976]"


@pytest.mark.parametrize(
    ("fault", "names", "is_whole"),
    [
        ("no-data", [], False),
        ("page-lost", ["A", "B"], True),
        ("page-lost=2", ["A"], True),
        ("page-lost=9", [], True),
        ("page-repeated", ["A", "B", "C"], False),
        ("page-repeated=0", ["A", "B", "C"], True),
        ("page-reordered", ["C", "B", "A"], True),
        ("page-blank", ["A", "B"], False),
        ("page-blank=9", [], False),
        ("page-empty", [], True),
    ],
)
def test_listing_is_what_its_fault_says(
    bench: Bench, fault: str, names: list[str], is_whole: bool
) -> None:
    for name in ("A", "B", "C"):
        drafted(bench.gateway, name)
    bench.gateway.faults.add(f"list:{fault}*1")
    listing = bench.remote.list_flows()
    assert [flow.name for flow in listing.flows] == names
    assert listing.is_whole is is_whole


def test_stale_answers_are_as_before_the_latest_write_until_the_time_is_over(
    bench: Bench,
) -> None:
    flow_id = bench.draft()
    bench.gateway.faults.add("any:stale=3000")
    remote = bench.remote
    remote.update_flow(flow_id, FlowUpdate(name="Beta"))
    assert [flow.name for flow in remote.list_flows().flows] == ["Alpha"]
    assert remote.get_flow(flow_id).name == "Alpha"
    bench.gateway.sleep(3.5)
    assert [flow.name for flow in remote.list_flows().flows] == ["Beta"]
    assert remote.get_flow(flow_id).name == "Beta"


def test_stale_answers_are_as_many_as_said(bench: Bench) -> None:
    flow_id = bench.draft()
    bench.gateway.faults.add("get:stale*2")
    bench.upload(flow_id)
    got = [bench.remote.get_flow(flow_id).content.value for _ in range(3)]
    assert got == [flow_json(), flow_json(), NEW]


def test_created_flow_is_not_there_and_deleted_one_still_is_while_answers_are_stale(
    bench: Bench,
) -> None:
    old = bench.draft("Old")
    bench.gateway.faults.add("any:stale")
    new = bench.remote.create_flow(NewFlow(name="New", categories=("OTHER",)))
    assert [flow.name for flow in bench.remote.list_flows().flows] == ["Old"]
    with pytest.raises(RemoteRejected) as caught:
        bench.remote.get_flow(new)
    assert (caught.value.code, caught.value.subcode) == (100, 33)
    bench.remote.delete_flow(old)
    assert [flow.name for flow in bench.remote.list_flows().flows] == ["Old", "New"]
    assert bench.remote.get_flow(old).name == "Old"


def test_write_that_was_refused_makes_nothing_stale(bench: Bench) -> None:
    flow_id = bench.draft()
    bench.gateway.faults.add("any:stale")
    bench.remote.update_flow(flow_id, FlowUpdate(name="Beta"))
    with pytest.raises(RemoteRejected):
        bench.remote.deprecate_flow(flow_id)
    assert bench.remote.get_flow(flow_id).name == "Alpha"


# --- the second writer ---


def test_second_writer_writes_first_and_is_written_over(bench: Bench) -> None:
    flow_id = bench.draft()
    bench.gateway.faults.add("get:second-writer*1")
    assert bench.remote.get_flow(flow_id).content.value == OTHER_FLOW_JSON
    bench.gateway.faults.add("upload:second-writer*1")
    bench.upload(flow_id)
    assert bench.content(flow_id) == NEW


@pytest.mark.parametrize("operation", ["upload", "update", "publish"])
def test_second_writer_writes_over_what_was_just_done(bench: Bench, operation: str) -> None:
    flow_id = bench.draft()
    bench.gateway.faults.add(f"{operation}:second-writer-after*1")
    if operation == "upload":
        bench.upload(flow_id)
    elif operation == "update":
        bench.remote.update_flow(flow_id, FlowUpdate(name="Beta"))
    else:
        bench.remote.publish_flow(flow_id)
    flow = bench.gateway.platform.get_flow(flow_id)
    assert (flow.content, flow.findings, flow.status) == (OTHER_FLOW_JSON, (), "DRAFT")
    assert flow.name == ("Beta" if operation == "update" else "Alpha")
    assert flow.was_published is (operation == "publish")


def test_second_writer_takes_the_name_that_is_about_to_be_created(bench: Bench) -> None:
    bench.gateway.faults.add("create:second-writer*1")
    with pytest.raises(RemoteRejected) as caught:
        bench.remote.create_flow(NewFlow(name="Alpha", categories=("SURVEY",)))
    assert (caught.value.code, caught.value.subcode) == (100, 4016019)
    (flow,) = bench.gateway.platform.list_flows(bench.gateway.account)
    assert (flow.name, flow.categories, flow.flow_json) == ("Alpha", ("OTHER",), None)


def test_second_writer_fills_the_flow_that_was_just_created(bench: Bench) -> None:
    bench.gateway.faults.add("create:second-writer-after*1")
    flow_id = bench.remote.create_flow(NewFlow(name="Alpha", categories=("SURVEY",)))
    assert bench.content(flow_id) == OTHER_FLOW_JSON


def test_second_writer_of_a_deprecated_flow_changes_nothing(bench: Bench) -> None:
    flow_id = FlowId(published(bench.gateway))
    bench.gateway.platform.deprecate(flow_id)
    before = bench.gateway.platform.get_flow(flow_id)
    bench.gateway.faults.add("any:second-writer")
    bench.remote.list_flows()
    assert bench.remote.get_flow(flow_id).status == "DEPRECATED"
    assert bench.gateway.platform.get_flow(flow_id) == before


def test_fault_leaves_operations_alone_that_it_does_not_concern(bench: Bench) -> None:
    for kind, about in KINDS.items():
        if "update" not in about.concerns:
            bench.gateway.faults.add(f"update:{kind}")
    flow_id = bench.draft()
    bench.remote.update_flow(flow_id, FlowUpdate(name="Beta"))
    assert bench.gateway.platform.get_flow(flow_id).name == "Beta"
