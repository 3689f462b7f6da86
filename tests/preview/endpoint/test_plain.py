from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from flowsync.errors import UsageFailure
from flowsync.model import JsonValue
from flowsync.preview.endpoint import connection
from flowsync.preview.endpoint.answers import check_health
from flowsync.preview.endpoint.plain import plain_endpoint
from flowsync.preview.engine.exchange import Answer, ExchangeFailed, Request
from tests.preview.endpoint.serving import Canned, serving

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

ASKED = Request(
    action="data_exchange", screen="DATE", data={"day": "mön", "n": 1}, flow_token="token-1"
)
ANSWER: JsonValue = {"screen": "SUMMARY", "data": {"text": "Monday"}, "version": "3.0"}


def failure_of(
    canned: Canned, request: Request = ASKED, *, time_limit: float = 5
) -> ExchangeFailed:
    with serving(canned) as url, pytest.raises(ExchangeFailed) as raised:
        plain_endpoint(url, time_limit=time_limit)(request)
    return raised.value


def test_the_request_is_posted_as_plain_json_and_the_answer_read() -> None:
    canned = Canned(body=json.dumps(ANSWER).encode())
    with serving(canned) as url:
        answer = plain_endpoint(f"{url}/booking?flow=a")(ASKED)
    assert answer == Answer(screen="SUMMARY", data={"text": "Monday"})
    (asked,) = canned.asked
    assert asked.path == "/booking?flow=a"
    assert asked.headers["content-type"] == "application/json"
    assert "authorization" not in asked.headers
    assert json.loads(asked.body) == {
        "version": "3.0",
        "action": "data_exchange",
        "screen": "DATE",
        "data": {"day": "mön", "n": 1},
        "flow_token": "token-1",
    }


def test_opening_a_flow_names_no_screen_and_a_ping_names_nothing() -> None:
    canned = Canned(body=json.dumps({**dict(ANSWER), "data": {"status": "active"}}).encode())  # type: ignore[arg-type]
    with serving(canned) as url:
        endpoint = plain_endpoint(url)
        endpoint(Request(action="INIT", flow_token="t"))
        check_health(endpoint)
    assert [json.loads(asked.body) for asked in canned.asked] == [
        {"version": "3.0", "action": "INIT", "data": {}, "flow_token": "t"},
        {"version": "3.0", "action": "ping"},
    ]


def test_the_kind_of_content_is_not_insisted_on() -> None:
    canned = Canned(body=json.dumps(ANSWER).encode(), headers=[("Content-Type", "text/plain")])
    with serving(canned) as url:
        assert plain_endpoint(url)(ASKED).screen == "SUMMARY"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<html>Not here</html>", 'is not JSON: "<html>Not here</html>".'),
        (b"", 'is not JSON: "".'),
        (b"\xff\x1b[31m", "is not JSON"),
        (b"[1]", "must be a JSON object, not [1]"),
        (b"null", "must be a JSON object, not null"),
        (b'{"data": {"error_message": "Taken"}}', "names no screen"),
        (b'{"screen": 3}', "names no screen"),
        (b'{"screen": "A", "data": [1]}', "`data` in the endpoint's answer must be an object"),
        (b'{"screen": "A", "data": {"n": 1e999}}', "is not JSON"),
        (b'{"screen": "A", "data": {"n": NaN}}', "is not JSON"),
        (b'{"x":' * 150 + b"1" + b"}" * 150, "nested deeper than 100 levels"),
        (b"[" * 100_000, "is not JSON"),
    ],
)
def test_an_answer_that_is_none_is_said_in_a_sentence(body: bytes, said: str) -> None:
    failure = failure_of(Canned(body=body))
    assert said in failure.message
    assert "\x1b" not in failure.message
    assert len(failure.message) < 500
    assert not failure.is_timeout


