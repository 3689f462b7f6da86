"""Serving a preview with waitress, on the loopback alone, until it is told to stop."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from waitress.server import create_server

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_HOST = "127.0.0.1"
_THREADS = 16  # each open page holds one, waiting for news


@contextmanager
def served(app: WSGIApplication, port: int = 0) -> Iterator[int]:
    """Serve an application for as long as this is open; gives the port, a free one for 0.

    Raises `OSError` where the port cannot be listened on.
    """
    listening = socket.create_server((_HOST, port))
    server = create_server(
        app, sockets=[listening], threads=_THREADS, clear_untrusted_proxy_headers=True
    )
    thread = threading.Thread(target=server.run, name="flowsync-preview", daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        server.close()
        listening.close()
