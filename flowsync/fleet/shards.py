"""Parts of a fleet for several machines: `3/16` is the third of sixteen.

A shard depends on the names of the accounts alone, not on the order of the file: every account is
in exactly one, and their sizes differ by at most one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from flowsync.errors import UsageFailure
from flowsync.fleet.account import FleetAccount

MOST_SHARDS = 256  # the most jobs that a matrix of GitHub Actions may have
_SHARD = re.compile(r"(\d{1,6})/(\d{1,6})")


class Shard(NamedTuple):
    """A part of a fleet: the `number`-th of `of`, counted from 1."""

    number: int
    of: int


def read_shard(text: str) -> Shard:
    """Read `3/16`. Raises `UsageFailure` for what is no shard."""
    found = _SHARD.fullmatch(text)
    shard = Shard(int(found[1]), int(found[2])) if found else Shard(0, 0)
    if not 1 <= shard.number <= shard.of:
        raise UsageFailure(
            f'"{text}" is no shard. Write it as 3/16: the third of sixteen, counted from 1.'
        )
    return shard


def in_shard(accounts: Sequence[FleetAccount], shard: Shard) -> tuple[FleetAccount, ...]:
    """Give the accounts of a shard, in their own order."""
    by_name = sorted(account.name for account in accounts)
    chosen = set(by_name[shard.number - 1 :: shard.of])
    return tuple(account for account in accounts if account.name in chosen)


def matrix(accounts: int, shards: int) -> list[str]:
    """Give the shards for a number of accounts, none of them empty: `["1/2", "2/2"]`."""
    of = min(accounts, shards)
    return [f"{number}/{of}" for number in range(1, of + 1)]