@pytest.mark.parametrize("body", [b'{"data": {"status": "on"}}', b"{}", b'{"status": "active"}'])
def test_a_ping_wants_the_word_active(body: bytes) -> None:
    failure = failure_of(Canned(body=body), Request(action="ping"))
    assert 'must be {"data": {"status": "active"}}' in failure.message


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (421, "could not decrypt"),
        (427, "no longer takes the flow token (HTTP 427): Used already."),
        (432, "signature does not match"),
        (500, "HTTP 500 instead of 200"),
        (404, "HTTP 404 instead of 200"),
        (201, "HTTP 201 instead of 200"),
    ],
)
def test_every_status_but_200_is_a_failure_with_its_meaning(status: int, said: str) -> None:
    canned = Canned(f"{status} Status", b'{"error_msg": "Used already.", "screen": "A"}')
    failure = failure_of(canned)
    assert failure.status == status
    assert said in failure.message
    assert (failure.shown == "Used already.") == (status == 427)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    elsewhere = Canned(body=json.dumps(ANSWER).encode())
    with serving(elsewhere) as there:
        canned = Canned(f"{status} Moved", headers=[("Location", f"{there}/booking")])
        failure = failure_of(canned)
    assert failure.status == status
    assert "redirects" in failure.message
    assert elsewhere.asked == []


def test_proxies_and_netrc_of_the_environment_are_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = Canned(body=json.dumps(ANSWER).encode())
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password other-secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    canned = Canned(body=json.dumps(ANSWER).encode())
    with serving(elsewhere) as there, serving(canned) as url:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, there)
        plain_endpoint(url)(ASKED)
    assert elsewhere.asked == []
    assert "authorization" not in canned.asked[0].headers


def test_an_answer_that_does_not_come_in_time_is_a_timeout() -> None:
    done = threading.Event()
    canned = Canned(body=json.dumps(ANSWER).encode(), before=lambda: done.wait(5))
    with serving(canned) as url:
        with pytest.raises(ExchangeFailed) as raised:
            plain_endpoint(url, time_limit=0.2)(ASKED)
        done.set()
    assert raised.value.is_timeout
    assert raised.value.status is None


def test_an_answer_that_comes_in_pieces_for_too_long_is_a_timeout() -> None:
    def trickling(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "application/json")])
        pause = threading.Event()
        for _ in range(12):
            yield b" " * 20
            pause.wait(0.05)

    with serving(trickling) as url, pytest.raises(ExchangeFailed) as raised:
        plain_endpoint(url, time_limit=0.4)(ASKED)
    assert raised.value.is_timeout


def test_an_answer_that_is_too_large_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "MAX_ANSWER_BYTES", 1000)
    body = json.dumps({"screen": "A", "data": {"x": "y" * 1000}}).encode()
    failure = failure_of(Canned(body=body))
    assert "the answer is larger than 1,000 bytes" in failure.message
    assert not failure.is_timeout


def test_an_endpoint_that_is_not_running_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(ExchangeFailed, match=rf"127.0.0.1:{port}.*Is it running\?") as raised:
        plain_endpoint(f"http://127.0.0.1:{port}/x")(ASKED)
    assert not raised.value.is_timeout


def test_an_endpoint_that_was_restarted_is_asked_without_a_broken_connection() -> None:
    canned = Canned(body=json.dumps(ANSWER).encode())
    with serving(canned) as url:
        endpoint = plain_endpoint(url)
        for _ in range(2):
            assert endpoint(ASKED).screen == "SUMMARY"
    assert {asked.headers["connection"] for asked in canned.asked} == {"close"}


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/x",
        "https://example.com",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "http://0x7f.1",
        "http://127.1",
        "http://0.0.0.0",
    ],
)
def test_another_machine_is_asked_only_where_that_is_allowed(url: str) -> None:
    with pytest.raises(UsageFailure, match="on another machine"):
        plain_endpoint(url)


def test_another_machine_is_asked_by_https_only() -> None:
    with pytest.raises(UsageFailure, match="Use https"):
        plain_endpoint("http://example.com/x", allow_remote=True)
    plain_endpoint("https://example.com/x", allow_remote=True)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "127.0.0.1:3000",
        "ftp://127.0.0.1/x",
        "http://me:password-1@127.0.0.1/x",
        "http://127.0.0.1/x#y",
        "http://127.0.0.1/../x",
        "http://127.0.0.1\\@evil.example/",
        "http://127.0.0.1/x?a=b#c",
        "http://127.0.0.1/x?a=\r\nX-Other: 1",
        "file:///etc/passwd",
    ],
)
@pytest.mark.parametrize("allow_remote", [False, True])
def test_an_address_that_programs_read_differently_is_refused(url: str, allow_remote: bool) -> None:
    with pytest.raises(UsageFailure, match="cannot be used") as raised:
        plain_endpoint(url, allow_remote=allow_remote)
    assert "password-1" not in str(raised.value)
