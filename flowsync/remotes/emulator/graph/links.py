"""Links to Flow JSON that need no credential: signed, short-lived, and refused with one.

Source: https://developers.facebook.com/docs/whatsapp/flows/reference/flowsapi
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable

from werkzeug.wrappers import Request, Response

LIFE_S = 300
PATH = "/assets/"


class Links:
    """Makes and checks links; `clock` is in seconds of Unix time, `life` in seconds."""

    def __init__(self, clock: Callable[[], float], life: float = LIFE_S) -> None:
        self._clock, self._life = clock, life
        self._key = secrets.token_bytes(16)

    def to(self, flow_id: str, host: str) -> str:
        """Give a link to the Flow JSON of a flow at a host with scheme, which ends after a time."""
        ends = int(self._clock() + self._life)
        return f"{host}{PATH}{flow_id}?oe={ends:x}&oh={self._sign(flow_id, ends)}"

    def refusal(self, request: Request, flow_id: str) -> Response | None:
        """Refuse a request that brings a credential, a wrong signature, or comes too late."""
        if "Authorization" in request.headers or "access_token" in request.args:
            return Response("Unexpected credential", 400, mimetype="text/plain")
        try:
            ends = int(request.args.get("oe", ""), 16)
        except ValueError:
            return _bad("Bad URL hash")
        if not hmac.compare_digest(request.args.get("oh", ""), self._sign(flow_id, ends)):
            return _bad("Bad URL hash")
        if self._clock() >= ends:
            return _bad("URL signature expired")
        return None

    def _sign(self, flow_id: str, ends: int) -> str:
        text = f"{flow_id} {ends}".encode()
        return hmac.new(self._key, text, hashlib.sha256).hexdigest()[:32]


def _bad(message: str) -> Response:
    return Response(message, 403, mimetype="text/plain")
