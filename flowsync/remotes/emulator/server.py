"""The emulator over HTTP, where a broken connection is one: waitress with faults of the network.

The application says what is to happen by raising a `ConnectionBroken`; here it happens to the
socket. waitress owns its sockets in one thread, its loop; other threads hand it what to do.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Protocol, cast

from waitress import wasyncore
from waitress.channel import ClientDisconnected, HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import WSGITask

from flowsync.remotes.broken import (
    AnswerHeld,
    ConnectionBroken,
    ConnectionRefused,
    ConnectionReset,
)

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

THREADS = 32
_SHUTDOWN_S = 5.0
_LOOK_AGAIN_S = 0.05  # how soon a wait notices that its client is gone
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # struct linger: on, for no time
_LOOKAHEAD = 1  # waitress notices that a client is gone only if it may read ahead of an answer


class _Trigger(Protocol):
    """What wakes the loop; the stubs take it for a number."""

    def pull_trigger(self, thunk: Callable[[], object]) -> None:
        """Let the loop's thread call `thunk`."""
        ...


class _Task(WSGITask):
    """Answers one request, or breaks its connection."""

    def execute(self) -> None:
        """Call the application; what it raises about the connection happens."""
        server = cast("_Server", self.channel.server)
        try:
            super().execute()
        except ConnectionBroken as broken:
            if isinstance(broken, ConnectionReset):
                _reset_on_close(self.channel)
            elif isinstance(broken, ConnectionRefused):
                server.refuse(broken.seconds)
            elif isinstance(broken, AnswerHeld):
                server.hold(self.channel, broken.seconds)
            raise ClientDisconnected from broken  # waitress sends what it has, and closes


class _Channel(HTTPChannel):
    """One connection."""

    task_class = _Task


class _Server(TcpWSGIServer):
    """waitress's loop over one listening socket, which can be closed and opened again."""

    channel_class = _Channel

    def __init__(self, app: WSGIApplication, listening: socket.socket, threads: int) -> None:
        self.stopping, self._ended = threading.Event(), threading.Event()
        self._refusing = threading.Lock()
        self._listening = (listening.family, listening.getsockname())
        self._sockets: dict[int, socket.socket] = {}
        super().__init__(
            app,
            self._sockets,
            _sock=listening,
            bind_socket=False,
            sockinfo=(listening.family, listening.type, listening.proto, self._listening[1]),
            threads=threads,
            channel_request_lookahead=_LOOKAHEAD,
        )

    def in_loop(self, thunk: Callable[[], object]) -> None:
        """Do something in the thread that owns the sockets."""
        cast("_Trigger", self.trigger).pull_trigger(thunk)

    def hold(self, channel: HTTPChannel, seconds: float) -> None:
        """Wait, but no longer than the client does, or until the server stops."""
        end = time.monotonic() + seconds
        while channel.connected and (left := end - time.monotonic()) > 0:
            if self.stopping.wait(min(left, _LOOK_AGAIN_S)):
                return

    def refuse(self, seconds: float) -> None:
        """Reset all connections and take none for a time, then listen on the same port again."""
        with self._refusing:
            self.in_loop(self._stop_listening)
            self.stopping.wait(seconds)
            while not self.stopping.is_set():
                with contextlib.suppress(OSError):  # as long as somebody else has the port
                    family, address = self._listening
                    again = socket.create_server(address[:2], family=family)
                    self.in_loop(partial(self._listen_on, again))
                    return
                self.stopping.wait(_LOOK_AGAIN_S)

    def _stop_listening(self) -> None:
        wasyncore.dispatcher.close(self)  # BaseWSGIServer's own also ends the loop's trigger
        for channel in tuple(cast("Mapping[int, HTTPChannel]", self.active_channels).values()):
            _reset_on_close(channel)
            channel.handle_close()

    def _listen_on(self, again: socket.socket) -> None:
        again.setblocking(False)
        self.set_socket(again)
        self.accept_connections()

    def run(self) -> None:
        """Answer requests until `end` is called."""
        while not self._ended.is_set():
            wasyncore.loop(self.adj.asyncore_loop_timeout, map=self._sockets, count=1)

    def end(self) -> None:
        """Let the loop end; its trigger stays open, so that nobody pulls a closed one."""
        self.in_loop(self._ended.set)

    def close_everything(self) -> None:
        """Close all sockets, once the loop has ended."""
        wasyncore.close_all(self._sockets)


class EmulatorServer:
    """Serves a WSGI application on a listening socket, in threads of its own, until closed."""

    def __init__(
        self, app: WSGIApplication, listening: socket.socket, *, threads: int = THREADS
    ) -> None:
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # no talk of busy threads
        self.host, self.port = listening.getsockname()[:2]
        self._server = _Server(app, listening, threads)
        self._thread = threading.Thread(target=self._server.run, name="flowsync-serve", daemon=True)
        self._thread.start()

    @property
    def is_running(self) -> bool:
        """Tell whether requests are still answered."""
        return self._thread.is_alive()

    def close(self) -> None:
        """Answer the requests in flight, except those that are held back, and end all threads."""
        self._server.stopping.set()
        self._server.task_dispatcher.shutdown()
        self._server.end()
        self._thread.join(_SHUTDOWN_S)
        self._server.close_everything()


def _reset_on_close(channel: HTTPChannel) -> None:
    """Let the end of a connection be a reset, whoever closes it."""
    with contextlib.suppress(OSError):
        if channel.socket is not None:
            channel.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
