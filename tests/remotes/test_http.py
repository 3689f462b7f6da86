from __future__ import annotations

import io
import json
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from email.utils import format_datetime, formatdate
from typing import TYPE_CHECKING, Any

import pytest
import requests
import urllib3

from flowsync.errors import RemoteUnavailable, WriteRefused
from flowsync.remotes import http as http_module
from flowsync.remotes.emulator.gateway_app import DOCUMENTED_ACCOUNT, default_account
from flowsync.remotes.gateway.dialects import DIALECTS
from flowsync.remotes.http import Answer, HttpClient, read_rules
from flowsync.remotes.in_process import WsgiAdapter
from flowsync.remotes.operations import ON_FLOWS, Operation
from flowsync.remotes.pace import Pace
from tests.remotes.support import CannedAdapter, FakeTime, WatchingAdapter, http_client
from tests.support import TOKEN

if TYPE_CHECKING:
    from datetime import datetime

    from _typeshed.wsgi import StartResponse, WSGIEnvironment


def response(
    body: bytes | io.RawIOBase = b"{}",
    *,
    status: int = 200,
    media_type: str | None = "application/json",
    **headers: str,
) -> requests.Response:
    found = requests.Response()
    found.status_code = status
    found.raw = io.BytesIO(body) if isinstance(body, bytes) else body
    if media_type is not None:
        found.headers["Content-Type"] = media_type
    found.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return found


def answer_to(found: requests.Response, **client: Any) -> Answer:
    return http_client(CannedAdapter(found), **client).request("GET", "/")


class Breaking(io.RawIOBase):
    """A body that gives something and then fails."""

    def __init__(self, failure: Exception) -> None:
        self._failure, self._given = failure, False

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        if self._given:
            raise self._failure
        self._given = True
        return b"{"

    def stream(self, size: int, decode_content: bool) -> Iterator[bytes]:
        yield b"{"
        raise self._failure


# --- only reads ---

READ_PATH = f"/api/whatsapp/{DOCUMENTED_ACCOUNT}/flows"


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    "operation", [op for op in ON_FLOWS if op not in {Operation.LIST, Operation.GET}]
)
def test_reading_client_sends_no_write(dialect: str, operation: Operation) -> None:
    adapter = CannedAdapter()
    client = http_client(adapter, dialect=dialect, read_only=True)
    route = DIALECTS[dialect][operation]
    query = {"flowId": "1"} if route.flow_in_query else None
    path = route.fill(default_account(dialect), "1")
    with pytest.raises(WriteRefused, match="only reads") as caught:
        client.request(route.method, path, query=query)
    assert adapter.sent == 0
    assert caught.value.exit_code == 6
    assert f"{route.method} {path}" in str(caught.value)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("operation", [Operation.LIST, Operation.GET])
def test_reading_client_sends_reads(dialect: str, operation: Operation) -> None:
    route = DIALECTS[dialect][operation]
    client = http_client(CannedAdapter(response()), dialect=dialect, read_only=True)
    assert client.request("GET", route.fill(default_account(dialect), "1")).status == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", READ_PATH),
        ("POST", READ_PATH + "/1"),
        ("PUT", READ_PATH + "/1"),
        ("PATCH", READ_PATH + "/1"),
        ("DELETE", READ_PATH + "/1"),
        ("DELETE", READ_PATH + "?flowId=1"),
        ("HEAD", READ_PATH),
        ("get", READ_PATH + "/1/publish"),
        ("GET", READ_PATH + "/1/publish"),
        ("GET", READ_PATH + "/1/deprecate"),
        ("GET", READ_PATH + "//1"),
        ("GET", READ_PATH + "/"),
        ("GET", READ_PATH + "/1/"),
        ("GET", READ_PATH + "/1/../../x"),
        ("GET", "/x" + READ_PATH),
        ("GET", "/other"),
        ("GET", READ_PATH.replace(DOCUMENTED_ACCOUNT, "100000000000002")),
        ("GET", "/api/whatsapp/1000000000000010/flows"),
        ("GET", "/"),
    ],
)
def test_reading_client_lets_nothing_but_its_reads_through(method: str, path: str) -> None:
    adapter = CannedAdapter(response())
    with pytest.raises(WriteRefused):
        http_client(adapter, read_only=True).request(method, path)
    assert adapter.sent == 0


