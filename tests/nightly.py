"""What is too long for every change: `python -m tests.nightly`, for a machine at night.

All cases of the tests that take a sample for a change (`tests.sizes`), at least 2,000 random lives
of an account, the soak of a thousand flows, and each survival measure switched off once. Ends with
1 when one fails.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from tests.sizes import FULL

ROOT = Path(__file__).parent.parent
SEQUENCES = 2000


def main() -> None:
    """Run all of it, the random lives in as many sequences as asked."""
    parser = argparse.ArgumentParser(description="Run the long tests.")
    parser.add_argument("--sequences", type=int, default=SEQUENCES)
    sequences = parser.parse_args().sequences
    environment = {**os.environ, "FLOWSYNC_TEST_SEQUENCES": str(sequences), FULL: "1"}
    results = [
        subprocess.run([sys.executable, "-m", *words], cwd=ROOT, env=environment).returncode
        for words in (
            ("pytest", "-q", "-n", "auto", "-m", "not benchmark", "--ignore=tests/stateful"),
            ("pytest", "-q", "-p", "no:randomly", "--hypothesis-show-statistics", "tests/stateful"),
            ("tests.soak",),
            ("tests.survival",),
        )
    ]
    sys.exit(int(any(results)))


if __name__ == "__main__":
    main()
