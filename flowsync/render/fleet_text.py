"""What became of a fleet, for people: a line for each account as it ends, and a summary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from flowsync.fleet.values import MOST_KEPT, AccountResult, Ending, FleetSummary
from flowsync.render.style import Style, clean, count

_IN_PLACE_OF_COUNTS = {
    Ending.UNREADABLE: "the remote cannot be read",
    Ending.REFUSED: "refused",
    Ending.FAILED: "failed",
    Ending.STOPPED: "stopped",
    Ending.NOT_STARTED: "not started",
}
_NO_FLOWS = "no flow was chosen"
_STILL = {"none", "unchanged"}


def render_result(result: AccountResult, style: Style) -> str:
    """Give what became of an account: a line, and one for each flow that failed."""
    name, ending = clean(result.name), result.ending
    said = counts_in_words(result.counts) or _IN_PLACE_OF_COUNTS.get(ending, _NO_FLOWS)
    if ending.is_fine:
        note = f" ({clean(result.message)})" if result.message else ""
        return f"{style.good('✓')} {name}: {said}{note}\n"
    if ending is Ending.NOT_STARTED:
        return f"{style.quiet('-')} {name}: {clean(result.message or said)}\n"
    lines = _in_lines(result.message or f"{ending.value}: {said}")
    text = f"{style.bad('✗')} {name}: {lines[0]}\n"
    text += "".join(f"    {line}\n" for line in lines[1:])
    return text + "".join(
        f"    {clean(one.flow)}: {' '.join(_in_lines(one.message))}\n" for one in result.failures
    )


def _in_lines(message: str) -> list[str]:
    return [clean(line) for line in message.split("\n")]


def counts_in_words(counts: Mapping[str, int]) -> str:
    """Say how many flows each action is planned for, or ended in each way."""
    actions = {"create", "update", "publish", "deprecate", "delete", "replace"}
    said = [
        f"{number} to {name}" if name in actions else f"{number} {name}"
        for name, number in counts.items()
        if number and name not in _STILL
    ]
    still = sum(number for name, number in counts.items() if name in _STILL)
    return ", ".join([*said, f"{still} unchanged"] if still else said)


def render_summary(summary: FleetSummary, style: Style, *, command: str, target: str) -> str:
    """Give what became of all accounts, the failed ones again by name."""
    return "".join(f"{line}\n" for line in _summary(summary, style, command, target))


def _summary(summary: FleetSummary, style: Style, command: str, target: str) -> Iterator[str]:
    yield ""
    counted = ", ".join(
        f"{number} {ending.value}" for ending, number in summary.counts.items() if number
    )
    paint = style.good if summary.is_fine else style.bad
    title = "Plan" if command == "plan" else "Apply"
    accounts = count(summary.total, "account")
    yield paint(f"{title} of {clean(target)}, {accounts}: {counted or 'none chosen'}.")
    flows = counts_in_words(summary.flows)
    if flows:
        yield f"Flows: {flows}."
    if summary.failed:
        yield f"Failed: {', '.join(clean(one.name) for one in summary.failed)}" + (
            "." if summary.failures <= MOST_KEPT else f" and {summary.failures - MOST_KEPT} more."
        )
    if summary.why_stopped:
        yield style.bad(f"Stopped early: {clean(summary.why_stopped)}.")
    if not summary.is_fine:
        yield "After mending: the same command with --only-failed."


def render_accounts(rows: Iterable[tuple[str, str, str]], style: Style) -> str:
    """Give a table of accounts: name, id, and what became of it last."""
    table = [("NAME", "ACCOUNT", "LAST APPLY"), *rows]
    widths = [max(len(row[column]) for row in table) for column in (0, 1)]
    lines = [
        "  ".join((a.ljust(widths[0]), b.ljust(widths[1]), clean(c))).rstrip() for a, b, c in table
    ]
    return "\n".join([style.strong(lines[0]), *lines[1:], ""])