@pytest.mark.parametrize("path", ["?x=/publish", "/1?next=/1/publish", "/1#/publish"])
def test_query_and_fragment_do_not_turn_a_read_into_a_write(path: str) -> None:
    client = http_client(CannedAdapter(response()), read_only=True)
    assert client.request("GET", READ_PATH + path).status == 200


def test_dots_of_an_account_stand_for_themselves_in_the_read_rules() -> None:
    (rule,) = read_rules([("GET", r"/a\.b")])
    assert rule.allows("GET", "/a.b")
    assert not rule.allows("GET", "/axb")
    assert not rule.allows("GET", "/a.b\n")


def test_reading_client_reads_below_the_path_of_the_base_url() -> None:
    adapter = CannedAdapter(response(), response())
    client = http_client(adapter, base_url="https://x.test/p", prefix="/p", read_only=True)
    assert client.request("GET", READ_PATH).status == 200
    bare = http_client(adapter, base_url="https://x.test", prefix="/p", read_only=True)
    with pytest.raises(WriteRefused):
        bare.request("GET", READ_PATH)


def test_writing_client_sends_writes() -> None:
    adapter = CannedAdapter(response())
    assert http_client(adapter).request("POST", READ_PATH, body={}).status == 200


# --- requests ---


def test_body_and_query_are_sent_as_given() -> None:
    adapter = WatchingAdapter(CannedAdapter(response()))
    http_client(adapter).request("POST", "/x", query={"a": "1 2"}, body={"ä": [1, None]})
    (sent,) = adapter.sent
    assert sent.path in {"/x?a=1+2", "/x?a=1%202"}
    assert sent.json == {"ä": [1, None]}
    assert sent.headers["Content-Type"] == "application/json"


def test_form_and_file_are_sent_as_multipart() -> None:
    adapter = WatchingAdapter(CannedAdapter(response()))
    files = {"file": ("flow.json", b"{}", "application/json")}
    http_client(adapter).request("POST", "/x", form={"flow_id": "1"}, files=files)
    (sent,) = adapter.sent
    assert sent.headers["Content-Type"].startswith("multipart/form-data")
    assert b'name="flow_id"\r\n\r\n1\r\n' in sent.body
    assert b'filename="flow.json"' in sent.body


def test_no_credential_means_no_header() -> None:
    adapter = WatchingAdapter(CannedAdapter(response()))
    http_client(adapter, credential=None).request("GET", "/x")
    assert "Authorization" not in adapter.sent[0].headers


