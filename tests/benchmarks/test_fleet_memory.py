"""Peak memory does not grow with the number of accounts: 50 against 500, each in its own process.

Run with `pytest -m benchmark -s tests/benchmarks/test_fleet_memory.py`. Each account has variables
of its own, so that no two share what is read of the files; a flow has 200 kB of Flow JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from flowsync.model import JsonValue
from tests.support import Repository, flow_json

FEW, MANY = 50, 500
AT_ONCE = 4
PADDING = 200_000
MOST_RATIO = 1.10
_ROOT = Path(__file__).parent.parent.parent
_MEASURED = """\
import resource, sys
from click.testing import CliRunner
from flowsync.cli.main import main
ran = CliRunner().invoke(main, sys.argv[1:])
print(ran.exit_code, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
print(ran.stdout[-400:])
"""

pytestmark = pytest.mark.benchmark


def peak_of(accounts: int) -> int:
    """Give the peak of a plan of the first accounts in kB."""
    names = "shop-0[0-4][0-9]" if accounts == FEW else "shop-*"
    words = ["plan", "--accounts", names, "--accounts-at-once", str(AT_ONCE), "--no-rehearse"]
    ran = subprocess.run(
        [sys.executable, "-c", _MEASURED, *words],
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    code, peak = map(int, ran.stderr.split()[-2:])
    assert code == 0, ran.stdout
    assert f"{accounts} accounts: {accounts} pending" in ran.stdout
    return peak


def test_ten_times_the_accounts_take_no_more_memory(repository: Repository) -> None:
    content: dict[str, JsonValue] = {**flow_json("${var:label}")}
    file = repository.flow("big", name="Big", content=content).with_suffix(".json")
    file.write_text(json.dumps(content) + " " * PADDING)  # white space is content to read and hold
    rows = "".join(f"{9000 + n},shop-{n:03},E-mail {n}\n" for n in range(MANY))
    (repository.root / "accounts.csv").write_text("account,name,vars.label\n" + rows)
    repository.config(shops={"remote": "emulator", "accounts": "accounts.csv"})
    few, many = peak_of(FEW), peak_of(MANY)
    print(
        f"\npeak of a plan, {AT_ONCE} accounts at once: {FEW} accounts {few / 1024:.1f} MB, {MANY} "
        f"accounts {many / 1024:.1f} MB, ratio {many / few:.3f} (at most {MOST_RATIO})"
    )
    assert many / few <= MOST_RATIO
