"""How soon the command line is there, against what any command of click has to import.

Processes are started in turns, so that a busy machine slows all of them, and the median counts.
Compiled files are kept, as pip keeps them where a package is installed.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

from tests.benchmarks.speed.places import environment, made_texts, write_repository
from tests.benchmarks.speed.rows import Measured, Row

STARTS = 15
SIZE = 5_000
COMMANDS = {
    "click": ("-c", "import click"),
    "version": ("-c", "from flowsync.cli.main import run; run()", "--version"),
    "validate": ("-c", "from flowsync.cli.main import run; run()", "validate", "flow-0"),
}


def _seconds(folder: Path, args: tuple[str, ...]) -> float:
    env = {**environment(), "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    begun = time.perf_counter()
    ran = subprocess.run(
        [sys.executable, *args], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    took = time.perf_counter() - begun
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-2000:]
    return took


@cache
def _starts() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_repository(folder, made_texts(1, SIZE), remote="emulator")
        for args in COMMANDS.values():
            _seconds(folder, args)  # compiles what it imports
        times: dict[str, list[float]] = {key: [] for key in COMMANDS}
        for _ in range(STARTS):
            for key, args in COMMANDS.items():
                times[key].append(_seconds(folder, args))
    return {key: statistics.median(found) for key, found in times.items()}


def _version() -> Measured:
    return Measured(ours=_starts()["version"], other=_starts()["click"])


def _validate() -> Measured:
    return Measured(ours=_starts()["validate"], other=_starts()["click"])


ROWS = (
    Row(
        name="version",
        work="flowsync --version",
        against="import click",
        wanted=1.5,
        measure=_version,
    ),
    Row(
        name="validate",
        work="flowsync validate of one flow",
        against="import click",
        wanted=4,
        measure=_validate,
    ),
)