def test_environment_adds_no_proxy_and_no_credential(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine gateway.test login someone password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    adapter = WatchingAdapter(CannedAdapter(response()))
    http_client(adapter, credential=None).request("GET", "/x")
    assert "Authorization" not in adapter.sent[0].headers


def test_requests_are_counted_by_method() -> None:
    client = http_client(CannedAdapter(response(), response(), requests.ConnectionError()))
    client.request("GET", "/")
    client.request("POST", "/", body={})
    with pytest.raises(RemoteUnavailable):
        client.request("GET", "/")
    assert client.sent == {"GET": 2, "POST": 1}


def test_every_request_waits_for_its_turn() -> None:
    fake = FakeTime()
    pace = fake.pace()
    client = HttpClient(
        base_url="https://x.test",
        credential=None,
        reads=(),
        read_only=False,
        read_timeout=1,
        pace=pace,
        adapter=CannedAdapter(response(), response()),
    )
    pace.pause(9)
    client.request("GET", "/")
    client.request("GET", "/")
    assert fake.sleeps == [9]


def test_closing_closes_the_adapter_behind() -> None:
    closed: list[str] = []

    class Closable(CannedAdapter):
        def close(self) -> None:
            closed.append("closed")

    for read_only in (False, True):
        http_client(Closable(), read_only=read_only).close()
    assert "closed" in closed
    assert len(closed) >= 2


# --- answers ---


@pytest.mark.parametrize(
    "media_type",
    [
        "application/json",
        "application/json; charset=utf-8",
        "APPLICATION/JSON",
        "application/x+json",
    ],
)
def test_json_is_known_by_its_media_type(media_type: str) -> None:
    answer = answer_to(response(b'{"a": 1}', media_type=media_type))
    assert answer.is_json
    assert answer.value == {"a": 1}


@pytest.mark.parametrize("media_type", ["text/html", "text/plain", None, "", "application/jsonx"])
def test_answer_of_another_media_type_is_not_parsed(media_type: str | None) -> None:
    answer = answer_to(response(b'{"a": 1}', media_type=media_type))
    assert not answer.is_json
    assert answer.value is None
    assert answer.media_type == (media_type or "")


@pytest.mark.parametrize("body", [b"", b"{", b"<html>", b"\xff", b"[" * 100_000, b"1" * 5000])
def test_broken_json_is_an_answer_that_is_not_json(body: bytes) -> None:
    answer = answer_to(response(body))
    assert not answer.is_json
    assert answer.value is None


@pytest.mark.parametrize("status", [200, 204, 302, 401, 404, 418, 429, 500, 503])
def test_answer_is_a_value_whatever_its_status(status: int) -> None:
    adapter = CannedAdapter(response(status=status, Location="https://else.test/"))
    assert http_client(adapter).request("GET", "/").status == status
    assert adapter.sent == 1


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        (" 7 ", 7.0),
        ("999999", 999999.0),
        ("-1", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
        ("Mon, 99 Jan 2024 00:00:00 GMT", None),
        ("Mon, 01 Jan 2024 00:00:00 GMT", 0.0),
        ("Monday, 01-Jan-24 00:00:00 GMT", 0.0),
    ],
)
def test_retry_after_is_read_as_seconds_or_date(header: str, seconds: float | None) -> None:
    assert answer_to(response(status=503, Retry_After=header)).retry_after == seconds


def test_retry_after_as_a_date_to_come_gives_the_seconds_until_then() -> None:
    moment = _utc(time.time() + 90)
    header = format_datetime(moment, usegmt=True)
    found = answer_to(response(status=503, Retry_After=header)).retry_after
    assert found is not None
    assert 85 < found <= 90


@pytest.mark.parametrize("years_off", [-20, 0, 20])
def test_retry_after_as_a_date_counts_from_the_answers_own_date(years_off: int) -> None:
    now = int(time.time()) + years_off * 365 * 86_400
    dates = [formatdate(now + seconds, usegmt=True) for seconds in (0, 7)]
    found = answer_to(response(status=503, Date=dates[0], Retry_After=dates[1]))
    assert found.retry_after == 7
    found = answer_to(response(status=503, Date=dates[1], Retry_After=dates[0]))
    assert found.retry_after == 0


def test_retry_after_as_a_date_counts_from_now_where_the_answers_own_date_is_none() -> None:
    header = formatdate(time.time() + 90, usegmt=True)
    found = answer_to(response(status=503, Date="yesterday", Retry_After=header)).retry_after
    assert found is not None
    assert 85 < found <= 90


def test_answer_without_retry_after_has_none() -> None:
    assert answer_to(response(status=503)).retry_after is None


def _utc(timestamp: float) -> datetime:
    from datetime import datetime, timezone

    return datetime.fromtimestamp(timestamp, timezone.utc)


