"""Walks through every flow of a corpus that the platform accepts, as a person would.

    python -m tests.benchmarks.walk ../shared/corpus

prints how many of them show every screen that the walker reached without an exception, how many
come to an end, and for each of the others why not. Each screen that it reached, and each of the
sheet with every set of data, is also drawn as the preview's server draws it, and what is wrong with
the HTML is named. The corpus is described in its README.md; it is measuring data and not part of
this repository.
"""

from __future__ import annotations

import argparse
import sys
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter

from flowsync.json_numbers import load_json
from flowsync.model import JsonValue, mapping_in
from flowsync.preview.engine import DataSet
from flowsync.preview.engine.reading import read_runnable
from flowsync.preview.engine.walker import Walk, walk
from flowsync.preview.sheet import screens_of
from flowsync.preview.views import ScreenView
from flowsync.validation.outline import Flow
from tests.benchmarks.agreement import Sample, read_corpus
from tests.benchmarks.drawn import faults_of, undrawn_in

TODAY = date(2026, 1, 5)


@dataclass(frozen=True)
class Result:
    """How one flow went; `failure` is the last line of a traceback."""

    sample: Sample
    walk: Walk | None = None
    failure: str | None = None
    terminals: frozenset[str] = frozenset()
    screens: int = 0
    seconds: float = 0.0
    drawn: int = 0
    faults: tuple[str, ...] = ()
    undrawn: frozenset[str] = frozenset()

    @property
    def is_ended(self) -> bool:
        return self.walk is not None and bool(self.walk.ends)

    @property
    def reasons(self) -> tuple[str, ...]:
        if self.failure is not None:
            return (self.failure,)
        return self.walk.problems if self.walk is not None and self.walk.problems else ("none",)


def follow(sample: Sample) -> Result:
    value = load_json(sample.data.decode("utf-8-sig", "surrogatepass"))
    flow = read_runnable(value)
    terminals = (
        frozenset(one.id for one in flow.screens if one.is_terminal)
        if isinstance(flow, Flow)
        else frozenset()
    )
    start = perf_counter()
    try:
        found = walk(value, today=TODAY)
    except Exception:
        lines = traceback.format_exc().strip().splitlines()
        return Result(sample, failure=" | ".join(lines[-3:]), terminals=terminals)
    seconds = perf_counter() - start
    views = [*found.views, *sheets(value)]
    return Result(
        sample,
        found,
        terminals=terminals,
        screens=len(mapping_in(value).get("screens") or ()),  # type: ignore[arg-type]
        seconds=seconds,
        drawn=len(views),
        faults=tuple(
            dict.fromkeys(f"{one.id} {fault}" for one in views for fault in faults_of(one))
        ),
        undrawn=frozenset(reason for one in views for reason in undrawn_in(one)),
    )


def sheets(flow_json: JsonValue) -> Iterator[ScreenView]:
    """Give all screens of a flow, with every set of data."""
    for data_set in DataSet:
        yield from screens_of(flow_json, today=TODAY, data_set=data_set)


def report(results: list[Result], *, verbose: bool) -> Iterator[str]:
    """Give the lines that are printed."""
    shown = [one for one in results if one.failure is None]
    ended = [one for one in results if one.is_ended]
    reached = sum(len(one.walk.reached) for one in shown if one.walk is not None)
    yield f"flows: {len(results)}"
    yield f"every reached screen shows without an exception: {len(shown)} ({reached} screens)"
    yield f"screens reached: {reached} of {sum(one.screens for one in shown)}"
    yield f"an end is reached: {len(ended)}"
    all_ends = [one for one in ended if one.walk and one.terminals <= set(one.walk.ends)]
    yield f"every terminal screen ends the flow: {len(all_ends)}"
    drawn = sum(one.drawn for one in results)
    faulty = [one for one in results if one.faults]
    yield f"screens drawn: {drawn}; flows with a fault in a drawing: {len(faulty)}"
    yield f"slowest: {max((one.seconds for one in results), default=0):.2f} s"
    why = Counter(one.reasons[-1] for one in results if not one.is_ended)
    yield "\nFlows without an end, by the last reason:"
    for reason, number in why.most_common():
        yield f"  {number:4} {reason}"
    if faulty:
        yield "\nFaults in drawings:"
        counted = Counter(fault.partition(" ")[2] for one in faulty for fault in one.faults)
        yield from (f"  {number:4} {fault}" for fault, number in counted.most_common())
    undrawn = Counter(reason for one in results for reason in one.undrawn)
    yield "\nComponents with a remark instead, as their data lets no phone draw them, in flows:"
    yield from (f"  {number:4} {reason}" for reason, number in undrawn.most_common())
    if verbose:
        for one in faulty:
            yield f"{one.sample.name} {one.sample.version} {one.sample.kind}"
            yield from (f"    {fault}" for fault in one.faults)
        for one in results:
            if not one.is_ended:
                yield f"{one.sample.name} {one.sample.version} {one.sample.kind}"
                yield from (f"    {reason}" for reason in one.reasons)
        yield "\nTerminal screens that were not ended on:"
        for one in ended:
            missing = one.terminals - set(one.walk.ends if one.walk else ())
            if missing:
                yield f"{one.sample.name} {one.sample.version}: {', '.join(sorted(missing))}"
                yield from (f"    {reason}" for reason in one.reasons)


def main() -> int:
    """Print the figures; 1 when a flow raised an exception, or is drawn with a fault."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--verbose", action="store_true", help="name every flow without an end")
    parser.add_argument("--real", action="store_true", help="only flows as found, no mutants")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    given = parser.parse_args()
    samples = [
        one
        for one in read_corpus(given.corpus)
        if one.is_valid and (not given.real or one.kind == "(real flows)")
    ]
    with ProcessPoolExecutor(given.jobs) as pool:
        results = list(pool.map(follow, samples, chunksize=8))
    print("\n".join(report(results, verbose=given.verbose)))
    return int(any(one.failure is not None or one.faults for one in results))


if __name__ == "__main__":
    sys.exit(main())
