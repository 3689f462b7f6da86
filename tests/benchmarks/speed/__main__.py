"""Measures the rows that are named, or all, and prints one table; ends with 1 where one is missed.

`python -m tests.benchmarks.speed [ROW…]`, `--list` names the rows.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile

from tests.benchmarks.speed import computing, fleets, growing, rendering, served, starting, writing
from tests.benchmarks.speed.rows import Measured, Row, table

ROWS: tuple[Row, ...] = (
    *served.ROWS,
    *writing.ROWS,
    *computing.ROWS,
    *growing.ROWS,
    *starting.ROWS,
    *rendering.ROWS,
    *fleets.ROWS,
)


def main() -> int:
    """Measure and print; the exit code is 1 where a ratio is not as wanted."""
    by_name = {row.name: row for row in ROWS}
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.speed", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=", ".join(by_name))
    parser.add_argument("--list", action="store_true", help="name the rows and end")
    words = parser.parse_args()
    unknown = [name for name in words.rows if name not in by_name]
    if unknown:
        parser.error(f"there is no row {', '.join(unknown)}; there are {', '.join(by_name)}")
    if words.list:
        print("\n".join(by_name))
        return 0
    found: list[tuple[Row, Measured]] = []
    with tempfile.TemporaryDirectory() as cache:
        os.environ["XDG_CACHE_HOME"] = cache  # what was checked before, begun anew
        for row in [by_name[name] for name in words.rows] or ROWS:
            print(f"{row.name} …", file=sys.stderr, flush=True)
            found.append((row, row.measure()))
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} processors, load at the end {load}\n"
    )
    print(table(found), end="")
    return 0 if all(row.is_met(measured) for row, measured in found) else 1


if __name__ == "__main__":
    sys.exit(main())
