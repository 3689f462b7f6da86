"""HTTP as flowsync speaks it: bounded, without redirects, and read-only where it must be.

Every request has a time-out and asks for JSON. An answer is a value (`Answer`), whatever its
status. What is not an answer at all (no connection, a time-out, a body too large) raises
`RemoteUnavailable`, which says whether the request may have taken effect. The credential travels
in a header only, and no message holds it.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import requests
import urllib3
from requests.adapters import BaseAdapter, HTTPAdapter

from flowsync import __version__
from flowsync.errors import AnswerTooLate, Mishap, RemoteUnavailable, WriteRefused
from flowsync.json_numbers import load_json
from flowsync.json_scan import may_be_deeper
from flowsync.model import JsonValue
from flowsync.remotes.pace import Pace

Adapter = BaseAdapter  # what carries requests: the network, or a WSGI application

CONNECT_TIMEOUT_S = 10.0
MAX_ANSWER_BYTES = 64 * 1024 * 1024
MAX_ANSWER_DEPTH = 150  # Flow JSON is refused by the platform long before


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back: `value` is the parsed body where `is_json`, otherwise None.

    Names of `headers` are in any letter case.
    """

    status: int
    is_json: bool
    value: JsonValue = field(hash=False)
    retry_after: float | None
    media_type: str
    headers: Mapping[str, str] = field(default_factory=dict, hash=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What came back, as it is; names of `headers` are in any letter case."""

    status: int
    headers: Mapping[str, str] = field(hash=False)
    content: bytes | bytearray = field(hash=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRule:
    """A request that only reads: its method and a regular expression for its whole path."""

    method: str
    path: re.Pattern[str]

    def allows(self, method: str, path: str) -> bool:
        """Tell whether the request is this read."""
        return method == self.method and self.path.fullmatch(path) is not None


class _ReadOnlyAdapter(BaseAdapter):
    """Lets only reads through to the adapter behind it, whoever asks."""

    def __init__(self, inner: BaseAdapter, reads: tuple[ReadRule, ...]) -> None:
        super().__init__()
        self._inner, self._reads = inner, reads

    def send(self, request: requests.PreparedRequest, *a: Any, **kw: Any) -> requests.Response:
        """Send a read; raise `WriteRefused` for anything else, before it leaves."""
        path = (request.path_url or "").partition("?")[0]
        if not any(rule.allows(request.method or "", path) for rule in self._reads):
            raise WriteRefused(
                f"this command only reads, so {request.method} {path} was not sent. "
                "This is a mistake in flowsync; please report it."
            )
        return self._inner.send(request, *a, **kw)

    def close(self) -> None:
        """Close the adapter behind."""
        self._inner.close()


class HttpClient:
    """Sends requests to one base URL with one credential; may be used from several threads.

    `sent` counts the requests by method.
    """

    def __init__(
        self,
        *,
        base_url: str,
        credential: str | None,
        reads: tuple[ReadRule, ...],
        read_only: bool,
        read_timeout: float,
        pace: Pace,
        connections: int = 16,
        hosts: int = 1,
        whole_timeout: float | None = None,
        most_bytes: int | None = None,
        adapter: BaseAdapter | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare a client.

        `base_url` is scheme, host and maybe a prefix path; `credential` the whole value of the
        Authorization header; with `read_only` only requests that match `reads` are let out.
        `read_timeout` is in seconds between two pieces of an answer. From the first on, a whole
        answer may take twice that, or with a `whole_timeout` as long as that from the request on.
        `connections` are kept open to each of `hosts` hosts; with an empty `base_url` paths are
        whole addresses. `most_bytes` bounds an answer, at `MAX_ANSWER_BYTES` without it. `adapter`
        replaces the network, `clock` the time.
        """
        self._base_url = base_url.rstrip("/")
        self._timeout = (min(CONNECT_TIMEOUT_S, read_timeout), read_timeout)
        self._whole_timeout = whole_timeout
        self._most_bytes = most_bytes
        self._pace = pace
        self._clock = clock
        self._counting = threading.Lock()
        self.sent: Counter[str] = Counter()
        self._session = requests.Session()
        self._session.trust_env = False  # no ~/.netrc credential, no surprise from the environment
        self._session.headers.update(
            {"Accept": "application/json", "User-Agent": f"flowsync/{__version__}"}
        )
        if credential is not None:
            self._session.headers["Authorization"] = credential
        self._secrets = _secret_forms(credential)
        inner = adapter or HTTPAdapter(
            pool_connections=hosts, pool_maxsize=connections, max_retries=0
        )
        guarded = _ReadOnlyAdapter(inner, reads) if read_only else inner
        self._session.mount("http://", guarded)
        self._session.mount("https://", guarded)

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: JsonValue = None,
        form: Mapping[str, str] | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
    ) -> Answer:
        """Send one request and give its answer.

        `body` is sent as JSON, `form` and `files` (name → file name, bytes, media type) as
        multipart. Raises `RemoteUnavailable` when no whole answer came.
        """
        prepared: dict[str, Any] = {"params": query}
        if body is not None:
            prepared["json"] = body
        if files is not None:
            prepared.update(data=form, files=files)
        return _as_answer(self._exchange(method, path, prepared))

    def fetch(self, path: str) -> Answer:
        """Fetch a file, which is read as JSON whatever media type it is said to be.

        Raises `RemoteUnavailable` when no whole answer came.
        """
        return _as_answer(self._exchange("GET", path, {}), is_json=True)

    def post(self, path: str, content: bytes, headers: Mapping[str, str]) -> Received:
        """Post these very bytes, and give what comes back as it is.

        Raises `RemoteUnavailable` when no whole answer came.
        """
        return self._exchange("POST", path, {"data": content, "headers": dict(headers)})

    def _exchange(self, method: str, path: str, prepared: Mapping[str, Any]) -> Received:
        self._pace.wait_for_turn()
        with self._counting:
            self.sent[method] += 1
        started = self._clock()
        try:
            with self._session.send(
                self._prepared(method, self._base_url + path, prepared),
                timeout=self._timeout,
                allow_redirects=False,
                stream=True,
                proxies={},
            ) as response:
                return self._read(response, started)
        except requests.ConnectTimeout as exc:
            raise _no_answer("no connection could be made", sent=False) from exc
        except requests.exceptions.SSLError as exc:
            broke_off = "EOF" in repr(exc)  # may come after the request was sent
            raise _no_answer("the secure connection failed", sent=broke_off) from exc
        except requests.ReadTimeout as exc:
            seconds = f"{self._timeout[1]:g}"
            raise _too_late(f"no answer came within {seconds} seconds") from exc
        except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError) as exc:
            never_sent = "NewConnectionError" in repr(exc) or "NameResolution" in repr(exc)
            what = "no connection could be made" if never_sent else "the connection broke"
            raise _no_answer(what, sent=not never_sent) from exc
        except UnicodeError as exc:  # a host name that cannot be written
            raise _no_answer("no connection could be made", sent=False) from exc
        except (requests.RequestException, urllib3.exceptions.HTTPError) as exc:
            raise _no_answer("the exchange failed", sent=True) from exc

    def _prepared(
        self, method: str, url: str, parts: Mapping[str, Any]
    ) -> requests.PreparedRequest:
        """Give a request with the headers and cookies of the session.

        The session's own way also merges what is never set here, which takes as long again.
        """
        headers = {**self._session.headers, **parts.get("headers", {})}
        prepared = requests.PreparedRequest()
        prepared.prepare_method(method)
        prepared.prepare_url(url, parts.get("params"))
        prepared.prepare_headers(headers)
        prepared.prepare_cookies(self._session.cookies)
        prepared.prepare_body(parts.get("data"), parts.get("files"), parts.get("json"))
        return prepared

    def _read(self, response: requests.Response, started: float) -> Received:
        deadline = self._clock() + 2 * self._timeout[1]
        if self._whole_timeout is not None:
            deadline = started + self._whole_timeout
        most = MAX_ANSWER_BYTES if self._most_bytes is None else self._most_bytes
        content = bytearray()
        for chunk in _pieces(response):
            content += chunk
            if len(content) > most:
                raise RemoteUnavailable(
                    f"the answer is larger than {most:,} bytes",
                    outcome_unknown=True,
                    mishap=Mishap.UNREADABLE,
                )
            if self._clock() > deadline:
                raise _too_late("the answer did not end in time")
        return Received(status=response.status_code, headers=response.headers, content=content)

    def seconds_to_wait(self) -> float:
        """Give how long a request would have to wait for its turn."""
        return self._pace.seconds_to_wait()

    def redact(self, text: str) -> str:
        """Take the token out of a text, which a gateway may repeat in an error."""
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text

    def close(self) -> None:
        """Close all connections."""
        self._session.close()


