"""Validation is quick: many flows against check-jsonschema, one flow against starting Python.

Run with `pytest -m benchmark -s tests/benchmarks`. All sides are real processes on the same files
in the same run; of each the best of some rounds counts, taken in turns so that a busy machine slows
all of them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.benchmarks.made_flows import FlowMaker

ROOT = Path(__file__).parent.parent.parent
SCHEMA = ROOT / "schemas" / "flow-json" / "7.3.schema.json"
FLOWS = 1000
SIZE = 20_000
ROUNDS_OF_MANY = 1  # it takes long enough to be steady
ROUNDS_OF_ONE = 15
WANTED_RATIO_OF_MANY = 1.0
WANTED_RATIO_OF_ONE = 4.0

pytestmark = pytest.mark.benchmark


def write_flows(folder: Path, count: int) -> list[str]:
    """Write definitions and Flow JSONs, and give the names of the Flow JSONs."""
    (folder / "flows").mkdir()
    names = []
    for number in range(count):
        file = folder / "flows" / f"flow-{number}.json"
        file.write_text(FlowMaker(number).flow(SIZE), "utf-8")
        file.with_suffix(".yaml").write_text(
            f"name: Flow {number}\ncategories: [OTHER]\nflow_json: {file.name}\nstate: draft\n",
            "utf-8",
        )
        names.append(f"flows/{file.name}")
    return names


def seconds(folder: Path, *args: str) -> float:
    """Run a Python process in a folder, which must end well, and give how long it took.

    Compiled files are kept in the folder, as pip keeps them where a package is installed.
    """
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    begin = time.perf_counter()
    ran = subprocess.run(
        [sys.executable, *args], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    took = time.perf_counter() - begin
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-2000:]
    return took


def best_of(rounds: int, folder: Path, *commands: tuple[str, ...]) -> list[float]:
    """Give the best time of each command, all of them run once a round."""
    if rounds > 1:
        for command in commands:
            seconds(folder, *command)  # compiles what it imports
    times = [[seconds(folder, *command) for command in commands] for _ in range(rounds)]
    return [min(column) for column in zip(*times, strict=True)]


def test_all_rules_on_many_flows_take_no_longer_than_check_jsonschema(tmp_path: Path) -> None:
    names = write_flows(tmp_path, FLOWS)
    size = sum((tmp_path / name).stat().st_size for name in names) / FLOWS
    ours, theirs = best_of(
        ROUNDS_OF_MANY,
        tmp_path,
        ("-m", "flowsync", "validate", "--format", "json"),
        ("-m", "check_jsonschema", "--schemafile", str(SCHEMA), *names),
    )
    ratio = ours / theirs
    print(
        f"\n{FLOWS} flows of {size / 1000:.1f} kB on average: flowsync validate {ours:.2f} s, "
        f"check-jsonschema {theirs:.2f} s, ratio {ratio:.2f} (wanted {WANTED_RATIO_OF_MANY})"
    )
    assert ratio <= WANTED_RATIO_OF_MANY


def test_one_flow_is_validated_soon_after_python_has_started(tmp_path: Path) -> None:
    write_flows(tmp_path, 1)
    ours, click, python = best_of(
        ROUNDS_OF_ONE,
        tmp_path,
        ("-m", "flowsync", "validate", "flow-0"),
        ("-c", "import click"),
        ("-c", ""),
    )
    ratio = ours / click
    print(
        f"\none flow: flowsync validate {ours * 1000:.0f} ms, import click {click * 1000:.0f} ms, "
        f"Python alone {python * 1000:.0f} ms, ratio {ratio:.2f} (wanted {WANTED_RATIO_OF_ONE})"
    )
    assert ratio <= WANTED_RATIO_OF_ONE
