"""The phone number of an account: messages that open a flow, and the key of its endpoints.

Source: https://developers.facebook.com/docs/whatsapp/flows/guides/sendingaflow
"""

from __future__ import annotations

from collections.abc import Mapping

from flowsync.model import JsonValue, mapping_in, text_in
from flowsync.remotes.emulator.graph.parameters import text_of
from flowsync.remotes.emulator.platform import Platform
from flowsync.remotes.emulator.refusals import PlatformError, bad_parameter, unknown_flow

_LONGEST_BODY, _LONGEST_HEADER, _LONGEST_CTA = 1024, 60, 30


def phone_of(account: str) -> str:
    """Give the id of an account's phone number."""
    return f"{account}5"


class Phones:
    """The phone numbers of all accounts, one each, unless the account has the trouble of none."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def of(self, account: str) -> list[JsonValue]:
        """Give the phone numbers of an account."""
        if "no-phone-number" in self._platform.troubles:
            return []
        return [self.node(account)]

    def node(self, account: str) -> JsonValue:
        """Give the phone number of an account."""
        return {
            "id": phone_of(account),
            "display_phone_number": "+1 555 010 0001",
            "verified_name": f"Emulated account {account}",
            "quality_rating": "GREEN",
        }

    def key(self, account: str, node: str) -> list[JsonValue]:
        """Give the public key of a phone number, as an account has one from the beginning."""
        self._check(account, node)
        if "no-public-key" in self._platform.troubles:
            return []
        key = self._platform.public_key(node) or "emulated"
        return [{"business_public_key": key, "business_public_key_signature_status": "VALID"}]

    def set_key(self, account: str, node: str, key: str | None) -> None:
        """Keep a public key. Raises `PlatformError` for none."""
        self._check(account, node)
        if not key or "BEGIN PUBLIC KEY" not in key:
            raise bad_parameter("(#100) Param business_public_key must be a public key in PEM.")
        self._platform.set_public_key(node, key)

    def flow_of(self, account: str, asked: Mapping[str, JsonValue]) -> str:
        """Give the id of the flow that a message opens, empty where it names none that exists."""
        found = _parameters(asked)
        name = text_in(found.get("flow_name"))
        if name is None:
            return text_in(found.get("flow_id")) or ""
        flows = self._platform.list_flows(account)
        return next((flow.id for flow in flows if flow.name == name), "")

    def send(self, account: str, node: str, asked: Mapping[str, JsonValue]) -> JsonValue:
        """Record a message that opens a flow. Raises `PlatformError` where something is wrong."""
        self._check(account, node)
        found, interactive = _parameters(asked), _interactive(asked)
        to = text_of(asked, "to")
        self._check_message(asked, interactive, found)
        flow_id = self.flow_of(account, asked)
        if not flow_id or self._platform.get_flow(flow_id).account != account:
            raise unknown_flow(flow_id)
        payload = mapping_in(found.get("flow_action_payload"))
        message_id = self._platform.send(
            flow_id,
            to=to or "",
            screen=text_in(payload.get("screen")) or "",
            is_draft=found.get("mode") == "draft",
        )
        return {
            "messaging_product": "whatsapp",
            "contacts": [{"input": to, "wa_id": (to or "").lstrip("+")}],
            "messages": [{"id": message_id}],
        }

    def _check_message(
        self,
        asked: Mapping[str, JsonValue],
        interactive: Mapping[str, JsonValue],
        found: Mapping[str, JsonValue],
    ) -> None:
        if text_of(asked, "messaging_product") != "whatsapp" or not text_of(asked, "to"):
            raise bad_parameter("(#100) messaging_product and to are required.")
        if interactive.get("type") != "flow" or found.get("flow_message_version") != "3":
            raise _bad_message("The message is no flow message of version 3.")
        if ("flow_id" in found) is ("flow_name" in found):
            raise _bad_message("Exactly one of flow_id and flow_name is needed.")
        body = text_in(mapping_in(interactive.get("body")).get("text")) or ""
        header = text_in(mapping_in(interactive.get("header")).get("text")) or ""
        if not 1 <= len(body) <= _LONGEST_BODY or len(header) > _LONGEST_HEADER:
            raise _bad_message("The body or the header is empty or too long.")
        if not 1 <= len(text_in(found.get("flow_cta")) or "") <= _LONGEST_CTA:
            raise _bad_message("flow_cta is empty or too long.")

    def _check(self, account: str, node: str) -> None:
        if node != phone_of(account) or "no-phone-number" in self._platform.troubles:
            raise unknown_flow(node)


def _interactive(asked: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    return mapping_in(asked.get("interactive"))


def _parameters(asked: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    return mapping_in(mapping_in(_interactive(asked).get("action")).get("parameters"))


def _bad_message(message: str) -> PlatformError:
    return PlatformError(f"(#131009) {message}", code=131009)