def read_rules(routes: Iterable[tuple[str, str]]) -> tuple[ReadRule, ...]:
    """Give the rules for a remote's reads from pairs of method and path pattern."""
    return tuple(ReadRule(method=method, path=re.compile(path)) for method, path in routes)


def _as_answer(received: Received, *, is_json: bool = False) -> Answer:
    """Give what came back with its body parsed, where it is JSON, or said to be by the caller."""
    headers = received.headers
    media_type = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    value: JsonValue = None
    is_json = is_json or media_type == "application/json" or media_type.endswith("+json")
    if is_json:
        try:
            value = load_json(received.content)
        except (ValueError, RecursionError):
            is_json = False
        if _may_be_deep(received.content) and _is_deeper_than(MAX_ANSWER_DEPTH, value):
            value, is_json = None, False
    return Answer(
        status=received.status,
        is_json=is_json,
        value=value,
        retry_after=_seconds(headers.get("Retry-After"), now=headers.get("Date")),
        media_type=media_type,
        headers=headers,
    )


def _pieces(response: requests.Response) -> Iterator[bytes]:
    """Give the body as it arrives, so that a slow one is noticed in time."""
    raw = response.raw
    if not isinstance(raw, urllib3.HTTPResponse) or not hasattr(raw, "read1"):
        yield from response.iter_content(65536)
        return
    while piece := raw.read1(65536, decode_content=True):
        yield piece


