"""What a target lets apply do: protection, consent, gates, prune, rules; how hard it is called."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from flowsync.model import ONE_WAY_STEPS, StepKind

if TYPE_CHECKING:
    from flowsync.policy_rules import PolicyRule

DEFAULT_CHANGED_PERCENT = 30.0
PERCENT_COUNTS_FROM = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Gates:
    """The most that one plan may do; None means no limit.

    `max_changed_percent` is the share of managed, existing flows that are deprecated, deleted or
    replaced; it counts from `PERCENT_COUNTS_FROM` such flows up.
    """

    max_publish: int | None = None
    max_deprecate: int | None = None
    max_delete: int | None = None
    max_changed_percent: float | None = DEFAULT_CHANGED_PERCENT


@dataclass(frozen=True, slots=True, kw_only=True)
class PruneRule:
    """Which unmanaged flows may be removed: `match` is a glob over their names."""

    match: str
    deletes_drafts: bool = False
    deprecates_published: bool = False

    def concerns(self, name: str) -> bool:
        """Tell whether a flow with this name falls under the rule."""
        return fnmatchcase(name, self.match)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How hard the remote may be called; `timeout` is in seconds for one answer.

    `parallelism` counts requests that are on their way at a time.
    """

    parallelism: int = 8
    requests_per_hour: int | None = None
    timeout: float = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The rules of a target that a plan is made under.

    `protect` holds keys or globs; `allow` the one-way steps that need no further consent. `rules`
    are those of flowsync.yaml, of which some may be for other targets.
    """

    protect: tuple[str, ...] = ()
    allow: frozenset[StepKind] = field(default=ONE_WAY_STEPS)
    gates: Gates = field(default_factory=Gates)
    prune: PruneRule | None = None
    rules: tuple[PolicyRule, ...] = ()

    def protects(self, key: str) -> bool:
        """Tell whether the flow with this key must not be deprecated, replaced or deleted."""
        return any(fnmatchcase(key, pattern) for pattern in self.protect)
