"""Serving a preview with waitress, on the loopback alone, until it is told to stop.

waitress owns its sockets in one thread, its loop, and answers in others. These are done before the
loop ends, and the loop before its sockets are closed, so that nobody uses a closed one.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, cast

from waitress import wasyncore
from waitress.server import TcpWSGIServer, create_server

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_HOST = "127.0.0.1"
_THREADS = 16  # each open page holds one, waiting for news
MOST_BYTES = 8 * 1024 * 1024  # an act names files, and carries none
_SHUTDOWN_S = 5.0
_LOOK_AGAIN_S = 1.0


class _Trigger(Protocol):
    """What wakes the loop; the stubs take it for a number."""

    def pull_trigger(self, thunk: Callable[[], object]) -> None:
        """Let the loop's thread call `thunk`."""
        ...


@contextmanager
def served(
    app: WSGIApplication, port: int = 0, *, closing: Callable[[], None] = lambda: None
) -> Iterator[int]:
    """Serve an application for as long as this is open; gives the port, a free one for 0.

    `closing` is called at the end, before answers that are under way are waited for.

    Raises `OSError` where the port cannot be listened on.
    """
    listening = socket.create_server((_HOST, port))
    sockets: dict[int, socket.socket] = {}
    server = cast(
        "TcpWSGIServer",
        create_server(
            app,
            map=sockets,
            sockets=[listening],
            threads=_THREADS,
            clear_untrusted_proxy_headers=True,
            max_request_body_size=MOST_BYTES,
        ),
    )
    ended = threading.Event()

    def run() -> None:
        while not ended.is_set():
            wasyncore.loop(timeout=_LOOK_AGAIN_S, map=sockets, count=1)

    thread = threading.Thread(target=run, name="flowsync-preview", daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        closing()
        server.task_dispatcher.shutdown()
        cast("_Trigger", server.trigger).pull_trigger(ended.set)
        thread.join(_SHUTDOWN_S)
        wasyncore.close_all(sockets)
