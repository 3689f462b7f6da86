"""A client that others wrote for the Graph API works against the emulator: pywa.

https://pypi.org/project/pywa: its logic is untouched; only where its requests go is another place.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from pywa.client import WhatsApp
from pywa.errors import FlowDeprecatingError, FlowPublishingError, FlowUpdatingError, WhatsAppError
from pywa.types.callback import FlowButton
from pywa.types.flows import FlowActionType, FlowCategory, FlowDetails, FlowStatus
from pywa.types.others import Pagination

from flowsync.model import FlowId
from flowsync.remotes.emulator.graph.options import GRAPH_ACCOUNT
from flowsync.remotes.emulator.graph.phones import phone_of
from tests.remotes.accounts import FORMS, EmulatedAccount, emulated
from tests.support import TOKEN, flow_json

OTHER_ACCOUNT = "200000000000002"


class _ToLoopback(httpx.HTTPTransport):
    """Sends what is meant for graph.facebook.com to an address of this machine."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._to = urlsplit(url)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request elsewhere."""
        assert request.url.host in {
            "graph.facebook.com",
            self._to.hostname,
        }  # the latter: next pages
        host, port = self._to.hostname, self._to.port
        request.url = request.url.copy_with(scheme="http", host=host, port=port)
        request.headers["Host"] = self._to.netloc
        return super().handle_request(request)


@pytest.fixture
def account() -> Iterator[EmulatedAccount]:
    with emulated(FORMS["graph"], accounts=(GRAPH_ACCOUNT, OTHER_ACCOUNT)) as found:
        yield found


@pytest.fixture
def client(account: EmulatedAccount) -> Iterator[WhatsApp]:
    with httpx.Client(transport=_ToLoopback(account.url), trust_env=False) as session:
        yield WhatsApp(
            phone_id=phone_of(GRAPH_ACCOUNT), token=TOKEN, waba_id=GRAPH_ACCOUNT, session=session
        )


def create(client: WhatsApp, name: str = "Alpha") -> str:
    return str(client.create_flow(name, [FlowCategory.OTHER]).id)


def test_flow_lives_its_whole_life(client: WhatsApp) -> None:
    flow_id = create(client)
    assert client.get_flow(flow_id).status is FlowStatus.DRAFT
    assert client.update_flow_json(flow_id, flow_json()).success
    assert client.update_flow_metadata(
        flow_id, name="Beta", categories=[FlowCategory.SURVEY], endpoint_uri="https://x.test/e"
    ).success
    assert client.publish_flow(flow_id).success
    flow = client.get_flow(flow_id)
    assert (flow.name, flow.status) == ("Beta", FlowStatus.PUBLISHED)
    assert flow.categories == (FlowCategory.SURVEY,)
    assert flow.endpoint_uri == "https://x.test/e"
    assert (flow.json_version, flow.validation_errors) == ("7.3", None)
    assert client.deprecate_flow(flow_id).success
    assert client.get_flow(flow_id).status is FlowStatus.DEPRECATED


def test_details_are_read_with_every_field_that_the_client_asks_for(client: WhatsApp) -> None:
    flow_id = create(client)
    client.update_flow_metadata(flow_id, application_id=123456)
    client.update_flow_json(flow_id, flow_json())
    flow = client.get_flow(flow_id, phone_number_id=phone_of(GRAPH_ACCOUNT))
    assert flow.preview is not None
    assert flow.preview.url.startswith("https://")
    assert flow.whatsapp_business_account is not None
    assert flow.whatsapp_business_account.id == GRAPH_ACCOUNT
    assert flow.application is not None
    assert flow.application.id == "123456"
    assert flow.updated_at is not None
    assert flow.health_status is not None
    assert flow.health_status["can_send_message"] == "AVAILABLE"
    kinds = {entity["entity_type"] for entity in flow.health_status["entities"]}
    assert kinds == {"FLOW", "WABA", "BUSINESS", "APP", "PHONE_NUMBER"}


def test_draft_is_deleted(client: WhatsApp) -> None:
    flow_id = create(client)
    assert client.delete_flow(flow_id).success
    assert list(client.get_flows()) == []


