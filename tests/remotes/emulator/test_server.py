"""The emulator's server at the level of sockets: what a fault of the network is there."""

from __future__ import annotations

import contextlib
import errno
import logging
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import pytest

from flowsync.remotes.broken import (
    AnswerHeld,
    ConnectionBroken,
    ConnectionRefused,
    ConnectionReset,
)
from flowsync.remotes.emulator.server import EmulatorServer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

FAULTS = {
    "/reset": ConnectionReset(),
    "/closed": ConnectionBroken(),
    "/refused": ConnectionRefused(0.4),
    "/held": AnswerHeld(60),
    "/held-a-little": AnswerHeld(0.2),
}


def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer «fine», or do what the path says; «/cut…» does it within the answer."""
    path = environ["PATH_INFO"]
    if path in FAULTS:
        raise FAULTS[path]
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "4")])
    return _cut() if path == "/cut" else [b"fine"]


def _cut() -> Iterator[bytes]:
    yield b"fi"
    raise ConnectionBroken


@pytest.fixture
def server() -> Iterator[EmulatorServer]:
    running = EmulatorServer(app, socket.create_server(("127.0.0.1", 0)), threads=3)
    yield running
    running.close()
    assert not running.is_running


def connected(server: EmulatorServer) -> socket.socket:
    return socket.create_connection((server.host, server.port), timeout=5)


def ask(connection: socket.socket, path: str) -> None:
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())


def answer(connection: socket.socket, path: str) -> bytes:
    """Send a request and give all that comes until the other side closes, or falls silent."""
    ask(connection, path)
    return rest(connection)


def rest(connection: socket.socket) -> bytes:
    received = b""
    while not received.endswith(b"fine") and (piece := connection.recv(65536)):
        received += piece
    return received


def is_fine(server: EmulatorServer) -> bool:
    try:
        with connected(server) as connection:
            return answer(connection, "/").endswith(b"fine")
    except OSError:
        return False


def wait_until_fine(server: EmulatorServer) -> None:
    end = time.monotonic() + 5
    while not is_fine(server):
        assert time.monotonic() < end, "the server does not listen again"
        time.sleep(0.02)


def test_reset_is_a_reset(server: EmulatorServer) -> None:
    with connected(server) as connection, pytest.raises(ConnectionResetError):
        answer(connection, "/reset")
    assert is_fine(server)


def test_closed_connection_ends_in_order_without_an_answer(server: EmulatorServer) -> None:
    with connected(server) as connection:
        assert answer(connection, "/closed") == b""


def test_cut_answer_arrives_as_far_as_it_was_sent(server: EmulatorServer) -> None:
    with connected(server) as connection:
        received = answer(connection, "/cut")
    assert b"Content-Length: 4" in received
    assert received.endswith(b"\r\n\r\nfi")


def test_refusal_resets_all_connections_takes_none_and_ends_on_the_same_port(
    server: EmulatorServer,
) -> None:
    with connected(server) as idle, connected(server) as connection:
        assert answer(idle, "/").endswith(b"fine")
        started = time.monotonic()
        with pytest.raises(ConnectionResetError):
            answer(connection, "/refused")
        with pytest.raises(ConnectionResetError):
            idle.recv(1)
        with pytest.raises(ConnectionRefusedError):
            connected(server)
    wait_until_fine(server)
    assert 0.4 <= time.monotonic() - started < 5


def test_refusals_at_the_same_time_leave_a_server_that_listens(server: EmulatorServer) -> None:
    with connected(server) as one, connected(server) as other:
        ask(one, "/refused")
        with contextlib.suppress(OSError):  # where the first was quicker and has reset it
            ask(other, "/refused")
        with pytest.raises(ConnectionResetError):
            one.recv(1)
    wait_until_fine(server)


def test_server_waits_for_its_port_while_somebody_else_has_it(server: EmulatorServer) -> None:
    with connected(server) as connection, pytest.raises(ConnectionResetError):
        answer(connection, "/refused")
    with socket.create_server((server.host, server.port)):
        time.sleep(0.7)
    wait_until_fine(server)


def test_held_answer_never_comes_and_the_connection_is_closed(server: EmulatorServer) -> None:
    started = time.monotonic()
    with connected(server) as connection:
        assert answer(connection, "/held-a-little") == b""
    assert 0.2 <= time.monotonic() - started < 5


def test_held_answer_does_not_keep_the_server_from_ending() -> None:
    running = EmulatorServer(app, socket.create_server(("127.0.0.1", 0)), threads=3)
    with connected(running) as connection:
        ask(connection, "/held")
        time.sleep(0.1)
        started = time.monotonic()
        running.close()
        assert time.monotonic() - started < 2
        assert not running.is_running
        assert connection.recv(1) == b""


def test_client_that_gives_up_sets_the_thread_free(server: EmulatorServer) -> None:
    for _ in range(4):  # one more than there are threads
        with connected(server) as connection:
            ask(connection, "/held")
            time.sleep(0.1)
    started = time.monotonic()
    assert is_fine(server)
    assert time.monotonic() - started < 2


def test_broken_connections_are_no_mistakes_to_tell_of(
    server: EmulatorServer, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        for path in ("/reset", "/closed", "/cut", "/held-a-little"):
            with connected(server) as connection:
                try:
                    answer(connection, path)
                except OSError as exc:
                    assert exc.errno == errno.ECONNRESET  # noqa: PT017 - only for one of them
    assert caplog.records == []


def test_server_of_an_address_of_version_6_listens_again_too() -> None:
    try:
        listening = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("this machine has no IPv6")
    running = EmulatorServer(app, listening, threads=2)
    with connected(running) as connection, pytest.raises(ConnectionResetError):
        answer(connection, "/refused")
    wait_until_fine(running)
    running.close()


def test_server_that_ends_while_it_refuses_does_not_listen_again() -> None:
    running = EmulatorServer(app, socket.create_server(("127.0.0.1", 0)), threads=2)
    with connected(running) as connection, pytest.raises(ConnectionResetError):
        answer(connection, "/refused")
    running.close()
    assert not running.is_running
    time.sleep(0.5)
    with pytest.raises(ConnectionRefusedError):
        connected(running)
    assert not [thread for thread in threading.enumerate() if thread.name == "flowsync-serve"]


def test_server_ends_in_order_whatever_its_threads_are_doing() -> None:
    """The loop must not close what wakes it while somebody is about to do so."""
    for number in range(60):
        running = EmulatorServer(app, socket.create_server(("127.0.0.1", 0)), threads=2)
        with connected(running) as connection:
            ask(connection, ("/held", "/refused", "/")[number % 3])
            time.sleep(0.001 * (number % 5))
            running.close()
        assert not running.is_running