def test_oversized_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_module, "MAX_ANSWER_BYTES", 100)
    assert answer_to(response(b'"' + b"x" * 98 + b'"')).is_json
    with pytest.raises(RemoteUnavailable, match="larger than 100 bytes") as caught:
        answer_to(response(b'"' + b"x" * 99 + b'"'))
    assert caught.value.outcome_unknown


def test_oversized_answer_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_module, "MAX_ANSWER_BYTES", 100)
    chunks = 0

    class Endless(Breaking):
        def stream(self, size: int, decode_content: bool) -> Iterator[bytes]:
            nonlocal chunks
            for _ in range(1000):
                chunks += 1
                yield b"x" * 60

    with pytest.raises(RemoteUnavailable, match="larger"):
        answer_to(response(Endless(ValueError())))
    assert chunks == 2


def test_answer_that_trickles_for_too_long_is_given_up() -> None:
    fake = FakeTime()

    class Trickle(Breaking):
        def stream(self, size: int, decode_content: bool) -> Iterator[bytes]:
            for _ in range(100):
                fake.now += 4
                yield b" "

    with pytest.raises(RemoteUnavailable, match="did not end in time") as caught:
        answer_to(response(Trickle(ValueError())), read_timeout=5, clock=fake.clock)
    assert caught.value.outcome_unknown
    assert fake.now == 12


def test_token_is_taken_out_of_a_text_that_repeats_it() -> None:
    client = http_client(CannedAdapter(response(b"{}")))
    assert client.redact(f"bad token {TOKEN}") == "bad token ***"


# --- no answer ---


@pytest.mark.parametrize(
    ("failure", "outcome_unknown"),
    [
        (requests.ConnectTimeout(), False),
        (requests.exceptions.SSLError("certificate verify failed"), False),
        (requests.ReadTimeout(), True),
        (requests.ConnectionError("Connection aborted."), True),
        (requests.exceptions.ChunkedEncodingError(), True),
        (requests.exceptions.ContentDecodingError(), True),
        (requests.exceptions.InvalidHeader(), True),
    ],
)
def test_failure_to_get_an_answer_says_whether_the_request_went_out(
    failure: Exception, outcome_unknown: bool
) -> None:
    with pytest.raises(RemoteUnavailable) as caught:
        http_client(CannedAdapter(failure)).request("POST", "/", body={})
    assert caught.value.outcome_unknown is outcome_unknown
    assert caught.value.__cause__ is failure
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    "failure",
    [
        urllib3.exceptions.ProtocolError("Connection broken"),
        urllib3.exceptions.DecodeError("not gzip"),
        urllib3.exceptions.ReadTimeoutError(urllib3.HTTPConnectionPool("x"), "/", "timed out"),
        urllib3.exceptions.SSLError("EOF occurred in violation of protocol"),
    ],
    ids=lambda failure: type(failure).__name__,
)
def test_answer_that_breaks_off_leaves_the_outcome_unknown(failure: Exception) -> None:
    with pytest.raises(RemoteUnavailable) as caught:
        answer_to(response(Breaking(failure)))
    assert caught.value.outcome_unknown


# --- over a real connection, on loopback ---


