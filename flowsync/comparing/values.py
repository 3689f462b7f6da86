"""What the comparison of two accounts gives."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from flowsync.model import FlowId
from flowsync.plan.values import FieldChange


class Verdict(Enum):
    """How a name stands on both sides; the value is for people."""

    SAME = "same"
    DIFFERENT = "different"
    ONLY_FIRST = "only in the first"
    ONLY_SECOND = "only in the second"
    UNKNOWN = "not compared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A flow by its name; ids are None on the side that has none.

    `fields` have the first account's value as old, the second's as new. `note` says why it could
    not be compared.
    """

    name: str
    verdict: Verdict
    first: FlowId | None = None
    second: FlowId | None = None
    fields: tuple[FieldChange, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side: a target, its account, and the doubts that its listing is whole."""

    target: str
    account: str
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two accounts compared, flows in order of name."""

    first: Side
    second: Side
    flows: tuple[Compared, ...]

    @property
    def are_equal(self) -> bool:
        """Tell whether every flow is there on both sides, and the same."""
        return all(flow.verdict is Verdict.SAME for flow in self.flows)

    @property
    def is_certain(self) -> bool:
        """Tell whether both accounts were read whole."""
        return not (
            self.first.doubts
            or self.second.doubts
            or any(flow.verdict is Verdict.UNKNOWN for flow in self.flows)
        )

    def count(self, verdict: Verdict) -> int:
        """Give how many flows stand like this."""
        return sum(flow.verdict is verdict for flow in self.flows)
