"""Pages of the Graph API: cursors that mean nothing to a client, `next` absent on the last page.

Source: https://developers.facebook.com/docs/graph-api/results
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flowsync.model import JsonValue
from flowsync.remotes.emulator.graph.parameters import count_of, text_of
from flowsync.remotes.emulator.refusals import bad_parameter
from flowsync.remotes.emulator.stored import StoredFlow

MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The flows of one page, with what is said about the pages beside it."""

    flows: tuple[StoredFlow, ...]
    paging: JsonValue


def page_of(
    flows: Sequence[StoredFlow],
    asked: Mapping[str, JsonValue],
    url: str,
    *,
    size: int,
    most: int = MOST,
) -> Page:
    """Give the page that a request asks for, of flows in order of their ids.

    `url` is the address without its query, `size` how many flows a page holds by default,
    `most` how many at most, whatever is asked for. Raises `PlatformError` for a cursor that was
    never given.
    """
    limit = min(count_of(asked, "limit", size), most)
    after, before = text_of(asked, "after"), text_of(asked, "before")
    if after is not None:
        rest = [flow for flow in flows if int(flow.id) > _id_in(after)]
        taken, has_previous = rest[:limit], True
    elif before is not None:
        rest = [flow for flow in flows if int(flow.id) < _id_in(before)]
        taken, has_previous = rest[-limit:], len(rest) > limit
    else:
        taken, has_previous = list(flows[:limit]), False
    if not taken:
        return Page(flows=(), paging=None)
    first, last = _cursor(taken[0]), _cursor(taken[-1])
    paging: dict[str, JsonValue] = {"cursors": {"before": first, "after": last}}
    kept = {key: str(value) for key, value in asked.items() if key in {"fields", "limit"}}
    if any(int(flow.id) > int(taken[-1].id) for flow in flows):
        paging["next"] = f"{url}?{urlencode({**kept, 'limit': limit, 'after': last})}"
    if has_previous:
        paging["previous"] = f"{url}?{urlencode({**kept, 'limit': limit, 'before': first})}"
    return Page(flows=tuple(taken), paging=paging)


def _cursor(flow: StoredFlow) -> str:
    return base64.urlsafe_b64encode(f"c{flow.id}".encode()).decode().rstrip("=")


def _id_in(cursor: str) -> int:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        return int(text[1:] if text.startswith("c") else "")
    except (ValueError, binascii.Error) as exc:
        raise bad_parameter("(#100) Invalid cursor.") from exc
