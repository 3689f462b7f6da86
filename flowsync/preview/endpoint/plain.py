"""An endpoint that speaks plain JSON: the decrypted request is posted, the answer is read as it is.

So the code behind an endpoint can be tried before its encryption is written.
"""

from __future__ import annotations

from flowsync.preview.endpoint.answers import answer_in, body_of, error_message_in
from flowsync.preview.endpoint.connection import Connection
from flowsync.preview.endpoint.failures import TIME_LIMIT_S, refused
from flowsync.preview.engine.exchange import Answer, Endpoint, Request
from flowsync.remotes.http import Adapter


def plain_endpoint(
    url: str,
    *,
    allow_remote: bool = False,
    time_limit: float = TIME_LIMIT_S,
    adapter: Adapter | None = None,
) -> Endpoint:
    """Give an endpoint that posts plain JSON to `url`, on this machine unless `allow_remote`.

    Statuses mean what they mean to a phone: 421, 427 with `error_msg`, 432. `time_limit` is in
    seconds, `adapter` replaces the network. Raises `UsageFailure` for an address that is not taken.
    """
    connection = Connection(url, allow_remote=allow_remote, time_limit=time_limit, adapter=adapter)

    def ask(request: Request) -> Answer:
        reply = connection.post(body_of(request), {})
        if reply.status != 200:
            raise refused(reply.status, error_message_in(reply.content))
        return answer_in(reply.content, request)

    return ask
