"""What other systems notice of a change, in words."""

from __future__ import annotations

from flowsync.plan.difference_values import ContractChange


def judgement(change: ContractChange) -> str:
    """Say whether a point breaks what relies on it."""
    return "breaking" if change.is_breaking else "compatible"


def contract_line(change: ContractChange) -> str:
    """Give a point in one line, with whether it breaks something."""
    subject = f' "{change.subject}"' if change.subject else ""
    return f"{judgement(change)}, {change.part.value}{subject}: {change.message}"
