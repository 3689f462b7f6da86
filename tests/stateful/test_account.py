"""Nothing lost, nothing doubled, nothing that was not shown, whatever happens in which order.

The number of sequences is small here; `python -m tests.nightly` runs at least 2,000.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

from tests.stateful.machine import AccountMachine

SEQUENCES = int(os.environ.get("FLOWSYNC_TEST_SEQUENCES", "60"))

TestAccount = AccountMachine.TestCase
TestAccount.settings = settings(
    max_examples=SEQUENCES,
    stateful_step_count=14,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
