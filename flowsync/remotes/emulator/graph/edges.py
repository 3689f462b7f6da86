"""What each path of the emulated Graph API does.

Source: https://developers.facebook.com/docs/whatsapp/flows/reference/flowsapi
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from werkzeug.wrappers import Response

from flowsync.model import JsonValue
from flowsync.remotes.emulator.call import Call
from flowsync.remotes.emulator.creating import create_with_content
from flowsync.remotes.emulator.framework import json_answer
from flowsync.remotes.emulator.graph.asked import Asked
from flowsync.remotes.emulator.graph.links import Links
from flowsync.remotes.emulator.graph.migrating import migrate
from flowsync.remotes.emulator.graph.objects import Objects
from flowsync.remotes.emulator.graph.options import GraphOptions
from flowsync.remotes.emulator.graph.paging import page_of
from flowsync.remotes.emulator.graph.parameters import flag_of, parameters, text_of, texts_of
from flowsync.remotes.emulator.graph.phones import Phones, phone_of
from flowsync.remotes.emulator.platform import Platform
from flowsync.remotes.emulator.refusals import bad_parameter, unknown_flow
from flowsync.remotes.emulator.stored import StoredFlow
from flowsync.remotes.operations import Operation

Handler: TypeAlias = "Callable[[Asked], Response]"


class Edges:
    """The paths over a platform; each handler raises `PlatformError` for a refusal."""

    def __init__(
        self,
        platform: Platform,
        options: GraphOptions,
        *,
        links: Links,
        objects: Objects,
        phones: Phones,
    ) -> None:
        self._platform, self._options = platform, options
        self._links, self._objects, self._phones = links, objects, phones

    def handlers(self) -> Mapping[tuple[str, str], tuple[Operation | None, Handler]]:
        """Give what answers a method and a path, and the operation on flows that it is, if any."""
        return {
            ("GET", "/<node>/flows"): (Operation.LIST, self._list),
            ("POST", "/<node>/flows"): (Operation.CREATE, self._create),
            ("POST", "/<node>/migrate_flows"): (None, self._migrate),
            ("GET", "/<node>/phone_numbers"): (None, self._phone_numbers),
            ("GET", "/<node>/assets"): (Operation.GET, self._assets),
            ("POST", "/<node>/assets"): (Operation.UPLOAD, self._upload),
            ("POST", "/<node>/publish"): (Operation.PUBLISH, self._publish),
            ("POST", "/<node>/deprecate"): (Operation.DEPRECATE, self._deprecate),
            ("POST", "/<node>/messages"): (Operation.SEND, self._send),
            ("GET", "/<node>/whatsapp_business_encryption"): (None, self._key),
            ("POST", "/<node>/whatsapp_business_encryption"): (None, self._set_key),
            ("GET", "/<node>"): (Operation.GET, self._node),
            ("POST", "/<node>"): (Operation.UPDATE, self._update),
            ("DELETE", "/<node>"): (Operation.DELETE, self._delete),
        }

    # --- the account ---

    def _list(self, asked: Asked) -> Response:
        if asked.node != asked.account:
            raise unknown_flow(asked.node)
        return self._page(asked, self._platform.list_flows(asked.account))

    def list_page(self, call: Call, flows: Iterable[StoredFlow]) -> Response:
        """Answer a list with the page of these flows that it asks for."""
        return self._page(self._asked_again(call), tuple(flows))

    def _page(self, asked: Asked, flows: tuple[StoredFlow, ...]) -> Response:
        page = page_of(
            flows,
            asked.parameters,
            asked.request.base_url,
            size=self._options.page_size,
            most=self._options.most_per_page,
        )
        entries: list[JsonValue] = [
            self._objects.flow(flow, asked.fields, asked.host) for flow in page.flows
        ]
        body: dict[str, JsonValue] = {"data": entries}
        return json_answer(200, body if page.paging is None else {**body, "paging": page.paging})

    def _create(self, asked: Asked) -> Response:
        found = asked.parameters
        content = text_of(found, "flow_json")
        if flag_of(found, "publish") and content is None:
            raise bad_parameter("(#100) publish needs flow_json.")
        if content is not None and found.get("clone_flow_id") is not None:
            raise bad_parameter("(#100) flow_json and clone_flow_id exclude each other.")
        name, categories = text_of(found, "name"), texts_of(found, "categories")
        endpoint_uri = text_of(found, "endpoint_uri")
        if content is None:
            new_id = self._platform.create_flow(
                asked.account,
                name=name,
                categories=categories,
                clone_flow_id=text_of(found, "clone_flow_id"),
                endpoint_uri=endpoint_uri,
            )
            return json_answer(200, {"id": new_id, "success": True})
        created = create_with_content(
            self._platform,
            asked.account,
            name=name,
            categories=categories,
            content=content.encode(),
            endpoint_uri=endpoint_uri,
            publishes=flag_of(found, "publish"),
        )
        refusal = {} if created.refusal is None else created.refusal.as_json()
        is_well = not created.findings and not refusal
        answer: dict[str, JsonValue] = {
            "id": created.flow_id,
            "success": is_well,
            "validation_errors": list(created.findings),
        }
        return json_answer(200, {**answer, **refusal})

    def _migrate(self, asked: Asked) -> Response:
        source = text_of(asked.parameters, "source_waba_id")
        if source is not None and source not in self._options.accounts:
            raise unknown_flow(source)
        names = texts_of(asked.parameters, "source_flow_names")
        return json_answer(200, migrate(self._platform, source, asked.account, names))

    def _phone_numbers(self, asked: Asked) -> Response:
        return json_answer(200, {"data": self._phones.of(asked.account)})

    # --- a flow, or the account itself ---

    def _node(self, asked: Asked) -> Response:
        if asked.node == asked.account:
            return json_answer(200, self._objects.account(asked.account, asked.fields))
        if asked.node == phone_of(asked.account):
            return json_answer(200, self._phones.node(asked.account))
        flow = self._platform.get_flow(asked.node)
        return json_answer(200, self._objects.flow(flow, asked.fields, asked.host))

    def flow_object(self, call: Call, flow: StoredFlow) -> Response:
        """Answer a get with what it asks for of this flow."""
        asked = self._asked_again(call)
        if asked.request.path.endswith("/assets"):
            return json_answer(200, {"data": self._objects.assets(flow, asked.host, asked.fields)})
        return json_answer(200, self._objects.flow(flow, asked.fields, asked.host))

    def _asked_again(self, call: Call) -> Asked:
        node = call.flow_id or call.account
        found = parameters(call.request)
        return Asked(request=call.request, node=node, account=call.account, parameters=found)

    def _update(self, asked: Asked) -> Response:
        found = asked.parameters
        self._platform.update_flow(
            asked.node,
            name=text_of(found, "name"),
            categories=texts_of(found, "categories"),
            endpoint_uri=text_of(found, "endpoint_uri"),
            application_id=text_of(found, "application_id"),
        )
        return json_answer(200, {"success": True})

    def _delete(self, asked: Asked) -> Response:
        self._platform.delete(asked.node)
        return json_answer(200, {"success": True})

    def _assets(self, asked: Asked) -> Response:
        flow = self._platform.get_flow(asked.node)
        return json_answer(200, {"data": self._objects.assets(flow, asked.host, asked.fields)})

    def link(self, asked: Asked) -> Response:
        """Answer a link with Flow JSON."""
        refusal = self._links.refusal(asked.request, asked.node)
        if refusal is not None:
            return refusal
        content = self._platform.get_flow(asked.node).flow_json
        return Response(content or b"", mimetype="application/json")

    def _upload(self, asked: Asked) -> Response:
        file = asked.request.files.get("file")
        if file is None:
            raise bad_parameter("(#100) The parameter file is required.")
        if text_of(asked.parameters, "asset_type") != "FLOW_JSON":
            raise bad_parameter("(#100) Param asset_type must be one of {FLOW_JSON}.")
        if text_of(asked.parameters, "name") != "flow.json":
            raise bad_parameter("(#100) Param name must be flow.json.")
        findings = self._platform.upload(asked.node, file.read())
        return json_answer(200, {"success": True, "validation_errors": list(findings)})

    def _publish(self, asked: Asked) -> Response:
        self._platform.publish(asked.node)
        return json_answer(200, {"success": True})

    def _deprecate(self, asked: Asked) -> Response:
        self._platform.deprecate(asked.node)
        return json_answer(200, {"success": True})

    # --- a phone number ---

    def _send(self, asked: Asked) -> Response:
        return json_answer(200, self._phones.send(asked.account, asked.node, asked.parameters))

    def _key(self, asked: Asked) -> Response:
        return json_answer(200, {"data": self._phones.key(asked.account, asked.node)})

    def _set_key(self, asked: Asked) -> Response:
        self._phones.set_key(
            asked.account, asked.node, text_of(asked.parameters, "business_public_key")
        )
        return json_answer(200, {"success": True})
