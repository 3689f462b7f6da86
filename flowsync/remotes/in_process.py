"""HTTP without a network: requests carried to a WSGI application in this process."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

import requests
import urllib3
from requests.adapters import BaseAdapter

from flowsync.remotes.broken import AnswerHeld, ConnectionBroken, ConnectionRefused

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class WsgiAdapter(BaseAdapter):
    """Carries requests to a WSGI application; `sleep` passes the time until an answer is late."""

    def __init__(
        self, app: WSGIApplication, *, sleep: Callable[[float], object] = time.sleep
    ) -> None:
        super().__init__()
        self._app = app
        self._sleep = sleep

    def send(self, request: requests.PreparedRequest, *a: Any, **kw: Any) -> requests.Response:
        """Call the application; a `ConnectionBroken` becomes what a network would raise."""
        response = requests.Response()

        def start(status: str, headers: list[tuple[str, str]], _: object = None) -> Any:
            response.status_code = int(status.split()[0])
            response.headers.update(headers)

        try:
            chunks = self._app(_environ(request), start)
            try:
                response.raw = io.BytesIO(b"".join(chunks))
            finally:
                if hasattr(chunks, "close"):
                    chunks.close()
        except ConnectionBroken as exc:
            raise self._as_on_a_network(exc, request, kw.get("timeout")) from exc
        response.url = request.url or ""
        response.request = request
        return response

    def _as_on_a_network(
        self, broken: ConnectionBroken, request: requests.PreparedRequest, timeout: Any
    ) -> requests.RequestException:
        """Give what requests raises in such a case, after the time that it takes to notice."""
        if isinstance(broken, ConnectionRefused):
            nowhere = urllib3.connection.HTTPConnection("emulator.invalid")  # connects to nothing
            refused = urllib3.exceptions.NewConnectionError(nowhere, "Connection refused")
            return requests.ConnectionError(refused, request=request)
        if isinstance(broken, AnswerHeld):
            patience = timeout[1] if isinstance(timeout, tuple) else timeout
            is_late = patience is not None and patience <= broken.seconds
            self._sleep(patience if is_late else broken.seconds)
            if is_late:
                return requests.ReadTimeout("Read timed out.", request=request)
        return requests.ConnectionError(
            urllib3.exceptions.ProtocolError("Connection broken"), request=request
        )

    def close(self) -> None:
        """Do nothing: there is no connection."""


def _environ(request: requests.PreparedRequest) -> dict[str, Any]:
    """Give a request as a WSGI server hands it to an application.

    Source: https://peps.python.org/pep-3333/#environ-variables
    """
    path, _, query = (request.path_url or "/").partition("?")
    body = request.body or b""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method or "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body if isinstance(body, bytes) else str(body).encode()),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers.items():
        key = name.upper().replace("-", "_")
        is_plain = key in {"CONTENT_TYPE", "CONTENT_LENGTH"}
        environ[key if is_plain else f"HTTP_{key}"] = (
            value if isinstance(value, str) else value.decode("latin-1")
        )
    return environ
