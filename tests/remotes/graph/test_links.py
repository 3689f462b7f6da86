"""Flow JSON is fetched behind links: without the credential, from Meta's hosts, and anew."""

from __future__ import annotations

import pytest
import requests

from flowsync.errors import RemoteRejected, RemoteUnavailable
from flowsync.model import ContentState, FlowId, JsonValue
from tests.remotes.accounts import EmulatedAccount
from tests.remotes.graph.support import Meta, watched
from tests.support import TOKEN, flow_json

LINK = "https://scontent.xx.fbcdn.net/m1/v/flow.json?oh=secret&oe=abc"
FLOW = FlowId("1001")


def flow_with_link(meta: Meta, link: str = LINK) -> None:
    asset: JsonValue = {"name": "flow.json", "asset_type": "FLOW_JSON", "download_url": link}
    meta.answers("GET", FLOW, meta.flow(json_version="7.3", assets={"data": [asset]}))


def test_credential_goes_to_the_api_and_never_to_where_links_lead(
    account: EmulatedAccount,
) -> None:
    flow_id = account.drafted()
    remote, adapter = watched(account)
    assert remote.get_flow(FlowId(flow_id)).content.value == flow_json()
    to_api, to_file = adapter.sent
    assert to_api.headers["Authorization"] == f"Bearer {TOKEN}"
    assert to_file.path.startswith("/assets/")
    assert "authorization" not in {name.lower() for name in to_file.headers}
    assert TOKEN not in str(to_file)


def test_emulator_refuses_a_download_with_a_credential_so_the_claim_above_can_fail(
    account: EmulatedAccount,
) -> None:
    flow_id = account.drafted()
    remote, adapter = watched(account)
    remote.get_flow(FlowId(flow_id))
    link = account.url + adapter.sent[-1].path
    request = requests.Request("GET", link, headers={"Authorization": f"Bearer {TOKEN}"})
    assert adapter.inner.send(request.prepare()).status_code == 400


def test_file_of_another_host_is_fetched_without_the_credential(meta: Meta) -> None:
    flow_with_link(meta)
    meta.mock.add("GET", LINK, json=flow_json(), content_type="application/octet-stream")
    assert meta.remote().get_flow(FLOW).content.value == flow_json()
    assert "Authorization" in meta.mock.calls[0].request.headers
    assert "Authorization" not in meta.mock.calls[1].request.headers


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("https://evil.example/flow.json", "evil.example"),
        ("https://fbcdn.net.evil.example/flow.json", "fbcdn.net.evil.example"),
        ("https://evilfbcdn.net/flow.json", "evilfbcdn.net"),
        ("http://scontent.xx.fbcdn.net/flow.json", "scontent.xx.fbcdn.net"),
        ("https://me:pass@scontent.xx.fbcdn.net/flow.json", "scontent.xx.fbcdn.net"),
        ("https://scontent.xx.fbcdn.net@evil.example/flow.json", "evil.example"),
        ("https://169.254.169.254/latest", "169.254.169.254"),
        ("https://[::1", "an unreadable address"),
        ("file:///etc/passwd", "an unreadable address"),
        ("http://graph.facebook.com/flow.json", "graph.facebook.com"),
        ("https://graph.facebook.com:8443/flow.json", "graph.facebook.com"),
    ],
)
def test_link_to_a_foreign_host_is_refused_with_its_name(meta: Meta, link: str, shown: str) -> None:
    flow_with_link(meta, link)
    with pytest.raises(RemoteRejected) as caught:
        meta.remote().get_flow(FLOW)
    assert str(caught.value) == (
        f"download of flow 1001: its Flow JSON would be fetched from {shown}, which is none of the "
        "hosts of Meta. If that is right, add the host to `asset_hosts` of the target."
    )
    assert len(meta.mock.calls) == 1


def test_asset_hosts_of_the_target_take_the_place_of_those_of_meta(meta: Meta) -> None:
    link = "https://cdn.example/flow.json"
    flow_with_link(meta, link)
    meta.mock.add("GET", link, json=flow_json())
    remote = meta.remote(asset_hosts=("cdn.example",))
    assert remote.get_flow(FLOW).content.value == flow_json()
    flow_with_link(meta)
    with pytest.raises(RemoteRejected, match=r"fetched from scontent\.xx\.fbcdn\.net"):
        remote.get_flow(FLOW)


