"""What a row of the table is, and how the table is printed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was measured on both sides, in the same `unit`; `note` says what a reader must know."""

    ours: float
    other: float
    unit: str = "s"
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A piece of work, what it is compared with, and the ratio that is wanted.

    With `is_speedup` the ratio is how many times faster we are, of which `wanted` is the least;
    otherwise it is ours by the other's, of which `wanted` is the most.
    """

    name: str
    work: str
    against: str
    wanted: float
    measure: Callable[[], Measured]
    is_speedup: bool = False

    def ratio(self, measured: Measured) -> float:
        """Give the ratio that the row is about."""
        if self.is_speedup:
            return measured.other / measured.ours
        return measured.ours / measured.other

    def is_met(self, measured: Measured) -> bool:
        """Tell whether the ratio is as wanted."""
        ratio = self.ratio(measured)
        return ratio >= self.wanted if self.is_speedup else ratio <= self.wanted

    @property
    def wanted_shown(self) -> str:
        """Give the wanted ratio for people."""
        return f"{'≥' if self.is_speedup else '≤'} {self.wanted:g} ×"


HEADS = ("row", "work", "measured", "against", "ratio", "wanted", "met")


def cells(row: Row, measured: Measured) -> tuple[str, ...]:
    """Give one line of the table."""
    return (
        row.name,
        row.work,
        f"{measured.ours:.3f} {measured.unit}",
        f"{row.against}: {measured.other:.3f} {measured.unit}",
        f"{row.ratio(measured):.2f} ×",
        row.wanted_shown,
        "yes" if row.is_met(measured) else "NO",
    )


def table(found: Iterable[tuple[Row, Measured]]) -> str:
    """Give the table as Markdown, whose columns are also aligned for a terminal."""
    found = list(found)
    lines = [HEADS, *(cells(row, measured) for row, measured in found)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    shown = [
        "| "
        + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        + " |"
        for line in lines
    ]
    shown.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    notes = [f"{row.name}: {measured.note}" for row, measured in found if measured.note]
    return "\n".join([*shown, *([""] if notes else []), *notes]) + "\n"
