"""Scores `flowsync validate` against the platform's verdicts on a corpus of flows.

    python -m tests.benchmarks.agreement ../shared/corpus

prints agreement, false accepts and false rejects by kind of change, and how many of the platform's
error codes and paths are found too. The corpus is described in its README.md; it is measuring data
and not part of this repository. Known disagreements and their reasons are in disagreements.yaml.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from flowsync.validation.platform import upload_findings
from flowsync.validation.versions import ACCEPTED

REASONS = Path(__file__).with_name("disagreements.yaml")


@dataclass(frozen=True)
class Sample:
    """A flow of the corpus with what the platform says of it."""

    name: str
    kind: str
    data: bytes
    version: str | None
    is_valid: bool
    codes: frozenset[str]
    paths: frozenset[str]
    is_internal: bool


@dataclass(frozen=True)
class Score:
    """A sample with what flowsync says of it."""

    sample: Sample
    codes: frozenset[str]
    paths: frozenset[str]

    @property
    def is_valid(self) -> bool:
        return not self.codes

    @property
    def agrees(self) -> bool:
        return self.is_valid == self.sample.is_valid

    @property
    def is_false_reject(self) -> bool:
        return self.sample.is_valid and not self.is_valid

    @property
    def compares_codes(self) -> bool:
        return not (self.is_valid or self.sample.is_valid or self.sample.is_internal)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def read_corpus(folder: Path) -> Iterator[Sample]:
    """Give the samples whose version the platform accepts, or that have none to go by."""
    verdicts = {
        entry.get("id") or entry["slug"]: entry for entry in _lines(folder / "verdicts.jsonl.gz")
    }
    for file in sorted((folder / "flows").glob("*.json")):
        verdict = verdicts[file.stem]
        if verdict["version"] in ACCEPTED:
            yield _sample(file.stem, "(real flows)", file.read_bytes(), verdict)
    for entry in _lines(folder / "mutants.jsonl.gz"):
        text = entry["text"] if "text" in entry else json.dumps(entry["flow"])
        data = text.encode("utf-8", "surrogatepass")
        yield _sample(entry["id"], entry["kind"], data, verdicts[entry["id"]])


def _sample(name: str, kind: str, data: bytes, verdict: dict[str, Any]) -> Sample:
    return Sample(
        name=name,
        kind=kind,
        data=data,
        version=verdict["version"],
        is_valid=verdict["valid"],
        codes=frozenset(verdict["codes"]),
        paths=frozenset(verdict["paths"]),
        is_internal=bool(verdict.get("internal")),
    )


def score(sample: Sample) -> Score:
    """Check a sample as the emulator checks an upload."""
    found = upload_findings(sample.data)
    pointers = [pointer for entry in found for pointer in entry["pointers"]]  # type: ignore[union-attr]
    return Score(
        sample=sample,
        codes=frozenset(str(entry["error"]) for entry in found),
        paths=frozenset(_as_json_pointer(str(pointer["path"])) for pointer in pointers),  # type: ignore[index,call-overload]
    )


def _as_json_pointer(path: str) -> str:
    parts = path.replace("[", ".").replace("]", "").split(".")
    return "".join(f"/{part}" for part in parts if part)


def read_reasons() -> dict[str, str]:
    """Give why flowsync says otherwise than the platform, by the name of a sample."""
    if not REASONS.exists():
        return {}
    groups = yaml.safe_load(REASONS.read_text("utf-8")) or []
    return {name: group["reason"] for group in groups for name in group["samples"]}


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:6.2f} %" if whole else "      –"


def report(scores: list[Score], *, verbose: bool) -> Iterator[str]:
    """Give the lines of the table."""
    by_kind: dict[str, list[Score]] = defaultdict(list)
    for one in scores:
        by_kind[one.sample.kind].append(one)
    titles = ("agreement", "false acc.", "false rej.", "codes")
    yield f"{'kind':34} {'flows':>6} " + " ".join(f"{title:>10}" for title in titles)
    for kind, group in sorted(by_kind.items()):
        if verbose or any(not one.agrees for one in group) or kind == "(real flows)":
            yield _row(kind, group)
    mutants = [one for one in scores if one.sample.kind != "(real flows)"]
    yield _row("all mutants", mutants)
    yield _row("all", scores)
    compared = [one for one in scores if one.compares_codes]
    hits = sum(bool(one.codes & one.sample.codes) for one in compared)
    yield f"flows with a code in common: {_percent(hits, len(compared)).strip()} of {len(compared)}"
    paths = sum(len(one.sample.paths) for one in compared)
    found = sum(len(one.sample.paths & one.paths) for one in compared)
    yield f"paths found: {_percent(found, paths).strip()} of {paths}"


def _row(kind: str, group: list[Score]) -> str:
    agree = sum(one.agrees for one in group)
    accepts = sum(one.is_valid and not one.sample.is_valid for one in group)
    rejects = sum(one.is_false_reject for one in group)
    compared = [one for one in group if one.compares_codes]
    codes = sum(len(one.sample.codes) for one in compared)
    found = sum(len(one.sample.codes & one.codes) for one in compared)
    return (
        f"{kind:34} {len(group):6} {_percent(agree, len(group)):>10} {accepts:10} {rejects:10} "
        f"{_percent(found, codes):>10}"
    )


def disagreements(scores: list[Score]) -> Iterator[str]:
    """Give the samples on which flowsync and the platform differ, with the reason where known."""
    reasons = read_reasons()
    by_reason: dict[str, list[Score]] = defaultdict(list)
    for one in scores:
        if not one.agrees:
            by_reason[reasons.get(one.sample.name, "(no reason noted)")].append(one)
    for reason, group in sorted(by_reason.items()):
        yield f"{reason}"
        for one in group:
            side = "refused by us" if one.is_false_reject else "refused by the platform"
            codes = ", ".join(sorted(one.codes | one.sample.codes))
            yield f"  {one.sample.name} {one.sample.version} {one.sample.kind}: {side} ({codes})"


def main() -> int:
    """Print the table; 1 when a disagreement has no reason noted."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument(
        "--verbose", action="store_true", help="every kind, also without differences"
    )
    parser.add_argument("--codes", action="store_true", help="list codes that only one side gives")
    given = parser.parse_args()
    scores = [score(sample) for sample in read_corpus(given.corpus)]
    print("\n".join(report(scores, verbose=given.verbose)))
    print("\nDisagreements:")
    print("\n".join(disagreements(scores)) or "none")
    if given.codes:
        print("\nCodes:")
        differing = Counter(
            (one.sample.kind, code, "missing" if code in one.sample.codes else "extra")
            for one in scores
            if one.compares_codes
            for code in one.codes ^ one.sample.codes
        )
        for (kind, code, side), number in sorted(differing.items()):
            print(f"  {number:4} {side:8} {code} {kind}")
    known = read_reasons()
    return int(any(not one.agrees and one.sample.name not in known for one in scores))


if __name__ == "__main__":
    sys.exit(main())
