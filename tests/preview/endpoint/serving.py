"""An author's endpoint as a WSGI application on this machine, written from the protocol alone."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socketserver
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

APP_SECRET = "app-secret-of-a-test"


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


class _Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep quiet: a client that gave up is what some tests want."""


@contextmanager
def serving(app: WSGIApplication) -> Iterator[str]:
    """Serve an application on a free port for as long as a test needs it, and give its address."""
    server = make_server("127.0.0.1", 0, app, server_class=_Server, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(timeout=5)
        server.server_close()


@dataclass(frozen=True)
class Asked:
    """A request as it came: its path with the query, headers and raw body."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Canned:
    """Answers every request with the same, and notes what came."""

    status: str = "200 OK"
    body: bytes = b""
    headers: list[tuple[str, str]] = field(
        default_factory=lambda: [("Content-Type", "application/json")]
    )
    asked: list[Asked] = field(default_factory=list)
    before: Callable[[], object] = lambda: None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.asked.append(asked_in(environ))
        self.before()
        start_response(self.status, [*self.headers, ("Content-Length", str(len(self.body)))])
        return [self.body]


def asked_in(environ: WSGIEnvironment) -> Asked:
    """Give the request that a WSGI environment stands for."""
    query = environ.get("QUERY_STRING", "")
    return Asked(
        path=environ["PATH_INFO"] + (f"?{query}" if query else ""),
        headers={
            name.removeprefix("HTTP_").replace("_", "-").lower(): str(value)
            for name, value in environ.items()
            if name.startswith("HTTP_") or name == "CONTENT_TYPE"
        },
        body=environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)),
    )


class AuthorsEndpoint:
    """Decrypts each request, answers it with what `answer` gives, and encrypts that.

    It answers 421 where it cannot decrypt, 432 where a signature is wanted and wrong, and 427 for
    flow tokens that are `expired`. `decrypted` notes what it read.
    """

    def __init__(
        self,
        private_pem: bytes,
        answer: Callable[[dict[str, Any]], dict[str, Any]],
        *,
        app_secret: str | None = None,
        expired: tuple[str, ...] = (),
        flips: bool = True,
    ) -> None:
        self.private_pem, self._answer, self._secret = private_pem, answer, app_secret
        self._expired, self._flips = expired, flips
        self.asked: list[Asked] = []
        self.decrypted: list[dict[str, Any]] = []
        self.statuses: list[int] = []

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        asked = asked_in(environ)
        self.asked.append(asked)
        status, body = self._reply(asked)
        self.statuses.append(status)
        start_response(
            f"{status} Status",
            [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))],
        )
        return [body]

    def _reply(self, asked: Asked) -> tuple[int, bytes]:
        if self._secret is not None:
            made = hmac.new(self._secret.encode(), asked.body, hashlib.sha256).hexdigest()
            if asked.headers.get("x-hub-signature-256") != f"sha256={made}":
                return 432, b""
        body = json.loads(asked.body)
        vector = base64.b64decode(body["initial_vector"])
        try:
            key = decrypted_key(self.private_pem, base64.b64decode(body["encrypted_aes_key"]))
            plain = decrypted(key, vector, base64.b64decode(body["encrypted_flow_data"]))
        except (ValueError, InvalidTag):
            return 421, b""
        request = json.loads(plain)
        self.decrypted.append(request)
        if request.get("flow_token") in self._expired:
            return 427, self._sealed(key, vector, {"error_msg": "This link was used already."})
        return 200, self._sealed(key, vector, self._answer(request))

    def _sealed(self, key: bytes, vector: bytes, value: dict[str, Any]) -> bytes:
        nonce = bytes(255 - byte for byte in vector) if self._flips else vector
        return base64.b64encode(encrypted(key, nonce, json.dumps(value).encode()))


def decrypted_key(private_pem: bytes, sealed: bytes) -> bytes:
    """Give the AES key under RSA-OAEP with SHA-256."""
    private = serialization.load_pem_private_key(private_pem, password=None)
    assert isinstance(private, rsa.RSAPrivateKey)
    sha = hashes.SHA256()
    return private.decrypt(sealed, padding.OAEP(padding.MGF1(sha), sha, None))


def decrypted(key: bytes, nonce: bytes, data: bytes) -> bytes:
    """Undo AES-GCM on ciphertext followed by its tag."""
    assert len(key) == len(nonce) == 16
    cipher = Cipher(algorithms.AES(key), modes.GCM(nonce, data[-16:]))
    opening = cipher.decryptor()
    return opening.update(data[:-16]) + opening.finalize()


def encrypted(key: bytes, nonce: bytes, data: bytes) -> bytes:
    """Give ciphertext followed by its tag, by AES-GCM."""
    sealing = Cipher(algorithms.AES(key), modes.GCM(nonce)).encryptor()
    return sealing.update(data) + sealing.finalize() + sealing.tag
