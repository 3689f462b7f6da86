"""One contract for every kind of remote: what `Remote` promises, over the emulator embedded, over
both dialects of the gateway and over the Graph API, the last three served over HTTP.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from flowsync.errors import (
    UNKNOWN_FLOW,
    Mishap,
    RemoteDenied,
    RemoteError,
    RemoteRejected,
    RemoteThrottled,
    RemoteUnavailable,
    WriteRefused,
)
from flowsync.model import ContentState, FlowId
from flowsync.remotes.interface import FlowMessage, FlowUpdate, NewFlow
from flowsync.remotes.meta_codes import NAME_TAKEN
from flowsync.remotes.operations import Operation
from tests.remotes.accounts import FORMS, EmulatedAccount, Form, emulated
from tests.support import flow_json

ENDPOINT = "https://x.test/endpoint"
NOWHERE = FlowId("424242")


def message(flow_id: str, *, is_draft: bool = False) -> FlowMessage:
    return FlowMessage(
        to="+491701234567",
        flow_id=FlowId(flow_id),
        header_text="Hello",
        body_text="Body",
        footer_text="Footer",
        flow_cta="Open",
        screen="CONTACT",
        is_draft=is_draft,
    )


def new(name: str = "Alpha", **more: Any) -> NewFlow:
    return NewFlow(name=name, categories=("OTHER",), **more)


@pytest.fixture(params=list(FORMS.values()), ids=list(FORMS))
def form(request: pytest.FixtureRequest) -> Form:
    found: Form = request.param
    return found


@pytest.fixture
def account(form: Form) -> Iterator[EmulatedAccount]:
    """An empty account behind each kind of remote."""
    with emulated(form) as found:
        yield found


class TestContract:
    # --- reads ---

    def test_listing_has_every_flow_and_is_whole(self, account: EmulatedAccount) -> None:
        ids = [account.emptied("Empty"), account.drafted("Draft"), account.published("Live")]
        listing = account.client().list_flows()
        assert listing.is_whole
        assert [(flow.id, flow.name, flow.status) for flow in listing.flows] == [
            (ids[0], "Empty", "DRAFT"),
            (ids[1], "Draft", "DRAFT"),
            (ids[2], "Live", "PUBLISHED"),
        ]
        assert {flow.categories for flow in listing.flows} == {("OTHER",)}

    def test_listing_of_an_empty_account_is_empty_and_whole(self, account: EmulatedAccount) -> None:
        listing = account.client().list_flows()
        assert listing.flows == ()
        assert listing.is_whole

    def test_listing_says_what_is_wrong_with_a_flow(self, account: EmulatedAccount) -> None:
        bad: Any = flow_json()
        bad["screens"][0]["titel"] = "x"
        account.drafted(content=bad)
        [flow] = account.client().list_flows().flows
        assert [finding.code for finding in flow.findings] == ["INVALID_PROPERTY_KEY"]

    def test_get_gives_a_flow_with_its_content(self, account: EmulatedAccount) -> None:
        flow_id = account.drafted(content=flow_json(endpoint=True))
        account.platform.update_flow(flow_id, endpoint_uri=ENDPOINT)
        flow = account.client().get_flow(FlowId(flow_id))
        assert (flow.id, flow.name, flow.status) == (flow_id, "Alpha", "DRAFT")
        assert (flow.categories, flow.endpoint_uri) == (("OTHER",), ENDPOINT)
        assert (flow.json_version, flow.data_api_version) == ("7.3", "3.0")
        assert flow.content.state is ContentState.READ
        assert flow.content.value == flow_json(endpoint=True)
        assert flow.findings == ()

    def test_get_of_a_listed_draft_without_content_says_that_it_has_none(
        self, account: EmulatedAccount
    ) -> None:
        flow_id = account.emptied()
        remote = account.client()
        remote.list_flows()
        flow = remote.get_flow(FlowId(flow_id))
        assert (flow.name, flow.content.state) == ("Alpha", ContentState.NONE)

    def test_content_whose_download_fails_is_unknown_not_absent(
        self, account: EmulatedAccount
    ) -> None:
        flow_id = account.drafted()
        account.faults.add("get:asset-unavailable")
        account.faults.add("download:asset-unavailable")
        flow = account.client().get_flow(FlowId(flow_id))
        assert flow.content.state is ContentState.UNKNOWN
        assert flow.name == "Alpha"

    def test_blocked_flow_says_so_in_its_health(self, account: EmulatedAccount) -> None:
        flow_id = account.published()
        account.platform.force_status(flow_id, "BLOCKED")
        flow = account.client().get_flow(FlowId(flow_id))
        assert flow.status == "BLOCKED"
        assert [entity.kind for entity in flow.entities if not entity.is_available] == ["FLOW"]

    def test_read_is_asked_for_again_after_a_passing_failure(
        self, account: EmulatedAccount
    ) -> None:
        account.drafted()
        account.faults.add("list:unavailable*1")
        assert len(account.client().list_flows().flows) == 1
        assert account.operations == [Operation.LIST, Operation.LIST]

    # --- create ---

    def test_create_makes_an_empty_draft(self, account: EmulatedAccount) -> None:
        remote = account.client()
        flow_id = remote.create_flow(new())
        [flow] = remote.list_flows().flows
        assert (flow.id, flow.name, flow.status) == (flow_id, "Alpha", "DRAFT")
        assert account.platform.get_flow(flow_id).flow_json is None

    def test_create_sets_an_endpoint(self, account: EmulatedAccount) -> None:
        flow_id = account.client().create_flow(new(endpoint_uri=ENDPOINT))
        assert account.platform.get_flow(flow_id).endpoint_uri == ENDPOINT

    def test_clone_has_the_content_of_its_source(self, account: EmulatedAccount) -> None:
        source = FlowId(account.published())
        remote = account.client()
        remote.list_flows()
        flow_id = remote.create_flow(new("Beta", clone_flow_id=source))
        remote.list_flows()
        flow = remote.get_flow(flow_id)
        assert (flow.name, flow.status) == ("Beta", "DRAFT")
        assert flow.content.value == flow_json()

    def test_create_with_a_taken_name_is_refused_with_its_code(
        self, account: EmulatedAccount
    ) -> None:
        account.published("Alpha")
        with pytest.raises(RemoteRejected, match="choose another `name`") as caught:
            account.client().create_flow(new("Alpha"))
        assert (caught.value.code, caught.value.subcode) == NAME_TAKEN
        assert not caught.value.outcome_unknown
        assert len(account.platform.list_flows(account.account)) == 1

    def test_create_with_an_unknown_category_is_refused(self, account: EmulatedAccount) -> None:
        with pytest.raises(RemoteRejected) as caught:
            account.client().create_flow(NewFlow(name="Alpha", categories=("TRAVEL",)))
        assert caught.value.code == 100
        assert account.platform.list_flows(account.account) == ()

    def test_create_with_content_follows_the_capability(self, account: EmulatedAccount) -> None:
        remote = account.client()
        with_content = new(flow_json=json.dumps(flow_json()))
        if remote.capabilities.creates_with_content:
            flow = remote.get_flow(remote.create_flow(with_content))
            assert (flow.status, flow.content.value) == ("DRAFT", flow_json())
            return
        with pytest.raises(RemoteRejected, match="no Flow JSON along with a create") as caught:
            remote.create_flow(with_content)
        assert caught.value.mishap is Mishap.GATEWAY_LIMIT
        assert account.operations == []

    # --- update ---

    def test_update_changes_what_is_given_and_keeps_the_rest(
        self, account: EmulatedAccount
    ) -> None:
        flow_id = FlowId(account.drafted())
        remote = account.client()
        remote.list_flows()
        remote.update_flow(flow_id, FlowUpdate(name="Beta"))
        remote.update_flow(flow_id, FlowUpdate(categories=("SURVEY", "OTHER")))
        remote.update_flow(flow_id, FlowUpdate(endpoint_uri=ENDPOINT))
        flow = remote.get_flow(flow_id)
        assert (flow.name, set(flow.categories)) == ("Beta", {"SURVEY", "OTHER"})
        assert flow.endpoint_uri == ENDPOINT

    def test_update_to_a_taken_name_is_refused_with_its_code(
        self, account: EmulatedAccount
    ) -> None:
        account.drafted("Alpha")
        flow_id = FlowId(account.drafted("Beta"))
        remote = account.client()
        remote.list_flows()
        with pytest.raises(RemoteRejected) as caught:
            remote.update_flow(flow_id, FlowUpdate(name="Alpha"))
        assert (caught.value.code, caught.value.subcode) == NAME_TAKEN

    def test_endpoint_is_cleared_where_the_remote_can(self, account: EmulatedAccount) -> None:
        flow_id = FlowId(account.drafted())
        account.platform.update_flow(flow_id, endpoint_uri=ENDPOINT)
        remote = account.client()
        remote.list_flows()
        account.operations.clear()
        if remote.capabilities.can_clear_endpoint:
            remote.update_flow(flow_id, FlowUpdate(clears_endpoint=True))
            assert remote.get_flow(flow_id).endpoint_uri is None
            return
        with pytest.raises(RemoteRejected) as caught:
            remote.update_flow(flow_id, FlowUpdate(clears_endpoint=True))
        assert caught.value.mishap is Mishap.GATEWAY_LIMIT
        assert account.operations == []

    # --- upload ---

    def test_valid_upload_has_no_findings_and_is_read_back(self, account: EmulatedAccount) -> None:
        flow_id = FlowId(account.emptied())
        remote = account.client()
        remote.list_flows()
        assert remote.upload_flow_json(flow_id, json.dumps(flow_json("Ümläut"))) == ()
        assert remote.get_flow(flow_id).content.value == flow_json("Ümläut")

    def test_invalid_upload_is_kept_and_has_findings_with_positions(
        self, account: EmulatedAccount
    ) -> None:
        flow_id = FlowId(account.emptied())
        remote = account.client()
        remote.list_flows()
        bad: Any = flow_json()
        bad["screens"][0]["titel"] = "x"
        text = json.dumps(bad, indent=2)
        [finding] = remote.upload_flow_json(flow_id, text)
        assert finding.code == "INVALID_PROPERTY_KEY"
        assert '"titel"' in text.splitlines()[finding.line - 1]
        assert finding.column > 1
        assert remote.get_flow(flow_id).content.value == bad

    def test_stored_but_failed_upload_is_an_unknown_outcome(self, account: EmulatedAccount) -> None:
        flow_id = FlowId(account.emptied())
        remote = account.client()
        remote.list_flows()
        account.faults.add("upload:stored-but-failed*1")
        with pytest.raises(RemoteError) as caught:
            remote.upload_flow_json(flow_id, json.dumps(flow_json()))
        if account.form.remote == "graph":  # the gateway turns it into a success (G-01)
            assert (caught.value.code, caught.value.subcode) == (139001, 4016012)
        assert caught.value.outcome_unknown
        assert account.platform.get_flow(flow_id).content == flow_json()

    # --- publish, deprecate, delete ---

    def test_publish_makes_the_draft_live(self, account: EmulatedAccount) -> None:
        flow_id = FlowId(account.drafted())
        remote = account.client()
        remote.list_flows()
        remote.publish_flow(flow_id)
        assert remote.get_flow(flow_id).status == "PUBLISHED"
        assert len(account.platform.live_versions(flow_id)) == 1

    def test_publishing_what_has_no_content_is_refused(self, account: EmulatedAccount) -> None:
        flow_id = FlowId(account.emptied())
        remote = account.client()
        remote.list_flows()
        with pytest.raises(RemoteRejected) as caught:
            remote.publish_flow(flow_id)
        assert caught.value.code == 139002
        assert not caught.value.outcome_unknown
        assert account.platform.get_flow(flow_id).status == "DRAFT"

    @pytest.mark.parametrize("edit", ["update", "upload"])
    def test_edit_of_a_published_flow_makes_it_a_draft_and_keeps_the_live_version(
        self, account: EmulatedAccount, edit: str
    ) -> None:
        flow_id = FlowId(account.published())
        remote = account.client()
        remote.list_flows()
        if edit == "update":
            remote.update_flow(flow_id, FlowUpdate(categories=("SURVEY",)))
        else:
            remote.upload_flow_json(flow_id, json.dumps(flow_json("Other")))
        assert remote.get_flow(flow_id).status == "DRAFT"
        assert len(account.platform.live_versions(flow_id)) == 1

    def test_deprecating_twice_is_refused_and_changes_nothing(
        self, account: EmulatedAccount
    ) -> None:
        flow_id = FlowId(account.published())
        remote = account.client()
        remote.list_flows()
        remote.deprecate_flow(flow_id)
        assert remote.get_flow(flow_id).status == "DEPRECATED"
        with pytest.raises(RemoteRejected) as caught:
            remote.deprecate_flow(flow_id)
        if account.form.remote == "graph":  # the gateway loses the code (G-16)
            assert caught.value.code == 139003
        assert remote.get_flow(flow_id).status == "DEPRECATED"

    def test_deprecated_flow_cannot_be_edited(self, account: EmulatedAccount) -> None:
        flow_id = FlowId(account.published())
        account.platform.deprecate(flow_id)
        remote = account.client()
        remote.list_flows()
        with pytest.raises(RemoteRejected) as caught:
            remote.update_flow(flow_id, FlowUpdate(name="Beta"))
        assert (caught.value.code, caught.value.subcode) == (139001, 4016010)

    def test_deleted_draft_is_gone(self, account: EmulatedAccount) -> None:
        flow_id = FlowId(account.drafted())
        remote = account.client()
        remote.list_flows()
        remote.delete_flow(flow_id)
        assert remote.list_flows().flows == ()

    def test_deleting_a_published_flow_is_refused(self, account: EmulatedAccount) -> None:
        flow_id = FlowId(account.published())
        remote = account.client()
        remote.list_flows()
        with pytest.raises(RemoteRejected) as caught:
            remote.delete_flow(flow_id)
        if account.form.remote == "graph":
            assert caught.value.code == 139004
        assert len(remote.list_flows().flows) == 1

    # --- what is not there, or not allowed ---

    def test_reading_an_unknown_flow_is_refused_with_its_code(
        self, account: EmulatedAccount
    ) -> None:
        with pytest.raises(RemoteRejected) as caught:
            account.client().get_flow(NOWHERE)
        assert (caught.value.code, caught.value.subcode) == UNKNOWN_FLOW

    @pytest.mark.parametrize("write", ["update", "upload", "publish", "deprecate", "delete"])
    def test_writing_to_an_unknown_flow_is_refused(
        self, account: EmulatedAccount, write: str
    ) -> None:
        remote = account.client()
        remote.list_flows()
        with pytest.raises(RemoteRejected) as caught:
            WRITES[write](remote, NOWHERE)
        assert not caught.value.outcome_unknown

    @pytest.mark.parametrize("flow_id", ["../1", "1/publish", "", "1?x=y", "1" * 200])
    def test_what_is_no_flow_id_is_refused_before_anything_leaves(
        self, account: EmulatedAccount, flow_id: str
    ) -> None:
        remote = account.client()
        for ask in (remote.get_flow, remote.publish_flow, remote.delete_flow):
            with pytest.raises(RemoteRejected, match="is not the id of a flow"):
                ask(FlowId(flow_id))
        assert account.operations == []

    def test_wrong_credential_is_denied_and_never_told(self, account: EmulatedAccount) -> None:
        remote = account.client(token="wrong-token-of-somebody")
        for ask in (remote.list_flows, lambda: remote.create_flow(new())):
            with pytest.raises(RemoteDenied) as caught:
                ask()
            assert caught.value.status == 401
            assert "wrong-token-of-somebody" not in str(caught.value)
        assert account.platform.list_flows(account.account) == ()

    def test_read_only_remote_sends_no_write(self, account: EmulatedAccount) -> None:
        flow_id = FlowId(account.published())
        remote = account.client(read_only=True)
        remote.list_flows()
        assert remote.get_flow(flow_id).content.state is ContentState.READ
        account.operations.clear()
        with pytest.raises(WriteRefused):
            remote.create_flow(new("Beta"))
        for write in WRITES.values():
            with pytest.raises(WriteRefused):
                write(remote, flow_id)
        with pytest.raises(WriteRefused):
            remote.send_flow(message(flow_id))
        assert account.operations == []

    # --- trouble on the way ---

    @pytest.mark.parametrize("fault", ["rate-limit=7", "account-limit"])
    def test_throttled_write_is_sent_once_and_stops_the_account(
        self, account: EmulatedAccount, fault: str
    ) -> None:
        flow_id = FlowId(account.drafted())
        remote = account.client()
        remote.list_flows()
        account.operations.clear()
        account.faults.add(f"publish:{fault}*1")
        with pytest.raises(RemoteThrottled) as caught:
            remote.publish_flow(flow_id)
        assert not caught.value.outcome_unknown
        assert account.operations == [Operation.PUBLISH]
        assert remote.seconds_to_wait() == (7 if fault == "rate-limit=7" else 60)
        assert account.platform.get_flow(flow_id).status == "DRAFT"

    def test_connection_that_breaks_after_a_create_leaves_its_outcome_unknown(
        self, account: EmulatedAccount
    ) -> None:
        account.faults.add("create:drop-after*1")
        remote = account.client()
        with pytest.raises(RemoteUnavailable) as caught:
            remote.create_flow(new())
        assert caught.value.outcome_unknown
        assert [flow.name for flow in remote.list_flows().flows] == ["Alpha"]

    def test_refused_connection_is_known_to_have_done_nothing(
        self, account: EmulatedAccount
    ) -> None:
        remote = account.client()
        remote.list_flows()
        if account.form.is_served:
            account.closing.close()
        else:
            account.faults.add("create:refused*1")
        with pytest.raises(RemoteUnavailable) as caught:
            remote.create_flow(new())
        assert not caught.value.outcome_unknown
        assert caught.value.mishap is Mishap.NEVER_SENT

    @pytest.mark.parametrize("fault", ["html", "redirect"])
    def test_answer_that_is_none_proves_nothing(self, account: EmulatedAccount, fault: str) -> None:
        account.faults.add(f"create:{fault}*1")
        with pytest.raises(RemoteUnavailable) as caught:
            account.client().create_flow(new())
        assert caught.value.outcome_unknown
        assert caught.value.mishap is Mishap.UNREADABLE

    # --- send ---

    def test_send_opens_a_published_flow(self, account: EmulatedAccount) -> None:
        flow_id = account.published()
        remote = account.client()
        remote.list_flows()
        assert remote.send_flow(message(flow_id)).startswith("wamid.")
        assert account.messages() == [(flow_id, "+491701234567", "CONTACT")]

    def test_sending_a_draft_as_published_is_refused(self, account: EmulatedAccount) -> None:
        flow_id = account.drafted()
        remote = account.client()
        remote.list_flows()
        with pytest.raises(RemoteError):
            remote.send_flow(message(flow_id))
        assert account.messages() == []


WRITES: dict[str, Any] = {
    "update": lambda remote, flow_id: remote.update_flow(flow_id, FlowUpdate(name="Gamma")),
    "upload": lambda remote, flow_id: remote.upload_flow_json(flow_id, json.dumps(flow_json())),
    "publish": lambda remote, flow_id: remote.publish_flow(flow_id),
    "deprecate": lambda remote, flow_id: remote.deprecate_flow(flow_id),
    "delete": lambda remote, flow_id: remote.delete_flow(flow_id),
}


class TestCreateWithContent:
    """What only the Graph API can."""

    @pytest.fixture
    def account(self) -> Iterator[EmulatedAccount]:
        with emulated(FORMS["graph"]) as found:
            yield found

    def test_content_and_publish_in_one_call(self, account: EmulatedAccount) -> None:
        flow_id = account.client().create_flow(
            new(flow_json=json.dumps(flow_json()), publishes=True)
        )
        assert account.operations == [Operation.CREATE]
        stored = account.platform.get_flow(flow_id)
        assert (stored.status, stored.content) == ("PUBLISHED", flow_json())
        assert len(account.platform.live_versions(flow_id)) == 1

    def test_invalid_content_is_kept_as_a_draft_with_findings(
        self, account: EmulatedAccount
    ) -> None:
        bad: Any = {**flow_json(), "extra": 1}
        remote = account.client()
        flow_id = remote.create_flow(new(flow_json=json.dumps(bad), publishes=True))
        flow = remote.get_flow(flow_id)
        assert (flow.status, flow.content.value) == ("DRAFT", bad)
        assert flow.findings != ()

    def test_refused_publish_still_gives_the_id_of_the_draft(
        self, account: EmulatedAccount
    ) -> None:
        content = json.dumps(flow_json(endpoint=True))
        remote = account.client()
        flow_id = remote.create_flow(new(flow_json=content, publishes=True))
        assert remote.get_flow(flow_id).status == "DRAFT"

    def test_content_that_is_too_large_creates_nothing(self, account: EmulatedAccount) -> None:
        content = json.dumps({**flow_json(), "x": "y" * 11_000_000})
        with pytest.raises(RemoteRejected):
            account.client().create_flow(new(flow_json=content))
        assert account.platform.list_flows(account.account) == ()