def _may_be_deep(content: bytes | bytearray) -> bool:
    """Tell whether an answer may be nested too deep; of UTF-16 and UTF-32 that is not known."""
    return b"\0" in content or may_be_deeper(content, MAX_ANSWER_DEPTH - 1)


def _is_deeper_than(depth: int, value: JsonValue) -> bool:
    level = [value]
    for _ in range(depth):
        level = [item for outer in level for item in _items(outer)]
        if not level:
            return False
    return True


def _items(value: JsonValue) -> Iterable[JsonValue]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _secret_forms(credential: str | None) -> tuple[str, ...]:
    """Give the token of a credential as it may stand in a text, plain and inside JSON."""
    token = (credential or "").partition(" ")[2]
    return tuple({token, json.dumps(token)[1:-1]}) if token else ()


def _no_answer(what: str, *, sent: bool) -> RemoteUnavailable:
    mishap = Mishap.NO_ANSWER if sent else Mishap.NEVER_SENT
    return RemoteUnavailable(what, outcome_unknown=sent, mishap=mishap)


def _too_late(what: str) -> AnswerTooLate:
    return AnswerTooLate(what, outcome_unknown=True, mishap=Mishap.NO_ANSWER)


def _seconds(header: str | None, *, now: str | None) -> float | None:
    """Give the seconds that a Retry-After header names, as a number or as a date.

    A date counts from `now`, the answer's own Date header: the remote's clock may be wrong. See
    https://www.rfc-editor.org/rfc/rfc9110#name-retry-after.
    """
    if header is None:
        return None
    if re.fullmatch(r"\d{1,10}", header.strip()):
        return float(header)
    then = _timestamp(header)
    if then is None:
        return None
    sent = None if now is None else _timestamp(now)
    return max(0.0, then - (time.time() if sent is None else sent))


def _timestamp(date: str) -> float | None:
    """Give the time of an HTTP date in seconds, None where it is none."""
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(date).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None
