"""What other systems notice of a change, in words."""

from __future__ import annotations

from flowsync.plan.values import ContractChange, ContractPart

PART_WORDS = {
    ContractPart.ANSWERS: "answers",
    ContractPart.ENDPOINT: "endpoint",
    ContractPart.DATA: "data",
    ContractPart.SCREENS: "screens",
}


def contract_line(change: ContractChange) -> str:
    """Give a point in one line, with whether it breaks something."""
    subject = f' "{change.subject}"' if change.subject else ""
    judgement = "breaking" if change.is_breaking else "compatible"
    return f"{judgement}, {PART_WORDS[change.part]}{subject}: {change.message}"