def test_redirect_behind_a_link_is_not_followed(meta: Meta) -> None:
    flow_with_link(meta)
    meta.mock.add("GET", LINK, status=302, headers={"Location": "https://evil.example/"})
    with pytest.raises(RemoteUnavailable, match="HTTP 302"):
        meta.remote().get_flow(FLOW)
    assert all("evil" not in (call.request.url or "") for call in meta.mock.calls)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_link_that_does_not_work_is_asked_for_once_more(meta: Meta, status: int) -> None:
    flow_with_link(meta)
    meta.mock.add("GET", LINK, status=status, body="URL signature expired")
    fresh = LINK.replace("secret", "fresh")
    flow_with_link(meta, fresh)
    meta.mock.add("GET", fresh, json=flow_json())
    flow = meta.remote().get_flow(FLOW)
    assert (flow.content.state, flow.content.value) == (ContentState.READ, flow_json())
    assert len(meta.mock.calls) == 4
    assert meta.time.sleeps == []


def test_second_link_that_does_not_work_leaves_the_content_unknown(
    account: EmulatedAccount,
) -> None:
    flow_id = account.drafted()
    account.faults.add("download:asset-unavailable")
    remote, adapter = watched(account)
    flow = remote.get_flow(FlowId(flow_id))
    assert flow.content.state is ContentState.UNKNOWN
    assert flow.content.note == "its link does not work (HTTP 403)"
    assert [sent.path.startswith("/assets/") for sent in adapter.sent] == [
        False,
        True,
        False,
        True,
        False,
    ]


def test_link_that_ends_before_it_is_used_is_asked_for_anew(account: EmulatedAccount) -> None:
    flow_id = account.drafted()
    remote, adapter = watched(account)
    late = iter([301.0])

    def before(request: requests.PreparedRequest) -> None:
        if request.path_url.startswith("/assets/"):
            account.time.now += next(late, 0.0)

    adapter.before = before
    assert remote.get_flow(FlowId(flow_id)).content.value == flow_json()
    assert len(adapter.sent) == 4


@pytest.mark.parametrize("body", ["<html></html>", "", "{", '{"a": 1} {"b": 2}', "\ufeff["])
def test_what_is_no_json_behind_a_link_is_unknown_not_absent(meta: Meta, body: str) -> None:
    flow_with_link(meta)
    meta.mock.add("GET", LINK, body=body.encode())
    content = meta.remote().get_flow(FLOW).content
    assert content.state is ContentState.UNKNOWN
    assert content.note == "what its link leads to is no JSON that can be read"


def test_download_that_fails_for_a_passing_reason_is_repeated(meta: Meta) -> None:
    flow_with_link(meta)
    meta.mock.add("GET", LINK, status=500)
    meta.mock.add("GET", LINK, json=flow_json())
    assert meta.remote().get_flow(FLOW).content.value == flow_json()
    assert len(meta.time.sleeps) == 1


def test_download_that_keeps_failing_fails_the_read_with_a_sentence(meta: Meta) -> None:
    flow_with_link(meta)
    meta.mock.add("GET", LINK, body=requests.ConnectionError("reset"))
    with pytest.raises(RemoteUnavailable) as caught:
        meta.remote().get_flow(FLOW)
    assert str(caught.value).startswith("download of flow 1001: the connection broke")
    assert "oh=secret" not in str(caught.value)


def test_flow_json_without_a_link_is_unknown(meta: Meta) -> None:
    meta.answers("GET", FLOW, meta.flow(json_version="7.3"))
    content = meta.remote().get_flow(FLOW).content
    assert content.state is ContentState.UNKNOWN
    assert content.note == "the flow has Flow JSON, and no link to it is given"


@pytest.mark.parametrize("assets", [None, {"data": []}, {"data": [{"asset_type": "IMAGE"}]}])
def test_flow_without_version_and_link_has_no_content(meta: Meta, assets: JsonValue) -> None:
    fields: dict[str, JsonValue] = {} if assets is None else {"assets": assets}
    meta.answers("GET", FLOW, {**meta.flow(), **fields})
    assert meta.remote().get_flow(FLOW).content.state is ContentState.NONE


def test_flow_of_another_account_is_refused_before_its_content_is_fetched(meta: Meta) -> None:
    asset: JsonValue = {"name": "flow.json", "asset_type": "FLOW_JSON", "download_url": LINK}
    flow = meta.flow(assets={"data": [asset]}, whatsapp_business_account={"id": "777"})
    meta.answers("GET", FLOW, flow)
    with pytest.raises(RemoteRejected) as caught:
        meta.remote().get_flow(FLOW)
    assert str(caught.value) == (
        "get of flow 1001: the flow belongs to the account 777, not to 100000000000001. Check "
        "`account` of the target."
    )
    assert len(meta.mock.calls) == 1


def test_links_are_not_counted_towards_the_pace_of_the_account(account: EmulatedAccount) -> None:
    flow_id = FlowId(account.drafted())
    remote, adapter = watched(account, pace=account.time.pace(3))
    for _ in range(3):
        remote.get_flow(flow_id)
    assert len(adapter.sent) == 6
    assert account.time.sleeps == []