@contextmanager
def loopback(serve: Callable[[socket.socket], None]) -> Iterator[str]:
    """Give the address of a server that handles one connection, and ends with the test."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(5)

        def run() -> None:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                serve(connection)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            listening.close()
            thread.join(timeout=5)
    assert not thread.is_alive()


def real_client(base_url: str, read_timeout: float = 5) -> HttpClient:
    return HttpClient(
        base_url=base_url,
        credential=None,
        reads=(),
        read_only=False,
        read_timeout=read_timeout,
        pace=Pace(),
    )


def no_answer_from(serve: Callable[[socket.socket], None], timeout: float = 5) -> RemoteUnavailable:
    with loopback(serve) as address:
        client = real_client(address, timeout)
        try:
            with pytest.raises(RemoteUnavailable) as caught:
                client.request("POST", "/", body={"a": 1})
        finally:
            client.close()
    return caught.value


def test_answer_comes_over_a_real_connection() -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\n"
        connection.sendall(head + b'{"a": 1}')

    with loopback(serve) as address:
        client = real_client(address)
        assert client.request("GET", "/").value == {"a": 1}
        client.close()


def test_silent_server_is_given_up_with_an_unknown_outcome() -> None:
    error = no_answer_from(lambda connection: _wait_for_end(connection), 0.2)
    assert "within 0.2 seconds" in str(error)
    assert error.outcome_unknown


def test_server_that_falls_silent_within_its_answer_is_given_up() -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{")
        _wait_for_end(connection)

    assert no_answer_from(serve, 0.2).outcome_unknown


def test_connection_that_closes_without_an_answer_leaves_the_outcome_unknown() -> None:
    error = no_answer_from(lambda connection: _read_some(connection))
    assert "broke" in str(error)
    assert error.outcome_unknown


def test_connection_that_closes_within_the_answer_leaves_the_outcome_unknown() -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{")

    assert no_answer_from(serve).outcome_unknown


def test_answer_that_is_no_http_leaves_the_outcome_unknown() -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"SSH-2.0-OpenSSH\r\n\r\n")

    assert no_answer_from(serve).outcome_unknown


def test_tls_to_a_server_without_it_sends_nothing() -> None:
    got: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        got.append(connection.recv(65536))
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with loopback(serve) as address:
        client = real_client(address.replace("http:", "https:"))
        with pytest.raises(RemoteUnavailable) as caught:
            client.request("POST", "/secret-path", body={})
        client.close()
    assert not caught.value.outcome_unknown
    assert b"secret-path" not in got[0]


def test_refused_connection_has_certainly_done_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    client = real_client(f"http://127.0.0.1:{port}")
    with pytest.raises(RemoteUnavailable, match="no connection could be made") as caught:
        client.request("POST", "/", body={})
    assert not caught.value.outcome_unknown
    client.close()


def test_redirect_over_a_real_connection_is_not_followed() -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n")

    with loopback(serve) as address:
        client = real_client(address)
        assert client.request("GET", "/").status == 302
        assert client.sent == {"GET": 1}
        client.close()


def _wait_for_end(connection: socket.socket) -> None:
    while connection.recv(65536):
        continue


def _read_some(connection: socket.socket) -> None:
    connection.recv(65536)


# --- in this process ---


def test_wsgi_application_is_called_with_the_request() -> None:
    seen: dict[str, Any] = {}

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        seen.update(environ)
        seen["body"] = environ["wsgi.input"].read()
        start_response("201 Created", [("Content-Type", "application/json"), ("Retry-After", "3")])
        return [b'{"a"', b": 1}"]

    client = http_client(WsgiAdapter(app))
    answer = client.request("POST", "/x%20y", query={"q": "1"}, body={"b": 2})
    client.close()
    assert (answer.status, answer.value, answer.retry_after) == (201, {"a": 1}, 3)
    assert (seen["REQUEST_METHOD"], seen["PATH_INFO"]) == ("POST", "/x y")
    assert seen["QUERY_STRING"] == "q=1"
    assert seen["HTTP_AUTHORIZATION"] == f"Bearer {TOKEN}"
    assert json.loads(seen["body"]) == {"b": 2}


def test_mistake_in_a_wsgi_application_is_not_taken_for_a_broken_connection() -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        http_client(WsgiAdapter(app)).request("GET", "/")


def test_text_body_is_carried_to_a_wsgi_application() -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [environ["wsgi.input"].read()]

    with requests.Session() as session:
        session.mount("https://", WsgiAdapter(app))
        assert session.post("https://x.test/", data="Straße".encode()).text == "Straße"
        assert session.post("https://x.test/", data={"a": "b"}).text == "a=b"
