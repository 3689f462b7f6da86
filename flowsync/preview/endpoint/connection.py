"""The way to an endpoint over HTTP: to this machine unless asked otherwise, in a phone's time.

No redirect is followed; no proxy, netrc or credential of the environment is used.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from flowsync.base_url import is_on_this_machine, problem_of_base_url
from flowsync.errors import AnswerTooLate, Mishap, RemoteUnavailable, UsageFailure
from flowsync.preview.endpoint.failures import TIME_LIMIT_S, failed, timed_out
from flowsync.remotes.http import Adapter, HttpClient
from flowsync.remotes.pace import Pace

MAX_ANSWER_BYTES = 2 * 1024 * 1024  # room for some images, which phones want far smaller
_QUERY = re.compile(r"[!$&-;=?-Z_a-z~%]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back over HTTP, as it is."""

    status: int
    content: bytes = field(repr=False)


class Connection:
    """Posts to one address; may be used from several threads."""

    def __init__(
        self,
        url: str,
        *,
        allow_remote: bool = False,
        time_limit: float = TIME_LIMIT_S,
        adapter: Adapter | None = None,
    ) -> None:
        """Prepare the way, without going it.

        `allow_remote` takes another machine too, by https only. `time_limit` is in seconds;
        `adapter` replaces the network. Raises `UsageFailure` for an address that is not taken.
        """
        base, mark, query = url.partition("?")
        _check(base, query, allow_remote=allow_remote)
        self._path = mark + query
        self._base = base
        self._client = HttpClient(
            base_url=base.rstrip("/") if query == "" else base,
            credential=None,
            reads=(),
            read_only=False,
            read_timeout=time_limit,
            whole_timeout=time_limit,
            most_bytes=MAX_ANSWER_BYTES,
            pace=Pace(),
            adapter=adapter,
        )

    def post(self, content: bytes, headers: Mapping[str, str]) -> Reply:
        """Post bytes and give what comes back, whatever its status. Raises `ExchangeFailed`."""
        # A kept connection would break each time its author restarts the endpoint.
        sent = {"Content-Type": "application/json", "Connection": "close", **headers}
        try:
            received = self._client.post(self._path, content, sent)
        except AnswerTooLate as exc:
            raise timed_out(self._base) from exc
        except RemoteUnavailable as exc:
            hint = " Is it running?" if exc.mishap is Mishap.NEVER_SENT else ""
            raise failed(f"the endpoint {self._base} cannot be asked: {exc}.{hint}") from exc
        return Reply(status=received.status, content=bytes(received.content))


def _check(base: str, query: str, *, allow_remote: bool) -> None:
    """Refuse an address that is not taken. Raises `UsageFailure`."""
    if problem_of_base_url(base, is_insecure=True) or not _QUERY.fullmatch(query):
        raise UsageFailure(
            "the endpoint's address cannot be used. Write it as http://127.0.0.1:3000/path, of "
            "letters, digits and ._~-, without a name or a password."
        )
    if is_on_this_machine(base):
        return
    if not allow_remote:
        raise UsageFailure(
            f"the endpoint {base} is on another machine, which would get what is entered. Use one "
            "on 127.0.0.1, or allow it explicitly."
        )
    if not base.startswith("https://"):
        raise UsageFailure(
            f"the endpoint {base} is on another machine and not asked by https, so that others "
            "could read what is entered. Use https."
        )
