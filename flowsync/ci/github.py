"""GitHub's REST API as far as flowsync needs it: whole lists, and writes that are not doubled.

Source: https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TypeVar, cast

from flowsync.base_url import problem_of_base_url
from flowsync.errors import (
    RemoteDenied,
    RemoteError,
    RemoteRejected,
    RemoteThrottled,
    RemoteUnavailable,
    UsageFailure,
)
from flowsync.model import JsonValue, mapping_in, text_in
from flowsync.remotes.http import Adapter, Answer, HttpClient
from flowsync.remotes.pace import Pace

T = TypeVar("T")

READ_TIMEOUT_S = 30.0
PAGE_SIZE = 100
MAX_PAGES = 100
ATTEMPTS = 4
SHORTEST_PAUSE_S = 2.0
LIMIT_PAUSE_S = 60.0  # «wait for at least one minute before retrying»
LONGEST_PAUSE_S = 180.0


class GitHub:
    """Sends requests with one token; `work` repeats what a passing trouble broke off.

    `sleep` and `adapter` replace the clock and the network.
    """

    def __init__(
        self,
        *,
        api_url: str,
        token: str,
        sleep: Callable[[float], None] = time.sleep,
        adapter: Adapter | None = None,
    ) -> None:
        problem = problem_of_base_url(api_url, is_insecure=False)
        if problem is not None:
            raise UsageFailure(f"GITHUB_API_URL: {' '.join(problem)}".replace("base_url", "it"))
        self._sleep = sleep
        self._http = HttpClient(
            base_url=api_url,
            credential=f"Bearer {token}",
            reads=(),
            read_only=False,
            read_timeout=READ_TIMEOUT_S,
            pace=Pace(),
            adapter=adapter,
        )

    def work(self, attempt: Callable[[], T]) -> T:
        """Do something that looks before it writes, again where GitHub could not be asked.

        Looking again first keeps a write, whose answer was lost, from being made twice.
        """
        for number in range(1, ATTEMPTS):
            done, value = self._tried(attempt, number)
            if done:
                return cast("T", value)
        return attempt()

    def _tried(self, attempt: Callable[[], T], number: int) -> tuple[bool, T | None]:
        """Give what an attempt gave; after a trouble that may pass, wait and say that none did."""
        try:
            return True, attempt()
        except (RemoteUnavailable, RemoteThrottled) as exc:
            pause = exc.retry_after
            if pause is None:
                is_limit = isinstance(exc, RemoteThrottled)
                pause = LIMIT_PAUSE_S if is_limit else SHORTEST_PAUSE_S * 2 ** (number - 1)
            if pause > LONGEST_PAUSE_S:
                raise
            self._sleep(pause)
            return False, None

    def all(self, path: str, query: Mapping[str, str] | None = None) -> list[dict[str, JsonValue]]:
        """Give every entry of a list, page by page; a list that does not end is refused."""
        found: list[dict[str, JsonValue]] = []
        for page in range(1, MAX_PAGES + 1):
            paged = {**(query or {}), "per_page": str(PAGE_SIZE), "page": str(page)}
            entries = self._value("GET", path, query=paged)
            if not isinstance(entries, list):
                raise RemoteUnavailable(
                    f"GitHub answered GET {path} with something else than a list. "
                    "Run the job again."
                )
            found += [mapping_in(entry) for entry in entries]
            if len(entries) < PAGE_SIZE:
                return found
        raise RemoteRejected(
            f"GitHub lists more than {MAX_PAGES * PAGE_SIZE:,} entries at {path}. "
            "Nothing is concluded from a part of them."
        )

    def write(self, method: str, path: str, body: JsonValue) -> dict[str, JsonValue]:
        """Send a POST or PATCH once and give what was made of it."""
        return mapping_in(self._value(method, path, body=body))

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def _value(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: JsonValue = None,
    ) -> JsonValue:
        try:
            answer = self._http.request(method, path, query=query, body=body)
        except RemoteUnavailable as exc:
            raise RemoteUnavailable(
                f"GitHub gave no answer to {method} {path}: {exc}. Run the job again."
            ) from exc
        if 200 <= answer.status < 300 and answer.is_json:
            return answer.value
        raise self._error(method, path, answer)

    def _error(self, method: str, path: str, answer: Answer) -> RemoteError:
        said = text_in(mapping_in(answer.value).get("message")) or "no reason given"
        said = self._http.redact(said)
        message = f"GitHub answered {method} {path} with HTTP {answer.status}: {said}"
        limited = answer.retry_after is not None or "rate limit" in said.lower()
        if answer.status == 429 or (answer.status == 403 and limited):
            return RemoteThrottled(message, status=answer.status, retry_after=answer.retry_after)
        if answer.status in {401, 403}:
            return RemoteDenied(message, status=answer.status)
        if 200 <= answer.status < 300 or answer.status >= 500:
            return RemoteUnavailable(
                message, status=answer.status, retry_after=answer.retry_after, outcome_unknown=True
            )
        return RemoteRejected(message, status=answer.status)
