"""Faults of the Graph API: its refusals of a credential, and Flow JSON behind a link."""

from __future__ import annotations

import json

from werkzeug.wrappers import Response

from flowsync.remotes.emulator.call import Call
from flowsync.remotes.emulator.fault_effects import AFTER, BEFORE, INSTEAD, Effects, refused
from flowsync.remotes.emulator.fault_views import in_other_words
from flowsync.remotes.emulator.graph.answers import denied
from flowsync.remotes.emulator.refusals import PlatformError
from flowsync.remotes.operations import Operation

_FORBIDDEN = PlatformError("(#200) Permissions error", code=200, status=403)


def _link_refused(call: Call, value: int) -> Response | None:
    if call.operation is not Operation.DOWNLOAD:
        return None
    return Response("URL signature expired", 403, mimetype="text/plain")


def _normalised(call: Call, response: Response, value: int) -> Response:
    if call.operation is not Operation.DOWNLOAD or response.status_code != 200:
        return response
    content = json.loads(response.get_data())
    return Response(json.dumps(in_other_words(content)), mimetype="application/json")


EFFECTS = Effects(
    before=BEFORE,
    instead={
        "unauthenticated": refused(denied("Invalid OAuth access token.")),
        "forbidden": refused(_FORBIDDEN),
        "asset-unavailable": _link_refused,
        **INSTEAD,
    },
    after={"normalised": _normalised, **AFTER},
)
