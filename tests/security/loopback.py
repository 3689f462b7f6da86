"""A server on a free port of this machine that answers what a test tells it to, and remembers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

from flowsync.model import JsonValue
from flowsync.remotes.emulator.gateway_app import DOCUMENTED_ACCOUNT


class Reply(NamedTuple):
    """An answer: status, headers and body."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = {"Content-Type": "application/json"}  # never changed


@dataclass
class Loopback:
    """The address of the server, and the headers of every request that came."""

    url: str = ""
    received: list[dict[str, str]] = field(default_factory=list)


@contextmanager
def answering(reply: Callable[[str, str], Reply]) -> Iterator[Loopback]:
    """Serve for as long as a test needs it; `reply` is given method and path of a request."""
    loopback = Loopback()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            loopback.received.append({name.lower(): text for name, text in self.headers.items()})
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, body, headers = reply(self.command, self.path)
            self.send_response(status)
            for name, text in headers.items():
                self.send_header(name, text)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_DELETE = do_PATCH = do_PUT = answer

        def log_message(self, format: str, *args: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    loopback.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield loopback
    finally:
        server.shutdown()
        thread.join(timeout=5)
        server.server_close()


def gateway_target(url: str, **fields: JsonValue) -> dict[str, JsonValue]:
    """Give a target of flowsync.yaml that leads there."""
    return {
        "remote": "gateway",
        "base_url": url,
        "account": DOCUMENTED_ACCOUNT,
        "token": "${env:FLOWSYNC_TOKEN}",
        **fields,
    }
