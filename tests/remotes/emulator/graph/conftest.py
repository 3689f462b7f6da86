"""Fixtures of the tests of the emulated Graph API."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.remotes.emulator.graph.api import Api
from tests.remotes.graph.support import in_process


@pytest.fixture
def api() -> Iterator[Api]:
    """An emulated account without flows."""
    with in_process() as account:
        yield Api(account)
