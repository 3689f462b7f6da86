"""An endpoint that answers from fixtures: the first one that fits, as often as it may be used."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from flowsync.diagnostics import nearest
from flowsync.model import JsonValue
from flowsync.preview.endpoint.echo import NothingToEcho, echoed
from flowsync.preview.endpoint.failures import TIME_LIMIT_S, failed, timed_out
from flowsync.preview.endpoint.faults import with_fault
from flowsync.preview.endpoint.fixtures import Fixture, Fixtures
from flowsync.preview.endpoint.matching import differences
from flowsync.preview.engine.exchange import PING, Answer, Endpoint, ExchangeFailed, Request
from flowsync.render.style import count, short

ACTIVE = Answer(screen="", data={"status": "active"})  # the answer to a ping
_LONGEST_REQUEST = 300
_MOST_DIFFERENCES = 4


def fixtures_endpoint(
    fixtures: Fixtures, *, sleep: Callable[[float], object] = time.sleep
) -> Endpoint:
    """Give an endpoint that answers from fixtures; uses of each count anew for each endpoint.

    It may be called from several threads. `sleep` passes the delays. A request that no fixture is
    for raises `ExchangeFailed`, which names the nearest one and what differs.
    """
    return _Player(fixtures, sleep)


class _Player:
    """Answers from fixtures, and counts how often each was used."""

    def __init__(self, fixtures: Fixtures, sleep: Callable[[float], object]) -> None:
        self._fixtures, self._sleep = fixtures, sleep
        self._counting = threading.Lock()
        self._uses = [0] * len(fixtures.exchanges)

    def __call__(self, request: Request) -> Answer:
        fixture = self._take(request)
        if fixture is None:
            return ACTIVE
        if fixture.delay > TIME_LIMIT_S:
            raise timed_out(f"the answer would come after {fixture.delay:g} seconds")
        if fixture.delay:
            self._sleep(fixture.delay)
        if fixture.fault is None:
            return self._written(fixture, request)
        endpoint = with_fault(
            lambda asked: self._written(fixture, asked), fixture.fault, fixture.message
        )
        return endpoint(request)

    def _take(self, request: Request) -> Fixture | None:
        """Give the fixture that answers, None for a ping that none is for."""
        with self._counting:
            for index, fixture in enumerate(self._fixtures.exchanges):
                if not self._is_used_up(index) and not any(differences(fixture.when, request)):
                    self._uses[index] += 1
                    return fixture
            if request.action == PING:
                return None
            raise self._no_match(request)

    def _is_used_up(self, index: int) -> bool:
        times = self._fixtures.exchanges[index].times
        return times is not None and self._uses[index] >= times

    def _no_match(self, request: Request) -> ExchangeFailed:
        asked = f"{request.action} of the screen {request.screen}" if request.screen else ""
        shown = short(dict(request.data), longest=_LONGEST_REQUEST)
        start = f"no fixture in {self._fixtures.path} is for {asked or request.action} with {shown}"
        reasons = [
            (self._reasons(index, request), fixture.line)
            for index, fixture in enumerate(self._fixtures.exchanges)
            if fixture.when.action != PING
        ]
        if not reasons:
            return failed(f"{start}. Add one.")
        # Which screen asks says most of what was meant, so a difference there weighs more.
        differing, line = min(reasons, key=lambda one: (_weight(one[0]), one[1]))
        more = len(differing) - _MOST_DIFFERENCES
        told = "; ".join(differing[:_MOST_DIFFERENCES]) + (f"; and {more} more" if more > 0 else "")
        return failed(f"{start}. The nearest, in line {line}, differs: {told}.")

    def _reasons(self, index: int, request: Request) -> list[str]:
        fixture = self._fixtures.exchanges[index]
        found = list(differences(fixture.when, request))
        if self._is_used_up(index):
            found.append(f"it was used {count(self._uses[index], 'time')}, which is all it may be")
        return found

    def _written(self, fixture: Fixture, request: Request) -> Answer:
        where = f"{self._fixtures.path}:{fixture.line}"
        if fixture.answer is None:
            raise failed(f"{where}: the fixture has no answer to show its message with. Add one.")
        try:
            screen = echoed(fixture.answer.screen, request)
            data = {name: echoed(item, request) for name, item in fixture.answer.data.items()}
        except NothingToEcho as exc:
            raise failed(
                f"{where}: the answer repeats {exc}, {_why_missing(exc, request)}"
            ) from exc
        if not isinstance(screen, str):
            raise failed(f"{where}: the screen of the answer must be text, not {short(screen)}.")
        return Answer(screen=screen, data=data)


def _weight(differing: list[str]) -> int:
    return sum(10 if text.startswith(("screen is", "action is")) else 1 for text in differing)


def _why_missing(exc: NothingToEcho, request: Request) -> str:
    names: list[JsonValue] = [f"${{data.{name}}}" for name in request.data]
    near = nearest(str(exc), [str(name) for name in names])
    hint = f" Did you mean {near}?" if near else ""
    return f"which the request does not hold: {short(dict(request.data))}.{hint}"
