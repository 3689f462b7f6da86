"""Listings shared between flows that are applied at the same time.

A listing proves something only if it was begun after the write in question; one that was begun
later serves everybody who waits.
"""

from __future__ import annotations

import threading

from flowsync.errors import FlowsyncError
from flowsync.model import Listing
from flowsync.remotes.interface import Remote


class Listings:
    """Gives listings that are fresh enough; may be asked by several threads."""

    def __init__(self, remote: Remote) -> None:
        self._remote = remote
        self._changed = threading.Condition()
        self._begun = 0
        self._is_fetching = False
        self._latest: tuple[int, Listing | FlowsyncError] | None = None

    def now(self) -> int:
        """Give the moment for `since`: listings begun so far do not count."""
        with self._changed:
            return self._begun

    def since(self, moment: int) -> Listing:
        """Give a listing begun after a moment, fetching one if there is none.

        One that failed is an answer only for those who waited for it. Raises `FlowsyncError`.
        """
        has_waited = False
        with self._changed:
            while True:
                if self._latest is not None and self._latest[0] > moment:
                    found = self._latest[1]
                    if has_waited or isinstance(found, Listing):
                        return _listing_of(found)
                if not self._is_fetching:
                    break
                self._changed.wait()
                has_waited = True
            self._is_fetching = True
            self._begun += 1
            number = self._begun
        fetched: Listing | FlowsyncError | None = None
        try:
            fetched = self._remote.list_flows()
        except FlowsyncError as exc:
            fetched = exc
        finally:
            with self._changed:
                self._is_fetching = False
                if fetched is not None:
                    self._latest = (number, fetched)
                self._changed.notify_all()
        return _listing_of(fetched)


def _listing_of(found: Listing | FlowsyncError) -> Listing:
    if isinstance(found, FlowsyncError):
        raise found
    return found
