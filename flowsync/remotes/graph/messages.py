"""The message that opens a flow, as the Graph API takes it.

Source: https://developers.facebook.com/docs/whatsapp/flows/guides/sendingaflow
"""

from __future__ import annotations

from flowsync.model import JsonValue
from flowsync.remotes.interface import FlowMessage

_MESSAGE_VERSION = "3"


def message_body(message: FlowMessage) -> dict[str, JsonValue]:
    """Give the body of the request; a draft is opened only where the message asks for it."""
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": message.to,
        "type": "interactive",
        "interactive": {
            "type": "flow",
            "header": {"type": "text", "text": message.header_text},
            "body": {"text": message.body_text},
            "footer": {"text": message.footer_text},
            "action": {
                "name": "flow",
                "parameters": {
                    "flow_message_version": _MESSAGE_VERSION,
                    "flow_id": message.flow_id,
                    "flow_cta": message.flow_cta,
                    "flow_action": "navigate",
                    "flow_action_payload": {"screen": message.screen},
                    "mode": "draft" if message.is_draft else "published",
                },
            },
        },
    }