def test_all_pages_are_listed_in_order(client: WhatsApp, account: EmulatedAccount) -> None:
    ids = [account.emptied(f"Flow {number:02}") for number in range(23)]
    page = client.get_flows(pagination=Pagination(limit=5))
    listed: list[FlowDetails] = list(page)
    while page.has_next:
        page = page.next()
        listed += page
    assert [flow.id for flow in listed] == ids
    back: list[str] = []
    while page.has_previous:
        page = page.previous()
        back = [flow.id for flow in page] + back
    assert back == ids[:20]


def test_uploaded_flow_json_comes_back_through_its_asset(client: WhatsApp) -> None:
    flow_id = create(client)
    assert list(client.get_flow_assets(flow_id)) == []
    client.update_flow_json(flow_id, flow_json("Ümläut"))
    [asset] = client.get_flow_assets(flow_id)
    assert (asset.name, asset.type) == ("flow.json", "FLOW_JSON")
    assert httpx.get(asset.url, trust_env=False).json() == flow_json("Ümläut")


def test_invalid_flow_json_is_told_with_its_place(client: WhatsApp) -> None:
    text = json.dumps({**flow_json(), "extra": 1}, indent=2)
    result = client.update_flow_json(create(client), text)
    assert result.validation_errors
    [error] = result.validation_errors
    assert error.error == "INVALID_PROPERTY_KEY"
    assert '"extra"' in text.splitlines()[error.line_start - 1]


def test_content_and_publish_come_with_a_create(client: WhatsApp) -> None:
    created = client.create_flow("Alpha", [FlowCategory.OTHER], flow_json=flow_json(), publish=True)
    assert created.success
    assert client.get_flow(created.id).status is FlowStatus.PUBLISHED


def test_clone_has_the_content_of_its_source(client: WhatsApp, account: EmulatedAccount) -> None:
    source = account.published()
    clone = client.create_flow("Beta", [FlowCategory.OTHER], clone_flow_id=source).id
    assert account.platform.get_flow(clone).content == flow_json()


def test_flows_are_copied_to_another_account(client: WhatsApp, account: EmulatedAccount) -> None:
    account.published("Alpha")
    account.platform.create_flow(OTHER_ACCOUNT, name="Taken", categories=["OTHER"])
    account.drafted("Taken")
    answer = client.migrate_flows(
        GRAPH_ACCOUNT, ["Alpha", "Taken", "Missing"], destination_waba_id=OTHER_ACCOUNT
    )
    [migrated] = answer.migrated_flows
    assert client.get_flow(migrated.migrated_id).status is FlowStatus.PUBLISHED
    assert [flow.source_name for flow in answer.failed_flows] == ["Taken", "Missing"]


def test_refusals_become_the_errors_that_the_client_has_for_their_codes(client: WhatsApp) -> None:
    flow_id = create(client)
    with pytest.raises(FlowPublishingError):
        client.publish_flow(flow_id)
    with pytest.raises(FlowDeprecatingError):
        client.deprecate_flow(flow_id)
    client.update_flow_json(flow_id, flow_json())
    client.publish_flow(flow_id)
    client.deprecate_flow(flow_id)
    with pytest.raises(FlowUpdatingError):
        client.update_flow_metadata(flow_id, name="Beta")
    with pytest.raises(WhatsAppError) as caught:
        create(client)
    assert (caught.value.code, caught.value.subcode) == (100, 4016019)


def test_message_opens_the_flow_that_the_client_names(
    client: WhatsApp, account: EmulatedAccount
) -> None:
    flow_id = account.published()
    button = FlowButton(
        title="Open",
        flow_id=flow_id,
        flow_action_type=FlowActionType.NAVIGATE,
        flow_action_screen="CONTACT",
    )
    client.send_message(to="491701234567", text="Hello", buttons=button)
    assert account.messages() == [(flow_id, "491701234567", "CONTACT")]


def test_what_the_client_made_is_what_flowsync_reads(
    client: WhatsApp, account: EmulatedAccount
) -> None:
    flow_id = create(client)
    client.update_flow_json(flow_id, flow_json())
    client.publish_flow(flow_id)
    flow = account.client().get_flow(FlowId(flow_id))
    assert (flow.status, flow.content.value) == ("PUBLISHED", flow_json())
