"""HTTP without a network: requests carried to a WSGI application in this process."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

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
        from werkzeug.test import EnvironBuilder, run_wsgi_app

        path, _, query = (request.path_url or "/").partition("?")
        body = request.body or b""
        builder = EnvironBuilder(
            path=path,
            query_string=query,
            method=request.method or "GET",
            headers=list(request.headers.items()),
            input_stream=io.BytesIO(body if isinstance(body, bytes) else str(body).encode()),
        )
        try:
            chunks, status, headers = run_wsgi_app(self._app, builder.get_environ(), buffered=True)
        except ConnectionBroken as exc:
            raise self._as_on_a_network(exc, request, kw.get("timeout")) from exc
        response = requests.Response()
        response.status_code = int(status.split()[0])
        response.headers.update(dict(headers))
        response.url = request.url or ""
        response.request = request
        response.raw = io.BytesIO(b"".join(chunks))
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
