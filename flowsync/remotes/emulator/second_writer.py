"""Somebody else on the same account, who writes between two requests of the client (G-25)."""

from __future__ import annotations

import json
from contextlib import suppress

from werkzeug.wrappers import Response

from flowsync.model import JsonValue
from flowsync.remotes.emulator.call import Call
from flowsync.remotes.emulator.refusals import PlatformError
from flowsync.remotes.operations import Operation

OTHER_FLOW_JSON: JsonValue = {
    "version": "7.3",
    "screens": [
        {
            "id": "SOMEBODY_ELSE",
            "title": "Somebody else",
            "terminal": True,
            "layout": {
                "type": "SingleColumnLayout",
                "children": [
                    {"type": "TextHeading", "text": "Somebody else wrote this."},
                    {
                        "type": "Footer",
                        "label": "Done",
                        "on-click-action": {"name": "complete", "payload": {}},
                    },
                ],
            },
        }
    ],
}
"""What the other one uploads: valid, and unlike any flow of the client."""


def write_first(call: Call, value: int) -> None:
    """Change the flow that a call concerns, or take the name of the one that it creates."""
    with suppress(PlatformError):  # a flow that nobody can change any more stays as it is
        if call.operation is Operation.CREATE:
            call.platform.create_flow(call.account, name=call.name, categories=["OTHER"])
        else:
            _upload(call, call.flow_id)


def write_after(call: Call, response: Response, value: int) -> Response:
    """Change the flow that a call concerned or created, and give its answer as it is."""
    with suppress(PlatformError):
        _upload(call, call.flow_id or call.form.created_id(response))
    return response


def _upload(call: Call, flow_id: str) -> None:
    call.platform.upload(flow_id, json.dumps(OTHER_FLOW_JSON).encode())
