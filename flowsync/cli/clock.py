"""The clock of commands: the one place where they learn what time it is, for rules about that."""

from __future__ import annotations

from datetime import datetime, timezone

from flowsync.policy_times import Moment


def now() -> Moment:
    """Give the present moment."""
    return datetime.now(timezone.utc)
