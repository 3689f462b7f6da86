"""How the emulated Graph API is set up."""

from __future__ import annotations

from dataclasses import dataclass

from flowsync.remotes.emulator.graph.paging import MOST

GRAPH_ACCOUNT = "100000000000001"
PAGE_SIZE = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphOptions:
    """How the emulated Graph API behaves.

    `token` is what a credential must hold, None lets any request in. `latency` is in seconds.
    `calls_per_hour` is the limit of each account, None means none; `page_size` what a page of a
    list holds by default, `most_per_page` at most, `link_life` how long a link to Flow JSON works,
    in seconds.
    """

    accounts: tuple[str, ...] = (GRAPH_ACCOUNT,)
    token: str | None = None
    latency: float = 0.0
    calls_per_hour: int | None = None
    page_size: int = PAGE_SIZE
    most_per_page: int = MOST
    link_life: float = 300.0
