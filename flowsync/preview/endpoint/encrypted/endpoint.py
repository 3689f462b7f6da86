"""An endpoint that speaks the encrypted protocol, asked as a phone asks it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from flowsync.errors import UsageFailure
from flowsync.preview.endpoint.answers import answer_in, body_of, error_message_in
from flowsync.preview.endpoint.connection import Connection, Reply
from flowsync.preview.endpoint.encrypted import require_cryptography
from flowsync.preview.endpoint.failures import (
    CANNOT_DECRYPT,
    TIME_LIMIT_S,
    TOKEN_EXPIRED,
    failed,
    refused,
)
from flowsync.preview.engine.exchange import Answer, Endpoint, ExchangeFailed, Request
from flowsync.remotes.http import Adapter
from flowsync.token_files import SHORTEST_TOKEN, is_usable_token

if TYPE_CHECKING:
    from flowsync.preview.endpoint.encrypted.sealing import PublicKey, Seal

SIGNATURE_HEADER = "X-Hub-Signature-256"


def encrypted_endpoint(
    url: str,
    public_key: Callable[[], bytes],
    *,
    app_secret_variable: str | None = None,
    env: Mapping[str, str] | None = None,
    allow_remote: bool = False,
    time_limit: float = TIME_LIMIT_S,
    adapter: Adapter | None = None,
) -> Endpoint:
    """Give an endpoint that is asked by the encrypted protocol, on this machine.

    `public_key` gives PEM text, and is asked again after the status 421, as a phone fetches the key
    anew; see `keys.public_key_from`. Requests are signed where `app_secret_variable` names the
    variable of `env` that holds the app secret. For the others see `plain.plain_endpoint`.

    Raises `FlowsyncError` where the package cryptography is missing, and `UsageFailure` for an
    address, a key or a secret that cannot be used; no message holds the secret.
    """
    require_cryptography()
    connection = Connection(url, allow_remote=allow_remote, time_limit=time_limit, adapter=adapter)
    secret = _app_secret(app_secret_variable, env or {})
    return _Encrypted(connection, public_key, secret)


def _app_secret(variable: str | None, env: Mapping[str, str]) -> str | None:
    if variable is None:
        return None
    secret = env.get(variable, "")
    if not secret:
        raise UsageFailure(
            f"the environment variable {variable} is not set. Put the app secret into it, or leave "
            "requests unsigned."
        )
    if not is_usable_token(secret):
        raise UsageFailure(
            f"the environment variable {variable} holds no app secret: one has at least "
            f"{SHORTEST_TOKEN} visible ASCII characters and no white space around them."
        )
    return secret


class _Encrypted:
    """Seals each request anew, and opens its answer."""

    def __init__(
        self, connection: Connection, public_key: Callable[[], bytes], secret: str | None
    ) -> None:
        self._connection, self._read_key, self._secret = connection, public_key, secret
        self._key = self._read()

    def _read(self) -> PublicKey:
        from flowsync.preview.endpoint.encrypted.sealing import read_public_key

        return read_public_key(self._read_key())

    def __call__(self, request: Request) -> Answer:
        reply, seal = self._post(request)
        if reply.status == CANNOT_DECRYPT:  # a phone asks once more, with the key of now
            try:
                self._key = self._read()
            except UsageFailure as exc:
                raise failed(str(exc), status=CANNOT_DECRYPT) from exc
            reply, seal = self._post(request)
        if reply.status != 200:
            raise refused(reply.status, self._note_in(reply, seal))
        return answer_in(self._without_secret(self._opened(reply, seal)), request)

    def _post(self, request: Request) -> tuple[Reply, Seal]:
        from flowsync.preview.endpoint.encrypted.sealing import new_seal, sealed, signature

        seal = new_seal()
        body = sealed(body_of(request), seal, self._key)
        headers = {"Accept": "text/plain"}
        if self._secret is not None:
            headers[SIGNATURE_HEADER] = signature(body, self._secret)
        return self._connection.post(body, headers), seal

    def _opened(self, reply: Reply, seal: Seal) -> bytes:
        from flowsync.preview.endpoint.encrypted.sealing import opened

        return opened(self._without_secret(reply.content), seal)

    def _note_in(self, reply: Reply, seal: Seal) -> str:
        """Give the `error_msg` of the status 427, encrypted or not."""
        if reply.status != TOKEN_EXPIRED:
            return ""
        try:
            content = self._opened(reply, seal)
        except ExchangeFailed:
            content = reply.content
        return error_message_in(self._without_secret(content))

    def _without_secret(self, content: bytes) -> bytes:
        """Take the app secret out of what an endpoint repeats, before anybody can see it."""
        return content.replace(self._secret.encode(), b"***") if self._secret else content
